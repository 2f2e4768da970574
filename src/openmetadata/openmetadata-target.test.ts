import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../../sandbox/openmetadata/start-openmetadata.ts';
import type { ServiceKind } from '../model/records.ts';
import { mergeAsset } from '../reconcile/merge-asset.ts';
import type { AssetType, DesiredAsset, Label, TargetAsset } from '../reconcile/target-asset.ts';
import type { Endpoint } from '../workflow/target.ts';
import { desiredAsset } from './desired-asset.testing.ts';
import { OpenMetadataClient } from './openmetadata-client.ts';
import { OpenMetadataTarget } from './openmetadata-target.ts';
import { PatchConflict } from './patch-conflict.ts';

const signal = new AbortController().signal;
const minorOf = (version: string): number => Number(version.split('.')[1]);

const tag: Label = { tagFQN: 'Atlas.PII', source: 'Classification', labelType: 'Automated' };
const term: Label = { tagFQN: 'Business.Customer', source: 'Glossary', labelType: 'Automated' };

/** One of each kind with all that a source can say of it, parents first. */
const samples: readonly DesiredAsset[] = [
  desiredAsset('glossary', '', 'Business', { description: 'words of the business' }),
  desiredAsset('glossaryTerm', 'Business', 'Customer', { lists: { synonyms: ['client', 'buyer'] } }),
  desiredAsset('glossaryTerm', 'Business.Customer', 'Key account', {
    description: 'a large customer',
    attributes: { references: [{ name: 'wiki', endpoint: 'http://wiki.example/key' }] },
    lists: { synonyms: ['VIP'], relatedTerms: ['Business.Customer'] },
  }),
  desiredAsset('database', 'hive', 'default'),
  desiredAsset('databaseSchema', 'hive.default', 'sales', { tags: [tag] }),
  desiredAsset('table', 'hive.default.sales', 'customers', {
    tableType: 'External',
    columns: [
      { name: 'id', dataType: 'BIGINT', dataTypeDisplay: 'bigint', constraint: 'PRIMARY_KEY' },
      { name: 'place', dataType: 'HLL', dataTypeDisplay: 'hll' },
      { name: 'name', dataType: 'VARCHAR', dataTypeDisplay: 'varchar', tags: [tag, term] },
    ],
  }),
  desiredAsset('topic', 'kafka', 'orders.v1', {
    description: 'orders as they come',
    tags: [tag, term],
    attributes: {
      partitions: 3,
      replicationFactor: 2,
      retentionTime: 86_400_000,
      retentionSize: 1e9,
      maximumMessageSize: 1_000_000,
      cleanupPolicies: ['compact'],
      schemaType: 'Avro',
      schemaText: '{"type":"record"}',
    },
    columns: [
      {
        name: 'Order',
        dataType: 'RECORD',
        tags: [term],
        children: [
          { name: 'id', dataType: 'LONG', description: 'key' },
          { name: 'odd', dataType: 'DECIMAL' },
        ],
      },
      { name: 'note', dataType: 'UNION', dataTypeDisplay: 'union<null,string>', description: 'what else' },
    ],
  }),
  desiredAsset('container', 'lake', 'raw', { attributes: { fullPath: 's3a://raw/', prefix: '/', size: 12.5 } }),
  desiredAsset('container', 'lake.raw', 'year=2023', {
    tags: [tag],
    attributes: {
      fullPath: 's3a://raw/year=2023/',
      prefix: '/year=2023/',
      numberOfObjects: 4,
      fileFormats: ['parquet'],
    },
    columns: [
      { name: 'id', dataType: 'INT', dataTypeDisplay: 'int', tags: [tag] },
      { name: 'code', dataType: 'CHAR', dataTypeDisplay: 'char' },
    ],
  }),
  desiredAsset('pipeline', 'etl', 'load', {
    description: 'loads orders',
    attributes: { sourceUrl: 'http://atlas.example/#!/detailPage/1' },
    columns: [
      {
        name: 'insert',
        displayName: 'insert into orders',
        dataType: 'hive',
        description: 'first',
        tags: [tag],
        attributes: { taskSQL: 'insert', downstreamTasks: ['check'], startDate: 1_700_000_000_000, endDate: 1e12 },
      },
      { name: 'check', dataType: '', attributes: { downstreamTasks: [] } },
    ],
  }),
  desiredAsset('mlmodel', 'ml', 'churn', {
    attributes: {
      algorithm: 'XGBoost',
      target: 'churned',
      server: 'http://ml.example',
      storage: 's3://models/churn',
      mlHyperParameters: [{ name: 'depth', value: '5' }],
    },
    columns: [
      { name: 'age', dataType: 'numerical', description: 'in years', tags: [term] },
      { name: 'town', dataType: '' },
    ],
  }),
];
const services: readonly (readonly [ServiceKind, string, string])[] = [
  ['databaseService', 'hive', 'Hive'],
  ['messagingService', 'kafka', 'Kafka'],
  ['storageService', 'lake', 'GCS'],
  ['pipelineService', 'etl', 'Airflow'],
  ['mlmodelService', 'ml', 'Sklearn'],
];
const kinds: readonly AssetType[] = [...new Set(samples.map(({ entityType }) => entityType))];

