import { propertyTypes, type RecordKind, tableTypes } from '../model/records.ts';
import type { JsonSchema } from './parts.ts';

const word: JsonSchema = { type: 'string' };
const name: JsonSchema = { type: 'string', minLength: 1 };
const flag: JsonSchema = { type: 'boolean' };
const number: JsonSchema = { type: 'number' };
const words = { type: 'array', items: word };
const texts: JsonSchema = { type: 'object', additionalProperties: word };
const anything: JsonSchema = { type: 'object' };
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const ref = (part: string): JsonSchema => ({ $ref: `#/definitions/${part}` });

/** A path of at least (or exactly) so many names. */
const path = (minItems: number, maxItems?: number): JsonSchema => ({
  type: 'array',
  items: name,
  minItems,
  ...(maxItems !== undefined && { maxItems }),
});

/** An object whose other keys are let pass: a later release may add some within the same version of the format. */
const part = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  required: [...required],
  properties,
});

const vocabulary: JsonSchema = { enum: ['classification', 'label', 'ownClassification'] };
/** A name, or the path of one within others. */
const columnName: JsonSchema = { anyOf: [word, path(1)] };

const described: Readonly<Record<string, JsonSchema>> = { displayName: word, description: word };
const labelled: Readonly<Record<string, JsonSchema>> = {
  ...described,
  tags: list(ref('tagUse')),
  terms: list(path(2)),
};

const typed: Readonly<Record<string, JsonSchema>> = {
  dataType: name,
  dataLength: number,
  precision: number,
  scale: number,
  arrayDataType: word,
  dataTypeDisplay: word,
  children: list(ref('field')),
};

const asset = (
  kind: string,
  itsPath: JsonSchema,
  more: Readonly<Record<string, JsonSchema>> = {},
  required: readonly string[] = [],
): JsonSchema =>
  part(
    {
      kind: { const: kind },
      path: itsPath,
      provenance: ref('provenance'),
      ...labelled,
      owner: word,
      ownerMail: word,
      properties: anything,
      native: anything,
      incomplete: flag,
      ...more,
    },
    ['kind', 'path', 'provenance', 'tags', ...required],
  );

const service = (kind: string): JsonSchema =>
  part(
    {
      kind: { const: kind },
      path: path(1, 1),
      serviceType: name,
      isExact: flag,
      connection: { type: 'object' },
      ...described,
    },
    ['kind', 'path', 'serviceType'],
  );

const outcome: JsonSchema = { enum: ['Successful', 'Failed', 'Pending'] };

/** What records are made of. */
const parts: Readonly<Record<string, JsonSchema>> = {
  provenance: part({ id: name, typeName: name, qualifiedName: word, modifiedAt: number }, [
    'id',
    'typeName',
    'qualifiedName',
  ]),
  tagUse: part(
    {
      vocabulary,
      path: path(1),
      propagated: flag,
      attributes: anything,
      validityPeriods: { type: 'array' },
      mappedTo: word,
    },
    ['path', 'propagated'],
  ),
  field: part({ name, ...typed, ...labelled }, ['name', 'dataType', 'dataTypeDisplay']),
  column: part(
    {
      name,
      ...typed,
      ...labelled,
      constraint: { enum: ['NULL', 'NOT_NULL', 'UNIQUE', 'PRIMARY_KEY'] },
      partitionKey: flag,
      provenance: ref('provenance'),
    },
    ['name', 'dataType', 'dataTypeDisplay', 'tags'],
  ),
  schemaField: part({ name, dataType: name, dataTypeDisplay: word, ...labelled, children: list(ref('schemaField')) }, [
    'name',
    'dataType',
    'tags',
  ]),
  constraint: part(
    {
      type: { enum: ['PRIMARY_KEY', 'UNIQUE', 'FOREIGN_KEY', 'SORT_KEY', 'DIST_KEY'] },
      columns: words,
      refersTo: list(part({ table: path(4), column: name }, ['table', 'column'])),
    },
    ['type', 'columns'],
  ),
  task: part(
    {
      name,
      taskType: word,
      taskSql: word,
      downstreamTasks: words,
      startDate: number,
      endDate: number,
      ...labelled,
    },
    ['name', 'tags'],
  ),
  end: part({ kind: name, path: path(1) }, ['kind', 'path']),
};

