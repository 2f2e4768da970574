import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedEngine } from '../../engine/embedded/embedded-engine.ts';
import type { PipelineDefinition } from '../../engine/engine.ts';
import { basicHeader, startTestServer, type TestServer } from '../test-server.testing.ts';

let home: string;
let engine: EmbeddedEngine;
let server: TestServer;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meridian-console-api-'));
  engine = await EmbeddedEngine.open({ home, env: { MERIDIAN_HOME: home } });
  server = await startTestServer({ engine, history: engine.history, env: { SOME_TOKEN: 'token-of-this-machine' } });
});
afterAll(async () => {
  await server?.close();
  await engine?.close();
  await rm(home, { recursive: true, force: true });
});
beforeEach(async () => {
  for (const { id } of await engine.list()) await engine.delete({ pipelineId: id });
});

const password = 'Pa55word-of-the-source';

function recipe(token = 'Token-of-the-target') {
  const connection = {
    type: 'Atlas',
    hostPort: 'http://127.0.0.1:1',
    username: 'admin',
    password,
    databaseServiceName: ['hive'],
    messagingServiceName: [],
    entity_type: 'hive_table',
  };
  return {
    source: {
      type: 'Atlas',
      serviceName: 'atlas',
      serviceConnection: { config: connection },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: 'http://127.0.0.1:1/api',
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: token },
      },
    },
  };
}

const pipeline = (changes: object = {}) => ({
  id: 'bakery',
  pipelineType: 'metadata',
  schedule: {},
  recipe: recipe(),
  ...changes,
});

/** A pipeline as the form has it. */
async function shownAs(role: Parameters<TestServer['as']>[0]) {
  const {
    createdAt: _c,
    updatedAt: _u,
    nextRun: _n,
    allowExec: _a,
    ...shown
  } = (await get(role, '/pipelines/bakery')).json();
  return shown;
}

/** Nothing answers at its source. */
const definition: PipelineDefinition = {
  id: 'trying',
  pipelineType: 'metadata',
  recipe: recipe(),
  schedule: { catchup: false },
  retries: 0,
  retryDelaySeconds: 0,
  timeoutSeconds: 3600,
  maxActiveRuns: 1,
  enabled: true,
};

const post = (role: Parameters<TestServer['as']>[0], url: string, payload: object) =>
  server.as(role, { method: 'POST', url: `/api/console${url}`, payload });
const put = (role: Parameters<TestServer['as']>[0], payload: object) =>
  server.as(role, { method: 'PUT', url: '/api/console/pipelines/bakery', payload });
const get = (role: Parameters<TestServer['as']>[0], url: string) =>
  server.as(role, { method: 'GET', url: `/api/console${url}` });

describe('pipelines', () => {
  it('are made by operators, once, and seen by viewers without their secrets', async () => {
    expect((await post('viewer', '/pipelines', pipeline())).statusCode).toBe(403);
    expect((await post('operator', '/pipelines', pipeline())).statusCode).toBe(201);
    const again = await post('operator', '/pipelines', pipeline());
    expect([again.statusCode, again.json().code]).toEqual([409, 'console.pipeline-exists']);
    expect((await get('viewer', '/pipelines')).json()).toMatchObject([
      { id: 'bakery', sourceType: 'Atlas', serviceName: 'atlas', lastRuns: [] },
    ]);
    const shown = await get('viewer', '/pipelines/bakery');
    expect(shown.json().recipe.source.serviceConnection.config.password).toBe('***');
    for (const secret of [password, 'Token-of-the-target']) expect(shown.body).not.toContain(secret);
  });

  it('keep a secret that comes back masked, and take a new one', async () => {
    await post('operator', '/pipelines', pipeline());
    const shown = await shownAs('operator');
    shown.recipe.workflowConfig.openMetadataServerConfig.securityConfig.jwtToken = 'Another-token';
    expect((await put('operator', { ...shown, owner: 'Nora' })).json()).toEqual({ outcome: 'updated', id: 'bakery' });
    const stored = await engine.history.withKeptSecrets({
      pipelineId: 'bakery',
      recipe: (await engine.history.pipeline({ pipelineId: 'bakery' })).recipe,
    });
    expect(stored).toEqual(recipe('Another-token'));
  });

  it('are refused with every mistake of their recipe, by place', async () => {
    const wrong = pipeline({ recipe: { ...recipe(), sink: { type: 'metadata-rst' } } });
    const answer = await post('operator', '/pipelines', wrong);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'recipe.invalid', problems: [{ path: 'sink.type' }] });
    expect(await engine.list()).toEqual([]);
  });

  it('that reach into the machine are for admins; others may change when they run', async () => {
    const reaching = pipeline({ recipe: recipe('${env:SOME_TOKEN}') });
    const refused = await post('operator', '/pipelines', reaching);
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'server.recipe-rights']);
    expect((await post('admin', '/pipelines', reaching)).statusCode).toBe(201);

    const shown = await shownAs('operator');
    expect((await put('operator', { ...shown, schedule: { cron: '0 4 * * *' } })).statusCode).toBe(200);
    shown.recipe.source.serviceConnection.config.entity_type = 'Table';
    expect((await put('operator', shown)).statusCode).toBe(403);
  });

  it('are paused, resumed and deleted', async () => {
    await post('operator', '/pipelines', pipeline({ schedule: { cron: '0 4 * * *', timezone: 'Europe/Berlin' } }));
    expect((await post('operator', '/pipelines/bakery/pause', {})).statusCode).toBe(204);
    expect((await engine.list())[0]?.enabled).toBe(false);
    expect((await post('operator', '/pipelines/bakery/resume', {})).statusCode).toBe(204);
    expect((await engine.list())[0]?.enabled).toBe(true);
    const removed = await server.as('operator', { method: 'DELETE', url: '/api/console/pipelines/bakery' });
    expect(removed.statusCode).toBe(204);
    expect((await get('viewer', '/pipelines/bakery')).statusCode).toBe(404);
  });
});

