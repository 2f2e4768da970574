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

  it('brings everything, and is silent the second time', async () => {
    const first = await run();
    expect(first.report.failures).toEqual([]);
    expect(first.report.skipped).toEqual([]);
    expect(first.report.state).toBe('success');
    const again = await run();
    expect(again.changes.filter(isWrite)).toEqual([]);
    expect(await table('sales.orders')).toMatchObject({ tableType: 'Regular' });
  });
});