interface Session {
  readonly target: OpenMetadataTarget;
  readonly client: OpenMetadataClient;
}

async function connect(server: OpenMetadataStandIn, jwtToken = server.botToken): Promise<Session> {
  const client = new OpenMetadataClient({
    hostPort: server.url,
    authProvider: 'openmetadata',
    securityConfig: { jwtToken },
  });
  await client.connect(signal);
  return { client, target: new OpenMetadataTarget(client, signal) };
}

async function fill(target: OpenMetadataTarget): Promise<void> {
  for (const [kind, name, serviceType] of services) await target.createService(kind, name, serviceType, {});
  await target.createClassification('Atlas', 'from Atlas');
  await target.createTag({ classification: 'Atlas', name: 'PII', description: 'personal' });
  for (const sample of samples) await target.putAsset(sample);
}

/** What reconcile would do with an asset that the target holds like this. */
function verdict(target: OpenMetadataTarget, sample: DesiredAsset, held: TargetAsset | undefined): unknown {
  const merged = mergeAsset({
    desired: target.fit(sample),
    target: held,
    base: {},
    history: 'none',
    policy: { mode: 'create', override: false, ownClassifications: ['Atlas'], takenOver: () => undefined },
  });
  return merged === 'needs-history' ? merged : { action: merged.action, fields: merged.fields };
}