describe('a recipe that is being written', () => {
  const check = (role: 'operator' | 'admin', text: string) => post(role, '/recipes/check', { text });

  it('is checked as it stands, each mistake with its line', async () => {
    const text = JSON.stringify(recipe(), null, 2);
    expect((await check('operator', text)).json()).toEqual({ problems: [], warnings: expect.anything() });
    const wrong = (await check('operator', text.replace('"serviceName"', '"servceName"'))).json();
    expect(wrong.problems).toMatchObject([{ line: 4, path: 'source.servceName' }]);
    const broken = (await check('operator', 'source: [')).json();
    expect(broken.problems.length).toBeGreaterThan(0);
  });

  it('does not tell an operator what it refers to', async () => {
    const text = JSON.stringify({ ...recipe(), sink: { type: '${env:SOME_TOKEN}' } }, null, 2);
    const answer = await check('operator', text);
    expect(answer.json().problems).toMatchObject([{ path: 'sink.type', message: expect.stringMatching(/role admin/) }]);
    expect(answer.body).not.toContain('token-of-this-machine');
  });

  it('is tested step by step, without its secrets in the answer', async () => {
    const answer = await post('operator', '/recipes/test', { recipe: recipe() });
    expect(answer.headers['content-type']).toMatch(/^application\/x-ndjson/);
    const steps = answer.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(steps[0]).toMatchObject({ system: 'target', ok: false });
    expect(steps.map(({ system }) => system)).toContain('source');
    for (const secret of [password, 'Token-of-the-target']) expect(answer.body).not.toContain(secret);
    expect((await post('viewer', '/recipes/test', { recipe: recipe() })).statusCode).toBe(403);
  });
});

it('a server that closes ends the streams that are open, whatever the run does', async () => {
  const other = await startTestServer({ engine, history: engine.history });
  await engine.deploy({ pipeline: definition });
  const url = await other.app.listen({ host: '127.0.0.1', port: 0 });
  const { runId } = await engine.trigger({ pipelineId: definition.id });
  const stream = await fetch(`${url}/api/console/runs/${runId}/events`, { headers: basicHeader('viewer') });
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toContain('event: state');
  await other.close();
  while (!(await reader.read()).done);
  await engine.stop({ pipelineId: definition.id });
});

describe('names from outside', () => {
  it.each(['..%2F..%2Fetc%2Fpasswd', '%2e%2e', "x'%20OR%20'1'='1", 'a%00b', 'x'.repeat(300)])(
    '%s is no run and no pipeline',
    async (name) => {
      for (const url of [`/runs/${name}`, `/runs/${name}/log`, `/runs/${name}/events`, `/runs/${name}/dead-letters`]) {
        expect((await get('viewer', url)).statusCode).toBe(404);
      }
      expect((await get('viewer', `/pipelines/${name}`)).statusCode).toBe(404);
      expect((await post('operator', `/pipelines/${name}/runs`, {})).statusCode).toBe(404);
      expect((await post('operator', `/runs/${name}/replay`, {})).statusCode).toBe(404);
    },
  );
});
