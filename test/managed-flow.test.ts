import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { type Sandbox, startSandbox } from '../sandbox/start-sandbox.ts';
import { EmbeddedEngine } from '../src/engine/embedded/embedded-engine.ts';
import { fixedAccount } from '../src/server/access/accounts.ts';
import { createServer } from '../src/server/create-server.ts';
import { ServiceDefaults } from '../src/server/managed/service-defaults.ts';

const username = 'openmetadata';
const password = 'pass-of-the-service';
const atlasPassword = 'Pass-of-Atlas-77';

/** From a click on OpenMetadata's page to a run of the engine and back, by the oldest and by a late server. */
describe.each(['1.1.0', '1.12.3'])('OpenMetadata %s in front of the service', (openMetadataVersion) => {
  let sandbox: Sandbox;
  let home: string;
  let engine: EmbeddedEngine;
  let app: FastifyInstance;
  let page: Client;

  beforeAll(async () => {
    sandbox = await startSandbox({
      atlas: { password: atlasPassword },
      openmetadata: { version: openMetadataVersion },
    });
    home = await mkdtemp(join(tmpdir(), 'meridian-managed-'));
    engine = await EmbeddedEngine.open({ home, env: process.env, settings: { stopGraceSeconds: 2 } });
    const serviceDefaults = new ServiceDefaults({
      defaults: { '*': { meridian: { glossaries: false } } },
      overrides: {
        secret_atlas: { source: { serviceConnection: { config: { password: `\${exec:echo ${atlasPassword}}` } } } },
      },
    });
    app = await createServer(
      {
        ...{ engine, history: engine.history, events: engine.history, home, env: process.env, serviceDefaults },
        accounts: [await fixedAccount(username, password, 'operator')],
      },
      { openMetadata: { hostPort: sandbox.openmetadata.url } },
    );
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    sandbox.openmetadata.usePipelineService({ endpoint: `http://127.0.0.1:${port}`, username, password });
    page = clientOf(sandbox.openmetadata, 'admin');
  });
  afterAll(async () => {
    await app?.close();
    await engine?.close();
    await sandbox?.close();
    await rm(home, { recursive: true, force: true });
  });

  const connection = (more: object = {}) => ({
    type: 'Atlas',
    hostPort: sandbox.atlas.url,
    username: 'admin',
    password: atlasPassword,
    entity_type: 'hive_table',
    connectionOptions: { 'meridian.mode': 'create' },
    ...more,
  });
  async function addService(name: string, config: object): Promise<string> {
    const body = { name, serviceType: 'Atlas', connection: { config } };
    return (await page.put('/services/metadataServices', body)).body.id;
  }
  async function addPipeline(name: string, serviceId: string, pipelineType = 'metadata'): Promise<string> {
    const { status, body } = await page.post('/services/ingestionPipelines', {
      name,
      pipelineType,
      service: { id: serviceId, type: 'metadataService' },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
      airflowConfig: { scheduleInterval: '0 3 * * *', pipelineTimezone: 'Europe/Berlin', retries: 0 },
    });
    expect(status).toBe(201);
    return body.id;
  }
  const idsOf = async () => (await engine.list()).map(({ id }) => id);
  const act = (action: string, id: string) => page.post(`/services/ingestionPipelines/${action}/${id}`, {});
  /** Waits until the newest run has ended. */
  async function newestRun(pipelineId: string) {
    const [{ runId } = { runId: '' }] = await engine.status({ pipelineId });
    for await (const event of engine.history.follow({ runId })) {
      if (event.type === 'state' && event.run.endedAt !== undefined) return event.run;
    }
    throw new Error('The run has not ended.');
  }

  it('finds the service healthy, of its own version', async () => {
    expect((await page.get('/services/ingestionPipelines/status')).body).toMatchObject({
      code: 200,
      version: openMetadataVersion,
    });
  });

  it('deploys, runs, shows status and log, pauses, and deletes', async () => {
    const serviceId = await addService('corp_atlas', connection());
    const id = await addPipeline('corp_atlas_metadata', serviceId);
    expect((await act('deploy', id)).status).toBe(200);
    expect((await engine.history.pipeline({ pipelineId: 'corp_atlas_metadata' })).recipe).toMatchObject({
      meridian: { mode: 'create', glossaries: false },
    });

    expect((await act('trigger', id)).status).toBe(200);
    const run = await newestRun('corp_atlas_metadata');
    expect(run.state).toBe('success');
    const told = await page.get(
      `/services/ingestionPipelines/corp_atlas.corp_atlas_metadata/pipelineStatus?startTs=0&endTs=${Date.now() + 1e6}`,
    );
    expect(told.body.data).toContainEqual(expect.objectContaining({ runId: run.runId, pipelineState: 'success' }));
    expect((await page.get('/tables?limit=1')).body.paging.total).toBeGreaterThan(0);

    const log = (await page.get(`/services/ingestionPipelines/logs/${id}/last`)).body;
    expect(log.ingestion_task).toContain('Done: ');
    expect(Number(log.total)).toBe(log.ingestion_task.length);
    expect(log.after).toBeUndefined();

    expect((await act('toggleIngestion', id)).body.enabled).toBe(false);
    expect((await engine.list())[0]).toMatchObject({ enabled: false });
    expect((await act('toggleIngestion', id)).body.enabled).toBe(true);
    expect((await act('kill', id)).status).toBe(200);

    await page.delete(`/services/ingestionPipelines/${id}?hardDelete=true`);
    expect(await idsOf()).toEqual([]);
  });

  it('is told why a connection cannot be deployed', async () => {
    const serviceId = await addService('bad_atlas', connection({ connectionOptions: { 'meridian.mode': 'destroy' } }));
    const { status, body } = await act('deploy', await addPipeline('bad_atlas_metadata', serviceId));
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toMatch(/meridian\.mode.*destroy/);
    expect(await idsOf()).not.toContain('bad_atlas_metadata');
  });

  it('cannot make this machine run a command, or read a file, from a connection', async () => {
    for (const reference of ['${exec:touch /tmp/x}', '${file:/etc/hostname}', '${env:HOME}']) {
      const serviceId = await addService('evil_atlas', connection({ password: reference }));
      const { status, body } = await act('deploy', await addPipeline(`evil_${reference.slice(2, 5)}`, serviceId));
      expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('role admin')]);
    }
    expect((await idsOf()).filter((pipeline) => pipeline.startsWith('evil'))).toEqual([]);
  });

  it.runIf(openMetadataVersion === '1.1.0')(
    'runs the commands that its own defaults ask for, and no others',
    async () => {
      const serviceId = await addService('secret_atlas', connection({ password: 'a word that the form asks for' }));
      const id = await addPipeline('secret_atlas_metadata', serviceId);
      await act('deploy', id);
      await act('trigger', id);
      expect((await newestRun('secret_atlas_metadata')).state).toBe('success');

      const { allowExec: _, ...pipeline } = await engine.history.pipeline({ pipelineId: 'secret_atlas_metadata' });
      await engine.deploy({ pipeline });
      await act('trigger', id);
      expect((await newestRun('secret_atlas_metadata')).state).toBe('failed');
      const { text } = await engine.logs({ pipelineId: 'secret_atlas_metadata' });
      expect(text).toContain('MERIDIAN_ALLOW_EXEC');
      await engine.delete({ pipelineId: 'secret_atlas_metadata' });
    },
  );

  it('does not take the pipeline of another service that has the same name', async () => {
    const first = await addPipeline('same_name', await addService('first_atlas', connection()));
    const second = await addPipeline('same_name', await addService('second_atlas', connection()));
    expect((await act('deploy', first)).status).toBe(200);
    const { status, body } = await act('deploy', second);
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('first_atlas.same_name')]);
    expect(await engine.list()).toContainEqual(
      expect.objectContaining({ id: 'same_name', fqn: 'first_atlas.same_name' }),
    );
  });

  it.each([
    ['works', {}, 'Successful'],
    ['has a wrong password', { password: 'wrong-password' }, 'Failed'],
  ])('tests a connection that %s', async (_name, change, outcome) => {
    const { body: workflow } = await page.post('/automations/workflows', {
      name: `test-connection-${outcome}`,
      workflowType: 'TEST_CONNECTION',
      request: { connection: { config: connection(change) }, serviceType: 'Metadata', connectionType: 'Atlas' },
    });
    expect((await page.post(`/automations/workflows/trigger/${workflow.id}`, {})).status).toBe(200);
    let told = workflow;
    while (told.status !== 'Successful' && told.status !== 'Failed') {
      told = (await page.get(`/automations/workflows/${workflow.id}`)).body;
    }
    expect(told.status).toBe(outcome);
    const [first] = told.response.steps;
    expect(first).toMatchObject({ name: 'CheckAccess', passed: outcome === 'Successful', mandatory: true });
    expect(told.response.steps.length > 1).toBe(outcome === 'Successful');
    expect(JSON.stringify(told.response)).not.toContain('wrong-password');
  });

  it('leaves no secret in the audit log, and tells who did what', async () => {
    const audit = await readFile(join(home, 'audit.jsonl'), 'utf8');
    expect(audit).toMatch(/"who":"openmetadata".*"what":"managed.deploy".*"target":"corp_atlas.corp_atlas_metadata"/);
    for (const secret of [password, atlasPassword, sandbox.token]) expect(audit).not.toContain(secret);
  });
});
