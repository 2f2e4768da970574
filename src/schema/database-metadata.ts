import { anyCase, closed, filterPattern, flag, open, whole } from './parts.ts';

const noEffect = 'Accepted for compatibility; no effect here.';

/** `source.sourceConfig.config`, the keys of OpenMetadata's DatabaseMetadata pipeline, 1.0 to 1.13. */
export const databaseMetadata = closed('What is carried over, and how.', {
  type: anyCase('DatabaseMetadata', 'Kind of the pipeline.'),
  includeTables: flag('Carry tables.', true),
  includeViews: flag('Carry views.', true),
  includeTags: flag('Carry classifications as tags.', true),
  includeOwners: flag('Set owners where a user or team of that name or mail exists and nobody is owner yet.', false),
  overrideMetadata: flag('The source’s texts and owners win over what people wrote in OpenMetadata.', false),
  useFqnForFiltering: flag(
    'Filter patterns match the dotted path from the service on instead of the bare name.',
    false,
  ),
  databaseFilterPattern: filterPattern('databases'),
  schemaFilterPattern: filterPattern('schemas'),
  tableFilterPattern: filterPattern('tables'),
  markDeletedTables: flag('What is gone from the source is only listed so far, never deleted.', true),
  markAllDeletedTables: flag(noEffect),
  markDeletedStoredProcedures: flag(noEffect, true),
  markDeletedSchemas: flag(noEffect, false),
  markDeletedDatabases: flag(noEffect, false),
  includeStoredProcedures: flag(noEffect, true),
  storedProcedureFilterPattern: filterPattern('stored procedures'),
  includeDDL: flag(noEffect, false),
  includeCustomProperties: flag(noEffect),
  ownerConfig: open(noEffect),
  queryLogDuration: whole(noEffect, 0, 1),
  queryParsingTimeoutLimit: whole(noEffect, 0, 300),
  viewParsingTimeoutLimit: whole(noEffect, 0),
  threads: whole(noEffect, 1, 1),
  incremental: closed(noEffect, {
    enabled: flag(noEffect, false),
    lookbackDays: whole(noEffect, 0, 7),
    safetyMarginDays: whole(noEffect, 0, 1),
  }),
  extractJsonSchema: flag(noEffect, false),
  jsonSchemaSampleSize: { ...whole(noEffect, 1, 10), maximum: 1000 },
});
