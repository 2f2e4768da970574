import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PipelineDefinition } from '../engine.ts';
import { AirflowEngine, type AirflowEngineOptions } from './airflow-engine.ts';
import { StandInAirflow, type StandInOptions } from './stand-in-airflow.testing.ts';

const user = { username: 'op', password: 'Pa55word-of-airflow' };
const secret = 'pl4nted-password-of-atlas';
let folder: string;
let dags: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-engine-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function place() {
  count += 1;
  dags = join(folder, `dags-${count}`);
  mkdirSync(dags);
  return { dags, bundles: join(folder, `bundles-${count}`), version: '0.0.0-test', pollMs: 5 };
}

async function world(options: Partial<StandInOptions> = {}, more: Partial<AirflowEngineOptions> = {}) {
  const folders = place();
  const airflow = await StandInAirflow.start({ dags, env: process.env, user, ...options });
  const engine = await AirflowEngine.open({
    url: airflow.url,
    signIn: { kind: 'password', ...user },
    ...folders,
    ...more,
  });
  return {
    airflow,
    engine,
    async [Symbol.asyncDispose]() {
      await engine.close();
      await airflow.close();
    },
  };
}

function pipeline(changes: Partial<PipelineDefinition> = {}): PipelineDefinition {
  return {
    id: 'company_atlas',
    fqn: 'company_atlas.nightly',
    pipelineType: 'metadata',
    recipe: {
      source: {
        type: 'Atlas',
        serviceName: 'company_atlas',
        serviceConnection: {
          config: {
            hostPort: 'http://127.0.0.1:1',
            username: 'reader',
            password: secret,
            databaseServiceName: ['hive'],
            entity_type: 'hive_table',
          },
        },
        sourceConfig: { config: { type: 'DatabaseMetadata' } },
      },
      sink: { type: 'metadata-rest' },
      workflowConfig: {
        openMetadataServerConfig: {
          hostPort: 'http://127.0.0.1:1/api',
          securityConfig: { jwtToken: 'pl4nted-token-of-the-bot' },
        },
      },
    },
    schedule: { cron: '@annually', catchup: true },
    retries: 0,
    retryDelaySeconds: 0,
    timeoutSeconds: 60,
    maxActiveRuns: 1,
    enabled: true,
    ...changes,
  };
}

