import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { ConfigurationError } from '../src/errors.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { type Bench, openBench, type RunOptions } from './recorded-atlas.ts';

const enrich: RunOptions = { meridian: { mode: 'enrich' } };

interface Column {
  name: string;
  dataType: string;
  description?: string;
  tags: { tagFQN: string }[];
}

describe.each(['1.1.0', '1.13.0'])('enrich mode on OpenMetadata %s', (version) => {
  let atlas: AtlasStandIn;
  let bench: Bench;
  let bot: Client;
  let person: Client;

  beforeEach(async () => {
    atlas = await startAtlas();
    bench = await openBench(version);
    bot = clientOf(bench.openmetadata, 'bot');
    person = clientOf(bench.openmetadata, 'admin');
  });
  afterEach(async () => {
    await atlas.close();
    await bench.close();
  });

  const put = async (path: string, body: unknown): Promise<void> => {
    const answer = await bot.put(path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  };
  /** What a Hive connector brings: structure without words; an older one, so that columns differ from Atlas’. */
  const bringIn = async (databases: readonly string[]): Promise<void> => {
    const config = { type: 'Hive', hostPort: 'hive.example:10000' };
    await put('/services/databaseServices', { name: 'local_hive', serviceType: 'Hive', connection: { config } });
    for (const database of databases) {
      await put('/databases', { name: database, service: 'local_hive' });
      await put('/databaseSchemas', { name: 'shop', database: `local_hive.${database}` });
      const orders = {
        name: 'orders',
        databaseSchema: `local_hive.${database}.shop`,
        tableType: 'Regular',
        columns: [
          { name: 'ORDER_ID', dataType: 'INT' },
          { name: 'customer_id', dataType: 'BIGINT', description: 'The connector knows better' },
          { name: 'note', dataType: 'STRING' },
          { name: 'only_here', dataType: 'STRING' },
        ],
      };
      await put('/tables', orders);
      await put('/tables', {
        name: 'tills',
        databaseSchema: `local_hive.${database}.shop`,
        columns: [{ name: 'till_id', dataType: 'STRING' }],
      });
    }
  };
  const orders = async (database = 'prod') => {
    const { body } = await bot.get(`/tables/name/local_hive.${database}.shop.orders?fields=tags,columns`);
    return body as { id: string; description?: string; tags: { tagFQN: string }[]; columns: Column[] };
  };

  it('fills descriptions and labels, leaves the structure alone, and a second run sends nothing', async () => {
    await bringIn(['prod', 'dr']);
    const first = await bench.run(atlas, enrich);
    expect(first.report.failures).toEqual([]);
    expect(first.report.state).toBe('success');
    const table = await orders();
    expect(table.description).toMatch(/^One row an order\./);
    expect(table.tags.map((tag) => tag.tagFQN).sort()).toEqual([
      'Atlas.Fact',
      'Atlas.RETENTION',
      'AtlasLabels.core',
      'AtlasLabels.hourly',
    ]);
    expect(table.columns.map((column) => `${column.name} ${column.dataType}`)).toEqual([
      'ORDER_ID INT',
      'customer_id BIGINT',
      'note STRING',
      'only_here STRING',
    ]);
    expect(table.columns[0]?.description).toBe('Counts on over all shops, never reused');
    expect(table.columns[2]?.tags.map((tag) => tag.tagFQN)).toEqual(['Atlas.PII']);
    expect(table.columns[3]?.description).toBeUndefined();

    const second = await bench.run(atlas, enrich);
    expect(second.changes.filter(isWrite)).toEqual([]);
    expect(second.report.target.writes).toBe(0);
  });

  it('counts tables that are not there as skipped, makes none and says how many', async () => {
    await bringIn(['prod', 'dr']);
    const { report, changes } = await bench.run(atlas, enrich);
    const counts = report.stages.table!;
    expect([counts.created, counts.restored]).toEqual([0, 0]);
    expect(counts.skipped).toBe(counts.read - 3);
    expect(report.skipped.find((group) => group.reason === 'not-in-target')?.count).toBeGreaterThan(50);
    expect(changes.some((change) => change.entityType === 'lineage' && change.action === 'create')).toBe(true);
    const list = await bot.get('/tables?limit=100');
    expect(list.body.paging.total).toBe(4);
    const databases = await bot.get('/databases?limit=10');
    expect(databases.body.paging.total).toBe(2);
  });

  it('keeps what a person wrote before the first run', async () => {
    await bringIn(['prod', 'dr']);
    const { id } = await orders();
    await person.patch(`/tables/${id}`, [{ op: 'add', path: '/description', value: 'Ann was here first' }]);
    const { changes } = await bench.run(atlas, enrich);
    expect((await orders()).description).toBe('Ann was here first');
    const change = changes.find((other) => other.fqn === 'local_hive.prod.shop.orders');
    expect(change?.fields.find((field) => field.field === 'description')?.action).toBe('keep');
  });

  it('says what to do when the service is missing, and writes nothing', async () => {
    const refused = bench.run(atlas, enrich);
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toMatchObject({
      code: 'target.service-missing',
      message: expect.stringContaining('local_hive'),
      help: expect.stringContaining('databaseServiceName'),
    });
    expect(bench.openmetadata.requests().filter((request) => request.method !== 'GET')).toEqual([]);
  });

  it('asks which database is which cluster when it cannot know, and takes the recipe’s answer', async () => {
    await bringIn(['default', 'copy']);
    bench.openmetadata.clearRequests();
    const refused = bench.run(atlas, enrich);
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toMatchObject({
      message: expect.stringMatching(/prod.*\?|dr.*\?/),
      help: expect.stringContaining('clusters'),
    });
    expect(bench.openmetadata.requests().filter((request) => request.method !== 'GET')).toEqual([]);

    const clusters = { prod: 'local_hive.default', dr: 'local_hive.copy' };
    const { report } = await bench.run(atlas, { meridian: { mode: 'enrich', clusters } });
    expect(report.state).toBe('success');
    expect((await orders('default')).description).toMatch(/^One row an order\./);
  });

  it('asks which service a cluster belongs to when the recipe names two', async () => {
    await bringIn(['prod', 'dr']);
    const refused = bench.run(atlas, { ...enrich, services: ['local_hive', 'other_hive'] });
    await expect(refused).rejects.toMatchObject({
      code: 'atlas.ambiguous-service',
      help: expect.stringContaining('clusters'),
    });
  });
});