/** Every kind of record, by its `kind` (src/model/records.ts). */
const kinds: Readonly<Record<string, JsonSchema>> = {
  customProperty: part(
    {
      kind: { const: 'customProperty' },
      path: path(1, 1),
      ...described,
      propertyType: { enum: [...propertyTypes] },
      values: words,
      multiSelect: flag,
      appliesTo: words,
    },
    ['kind', 'path', 'description', 'propertyType', 'appliesTo'],
  ),
  tag: part(
    {
      kind: { const: 'tag' },
      vocabulary,
      path: path(1),
      ...described,
      mutuallyExclusive: flag,
    },
    ['kind', 'path', 'description'],
  ),
  databaseService: service('databaseService'),
  messagingService: service('messagingService'),
  storageService: service('storageService'),
  pipelineService: service('pipelineService'),
  mlmodelService: service('mlmodelService'),
  database: asset('database', path(2, 2)),
  databaseSchema: asset('databaseSchema', path(3, 3)),
  table: asset(
    'table',
    path(4, 4),
    {
      tableType: { enum: [...tableTypes] },
      columns: list(ref('column')),
      viewDefinition: word,
      constraints: list(ref('constraint')),
      createdAt: number,
      parameters: texts,
    },
    ['tableType', 'columns'],
  ),
  topic: asset('topic', path(2, 2), {
    partitions: number,
    replicationFactor: number,
    retentionTime: number,
    retentionSize: number,
    maximumMessageSize: number,
    cleanupPolicies: list({ enum: ['delete', 'compact'] }),
    schemaType: { enum: ['Avro', 'Protobuf', 'JSON', 'Other'] },
    schemaText: word,
    schemaFields: list(ref('schemaField')),
  }),
  container: asset('container', path(2), {
    fullPath: word,
    prefix: word,
    size: number,
    numberOfObjects: number,
    fileFormats: words,
    columns: list(ref('column')),
  }),
  pipeline: asset('pipeline', path(2, 2), { sourceUrl: word, tasks: list(ref('task')) }, ['tasks']),
  mlmodel: asset(
    'mlmodel',
    path(2, 2),
    {
      algorithm: word,
      target: word,
      server: word,
      storage: word,
      features: list(part({ name, dataType: { enum: ['numerical', 'categorical'] }, ...labelled }, ['name', 'tags'])),
      hyperParameters: list(part({ name, value: word, ...described }, ['name'])),
    },
    ['algorithm'],
  ),
  glossary: asset('glossary', path(1, 1)),
  glossaryTerm: asset('glossaryTerm', path(2), {
    synonyms: words,
    references: list(part({ name: word, endpoint: word }, ['name', 'endpoint'])),
  }),
  termRelation: part(
    { kind: { const: 'termRelation' }, path: path(2), related: list(path(2)), provenance: ref('provenance') },
    ['kind', 'path', 'related', 'provenance'],
  ),
  lineage: part(
    {
      kind: { const: 'lineage' },
      from: ref('end'),
      to: ref('end'),
      query: word,
      ...described,
      origin: word,
      columns: list(part({ from: list(columnName), to: columnName, expression: word }, ['from', 'to'])),
      pipeline: path(2),
      provenance: ref('provenance'),
    },
    ['kind', 'from', 'to', 'columns', 'provenance'],
  ),
  pipelineRun: part(
    {
      kind: { const: 'pipelineRun' },
      path: path(2),
      timestamp: number,
      outcome,
      tasks: list(part({ name, outcome, startTime: number, endTime: number }, ['name', 'outcome'])),
      provenance: ref('provenance'),
    },
    ['kind', 'path', 'timestamp', 'outcome', 'tasks', 'provenance'],
  ),
  gone: part({ kind: { const: 'gone' }, of: name, path: path(1), provenance: ref('provenance') }, [
    'kind',
    'provenance',
  ]),
};

/** Kinds that a file of records may hold. */
export const recordKinds = Object.keys(kinds) as readonly RecordKind[];

/** One record of the neutral model, as a line of `meridian export` has it. */
export const recordSchema: JsonSchema = {
  description: 'One record of what a source says, as a line of “meridian export” has it.',
  definitions: { ...parts, ...kinds },
  anyOf: recordKinds.map(ref),
};
