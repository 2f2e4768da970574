import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { ServiceKind } from '../model/records.ts';
import { assetBody } from './asset-body.ts';
import { type Body, classificationBody, pipelineRunBody, tagBody } from './bodies.ts';
import { type Capabilities, capabilitiesOf } from './capabilities.ts';
import { columnBody } from './column-body.ts';
import { desiredAsset } from './desired-asset.testing.ts';
import type { TagLabel } from './entities.ts';
import { lineageBody } from './lineage-body.ts';
import { parseServerVersion } from './server-version.ts';
import { ingestionPipelineBody, metadataServiceBody, serviceBody } from './service-bodies.ts';

const of = (text: string): Capabilities => capabilitiesOf(parseServerVersion(text));
const oldest = of('1.1.0');
const newest = of('1.13.0');

const label = { tagFQN: 'Atlas.PII', source: 'Classification', labelType: 'Automated', state: 'Confirmed' } as const;
const user = { id: '7adc9ba7-b691-4b4d-919d-c6b6e2090abe', type: 'user', name: 'ann' };
const table = desiredAsset('table', 'hive.default.sales', 'orders', {
  displayName: 'orders',
  description: 'what was ordered',
  tableType: 'View',
  viewDefinition: 'select 1',
  columns: [
    {
      name: 'id',
      dataType: 'BIGINT',
      constraint: 'NOT_NULL',
      dataTypeDisplay: 'BIGINT',
      description: 'key',
      tags: [label],
    },
    { name: 'note', dataType: 'VARCHAR' },
    { name: 'price', dataType: 'DECIMAL', precision: 10, scale: 2 },
    { name: 'list', dataType: 'ARRAY', dataTypeDisplay: 'array<int>' },
    { name: 'pair', dataType: 'STRUCT', children: [{ name: 'a', dataType: 'INT' }] },
  ],
  tags: [label],
  owner: { id: user.id, type: 'user', name: 'ann' },
  extension: { atlasClassifications: '[]' },
});

describe('the body of a table', () => {
  it('has the keys of 1.1', () => {
    const body = assetBody(table, oldest);
    expect(Object.keys(body).sort()).toEqual(
      'columns databaseSchema description displayName extension name owner tableType tags viewDefinition'.split(' '),
    );
    expect(body['owner']).toEqual({ id: user.id, type: 'user' });
  });

  it('has the keys of 1.13', () => {
    expect(assetBody(table, newest)).toMatchObject({
      owners: [{ id: user.id, type: 'user' }],
      schemaDefinition: 'select 1',
    });
    expect(assetBody(table, newest)).not.toHaveProperty('viewDefinition');
  });

  it('has no view text where the server refuses it beside a table that is no view', () => {
    const external = { ...table, tableType: 'External' };
    expect(assetBody(external, oldest)).not.toHaveProperty('viewDefinition');
    expect(assetBody(external, newest)).toHaveProperty('schemaDefinition', 'select 1');
  });

  it('names each column once, in order', () => {
    const columns = ['b', 'a', 'b', 'c'].map((name, i) => ({ name, dataType: 'INT', description: `${i}`, tags: [] }));
    const body = assetBody({ ...table, columns }, oldest)['columns'] as { name: string; description: string }[];
    expect(body.map(({ name, description }) => name + description)).toEqual(['b0', 'a1', 'c3']);
  });
});

describe('the body of a column', () => {
  const read = { ...label, href: 'http://x', description: 'of the tag' } as TagLabel;
  it.each([
    ['a length where one is demanded', { dataType: 'CHAR' }, { dataLength: 1 }],
    ['the length that is known', { dataType: 'VARCHAR', dataLength: 50 }, { dataLength: 50 }],
    ['an item type for an array', { dataType: 'ARRAY', arrayDataType: 'STRUCT' }, { arrayDataType: 'STRUCT' }],
    ['some item type for any array', { dataType: 'ARRAY' }, { arrayDataType: 'UNKNOWN' }],
    ['a struct’s fields, if only none', { dataType: 'STRUCT' }, { children: [] }],
    ['UNKNOWN for a type of later versions', { dataType: 'HLL' }, { dataType: 'UNKNOWN', dataTypeDisplay: 'hll' }],
    ['lower case for display', { dataType: 'MAP', dataTypeDisplay: 'MAP<X,Y>' }, { dataTypeDisplay: 'map<x,y>' }],
    ['labels without what the server adds', { dataType: 'INT', tags: [read] }, { tags: [label] }],
  ])('has %s', (_, column, body) => {
    expect(columnBody({ name: 'c', ...column }, oldest)).toMatchObject({ name: 'c', ...body });
  });

  it.each([
    [{ scale: 2 }, {}],
    [{ precision: 5, scale: 9 }, { precision: 5 }],
    [
      { precision: 5, scale: 5 },
      { precision: 5, scale: 5 },
    ],
  ])('keeps of %j what the server takes', (given, kept) => {
    const { precision, scale } = columnBody({ name: 'c', dataType: 'DECIMAL', ...given }, oldest);
    expect({ precision, scale }).toEqual({ precision: undefined, scale: undefined, ...kept });
  });

  it('has no item type on anything but an array, at any depth', () => {
    const child = { name: 'd', dataType: 'MAP', arrayDataType: 'INT', dataTypeDisplay: 'MAP' };
    const body = columnBody({ name: 'c', dataType: 'STRUCT', children: [child] }, oldest);
    expect(body.children).toEqual([{ name: 'd', dataType: 'MAP', dataTypeDisplay: 'map' }]);
  });
});

