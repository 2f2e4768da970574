import { closed, type JsonSchema, noEffect, oneOf, open, text, texts, whole } from './parts.ts';
import { metricList } from './profiler-pipeline.ts';
import { profileSample, profileSampleType, samplingMethodType } from './sampling.ts';

const { default: _all, ...metrics } = metricList;

const columnConfig: JsonSchema = closed('Which columns.', {
  excludeColumns: texts('Columns that are left out.'),
  includeColumns: {
    type: 'array',
    description: 'Only these columns.',
    items: closed('A column.', { columnName: text('Its name.'), metrics: { ...metrics, description: 'Only these.' } }, [
      'columnName',
    ]),
  },
});

const sample = {
  profileSample,
  profileSampleType,
  samplingMethodType,
  sampleDataCount: whole('Sample rows of a table.', 1),
} as const;

/** What OpenMetadata's profiler recipes may say of a table, in `processor.config.tableConfig`. */
const tableConfig: JsonSchema = closed(
  'What is particular about a table; wins over what OpenMetadata holds for it.',
  {
    fullyQualifiedName: text('FQN of the table at OpenMetadata.', { minLength: 1 }),
    ...sample,
    columnConfig,
    profileQuery: text('Query in place of the table. Told in the report as not followed.'),
    partitionConfig: open('Part of a table. Told in the report as not followed.'),
  },
  ['fullyQualifiedName'],
);

const within = (what: string): JsonSchema =>
  closed(
    `What is particular about the tables of a ${what}.`,
    {
      fullyQualifiedName: text(`FQN of the ${what} at OpenMetadata.`, { minLength: 1 }),
      ...sample,
      sampleDataStorageConfig: open(`Storage of sample rows outside of OpenMetadata. ${noEffect}`),
    },
    ['fullyQualifiedName'],
  );

/** `processor` of a recipe that profiles, as OpenMetadata documents it. */
export const profilerProcessor: JsonSchema = closed(
  'OpenMetadata’s profiler recipes have it; it may be left out.',
  {
    type: oneOf(['orm-profiler'], 'Kind of the processor.'),
    config: {
      ...closed('Particulars of tables.', {
        tableConfig: { type: 'array', items: tableConfig, description: 'Of single tables.' },
        schemaConfig: { type: 'array', items: within('schema'), description: 'Of all tables of a schema.' },
        databaseConfig: { type: 'array', items: within('database'), description: 'Of all tables of a database.' },
        profiler: open(`Older recipes name their metrics here; sourceConfig’s metrics decide. ${noEffect}`),
      }),
      // YAML's empty “config:” is null.
      type: ['object', 'null'],
    },
  },
  ['type'],
);
