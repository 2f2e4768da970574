import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../../sandbox/atlas/start-atlas.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../../sandbox/openmetadata/start-openmetadata.ts';
import { type PostgresServer, startPostgres } from '../../src/state/postgres/postgres-server.testing.ts';
import type { RunReport } from '../../src/workflow/report.ts';
import { recipeFor } from '../recorded-atlas.ts';
import { contentOf } from '../target-content.ts';
import { RealAirflow, type TaskInstance } from './real-airflow.testing.ts';

const command = join(import.meta.dirname, '..', '..', 'bin', 'meridian.mjs');
const password = 'only-airflow-knows-it';
const shape = { tables: 80, columns: 3, lineageEvery: 3 } as const;

let airflow: RealAirflow;
let postgres: PostgresServer;
let atlas: AtlasStandIn;
/** What a plain run makes of the same source. */
let expected: readonly string[];
const targets: OpenMetadataStandIn[] = [];

beforeAll(async () => {
  [airflow, postgres, atlas] = await Promise.all([
    RealAirflow.start({ env: { AIRFLOW__LOGGING__NAMESPACE_LEVELS: 'meridian=DEBUG' } }),
    startPostgres(),
    startAtlas({ generate: shape, password }),
  ]);
  const target = await openTarget(0);
  const recipe = recipeOf(target, { meridian: {} });
  const file = join(airflow.home, 'plain.json');
  await writeFile(file, JSON.stringify(recipe), { mode: 0o600 });
  await meridian(['ingest', '-c', file], { MERIDIAN_HOME: join(airflow.home, 'plain') });
  expected = await contentOf(target);
});
afterAll(async () => {
  await airflow?.close();
  await Promise.all([postgres?.stop(), atlas?.close(), ...targets.map((target) => target.close())]);
});

async function openTarget(writeLatencyMs: number): Promise<OpenMetadataStandIn> {
  const target = await startOpenMetadata({ version: '1.13.0', strict: true, writeLatencyMs });
  targets.push(target);
  return target;
}

function recipeOf(target: OpenMetadataStandIn, more: { meridian?: object; airflow?: object; atlas?: string }) {
  const recipe = recipeFor({ url: more.atlas ?? atlas.url }, target, {
    meridian: {
      partitions: { max: 4, minTables: 1 },
      state: { type: 'postgres', connectionString: postgres.address('postgres') },
      ...more.meridian,
    },
    more: more.airflow ? { airflow: { retryDelay: '1s', ...more.airflow } } : {},
  });
  recipe.source.serviceConnection.config.password = password;
  return recipe;
}

async function meridian(argv: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [command, ...argv], {
    env: { ...process.env, ...env },
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout;
}

/** As a user does it: deploys by the command line, and puts into Airflow's connections what it says. */
async function deploy(dagId: string, recipe: object): Promise<void> {
  const file = join(airflow.home, `${dagId}.json`);
  await writeFile(file, JSON.stringify(recipe), { mode: 0o600 });
  const argv = ['airflow', 'deploy', '-c', file, '--dags', airflow.dags, '--bundles', airflow.bundles, '-o', 'json'];
  const { connections } = JSON.parse(await meridian(argv, airflow.env)) as {
    connections: { id: string; path: string }[];
  };
  for (const { id, path } of connections) {
    const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], recipe);
    await airflow.api('POST', '/connections', { connection_id: id, conn_type: 'generic', password: value });
  }
  await airflow.untilDag(dagId);
}

/** Somebody else's DAG, which begins when an ingest has ended. */
const afterHive = `from airflow.sdk import DAG, Asset
from airflow.providers.standard.operators.empty import EmptyOperator

with DAG("after_hive", schedule=[Asset(name="hive", uri="meridian://dags/hive")], is_paused_upon_creation=False):
    EmptyOperator(task_id="begin")
`;

const textOf = (log: readonly { event: string }[]): string => log.map(({ event }) => event).join('\n');

/** Waits until a part of an ingest runs, in a process of its own. */
function untilIngesting(dagId: string, runId: string): Promise<TaskInstance> {
  return airflow.until('part that runs', async () =>
    (await airflow.tasks(dagId, runId)).find(
      ({ task_id: id, state, pid }) => id === 'ingest' && state === 'running' && pid !== null,
    ),
  );
}

