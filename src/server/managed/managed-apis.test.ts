import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PipelineDefinition } from '../../engine/engine.ts';
import { basicHeader, startTestServer, type TestServer } from '../test-server.testing.ts';
import { managedBasePaths } from './register-managed-apis.ts';

const pipeline: PipelineDefinition = {
  id: 'corp_atlas_metadata',
  fqn: 'corp_atlas.corp_atlas_metadata',
  pipelineType: 'metadata',
  recipe: {},
  schedule: { catchup: false },
  retries: 0,
  retryDelaySeconds: 300,
  timeoutSeconds: 3600,
  maxActiveRuns: 1,
  enabled: true,
};
const token = 'token-of-a-program';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({}, { apiToken: token, openMetadata: { configured: '1.10.4' } });
});
afterAll(() => server.close());

describe.each(managedBasePaths)('%s', (base) => {
  const get = (path: string, headers: Record<string, string> = basicHeader('viewer')) =>
    server.app.inject({ url: `${base}/${path}`, headers });
  const post = (path: string, payload: object) =>
    server.app.inject({ method: 'POST', url: `${base}/${path}`, payload, headers: basicHeader('operator') });

  it('answers health openly, and health-auth by basic or a token', async () => {
    const healthy = { status: 'healthy', version: '1.10.4' };
    expect((await get('health', {})).json()).toEqual(healthy);
    expect((await get('health-auth')).json()).toEqual(healthy);
    expect((await get('health-auth', { authorization: `Bearer ${token}` })).json()).toEqual(healthy);
    const refused = await get('health-auth', {});
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([401, 'Basic realm="Meridian"']);
    expect((await get('ip')).json()).toEqual({ ip: 'unknown' });
  });

  it('has every call, each for who signs in with the rights for it', async () => {
    const reads = [
      'health-auth',
      'ip',
      'csrf-token',
      'status?dag_id=x',
      'last_dag_logs?dag_id=x&task_id=profiler_task',
    ];
    const acts = ['deploy', 'trigger', 'kill', 'enable', 'disable', 'run_automation'];
    const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, headers: Record<string, string>) =>
      server.app.inject({
        method,
        url: `${base}/${path}`,
        headers,
        ...(method === 'POST' && { payload: { dag_id: 'x' } }),
      });
    const calls = [
      ...reads.map((path) => ['GET', path] as const),
      ...acts.map((path) => ['POST', path] as const),
      ['DELETE', 'delete?dag_id=x'] as const,
    ];
    for (const [method, path] of calls) {
      expect([path, (await ask(method, path, {})).statusCode]).toEqual([path, 401]);
      const asViewer = await ask(method, path, basicHeader('viewer'));
      if (method !== 'GET') expect([path, asViewer.statusCode]).toEqual([path, 403]);
      // What is wrong is told of the call, not of its address.
      const answer = await ask(method, path, basicHeader('operator'));
      expect([path, answer.json().error]).not.toEqual([path, expect.stringContaining('nothing at this address')]);
    }
    await server.engine.deploy({ pipeline: { ...pipeline, id: 'gone' } });
    const deleted = await ask('DELETE', 'delete?dag_id=gone', basicHeader('operator'));
    expect(deleted.json()).toEqual({ message: 'DAG [gone] has been deleted' });
  });

  it('gives a log in pieces of two million characters, until there is no more', async () => {
    const log = Array.from({ length: 450_000 }, (_, line) => `line ${line}`).join('\n');
    await server.engine.deploy({ pipeline });
    server.engine.texts.set(pipeline.id, log);
    const pieces: string[] = [];
    let after: number | undefined;
    do {
      const more = after === undefined ? '' : `&after=${after}`;
      const answer = (await get(`last_dag_logs?dag_id=${pipeline.id}&task_id=ingestion_task${more}`)).json();
      expect(Object.keys(answer)).toEqual([
        'ingestion_task',
        'total',
        ...(answer.after === undefined ? [] : ['after']),
      ]);
      expect(answer.total).toBe(log.length);
      expect(answer.ingestion_task.length).toBeLessThanOrEqual(2_000_000);
      pieces.push(answer.ingestion_task);
      after = answer.after;
    } while (after !== undefined);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('') === log).toBe(true);
  });

  it('lists the last ten runs, or those that wait alone', async () => {
    await server.engine.deploy({ pipeline });
    await server.engine.stop({ pipelineId: pipeline.id });
    for (let run = 0; run < 12; run += 1) {
      expect((await post('trigger', { dag_id: pipeline.id })).json().message).toMatch(
        /^Workflow \[corp_atlas_metadata\]/,
      );
      const startedAt = '2026-11-25T03:00:00.000Z';
      if (run < 11)
        server.engine.settle(pipeline.id, { state: 'success', startedAt, endedAt: '2026-11-25T03:05:00.000Z' });
    }
    const all = (await get(`status?dag_id=${pipeline.id}`)).json();
    expect(all).toHaveLength(10);
    expect(all[1]).toEqual({
      runId: expect.any(String),
      pipelineState: 'success',
      startDate: Date.parse('2026-11-25T03:00:00.000Z'),
      endDate: Date.parse('2026-11-25T03:05:00.000Z'),
      timestamp: expect.any(Number),
    });
    const queued = (await get(`status?dag_id=${pipeline.id}&only_queued=true`)).json();
    expect(queued.map((run: { pipelineState: string }) => run.pipelineState)).toEqual(['queued']);
  });

  it('says in one sentence what is not there, and what it does not take', async () => {
    for (const action of ['trigger', 'kill', 'enable', 'disable']) {
      const answer = await post(action, { dag_id: 'nobody' });
      expect([answer.statusCode, answer.json()]).toEqual([404, { error: 'DAG nobody not found.' }]);
    }
    const conf = await post('trigger', { dag_id: pipeline.id, conf: { appConfigOverride: { a: 1 } } });
    expect([conf.statusCode, conf.json().error]).toEqual([400, expect.stringMatching(/settings of its own/)]);
    expect((await post('trigger', { dag_id: pipeline.id, conf: { appConfigOverride: {} } })).statusCode).toBe(200);
    expect((await post('deploy', { name: 'half' })).statusCode).toBe(400);
  });
});