// Strict: a key that a version does not know is refused, as the real 1.1 does.
describe.each(['1.1.0', '1.2.0', '1.4.0', '1.5.0', '1.9.0', '1.11.0', '1.13.0'])('on OpenMetadata %s', (version) => {
  const minor = minorOf(version);
  let server: OpenMetadataStandIn;
  let bot: Session;
  let person: Session;
  let target: OpenMetadataTarget;

  beforeAll(async () => {
    server = await startOpenMetadata({ version, strict: true });
    bot = await connect(server);
    person = await connect(server, server.adminToken);
    target = bot.target;
    await fill(target);
  });
  afterAll(async () => {
    await bot.client.close();
    await person.client.close();
    await server.close();
  });

  const read = async (type: AssetType, fqn: string): Promise<TargetAsset> => (await target.readAsset(type, { fqn }))!;
  const endpoint = async (type: AssetType, fqn: string): Promise<Endpoint> => {
    return { type, fqn, id: (await read(type, fqn)).id };
  };

  it.each(samples.map((sample) => [sample.entityType, sample.fqn, sample] as const))(
    'a %s (%s) that was put is in step, and a PUT of what it holds changes nothing',
    async (type, fqn, sample) => {
      const held = await read(type, fqn);
      expect(verdict(target, sample, held)).toEqual({ action: 'unchanged', fields: [] });
      expect(target.fit(target.fit(sample))).toEqual(target.fit(sample));
      const { description, displayName, tags, attributes, columns, lists, carried, tableType } = held;
      await target.putAsset({
        ...sample,
        ...(description !== undefined && { description }),
        ...(displayName !== undefined && { displayName }),
        ...(attributes && { attributes }),
        ...(columns && { columns }),
        ...(lists && { lists }),
        ...(carried && { carried }),
        ...(tableType !== undefined && { tableType }),
        tags,
      });
      const { version: _v, ...after } = await read(type, fqn);
      const { version: _w, ...before } = held;
      expect(after).toEqual(before);
    },
  );

  it.each(kinds)('lists and counts every %s with all that it carries', async (kind) => {
    const expected = samples.filter(({ entityType }) => entityType === kind);
    const top = kind === 'glossary' || kind === 'glossaryTerm' ? 'Business' : expected[0]!.fqn.split('.')[0]!;
    const listed: TargetAsset[] = [];
    for await (const asset of target.listAssets(kind, top, true)) listed.push(asset);
    expect(listed.map(({ fqn }) => fqn)).toEqual(expected.map(({ fqn }) => fqn).sort());
    for (const sample of expected) {
      const held = listed.find(({ fqn }) => fqn === sample.fqn);
      expect(verdict(target, sample, held)).toEqual({ action: 'unchanged', fields: [] });
    }
    expect(await target.countAssets(kind, top)).toBe(expected.length);
    expect(await target.countAssets(kind, 'nowhere')).toBe(0);
  });

  it('keeps what a person gave a pipeline when its tasks change', async () => {
    const pipeline = await read('pipeline', 'etl.load');
    await person.target.patchAsset('pipeline', pipeline.id, [{ op: 'add', path: '/concurrency', value: 4 }]);
    const held = await read('pipeline', 'etl.load');
    const sample = samples.find(({ entityType }) => entityType === 'pipeline')!;
    const [insert] = held.columns!;
    const columns = [{ ...insert!, attributes: { ...insert!.attributes, taskSQL: 'insert more' } }];
    await target.putAsset({ ...sample, carried: held.carried!, columns });
    const entity = await bot.client.getById('pipeline', pipeline.id, { fields: ['tasks'] }, signal);
    expect(entity).toMatchObject({
      concurrency: 4,
      tasks: [{ name: 'insert', taskSQL: 'insert more', downstreamTasks: ['check'], taskType: 'hive' }],
    });
    await target.putAsset(sample);
  });

  it('patches the lists of a term, each related one named by its FQN', async () => {
    const business = await read('glossaryTerm', 'Business.Customer');
    expect(business.lists).toEqual({
      synonyms: expect.arrayContaining(['client', 'buyer']),
      relatedTerms: ['Business.Customer.Key account'],
    });
    await target.putAsset(desiredAsset('glossaryTerm', 'Business', 'Buyer', { description: 'who bought' }));
    const buyer = await read('glossaryTerm', 'Business.Buyer');
    expect(buyer.lists).toEqual({ synonyms: [], relatedTerms: [] });
    await target.patchAsset('glossaryTerm', buyer.id, [
      { op: 'add', path: '/relatedTerms', value: ['Business.Customer'] },
      { op: 'replace', path: '/synonyms', value: ['purchaser'] },
    ]);
    const related = await read('glossaryTerm', 'Business.Buyer');
    expect(related.lists).toEqual({ synonyms: ['purchaser'], relatedTerms: ['Business.Customer'] });
    const guarded = [
      { op: 'test', path: '/relatedTerms/0', value: 'Business.Nobody' },
      { op: 'replace', path: '/relatedTerms', value: [] },
    ] as const;
    await expect(target.patchAsset('glossaryTerm', buyer.id, guarded)).rejects.toBeInstanceOf(PatchConflict);
    await target.patchAsset('glossaryTerm', buyer.id, [
      { op: 'test', path: '/relatedTerms/0', value: 'Business.Customer' },
      { op: 'replace', path: '/relatedTerms', value: [] },
    ]);
    expect((await read('glossaryTerm', 'Business.Buyer')).lists).toMatchObject({ relatedTerms: [] });
    const unknown = [{ op: 'add', path: '/relatedTerms/-', value: 'Business.Nobody' }] as const;
    await expect(target.patchAsset('glossaryTerm', buyer.id, unknown)).rejects.toMatchObject({
      code: 'target.term-missing',
    });
    await target.deleteAsset('glossaryTerm', buyer.id);
  });

  it('keeps a reviewer and the approval of a glossary when it is put again', async () => {
    const admin = await bot.client.getUser('admin', signal);
    const glossary = await read('glossary', 'Business');
    const reviewer = { id: admin!.id, type: 'user' };
    await person.target.patchAsset('glossary', glossary.id, [{ op: 'add', path: '/reviewers', value: [reviewer] }]);
    const { carried } = await read('glossary', 'Business');
    await target.putAsset({ ...samples[0]!, tags: [tag], carried: carried! });
    const after = await bot.client.getByName('glossary', 'Business', { fields: ['reviewers', 'tags'] }, signal);
    expect(after).toMatchObject({ reviewers: [{ name: 'admin' }], tags: [{ tagFQN: 'Atlas.PII' }] });
    const { tags, id } = await read('glossary', 'Business');
    expect(tags).toHaveLength(1);
    await person.target.patchAsset('glossary', id, [
      { op: 'remove', path: '/tags/0' },
      { op: 'remove', path: '/reviewers/0' },
    ]);
  });

  it('sets, tests and takes off an owner under the key of the version', async () => {
    const admin = (await target.findOwner('admin'))!;
    const { id } = await read('topic', 'kafka."orders.v1"');
    await target.patchAsset('topic', id, [{ op: 'add', path: '/owners', value: [{ id: admin.id, type: 'user' }] }]);
    expect((await read('topic', 'kafka."orders.v1"')).owners).toEqual([admin]);
    const takeOff = (held: string) =>
      target.patchAsset('topic', id, [
        { op: 'test', path: '/owners/0/id', value: held },
        { op: 'remove', path: '/owners' },
      ]);
    await expect(takeOff('00000000-0000-0000-0000-000000000000')).rejects.toBeInstanceOf(PatchConflict);
    await takeOff(admin.id);
    expect((await read('topic', 'kafka."orders.v1"')).owners).toEqual([]);
  });

  it('writes an edge between any kinds, with what the version takes of it', async () => {
    const topic = await endpoint('topic', 'kafka."orders.v1"');
    const table = await endpoint('table', 'hive.default.sales.customers');
    const container = await endpoint('container', 'lake.raw."year=2023"'.replaceAll('"', ''));
    const pipeline = await endpoint('pipeline', 'etl.load');
    const pair = (from: string, to: string) => ({ fromColumns: [from], toColumn: to, function: 'upper' });
    const edges = [
      [topic, table, [pair('kafka."orders.v1".Order.id', `${table.fqn}.id`)]],
      [container, table, [pair(`${container.fqn}.id`, `${table.fqn}.id`)]],
      [table, pipeline, [pair(`${table.fqn}.id`, 'etl.load.insert')]],
    ] as const;
    for (const [from, to, columnsLineage] of edges) {
      const details = { sqlQuery: 'insert', description: 'by night', source: 'QueryLineage', columnsLineage };
      await target.putEdge(from, to, details);
      const held = await target.readEdge(from, to);
      expect(held).toMatchObject(target.fitEdge(from, to, details));
      expect(held?.columnsLineage).toHaveLength(minor >= 5 && to !== pipeline ? 1 : 0);
      expect(held?.sqlQuery).toBe(minor >= 2 ? 'insert' : undefined);
      expect(await target.deleteEdge(from, to)).toBe(true);
      expect(await target.deleteEdge(from, to)).toBe(false);
      expect(await target.readEdge(from, to)).toBeUndefined();
    }
  });

  it('does not lose an edge for a column that this version cannot name', async () => {
    const people = desiredAsset('table', 'hive.default.sales', 'people', {
      columns: [{ name: 'a', dataType: 'STRUCT', children: [{ name: 'b', dataType: 'INT' }] }],
    });
    await target.putAsset(people);
    const from = await endpoint('table', people.fqn);
    const to = await endpoint('table', 'hive.default.sales.customers');
    const columnsLineage = [
      { fromColumns: [`${from.fqn}.a`], toColumn: `${to.fqn}.name` },
      { fromColumns: [`${from.fqn}.a.b`], toColumn: `${to.fqn}.id` },
    ];
    await target.putEdge(from, to, { columnsLineage });
    expect((await target.readEdge(from, to))?.columnsLineage).toHaveLength(minor >= 5 ? 2 : 1);
    await target.deleteAsset('table', from.id);
  });

  it('tells the runs of a pipeline, and is told of a task that it does not have', async () => {
    const run = {
      timestamp: 1_795_000_000_000,
      outcome: 'Failed',
      tasks: [{ name: 'insert', outcome: 'Failed', startTime: 1_794_999_995_000, endTime: 1_795_000_000_000 }],
    } as const;
    await target.putPipelineRun('etl.load', run);
    const told = await bot.client.getByName('pipeline', 'etl.load', { fields: ['pipelineStatus'] }, signal);
    expect(told?.['pipelineStatus']).toMatchObject({
      timestamp: run.timestamp,
      executionStatus: 'Failed',
      taskStatus: [{ name: 'insert', executionStatus: 'Failed', startTime: 1_794_999_995_000 }],
    });
    const unknown = { ...run, tasks: [{ name: 'nobody', outcome: 'Failed' }] } as const;
    await expect(target.putPipelineRun('etl.load', unknown)).rejects.toMatchObject({ status: 400 });
  });

  it.each([
    ['topic', desiredAsset('topic', 'kafka', 'doomed', { attributes: { partitions: 1 } })],
    ['pipeline', desiredAsset('pipeline', 'etl', 'doomed', { columns: [{ name: 't', dataType: '' }] })],
    ['mlmodel', desiredAsset('mlmodel', 'ml', 'doomed')],
    ['container', desiredAsset('container', 'lake', 'doomed')],
    ['glossary', desiredAsset('glossary', '', 'Doomed')],
    ['database', desiredAsset('database', 'hive', 'doomed')],
  ] as const)('deletes a %s softly and brings it back with its id', async (type, sample) => {
    const { id } = await target.putAsset(sample);
    expect(await target.deleteAsset(type, id)).toMatchObject({ id });
    expect(await target.readAsset(type, { fqn: sample.fqn })).toMatchObject({ id, deleted: true });
    expect(await target.deleteAsset(type, id)).toMatchObject({ id });
    expect(await target.restoreAsset(type, id)).toMatchObject({ id });
    expect(await target.readAsset(type, { id })).toMatchObject({ id, deleted: false });
    await target.deleteAsset(type, id);
    await target.putAsset(sample);
    expect(await target.readAsset(type, { fqn: sample.fqn })).toMatchObject({ id, deleted: false });
    expect(await target.deleteAsset(type, '00000000-0000-0000-0000-000000000000')).toBeUndefined();
  });

  it('deletes a container with what it holds, but no term that holds live ones', async () => {
    for (const [parent, name] of [
      ['lake', 'top'],
      ['lake.top', 'inner'],
      ['lake.top.inner', 'leaf'],
    ] as const) {
      await target.putAsset(desiredAsset('container', parent, name));
    }
    const top = await read('container', 'lake.top');
    await target.deleteAsset('container', top.id);
    expect(await read('container', 'lake.top.inner.leaf')).toMatchObject({ deleted: true });
    await target.restoreAsset('container', top.id);
    expect(await read('container', 'lake.top.inner.leaf')).toMatchObject({ deleted: false });
    await target.deleteAsset('container', top.id);

    const parent = await target.putAsset(desiredAsset('glossaryTerm', 'Business', 'Category'));
    const child = await target.putAsset(desiredAsset('glossaryTerm', 'Business.Category', 'Child'));
    const refused = { code: 'target.not-empty' };
    await expect(target.deleteAsset('glossaryTerm', parent.id)).rejects.toMatchObject(refused);
    expect(await read('glossaryTerm', 'Business.Category')).toMatchObject({ deleted: false });
    const glossary = await read('glossary', 'Business');
    await expect(target.deleteAsset('glossary', glossary.id)).rejects.toMatchObject(refused);
    await target.deleteAsset('glossaryTerm', child.id);
    await target.deleteAsset('glossaryTerm', parent.id);
    expect(await read('glossaryTerm', 'Business.Category')).toMatchObject({ deleted: true });
  });

  it('lists the terms of a glossary with a dot in its name, and of a deleted one', async () => {
    const glossary = await target.putAsset(desiredAsset('glossary', '', 'v1.0'));
    await target.putAsset(desiredAsset('glossaryTerm', '"v1.0"', 'old'));
    const names = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const { fqn } of target.listAssets('glossaryTerm', '"v1.0"', false)) found.push(fqn);
      return found;
    };
    expect(await names()).toEqual(['"v1.0".old']);
    await expect(target.deleteAsset('glossary', glossary.id)).rejects.toMatchObject({ code: 'target.not-empty' });
    await target.deleteAsset('glossaryTerm', (await read('glossaryTerm', '"v1.0".old')).id);
    await target.deleteAsset('glossary', glossary.id);
    expect(await names()).toEqual(['"v1.0".old']);
    expect(await target.countAssets('glossaryTerm', '"v1.0"')).toBe(1);
  });

  it('puts containers of several depths and tables at once, each after what it stands in', async () => {
    const containers = [
      desiredAsset('container', 'lake.many.a', 'b'),
      desiredAsset('container', 'lake.many', 'a'),
      desiredAsset('container', 'lake.nowhere', 'c'),
      desiredAsset('container', 'lake', 'many'),
    ];
    const outcomes = await target.putAssets('container', containers);
    expect(outcomes.map(({ fqn }) => fqn)).toEqual(containers.map(({ fqn }) => fqn));
    expect(outcomes.map(({ error }) => (error as { code?: string } | undefined)?.code)).toEqual([
      undefined,
      undefined,
      'target.parent-missing',
      undefined,
    ]);
    expect(await read('container', 'lake.many.a.b')).toMatchObject({ deleted: false });
  });

  it('puts foreign keys whichever table comes first, also to the table itself, and keeps their pairs', async () => {
    const key = (columns: string[], table: string, referred: string[]) => ({
      constraintType: 'FOREIGN_KEY',
      columns,
      referredColumns: referred.map((column) => `hive.default.sales.${table}.${column}`),
    });
    const tableOf = (name: string, constraints: readonly object[]): DesiredAsset =>
      desiredAsset('table', 'hive.default.sales', name, {
        attributes: { tableConstraints: constraints },
        columns: ['a', 'b', 'c'].map((column) => ({
          name: column,
          dataType: 'INT',
          dataTypeDisplay: 'int',
          ...(column === 'a' && { constraint: 'PRIMARY_KEY' }),
        })),
      });
    const tables = [
      tableOf('left', [key(['c', 'b'], 'right', ['a', 'b']), key(['a'], 'left', ['b'])]),
      tableOf('right', [
        key(['b'], 'left', ['a']),
        { constraintType: 'UNIQUE', columns: ['gone'] },
        { constraintType: 'PRIMARY_KEY', columns: ['a', 'b'] },
      ]),
    ];
    const bulk = target.bulkSize > 0;
    if (bulk) await target.putAssets('table', tables);
    else for (const one of tables) await target.putAsset(one);
    for (const one of tables) {
      const held = await read('table', one.fqn);
      expect(verdict(target, one, held)).toEqual({ action: 'unchanged', fields: [] });
    }
    expect((await read('table', 'hive.default.sales.left')).attributes).toEqual({
      tableConstraints: [key(['a'], 'left', ['b']), key(['b', 'c'], 'right', ['b', 'a'])],
    });
    const nowhere = tableOf('nowhere', [key(['a'], 'missing', ['a'])]);
    await target.putAsset(nowhere);
    const { attributes } = await read('table', nowhere.fqn);
    expect(attributes).toEqual(minor >= 5 ? undefined : nowhere.attributes);
  });

  it('makes custom properties of the types that the server has, for the kinds that have any', async () => {
    const words = { propertyType: 'enum', values: ['low', 'high'], multiSelect: true } as const;
    expect(await target.createCustomProperty('topic', 'weight', 'how much', { propertyType: 'integer' })).toBe(
      minor >= 2 ? 'integer' : undefined,
    );
    expect(await target.createCustomProperty('table', 'risk', 'how bad', words)).toBe(minor >= 3 ? 'enum' : 'string');
    expect(await target.createCustomProperty('table', 'note', 'a text', { propertyType: 'markdown' })).toBe('markdown');
    const wider = { ...words, values: ['high', 'extreme'] };
    expect(await target.createCustomProperty('table', 'risk', 'how bad', wider)).toBe(minor >= 3 ? 'enum' : 'string');
    const risk = minor >= 3 ? ['low', 'extreme'] : 'low, extreme';
    const sample = desiredAsset('table', 'hive.default.sales', 'risky', {
      columns: [],
      extension: { risk, note: '*x*' },
    });
    await target.putAsset(sample);
    expect((await read('table', sample.fqn)).extension).toEqual({ risk, note: '*x*' });
    if (minor < 2) return;
    const topic = desiredAsset('topic', 'kafka', 'weighed', { extension: { weight: 3 } });
    await target.putAsset(topic);
    expect((await read('topic', topic.fqn)).extension).toEqual({ weight: 3 });
  });

  it('takes labels off what carries a tag or term that is deleted, and gives none of an unknown one', async () => {
    const extra = { tagFQN: 'Business.Extra', source: 'Glossary', labelType: 'Automated' } as const;
    await expect(target.putAsset(desiredAsset('topic', 'kafka', 'labelled', { tags: [extra] }))).rejects.toMatchObject({
      status: 404,
    });
    const { id } = await target.putAsset(desiredAsset('glossaryTerm', 'Business', 'Extra'));
    const columns = [{ name: 'f', dataType: 'STRING', tags: [extra, tag] }];
    const labelled = desiredAsset('topic', 'kafka', 'labelled', { tags: [extra], columns });
    await target.putAsset(labelled);
    expect(verdict(target, labelled, await read('topic', labelled.fqn))).toMatchObject({ action: 'unchanged' });
    await target.deleteAsset('glossaryTerm', id);
    await target.restoreAsset('glossaryTerm', id);
    const after = await read('topic', labelled.fqn);
    expect(after.tags).toEqual([]);
    expect(after.columns![0]!.tags.map(({ tagFQN }) => tagFQN)).toEqual(['Atlas.PII']);
  });
});
