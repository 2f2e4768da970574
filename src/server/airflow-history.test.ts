import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AirflowEngine } from '../engine/airflow/airflow-engine.ts';
import { StandInAirflow } from '../engine/airflow/stand-in-airflow.testing.ts';
import { type PipelineWorld, startPipelineWorld } from '../engine/pipeline-world.testing.ts';
import { startTestServer, type TestServer } from './test-server.testing.ts';

const user = { username: 'op', password: 'Pa55word-of-airflow' };
let world: PipelineWorld;
let folder: string;
let airflow: StandInAirflow;
let engine: AirflowEngine;
let server: TestServer;
let runId: string;

const get = async (url: string, role: 'viewer' | 'operator' = 'viewer') => server.as(role, { url: `/api${url}` });
const post = async (url: string) => server.as('operator', { method: 'POST', url: `/api${url}` });

/** The events of a run, to its end. */
async function events(id: string): Promise<{ type: string; run?: { state: string }; text?: string }[]> {
  const told = [];
  for await (const event of engine.history.follow({ runId: id })) told.push(event);
  return told;
}

beforeAll(async () => {
  world = await startPipelineWorld();
  folder = mkdtempSync(join(tmpdir(), 'meridian-airflow-history-'));
  const dags = join(folder, 'dags');
  mkdirSync(dags);
  const env = { ...process.env, MERIDIAN_HOME: join(folder, 'home') };
  airflow = await StandInAirflow.start({ dags, env, user });
  engine = await AirflowEngine.open({
    url: airflow.url,
    signIn: { kind: 'password', ...user },
    dags,
    bundles: join(folder, 'bundles'),
    version: '0.0.0-test',
    pollMs: 20,
  });
  const openMetadata = { jwtToken: world.openmetadata.botToken };
  server = await startTestServer({ engine, history: engine.history, openMetadata });
  await engine.deploy({ pipeline: world.quick({ id: 'night', displayName: 'Every night', owner: 'data-team' }) });
  runId = (await post('/console/pipelines/night/runs')).json().runId;
  await events(runId);
});
afterAll(async () => {
  await server?.close();
  await engine?.close();
  await airflow?.close();
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('the list and the page of a pipeline: what it is, its last runs, no secret', async () => {
  const list = (await get('/console/pipelines')).json();
  expect(list).toMatchObject([
    {
      id: 'night',
      displayName: 'Every night',
      owner: 'data-team',
      sourceType: 'Atlas',
      lastRuns: [{ runId, state: 'success' }],
    },
  ]);
  const page = await get('/console/pipelines/night');
  expect(page.json()).toMatchObject({ id: 'night', fqn: 'local_atlas.night', timeoutSeconds: 3600, enabled: true });
  for (const secret of world.secrets) expect(page.body).not.toContain(secret);
});

it('its runs with what they did, and pages of them', async () => {
  const [first] = (await get('/console/pipelines/night/runs')).json().runs;
  expect(first).toMatchObject({ runId, kind: 'run', state: 'success', counts: { failed: 0 } });
  expect(first.counts.created).toBeGreaterThan(50);
  expect(first.seconds).toBeGreaterThanOrEqual(0);
  const second = (await post('/console/pipelines/night/runs')).json().runId;
  await events(second);
  const page = (await get('/console/pipelines/night/runs?limit=1')).json();
  expect(page).toMatchObject({ runs: [{ runId: second }], more: true });
  const before = encodeURIComponent(second);
  expect((await get(`/console/pipelines/night/runs?limit=1&before=${before}`)).json()).toMatchObject({
    runs: [{ runId }],
    more: false,
  });
});

it('the page of a run: its report, its log, what it tells as it goes on', async () => {
  const path = `/console/runs/${encodeURIComponent(runId)}`;
  const answer = (await get(path)).json();
  expect(answer).toMatchObject({ run: { runId, state: 'success' }, pipelineName: 'Every night' });
  expect(answer.report.stages.table.created).toBeGreaterThan(20);
  const log = await get(`${path}/log`);
  expect(log.statusCode).toBe(200);
  expect(log.body).toContain('finish');
  for (const secret of world.secrets) expect(log.body + JSON.stringify(answer)).not.toContain(secret);
  const told = await events(runId);
  expect(told.map(({ type }) => type)).toEqual(['log', 'state']);
  expect(told[0]!.text).toBe(log.body);
  expect((await get(`${path}/dead-letters`)).json()).toEqual({ letters: [], total: 0 });
});

it('a run is stopped by the id that the list shows', async () => {
  await engine.deploy({ pipeline: world.endless({ id: 'long' }) });
  const { runId: id } = (await post('/console/pipelines/long/runs')).json();
  for await (const event of engine.history.follow({ runId: id })) {
    if (event.type !== 'state' || event.run.state !== 'running') continue;
    expect((await post(`/console/runs/${encodeURIComponent(id)}/stop`)).json()).toEqual({ stopped: 1 });
    break;
  }
  expect((await events(id)).at(-1)).toMatchObject({ run: { state: 'stopped' } });
});

it('says what only the embedded engine does, and what there is not', async () => {
  expect((await post('/console/pipelines/night/plans')).json()).toMatchObject({ code: 'engine.only-embedded' });
  const unknown = [
    'night~no-such-run',
    'no-such-run',
    'other~manual__1',
    'night~..',
    'night~.',
    'night~',
    '..~x',
    '~',
    '../x~y',
  ];
  for (const id of unknown) {
    const answer = await get(`/console/runs/${encodeURIComponent(id)}`);
    expect(answer.statusCode).toBe(404);
    expect(answer.json().code).toMatch(/^engine\.unknown-(run|pipeline)$/);
  }
});

it('the catalogue shows what the runs have brought, with a token of the settings', async () => {
  const answer = await get('/console/catalogue/night/tree', 'viewer');
  expect(answer.statusCode, answer.body).toBe(200);
  expect(answer.body).toContain('local_hive');
  const orders = await get('/console/catalogue/night/asset?kind=table&fqn=local_hive.prod.shop.orders');
  expect(orders.statusCode, orders.body).toBe(200);
  for (const secret of world.secrets) expect(answer.body + orders.body).not.toContain(secret);
  const without = await startTestServer({ engine, history: engine.history });
  try {
    const refused = await without.as('viewer', { url: '/api/console/catalogue/night/tree' });
    expect(refused.json()).toMatchObject({ code: 'serve.no-catalogue-token' });
  } finally {
    await without.close();
  }
});