it('the schedule fires, four parts run at once, one is killed, only that one runs again, and all ends as a plain run', async () => {
  const target = await openTarget(60);
  await deploy(
    'hive',
    recipeOf(target, { airflow: { dagId: 'hive', schedule: '* * * * *', isPausedUponCreation: true } }),
  );
  await writeFile(join(airflow.dags, 'after_hive.py'), afterHive);
  await airflow.untilDag('after_hive');
  await airflow.unpause('hive');
  const runId = await airflow.until('run by the schedule', async () => {
    const { dag_runs: runs } = await airflow.api<{ dag_runs: { dag_run_id: string; run_type: string }[] }>(
      'GET',
      '/dags/hive/dagRuns',
    );
    return runs.find(({ run_type: type }) => type === 'scheduled')?.dag_run_id;
  });
  const victim = await untilIngesting('hive', runId);
  process.kill(victim.pid!, 'SIGKILL');
  expect(await airflow.untilRun('hive', runId)).toBe('success');

  const parts = (await airflow.tasks('hive', runId)).filter(({ task_id: id }) => id === 'ingest');
  expect(parts).toHaveLength(4);
  const tries = parts.map(({ map_index: index, try_number: tries }) => [index, tries]);
  expect(tries).toEqual(parts.map(({ map_index: index }) => [index, index === victim.map_index ? 2 : 1]));
  expect(parts.map(({ rendered_map_index: name }) => name)).not.toContain(null);
  expect(await contentOf(target)).toEqual(expected);

  const report = await airflow.xcom<RunReport>('hive', runId, 'finish', 'report');
  expect(report).toMatchObject({ reportVersion: 1, state: 'success', failureCount: 0 });
  const log = await airflow.log('hive', runId, 'finish');
  expect(textOf(log)).toMatch(/tables +80/);
  const { asset_events: events } = await airflow.api<{ asset_events: object[] }>('GET', '/assets/events');
  expect(events).toContainEqual(
    expect.objectContaining({
      name: 'hive',
      extra: expect.objectContaining({ runId: report.runId, state: 'success' }),
    }),
  );

  await airflow.until('run of the DAG that waits for the ingest', async () => {
    const { dag_runs: runs } = await airflow.api<{ dag_runs: { run_type: string }[] }>(
      'GET',
      '/dags/after_hive/dagRuns',
    );
    return runs.find(({ run_type: type }) => type === 'asset_triggered');
  });

  // By hand, right after: everything is there already.
  const again = await airflow.trigger('hive', { reading: 'full' });
  expect(await airflow.untilRun('hive', again)).toBe('success');
  await airflow.unpause('hive', true);
  const second = await airflow.xcom<RunReport>('hive', again, 'finish', 'report');
  expect(second).toMatchObject({ state: 'success', reading: 'full', target: { writes: 0 } });
  for (const text of [JSON.stringify(log), await airflow.output()]) expect(text).not.toContain(password);
});

it('a recipe that fails fails its task, with the reason in its log, and is not tried again where that cannot help', async () => {
  const target = await openTarget(0);
  const recipe = recipeOf(target, {
    atlas: 'http://127.0.0.1:9',
    airflow: { dagId: 'nowhere', schedule: null, retries: 1 },
  });
  await deploy('nowhere', recipe);
  const runId = await airflow.trigger('nowhere');
  expect(await airflow.untilRun('nowhere', runId)).toBe('failed');
  const plan = (await airflow.tasks('nowhere', runId)).find(({ task_id: id }) => id === 'plan');
  expect(plan).toMatchObject({ state: 'failed', try_number: 2 });
  const reason = (await airflow.log('nowhere', runId, 'plan', 2)).find(({ code }) => code === 'http.unreachable');
  expect(reason).toMatchObject({ level: 'error', event: expect.stringContaining('http://127.0.0.1:9') });

  // It runs all the same: what a run holds is given back, and OpenMetadata is told.
  expect(textOf(await airflow.log('nowhere', runId, 'finish'))).toContain(
    'has not got what the task plan has to leave',
  );

  const refused = await airflow.trigger('nowhere', { sink: {} });
  expect(await airflow.untilRun('nowhere', refused)).toBe('failed');
  expect((await airflow.tasks('nowhere', refused)).find(({ task_id: id }) => id === 'plan')).toMatchObject({
    try_number: 1,
  });
  expect(textOf(await airflow.log('nowhere', refused, 'plan'))).toContain('“sink” cannot be given for one run');
});

it('a task keeps its own time limit, and a run that somebody ends in Airflow ends within its grace', async () => {
  const slow = await startAtlas({ generate: shape, password, latencyMs: 60_000 });
  try {
    const recipe = recipeOf(await openTarget(0), {
      atlas: slow.url,
      airflow: { dagId: 'slow', schedule: null, retries: 0, executionTimeout: '20s' },
    });
    await deploy('slow', recipe);
    const ended = await airflow.trigger('slow');
    const late = await airflow.trigger('slow');
    await airflow.until('task that runs', async () =>
      (await airflow.tasks('slow', ended)).find(({ state, pid }) => state === 'running' && pid !== null),
    );
    await airflow.api('PATCH', `/dags/slow/dagRuns/${encodeURIComponent(ended)}`, { state: 'failed' });
    const stopped = await airflow.until('end of the task', async () =>
      (await airflow.log('slow', ended, 'plan')).find(({ code }) => code === 'airflow.stopped'),
    );
    expect(stopped).toMatchObject({ level: 'error' });
    expect(await airflow.untilRun('slow', late)).toBe('failed');
    expect(textOf(await airflow.log('slow', late, 'plan'))).toContain('execution_timeout of 20 s');
  } finally {
    await slow.close();
  }
});

it('the same recipe by the Bash form comes to the same', async () => {
  const target = await openTarget(0);
  const recipe = recipeOf(target, { airflow: { dagId: 'hive_bash', schedule: null, form: 'bash' } });
  await deploy('hive_bash', recipe);
  const runId = await airflow.trigger('hive_bash');
  expect(await airflow.untilRun('hive_bash', runId)).toBe('success');
  expect((await airflow.tasks('hive_bash', runId)).filter(({ task_id: id }) => id === 'ingest')).toHaveLength(4);
  expect(await contentOf(target)).toEqual(expected);
  expect(await airflow.xcom<RunReport>('hive_bash', runId, 'finish', 'report')).toMatchObject({ state: 'success' });
  expect(textOf(await airflow.log('hive_bash', runId, 'finish'))).toMatch(/tables +80/);
});