it('asks for the CSRF token where it is told to, and takes the one that it gave', async () => {
  const strict = await startTestServer({}, { managed: { csrf: true } });
  await strict.engine.deploy({ pipeline });
  const url = '/api/v1/openmetadata';
  const trigger = (headers: Record<string, string>) =>
    strict.as('operator', { method: 'POST', url: `${url}/trigger`, payload: { dag_id: pipeline.id }, headers });
  expect((await trigger({})).statusCode).toBe(403);
  const given = await strict.as('viewer', { url: `${url}/csrf-token` });
  const cookie = given.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const { csrf_token } = given.json();
  expect((await trigger({ cookie, 'X-CSRFToken': 'x' })).statusCode).toBe(403);
  expect((await trigger({ cookie, 'X-CSRFToken': csrf_token })).statusCode).toBe(200);
  await strict.close();
});

it('behind a proxy that speaks https, cookies are for https alone and the caller is who the proxy says', async () => {
  const behind = await startTestServer({}, { behindProxy: true });
  const answer = await behind.app.inject({
    method: 'POST',
    url: '/api/session',
    headers: {
      'x-forwarded-for': '203.0.113.9, 198.51.100.4',
      'x-forwarded-host': 'meridian.example',
      origin: 'https://meridian.example',
    },
    payload: { name: 'vera', password: 'vera-s-password' },
  });
  expect(answer.statusCode).toBe(200);
  expect(answer.cookies[0]).toMatchObject({ name: '__Host-meridian_session', secure: true, path: '/' });
  expect(answer.headers['strict-transport-security']).toMatch(/max-age=\d+/);
  // The nearest proxy's word: what stands before it came from outside.
  expect(await readFile(`${behind.home}/audit.jsonl`, 'utf8')).toContain('"address":"198.51.100.4"');
  await behind.close();
});