describe('the body of a lineage edge', () => {
  const ends = { from: { id: 'a', type: 'table' }, to: { id: 'b', type: 'table' } };
  const details = {
    sqlQuery: 'insert',
    source: 'QueryLineage',
    columnsLineage: [{ fromColumns: ['s.d.h.t.a'], toColumn: 's.d.h.u.b', function: 'upper(a)' }],
  };

  it('says where it comes from only from 1.2 on', () => {
    const { source, ...older } = details;
    const edge = { fromEntity: ends.from, toEntity: ends.to };
    expect(lineageBody({ ...ends, details }, oldest)).toEqual({ edge: { ...edge, lineageDetails: older } });
    expect(lineageBody({ ...ends, details }, newest)).toEqual({
      edge: { ...edge, lineageDetails: { ...older, source } },
    });
  });

  it('has no details where 1.1 refuses them', () => {
    const edge = { ...ends, to: { id: 'p', type: 'pipeline' }, details };
    expect(lineageBody(edge, oldest)).toEqual({ edge: { fromEntity: ends.from, toEntity: edge.to } });
  });
});

it('never carries the password of Atlas to the server', () => {
  const input = { name: 'atlas', hostPort: 'http://a', username: 'u', entityType: 'Table', password: 'open sesame' };
  const body = metadataServiceBody(input);
  expect(JSON.stringify(body)).not.toContain('sesame');
  expect(body).toMatchObject({ connection: { config: { username: 'u', password: expect.stringMatching(/^\*+$/) } } });
});

it('makes a service that cannot be made without a user as a custom one', () => {
  const made = (kind: ServiceKind, serviceType: string): Body =>
    serviceBody(kind, { name: 's', serviceType, hostPort: 'h:1' });
  expect(made('databaseService', 'Oracle')).toMatchObject({ serviceType: 'CustomDatabase' });
  expect(made('storageService', 'ADLS')).toMatchObject({ serviceType: 'CustomStorage' });
  expect(made('databaseService', 'Hive')).toMatchObject({
    serviceType: 'Hive',
    connection: { config: { type: 'Hive', hostPort: 'h:1' } },
  });
  expect(made('messagingService', 'Kafka')).toMatchObject({ connection: { config: { bootstrapServers: 'h:1' } } });
});

const run = {
  timestamp: 1000,
  outcome: 'Failed',
  tasks: [{ name: 'insert', outcome: 'Successful', startTime: 1, endTime: 2 }],
} as const;

/** One of each kind with all that a source can say of it. */
const samples = {
  topic: desiredAsset('topic', 'kafka', 'orders.v1', {
    description: 'orders as they come',
    attributes: {
      partitions: 3,
      replicationFactor: 2,
      retentionTime: 86_400_000,
      retentionSize: 1e9,
      maximumMessageSize: 1_000_000,
      cleanupPolicies: ['compact', 'delete'],
      schemaType: 'Avro',
      schemaText: '{}',
    },
    columns: [
      {
        name: 'Order',
        dataType: 'RECORD',
        tags: [label],
        children: [{ name: 'id', dataType: 'LONG', dataTypeDisplay: 'long', description: 'key' }],
      },
    ],
  }),
  container: desiredAsset('container', 'lake.raw', 'events', {
    attributes: {
      fullPath: 's3a://raw/events/',
      prefix: '/events/',
      size: 10,
      numberOfObjects: 2,
      fileFormats: ['parquet'],
    },
    columns: [{ name: 'id', dataType: 'INT', tags: [label] }],
  }),
  pipeline: desiredAsset('pipeline', 'etl', 'load', {
    attributes: { sourceUrl: 'http://atlas.example/#!/detailPage/1' },
    columns: [
      {
        name: 'insert',
        dataType: 'hive',
        displayName: 'insert orders',
        tags: [label],
        attributes: { taskSQL: 'insert', downstreamTasks: ['check'], startDate: 0, endDate: 1000 },
      },
      { name: 'check', dataType: '' },
    ],
  }),
  mlmodel: desiredAsset('mlmodel', 'ml', 'churn', {
    attributes: {
      algorithm: 'XGBoost',
      target: 'churned',
      server: 'http://ml.example',
      storage: 's3://models/churn',
      mlHyperParameters: [{ name: 'depth', value: '5' }],
    },
    columns: [{ name: 'age', dataType: 'numerical', description: 'in years', tags: [label] }],
  }),
  glossary: desiredAsset('glossary', '', 'Business', { tags: [label] }),
  glossaryTerm: desiredAsset('glossaryTerm', 'Business.Customer', 'Key account', {
    attributes: { references: [{ name: 'wiki', endpoint: 'http://wiki.example/key' }] },
    lists: { synonyms: ['VIP'], relatedTerms: ['Business.Customer'] },
  }),
};

