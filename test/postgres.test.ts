import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { sampleDatabase } from '../src/connectors/postgres/sample-database.testing.ts';
import { type Change, isWrite } from '../src/reconcile/change.ts';
import { type PostgresServer, startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';

const recipe = join(import.meta.dirname, '..', 'recipes', 'postgres.yaml');

let server: PostgresServer;
let admin: pg.Client;

async function connected(database: string): Promise<pg.Client> {
  const client = new pg.Client(server.address(database));
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

beforeAll(async () => {
  server = await startPostgres();
  admin = await connected('postgres');
});
afterAll(async () => {
  await admin?.end();
  await server?.stop();
});

describe.each(['1.1.0', '1.13.0'])('a PostgreSQL server into OpenMetadata %s, by the shipped recipe', (version) => {
  let openmetadata: OpenMetadataStandIn;
  let person: Client;
  let home: string;
  let shop: pg.Client;

  beforeEach(async () => {
    // Strict: a key that the version does not know is refused, not dropped in silence.
    openmetadata = await startOpenMetadata({ version, strict: true });
    person = clientOf(openmetadata, 'admin');
    home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
    await admin.query('DROP DATABASE IF EXISTS shop WITH (FORCE)');
    await admin.query('DROP ROLE IF EXISTS shop_owner');
    await admin.query('CREATE DATABASE shop');
    shop = await connected('shop');
    await shop.query(sampleDatabase);
  });
  afterEach(async () => {
    await shop.end();
    await openmetadata.close();
    await rm(home, { recursive: true, force: true });
  });

  const env = () => ({
    ...process.env,
    MERIDIAN_HOME: home,
    POSTGRES_USER: 'owner',
    POSTGRES_PASSWORD: 'owner-secret',
    POSTGRES_HOST_PORT: `127.0.0.1:${server.port}`,
    POSTGRES_DATABASE: 'shop',
    OPENMETADATA_URL: openmetadata.url,
    OPENMETADATA_TOKEN: openmetadata.botToken,
  });
  async function run(flags: Readonly<Record<string, unknown>> = {}): Promise<{ report: RunReport; changes: Change[] }> {
    const changes: Change[] = [];
    const loaded = await loadRecipe(recipe, { env: env(), flags });
    const workflow = await Workflow.create(loaded, { onChange: (change) => changes.push(change), env: env() });
    const report = await workflow.execute();
    await workflow.stop();
    return { report, changes };
  }
  const table = async (name: string, fields = 'columns,tags,tableConstraints') =>
    (await person.get(`/tables/name/${encodeURIComponent(`local_postgres.shop.${name}`)}?fields=${fields}&include=all`))
      .body;

  const isDeleted = async (name: string): Promise<boolean> => (await table(name)).deleted === true;
  const told = (changes: readonly Change[]): string[] =>
    changes.filter(isWrite).map(({ action, entityType, fqn, fields }) => {
      const names = fields.map(({ field }) => field);
      return `${action} ${entityType} ${fqn.replaceAll('local_postgres.shop.', '')}${names.length > 0 ? `: ${names.join(' ')}` : ''}`;
    });

  it('brings everything, is silent the second time, and then brings what has changed', async () => {
    const first = await run();
    expect(first.report.failures).toEqual([]);
    expect(first.report.skipped).toEqual([]);
    expect(first.report.state).toBe('success');
    const service = (await person.get('/services/databaseServices/name/local_postgres')).body;
    expect(service).toMatchObject({
      serviceType: 'Postgres',
      connection: { config: { type: 'Postgres', hostPort: `127.0.0.1:${server.port}`, database: 'shop' } },
    });
    expect(JSON.stringify(service)).not.toContain('owner-secret');
    expect(await table('sales.orders')).toMatchObject({
      tableType: 'Regular',
      tableConstraints: expect.arrayContaining([
        {
          constraintType: 'FOREIGN_KEY',
          columns: ['customer_id'],
          referredColumns: ['local_postgres.shop.sales.customers.id'],
        },
      ]),
    });
    expect(await table('sales.rates')).toMatchObject({ tableType: 'Foreign' });
    expect(await table('sales.events')).toMatchObject({ tableType: 'Partitioned' });
    const paid = await table('sales.paid', version === '1.1.0' ? 'viewDefinition' : 'tags');
    expect(paid.description).toBe('Orders that were paid');
    expect(paid.viewDefinition ?? paid.schemaDefinition).toMatch(/^CREATE VIEW sales\.paid AS/);
    const customers = await table('sales.customers');
    expect(customers.tags).toMatchObject([{ tagFQN: 'PostgresPolicyTags.own_rows' }]);
    const lineage = (await person.get(`/lineage/table/${paid.id}?upstreamDepth=1&downstreamDepth=1`)).body;
    expect(lineage.nodes.map(({ name }: { name: string }) => name).sort()).toEqual(['customers', 'orders', 'sold']);
    const edge = lineage.upstreamEdges.find(({ fromEntity }: { fromEntity: string }) => fromEntity === customers.id);
    expect(edge.lineageDetails.source).toBe(version === '1.1.0' ? undefined : 'ViewLineage');
    expect(edge.lineageDetails.columnsLineage).toMatchObject([
      {
        fromColumns: ['local_postgres.shop.sales.customers.name'],
        toColumn: 'local_postgres.shop.sales.paid.customer',
      },
    ]);

    expect((await run()).changes.filter(isWrite)).toEqual([]);

    await shop.query(`COMMENT ON COLUMN sales.orders.net IS 'Without tax'; ANALYZE`);
    expect(told((await run()).changes)).toEqual(['update table sales.orders: columns.net.description']);
    await shop.query('ALTER TABLE sales.returns ADD COLUMN at date; CREATE TABLE sales.gifts (a int)');
    expect(told((await run()).changes).sort()).toEqual([
      'create table sales.gifts',
      expect.stringMatching(/^update table sales\.returns: columns/),
    ]);
    expect((await run()).changes.filter(isWrite)).toEqual([]);
  });

  it('keeps to patterns, and sets owners that OpenMetadata knows', async () => {
    const user = { name: 'shop_owner', email: 'shop_owner@shop.example' };
    expect((await person.put('/users', user)).status).toBe(201);
    await shop.query(
      'CREATE TABLE public.gifts (order_id integer REFERENCES sales.orders); ALTER TABLE public.empty OWNER TO shop_owner',
    );
    const flags = {
      'source.sourceConfig.config.schemaFilterPattern': { includes: ['^public$'] },
      'source.sourceConfig.config.tableFilterPattern': { excludes: ['^every_'] },
      'source.sourceConfig.config.includeOwners': true,
    };
    const { report } = await run(flags);
    expect(report.failures).toEqual([]);
    const { body } = await person.get('/tables?limit=100&fields=tags');
    const names = (body.data as { fullyQualifiedName: string }[]).map((each) => each.fullyQualifiedName.slice(20));
    expect(names.every((name) => name.startsWith('public.') && !name.includes('every_type'))).toBe(true);
    expect(names).toEqual(expect.arrayContaining(['public.sold', 'public.gifts']));
    const key = version === '1.1.0' ? 'owner' : 'owners';
    expect(JSON.stringify((await table('public.empty', key))[key])).toContain('shop_owner');
    expect((await run(flags)).changes.filter(isWrite)).toEqual([]);
    // What the patterns keep out now is not missed.
    const fewer = await run({ ...flags, 'source.sourceConfig.config.tableFilterPattern': { includes: ['^gifts$'] } });
    expect(fewer.report.guards).toEqual([]);
    expect(fewer.changes.filter(isWrite)).toEqual([]);
  });

  it('deletes softly what is gone, with its lineage, and what was renamed under its old name', async () => {
    await run();
    await shop.query(
      'DROP TABLE public.unlogged; DROP VIEW public.last_year; ALTER TABLE public.parent RENAME TO mother',
    );
    const { report, changes } = await run();
    expect(report.guards).toEqual([]);
    expect(report.failures).toEqual([]);
    expect(told(changes).sort()).toEqual([
      'create table public.mother',
      'delete lineage sales.events → public.last_year',
      'delete table public.last_year',
      'delete table public.parent',
      'delete table public.unlogged',
    ]);
    expect(await isDeleted('public.unlogged')).toBe(true);
    expect(await isDeleted('public.mother')).toBe(false);
    expect((await run()).changes.filter(isWrite)).toEqual([]);
    await shop.query('CREATE TABLE public.unlogged (a int)');
    await run();
    expect(await isDeleted('public.unlogged')).toBe(false);
  });

  it('takes away columns, and lineage that a view has lost, once the server has confirmed it', async () => {
    await run();
    await shop.query(`ALTER TABLE public.dropped_column DROP COLUMN c;
      CREATE OR REPLACE VIEW public.last_year AS SELECT now() AS at, 'nobody' AS who`);
    const { report, changes } = await run();
    expect(report.guards).toEqual([]);
    expect(told(changes).sort()).toEqual([
      'delete lineage sales.events → public.last_year',
      expect.stringMatching(/^update table public\.dropped_column: columns/),
      expect.stringMatching(/^update table public\.last_year: /),
    ]);
    expect((await table('public.dropped_column')).columns.map(({ name }: { name: string }) => name)).toEqual(['a']);
    expect((await run()).changes.filter(isWrite)).toEqual([]);
  });

  it('deletes nothing when too much is gone, nor outside of what the recipe reads', async () => {
    await run();
    await shop.query('CREATE DATABASE shop_2 TEMPLATE template0');
    const two = await connected('shop_2');
    await two.query('CREATE TABLE public.only_here (a int)');
    await two.end();
    const all = { 'source.serviceConnection.config.ingestAllDatabases': true };
    try {
      expect(told((await run(all)).changes)).toContain('create table local_postgres.shop_2.public.only_here');
      // Another database is no part of this recipe any more: what is in it is not missed.
      await shop.query('DROP TABLE public.unlogged');
      const { report, changes } = await run();
      expect(report.guards).toEqual([]);
      expect(told(changes)).toEqual(['delete table public.unlogged']);
    } finally {
      await admin.query('DROP DATABASE shop_2 WITH (FORCE)');
    }
    // Gone with all that it held.
    const after = await run({ ...all, 'meridian.deletes.maxSharePercent': 50 });
    expect(told(after.changes)).toEqual(['delete table local_postgres.shop_2.public.only_here']);

    await shop.query('DROP SCHEMA sales CASCADE');
    const { report, changes } = await run();
    expect(report.guards).toContainEqual(expect.objectContaining({ guard: 'share', entityType: 'table' }));
    expect(changes.filter(({ action }) => action === 'delete')).toEqual([]);
    expect(await isDeleted('sales.orders')).toBe(false);
  });
});