async function answering(status: number, type: string, body: string) {
  const server = createServer((_, response) => response.writeHead(status, { 'content-type': type }).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const opened = (url: string, signIn: AirflowEngineOptions['signIn'] = { kind: 'anybody' }) =>
  AirflowEngine.open({ url, signIn, ...place() });

describe('an Airflow that is none, or lets nobody in', () => {
  it('cannot be reached', async () => {
    await expect(opened('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'airflow.unreachable', exitCode: 3 });
  });

  it.each([
    ['a login page', 200, 'text/html', '<html><title>Sign in</title></html>'],
    ['something else', 200, 'application/json', '{"hello": "world"}'],
    ['half an answer', 200, 'application/json', '{"version": "3.'],
    ['nothing like it', 404, 'application/json', '{}'],
  ])('answers with %s', async (_, status, type, body) => {
    const server = await answering(status, type, body);
    await expect(opened(server.url)).rejects.toMatchObject({ code: 'airflow.not-airflow', exitCode: 3 });
    await server.close();
  });

  it.each(['v2', 'v1'] as const)(
    'refuses a wrong password and a wrong token (%s), and no error shows either',
    async (api) => {
      const airflow = await StandInAirflow.start({ dags: place().dags, env: {}, user, api });
      for (const signIn of [
        { kind: 'password', username: 'op', password: 'wr0ng-password' },
        { kind: 'token', token: 'wr0ng-token' },
      ] as const) {
        const error = await opened(airflow.url, signIn).catch((reason: unknown) => reason);
        expect(error).toMatchObject({ code: 'airflow.sign-in', exitCode: 3 });
        expect(`${error}${(error as Error).cause}`).not.toContain('wr0ng');
      }
      await airflow.close();
    },
  );
});

describe('a deploy', () => {
  it('puts secrets into connections and nowhere else, and takes them away with the pipeline', async () => {
    await using made = await world();
    const { engine, airflow } = made;
    airflow.connections.set('of_somebody', { connection_id: 'of_somebody', description: null });
    expect(await engine.deploy({ pipeline: pipeline() })).toBe('created');
    expect(airflow.connections.get('company_atlas_source_password')).toMatchObject({
      conn_type: 'generic',
      password: secret,
    });
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name), 'latin1')).not.toContain('pl4nted');
    }
    const { settings } = airflow.dag('company_atlas')!.deployment;
    expect(settings).toMatchObject({ schedule: '@yearly', catchup: false, executionTimeoutSeconds: 60, retries: 0 });
    // Another password is another value of the same connection.
    const recipe = structuredClone(pipeline().recipe) as ReturnType<typeof JSON.parse>;
    recipe.source.serviceConnection.config.password = 'another-password';
    expect(await engine.deploy({ pipeline: pipeline({ recipe }) })).toBe('unchanged');
    expect(airflow.connections.get('company_atlas_source_password')).toMatchObject({ password: 'another-password' });
    await engine.delete({ pipelineId: 'company_atlas' });
    expect([...airflow.connections.keys()]).toEqual(['of_somebody']);
    expect(readdirSync(dags)).toEqual([]);
  });

  it('shows no secret when Airflow refuses a connection, and writes no DAG then', async () => {
    await using made = await world();
    made.airflow.refusesConnections = true;
    const error = await made.engine.deploy({ pipeline: pipeline() }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'airflow.connection', status: 422 });
    expect(inspect(error, { depth: 9 })).not.toContain('pl4nted');
    expect(readdirSync(dags)).toEqual([]);
  });

  it('tells why Airflow cannot read the DAG, and leaves nothing behind', async () => {
    await using made = await world();
    made.airflow.importErrors.set(
      'meridian_company_atlas.py',
      'Traceback …\nModuleNotFoundError: No module named pendulum',
    );
    await expect(made.engine.deploy({ pipeline: pipeline() })).rejects.toMatchObject({
      code: 'airflow.import-error',
      message: expect.stringContaining('No module named pendulum'),
    });
    expect(readdirSync(dags)).toEqual([]);
  });

  it('waits only so long for Airflow to read the DAG', async () => {
    await using made = await world({}, { parseTimeoutSeconds: 0.05 });
    made.airflow.blind = true;
    await expect(made.engine.deploy({ pipeline: pipeline() })).rejects.toMatchObject({ code: 'airflow.not-parsed' });
    expect(readdirSync(dags)).toEqual([]);
  });

  it('goes on with a DAG that somebody has paused or changed by hand', async () => {
    await using made = await world();
    await made.engine.deploy({ pipeline: pipeline() });
    made.airflow.dag('company_atlas')!.paused = true;
    expect(await made.engine.list()).toMatchObject([{ enabled: false }]);
    expect((await made.engine.list())[0]!.nextRun).toBeUndefined();
    await made.engine.enable({ pipelineId: 'company_atlas' });
    expect(await made.engine.list()).toMatchObject([
      { enabled: true, nextRun: expect.stringMatching(/-01-01T00:00:00/) },
    ]);
  });
});

describe('Airflow 2', () => {
  it('is spoken to by v1 of its API, with basic authentication', async () => {
    await using made = await world({ api: 'v1' });
    const { engine } = made;
    expect(engine.name).toBe('airflow 2.10.5');
    await engine.deploy({ pipeline: pipeline({ recipe: { ...pipeline().recipe, meridian: { mode: 'create' } } }) });
    const { runId } = await engine.trigger({ pipelineId: 'company_atlas' });
    let [run] = await engine.status({ pipelineId: 'company_atlas' });
    while (run?.state === 'running') {
      await sleep(100);
      [run] = await engine.status({ pipelineId: 'company_atlas' });
    }
    expect(run).toMatchObject({ runId, state: 'failed', trigger: 'manual', attempt: 1 });
    expect(run!.reason).toMatch(/^Task \w+(\[0\])?: .*cannot be reached/);
    expect(run!.logicalDate).toBeUndefined();
    expect((await engine.logs({ pipelineId: 'company_atlas' })).text).toMatch(/ INFO plan: /);
    await engine.disable({ pipelineId: 'company_atlas' });
    made.airflow.dag('company_atlas')!.paused = true;
    await engine.trigger({ pipelineId: 'company_atlas' });
    expect(await engine.stop({ pipelineId: 'company_atlas' })).toBe(1);
    expect(await engine.status({ pipelineId: 'company_atlas' })).toMatchObject([
      { state: 'stopped' },
      { state: 'failed' },
    ]);
  });
});