const schemas = new URL('../../../shared/openmetadata/schemas/', import.meta.url);
// The official schemas are not part of this repository; without them the rest of this file still runs.
describe.skipIf(!existsSync(schemas))('held against the official schemas of 1.13', () => {
  const root = 'https://open-metadata.org/schema/';
  // Java writes the Unicode flag into the pattern itself.
  const regExp = Object.assign((text: string) => new RegExp(text.replace('(?U)', ''), 'u'), { code: 'regExp' });
  const ajv = new Ajv({ strict: false, validateFormats: false, addUsedSchema: false, code: { regExp } });
  if (existsSync(schemas)) {
    for (const path of readdirSync(schemas, { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.json')) continue;
      const schema = JSON.parse(readFileSync(new URL(path, schemas), 'utf8'));
      ajv.addSchema({ ...schema, $id: root + path });
    }
  }

  const service = (kind: ServiceKind, serviceType: string): Body => serviceBody(kind, { name: 's', serviceType });
  it.each<[string, Body]>([
    ['api/data/createTable.json', assetBody(table, newest)],
    ['api/data/createDatabase.json', assetBody(desiredAsset('database', 's', 'd', { tags: [label] }), newest)],
    ['api/data/createDatabaseSchema.json', assetBody(desiredAsset('databaseSchema', 's.d', 'h'), newest)],
    ['api/services/createDatabaseService.json', service('databaseService', 'Hive')],
    ['api/services/createDatabaseService.json', service('databaseService', 'Vertica')],
    ['api/services/createMessagingService.json', service('messagingService', 'Kafka')],
    ['api/services/createMessagingService.json', service('messagingService', 'CustomMessaging')],
    ['api/services/createStorageService.json', service('storageService', 'S3')],
    ['api/services/createStorageService.json', service('storageService', 'GCS')],
    ['api/services/createPipelineService.json', service('pipelineService', 'Airflow')],
    ['api/services/createMlModelService.json', service('mlmodelService', 'Sklearn')],
    ['api/services/createMlModelService.json', service('mlmodelService', 'CustomMlModel')],
    ['api/data/createTopic.json', assetBody(samples.topic, newest)],
    ['api/data/createContainer.json', assetBody(samples.container, newest, user.id)],
    ['api/data/createPipeline.json', assetBody(samples.pipeline, newest)],
    ['api/data/createMlModel.json', assetBody(samples.mlmodel, newest)],
    ['api/data/createGlossary.json', assetBody(samples.glossary, newest)],
    ['entity/data/pipeline.json#/definitions/pipelineStatus', pipelineRunBody(run)],
    ['api/data/createGlossaryTerm.json', assetBody(samples.glossaryTerm, newest)],
    [
      'api/services/createMetadataService.json',
      metadataServiceBody({ name: 'a', hostPort: 'http://a:21000', username: 'u', entityType: 'Table' }),
    ],
    ['api/classification/createClassification.json', classificationBody({ name: 'Atlas', description: '' })],
    [
      'api/classification/createTag.json',
      tagBody({ classification: 'Atlas', parent: 'Atlas.A', name: 'B', description: 'b' }),
    ],
    [
      'api/lineage/addLineage.json',
      lineageBody(
        { from: user, to: { ...user, type: 'table' }, details: { sqlQuery: 'x', source: 'QueryLineage' } },
        newest,
      ),
    ],
    [
      'api/services/ingestionPipelines/createIngestionPipeline.json',
      ingestionPipelineBody({
        name: 'p',
        service: { id: user.id, type: 'metadataService' },
        pipelineType: 'metadata',
        sourceConfig: { type: 'DatabaseMetadata' },
      }),
    ],
  ])('%s', (path, body) => {
    const validate = ajv.getSchema(root + path)!;
    expect(validate(JSON.parse(JSON.stringify(body))), JSON.stringify(validate.errors)).toBe(true);
  });
});
