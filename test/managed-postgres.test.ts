import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { sampleDatabase } from '../src/connectors/postgres/sample-database.testing.ts';
import { EmbeddedEngine } from '../src/engine/embedded/embedded-engine.ts';
import { fixedAccount } from '../src/server/access/accounts.ts';
import { createServer } from '../src/server/create-server.ts';
import { type PostgresServer, startPostgres } from '../src/state/postgres/postgres-server.testing.ts';

const username = 'openmetadata';
const password = 'pass-of-the-service';

describe('a Postgres service that was made on OpenMetadata’s pages', () => {
  let server: PostgresServer;
  let openmetadata: OpenMetadataStandIn;
  let home: string;
  let engine: EmbeddedEngine;
  let app: FastifyInstance;
  let page: Client;

  beforeAll(async () => {
    [server, openmetadata] = await Promise.all([startPostgres(), startOpenMetadata({ version: '1.12.3' })]);
    const client = new pg.Client(server.address('postgres'));
    await client.connect();
    await client.query(sampleDatabase);
    await client.end();
    home = await mkdtemp(join(tmpdir(), 'meridian-managed-'));
    engine = await EmbeddedEngine.open({ home, env: process.env, settings: { stopGraceSeconds: 2 } });
    const accounts = [await fixedAccount(username, password, 'operator')];
    app = await createServer(
      { engine, history: engine.history, events: engine.history, home, env: process.env, accounts },
      { openMetadata: { hostPort: openmetadata.url } },
    );
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    openmetadata.usePipelineService({ endpoint: `http://127.0.0.1:${port}`, username, password });
    page = clientOf(openmetadata, 'admin');
  });
  afterAll(async () => {
    await app?.close();
    await engine?.close();
    await Promise.all([openmetadata?.close(), server?.stop()]);
    await rm(home, { recursive: true, force: true });
  });

  const connection = (secret = 'owner-secret') => ({
    type: 'Postgres',
    hostPort: `127.0.0.1:${server.port}`,
    username: 'owner',
    authType: { password: secret },
    database: 'postgres',
  });

  it('has its metadata pipeline deployed and run, and fills the service that is there', async () => {
    const made = await page.put('/services/databaseServices', {
      name: 'corp_postgres',
      serviceType: 'Postgres',
      connection: { config: connection() },
    });
    const { body: pipeline } = await page.post('/services/ingestionPipelines', {
      name: 'corp_postgres_metadata',
      pipelineType: 'metadata',
      service: { id: made.body.id, type: 'databaseService' },
      sourceConfig: { config: { type: 'DatabaseMetadata', includeOwners: false } },
      airflowConfig: { scheduleInterval: '0 3 * * *' },
    });
    expect((await page.post(`/services/ingestionPipelines/deploy/${pipeline.id}`, {})).status).toBe(200);
    expect((await page.post(`/services/ingestionPipelines/trigger/${pipeline.id}`, {})).status).toBe(200);
    const [{ runId } = { runId: '' }] = await engine.status({ pipelineId: 'corp_postgres_metadata' });
    let state: string | undefined;
    for await (const event of engine.history.follow({ runId })) {
      if (event.type !== 'state' || event.run.endedAt === undefined) continue;
      state = event.run.state;
      break;
    }
    expect(state).toBe('success');
    const { body: table } = await page.get('/tables/name/corp_postgres.postgres.sales.orders');
    expect(table).toMatchObject({ serviceType: 'Postgres', service: { id: made.body.id } });
    const { text } = await engine.logs({ pipelineId: 'corp_postgres_metadata' });
    expect(text).toContain('Done: ');
    expect(text).not.toContain('owner-secret');
  });

  it.each([
    ['works', 'owner-secret', 'Successful'],
    ['has a wrong password', 'wrong-password', 'Failed'],
  ])('has its connection tested, which %s', async (_, secret, outcome) => {
    const { body: workflow } = await page.post('/automations/workflows', {
      name: `test-postgres-${outcome}`,
      workflowType: 'TEST_CONNECTION',
      request: { connection: { config: connection(secret) }, serviceType: 'Database', connectionType: 'Postgres' },
    });
    expect((await page.post(`/automations/workflows/trigger/${workflow.id}`, {})).status).toBe(200);
    let told = workflow;
    while (told.status !== 'Successful' && told.status !== 'Failed') {
      told = (await page.get(`/automations/workflows/${workflow.id}`)).body;
    }
    expect(told.status).toBe(outcome);
    expect(told.response.steps[0]).toMatchObject({ name: 'CheckAccess', passed: outcome === 'Successful' });
    expect(told.response.steps.length > 1).toBe(outcome === 'Successful');
    expect(JSON.stringify(told.response)).not.toContain(secret);
  });
});
