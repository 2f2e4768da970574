import { defaults } from '../config/defaults.ts';
import { closed, filterPattern, flag, type JsonSchema, noEffect, text, typeName, whole } from './parts.ts';

const byDefault = defaults.databaseMetadata;

const ownerNames = {
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
} as const;
const ownersOf = (what: string): JsonSchema => ({
  description: `Owner of every ${what}, or a map from a ${what}’s name to its owner or owners. ${noEffect}`,
  anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: ownerNames }],
});

const ownerConfig = closed(`Owners by level, as OpenMetadata 1.11 and later have them. ${noEffect}`, {
  default: text('Owner of what no other rule names.'),
  service: text('Owner of the service.'),
  database: ownersOf('database'),
  databaseSchema: ownersOf('schema'),
  table: ownersOf('table'),
  enableInheritance: flag('What has no owner gets its parent’s.', byDefault.ownersInherited),
});

const incremental = closed(
  `OpenMetadata’s incremental extraction. ${noEffect}`,
  {
    enabled: flag('Whether only changes are read.', byDefault.incremental.enabled),
    lookbackDays: whole('Days within which an earlier good run is looked for.', 0, byDefault.incremental.lookbackDays),
    safetyMarginDays: whole('Days read again before that run.', 0, byDefault.incremental.safetyMarginDays),
  },
  ['enabled'],
);

/** `source.sourceConfig.config`, the keys of OpenMetadata's DatabaseMetadata pipeline, 1.0 to 1.13. */
export const databaseMetadata = closed('What is carried over, and how.', {
  type: typeName('DatabaseMetadata', 'Kind of the pipeline, in any case.'),
  includeTables: flag('Carry tables that are no views.', byDefault.includeTables),
  includeViews: flag('Carry views.', byDefault.includeViews),
  includeTags: flag('Carry classifications as tags.', byDefault.includeTags),
  includeOwners: flag(
    'Set an owner where a user or team of that name or mail exists and nobody is owner yet.',
    byDefault.includeOwners,
  ),
  overrideMetadata: flag(
    'Texts, labels and owners of the source win over what people wrote in OpenMetadata.',
    byDefault.overrideMetadata,
  ),
  useFqnForFiltering: flag(
    'Filter patterns match the dotted path from the service on instead of the bare name.',
    byDefault.useFqnForFiltering,
  ),
  databaseFilterPattern: filterPattern('databases'),
  schemaFilterPattern: filterPattern('schemas'),
  tableFilterPattern: filterPattern('tables'),
  storedProcedureFilterPattern: filterPattern('stored procedures'),
  markDeletedTables: flag(
    'Deletes tables (and topics, containers, models, pipelines) that are gone from the source: softly, behind guards, in create mode.',
    byDefault.markDeletedTables,
  ),
  markAllDeletedTables: flag(`A key of OpenMetadata 1.0 and 1.1. ${noEffect}`),
  markDeletedStoredProcedures: flag(`Stored procedures. ${noEffect}`, byDefault.markDeletedStoredProcedures),
  markDeletedSchemas: flag('The same for schemas that hold nothing else.', byDefault.markDeletedSchemas),
  markDeletedDatabases: flag('The same for databases that hold nothing else.', byDefault.markDeletedDatabases),
  includeStoredProcedures: flag(`Stored procedures. ${noEffect}`, byDefault.includeStoredProcedures),
  includeDDL: flag(`Statements that made a table. ${noEffect}`, byDefault.includeDDL),
  includeCustomProperties: flag(`A key of late OpenMetadata 1.12. ${noEffect}`),
  ownerConfig,
  queryLogDuration: whole(`Days of query logs. ${noEffect}`, 0, byDefault.queryLogDuration),
  queryParsingTimeoutLimit: whole(`Seconds for parsing a query. ${noEffect}`, 0, byDefault.queryParsingTimeoutLimit),
  viewParsingTimeoutLimit: whole(`Seconds for parsing a view; a key of OpenMetadata 1.1. ${noEffect}`, 0),
  threads: whole(`Tables at once; meridian.concurrency decides here. ${noEffect}`, 1, byDefault.threads),
  incremental,
  extractJsonSchema: flag(`Looks into JSON columns. ${noEffect}`, byDefault.extractJsonSchema),
  jsonSchemaSampleSize: {
    ...whole(`Rows looked at in a JSON column. ${noEffect}`, 1, byDefault.jsonSchemaSampleSize),
    maximum: 1000,
  },
});
