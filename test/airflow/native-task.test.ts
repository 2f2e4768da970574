import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../../sandbox/atlas/start-atlas.ts';
import { writeBundle } from '../../src/airflow/bundle/write-bundle.ts';
import type { AirflowDeployment, AirflowSettings } from '../../src/airflow/deployment.ts';
import { makeDeployment } from '../../src/airflow/make-deployment.ts';
import { runNativeTask } from '../../src/airflow/task/run-native-task.ts';
import { type StandInOptions, SupervisorStandIn } from '../../src/airflow/wire/supervisor.testing.ts';
import { loadRecipe } from '../../src/config/load-recipe.ts';
import { startSmtp } from '../../src/notices/smtp-server.testing.ts';
import { openState } from '../../src/state/open-state.ts';
import { RunLock } from '../../src/state/run-lock.ts';
import { statePlaceOf } from '../../src/workflow/identity.ts';
import { type Bench, openBench, recipeFor } from '../recorded-atlas.ts';
import { contentOf } from '../target-content.ts';

let atlas: AtlasStandIn;
let bench: Bench;
let airflow: SupervisorStandIn | undefined;

beforeAll(async () => {
  atlas = await startAtlas({ generate: { tables: 20, columns: 3 } });
  bench = await openBench('1.13.0');
});
afterEach(async () => {
  await airflow?.close();
  airflow = undefined;
});
afterAll(async () => {
  await atlas?.close();
  await bench?.close();
});

const command = join(import.meta.dirname, '..', '..', 'bin', 'meridian.mjs');
const everything = {
  runId: 'r',
  index: 0,
  of: 1,
  work: 'whole',
  name: 'everything',
  startedAt: new Date().toISOString(),
};
const ingesting = { ti: { task_id: 'ingest', map_index: 0 }, xcoms: { 'plan.return_value': [everything] } };

interface Deployed {
  readonly deployment: AirflowDeployment;
  readonly connections: Record<string, { password: string }>;
}

/** The recipe as “airflow deploy” would leave it, and what its user would put into Airflow's connections. */
async function deployed(
  settings: Partial<AirflowSettings> = {},
  hostPort = atlas.url,
  password = 'admin',
): Promise<Deployed> {
  const recipe = recipeFor({ url: hostPort }, bench.openmetadata, { more: { airflow: { dagId: 'hive' } } });
  recipe.source.serviceConnection.config.password = password;
  const { deployment, secrets } = makeDeployment(await loadRecipe(recipe, { deferReferences: true }));
  const connections = secrets.map(({ connectionId, value }) => [connectionId, { password: value }] as const);
  return {
    deployment: { ...deployment, settings: { ...deployment.settings, ...settings } },
    connections: Object.fromEntries(connections),
  };
}

const env = (): Record<string, string | undefined> => ({ ...process.env, MERIDIAN_HOME: bench.home });

async function run({ deployment, connections }: Deployed, options: StandInOptions, more: Record<string, string> = {}) {
  airflow = await SupervisorStandIn.start({ connections, ...options });
  const { comm, logs } = airflow;
  const code = await runNativeTask({ deployment: async () => deployment, comm, logs, env: { ...env(), ...more } });
  await airflow.logEnded;
  return {
    code,
    airflow,
    last: airflow.requests.findLast(({ type }) => /^(SucceedTask|RetryTask|TaskState)$/.test(String(type))),
  };
}

const of = (standIn: SupervisorStandIn, key: string) => standIn.of('SetXCom').find((each) => each['key'] === key);

it('plan, ingest and finish bring the target to where a plain run does, and leave report and asset', async () => {
  const made = await deployed();
  expect(JSON.stringify(made.deployment)).not.toContain(bench.openmetadata.botToken);

  const plan = await run(made, { ti: { task_id: 'plan' }, context: { xcom_keys_to_clear: ['plan', 'return_value'] } });
  expect(plan).toMatchObject({ code: 0, last: { type: 'SucceedTask', task_outlets: [], outlet_events: [] } });
  expect(plan.airflow.of('DeleteXCom').map(({ key }) => key)).toEqual(['plan', 'return_value']);
  const parts = of(plan.airflow, 'return_value')!;
  expect(parts).toMatchObject({ mapped_length: 1, map_index: -1, value: [{ index: 0, of: 1 }] });
  const planned = of(plan.airflow, 'plan')!['value'];
  await plan.airflow.close();

  const xcoms = { 'plan.return_value': parts['value'], 'plan.plan': planned };
  const ingest = await run(made, { ti: { task_id: 'ingest', map_index: 0 }, xcoms });
  expect(ingest).toMatchObject({ code: 0, last: { type: 'SucceedTask', rendered_map_index: expect.any(String) } });
  expect(ingest.airflow.of('SetRenderedMapIndex')).toHaveLength(1);
  const told = of(ingest.airflow, 'return_value')!;
  expect(told).toMatchObject({ map_index: 0, value: { state: 'success' } });
  expect(ingest.airflow.lines.map(({ event }) => event).join('\n')).toMatch(/tables .*20/);
  await ingest.airflow.close();

  const finish = await run(made, { ti: { task_id: 'finish' }, xcoms, mapped: { ingest: [told['value']] } });
  const asset = { name: 'hive', uri: 'meridian://dags/hive' };
  expect(finish).toMatchObject({
    code: 0,
    last: {
      type: 'SucceedTask',
      task_outlets: [{ type: 'Asset', ...asset }],
      outlet_events: [{ dest_asset_key: asset, extra: { state: 'success', failed: 0 } }],
    },
  });
  expect(of(finish.airflow, 'report')).toMatchObject({ value: { reportVersion: 1, state: 'success' } });
  const other = await openBench('1.13.0');
  await other.run(atlas);
  expect(await contentOf(bench.openmetadata)).toEqual(await contentOf(other.openmetadata));
  await other.close();

  for (const { airflow: told } of [plan, ingest, finish]) {
    expect(told.brokenLine).toBeUndefined();
    const masked = new Set(told.of('MaskSecret').map(({ value }) => value));
    expect(masked).toContain(bench.openmetadata.botToken);
    const said = JSON.stringify([told.lines, told.requests.filter(({ type }) => type !== 'MaskSecret')]);
    expect(said).not.toContain(bench.openmetadata.botToken);
  }
});

it.each(['whole', 'table', 'index', 'success'])(
  'a password may be a word that the tasks tell each other: %s',
  async (word) => {
    const locked = await startAtlas({ generate: { tables: 20, columns: 3 }, password: word });
    try {
      const made = await deployed({}, locked.url, word);
      const plan = await run(made, {});
      const xcoms = {
        'plan.return_value': of(plan.airflow, 'return_value')!['value'],
        'plan.plan': of(plan.airflow, 'plan')!['value'],
      };
      await plan.airflow.close();
      const ingest = await run(made, { ...ingesting, xcoms });
      const told = of(ingest.airflow, 'return_value')!['value'];
      await ingest.airflow.close();
      const finish = await run(made, { ti: { task_id: 'finish' }, xcoms, mapped: { ingest: [told] } });
      expect(finish.last).toMatchObject({ type: 'SucceedTask' });
      expect(of(finish.airflow, 'report')).toMatchObject({
        value: { state: 'success', stages: { table: { failed: 0 } } },
      });
    } finally {
      await locked.close();
    }
  },
);

it('a source that cannot be reached fails with its reason, and is tried again as often as Airflow allows', async () => {
  const made = await deployed({}, 'http://127.0.0.1:9');
  const partition = {
    runId: 'r',
    index: 0,
    of: 1,
    work: 'whole',
    name: 'everything',
    startedAt: new Date().toISOString(),
  };
  const options = { ti: { task_id: 'ingest', map_index: 0 }, xcoms: { 'plan.return_value': [partition] } };
  const again = await run(made, { ...options, context: { should_retry: true, max_tries: 3 } });
  expect(again).toMatchObject({
    code: 0,
    last: { type: 'RetryTask', retry_reason: expect.stringContaining('127.0.0.1:9') },
  });
  expect(again.airflow.lines.filter(({ level }) => level === 'error')).toMatchObject([
    { code: 'http.unreachable', event: expect.stringContaining('127.0.0.1:9') },
  ]);
  await again.airflow.close();
  const last = await run(made, { ...ingesting, context: { should_retry: false } });
  expect(last).toMatchObject({ code: 0, last: { type: 'TaskState', state: 'failed' } });
});

it('a run that is about to end is waited for', async () => {
  const made = await deployed();
  const recipe = recipeFor({ url: atlas.url }, bench.openmetadata);
  const before = await openState(statePlaceOf(await loadRecipe(recipe), env()), 'keep');
  const lock = await RunLock.take(before.lock, () => undefined);
  const waiting = run(made, ingesting);
  const standIn = await vi.waitUntil(() => airflow, { timeout: 60_000 });
  const line = await vi.waitUntil(() => standIn.lines.find(({ event }) => /Waiting/.test(String(event))), {
    timeout: 60_000,
  });
  expect(line).toMatchObject({ level: 'info', event: expect.stringContaining(`process ${process.pid}`) });
  await lock.release();
  await before.store.close();
  expect(await waiting).toMatchObject({ code: 0, last: { type: 'SucceedTask' } });
});

it('a part that reads nothing fails, and leaves its report for finish all the same', async () => {
  const empty = await startAtlas({ generate: { tables: 0, columns: 1 } });
  try {
    const made = await deployed({}, empty.url);
    const { last, airflow: told } = await run(made, { ...ingesting, context: { should_retry: true } });
    expect(last).toMatchObject({ type: 'RetryTask' });
    expect(of(told, 'return_value')).toMatchObject({ value: { state: 'failed' } });
    expect(told.lines.at(-1)).toMatchObject({ level: 'error', code: 'run.failed' });
  } finally {
    await empty.close();
  }
});

it('what no other try can change fails at once, with everything that is missing', async () => {
  const { deployment } = await deployed();
  const { last, airflow: told } = await run({ deployment, connections: {} }, { context: { should_retry: true } });
  expect(last).toMatchObject({ type: 'TaskState', state: 'failed' });
  expect(told.lines.at(-1)).toMatchObject({ level: 'error', code: 'airflow.unknown-value' });
  for (const id of deployment.connections) expect(told.lines.at(-1)!['event']).toContain(id);
});

it.each([
  [{ source: { serviceConnection: { config: { hostPort: 'http://evil.example' } } } }, 'serviceConnection'],
  [{ meridian: { mode: 'enrich' } }, 'meridian'],
  [{ source: { sourceConfig: { config: { x: '${exec:id}' } } } }, 'reference'],
  [{ reading: 'some' }, 'reading'],
])('a run that was triggered with %j is refused', async (conf, word) => {
  const { last, airflow: told } = await run(await deployed(), { conf });
  expect(last).toMatchObject({ type: 'TaskState', state: 'failed' });
  expect(told.lines.at(-1)).toMatchObject({ code: 'airflow.conf', event: expect.stringContaining(word) });
});

it('its own time limit ends a task that Airflow would let run, and a mail goes out', async () => {
  const slow = await startAtlas({ generate: { tables: 20, columns: 3 }, latencyMs: 60_000 });
  const smtp = await startSmtp();
  try {
    const made = await deployed(
      { executionTimeoutSeconds: 1, email: ['ops@corp.example'], emailOnFailure: true },
      slow.url,
    );
    const mail = { host: smtp.host, port: smtp.port, extra: '{"disable_ssl": true, "disable_tls": true}' };
    const connections = { ...made.connections, smtp_default: mail as never };
    const { last, airflow: told } = await run({ ...made, connections }, ingesting);
    expect(last).toMatchObject({ type: 'TaskState', state: 'failed' });
    expect(told.lines.find(({ code }) => code === 'airflow.timeout')).toMatchObject({ level: 'error' });
    expect(smtp.mails).toMatchObject([{ to: ['ops@corp.example'] }]);
    const text = smtp.mails[0]!.text.replace(/=\n/g, '').replace(/\n /g, ' ');
    expect(text).toContain('Subject: Airflow alert: hive.ingest[0] manual__1 [failed]');
    expect(text).toContain('execution_timeout of 1 s');
  } finally {
    await Promise.all([slow.close(), smtp.close()]);
  }
});

it('a mail that cannot be sent changes nothing but the log', async () => {
  const made = await deployed({ email: ['ops@corp.example'], emailOnFailure: true });
  const { code, last, airflow: told } = await run({ ...made, connections: {} }, {}, { AIRFLOW_HOME: '/nowhere' });
  expect({ code, last }).toMatchObject({ code: 0, last: { type: 'TaskState', state: 'failed' } });
  expect(told.lines.at(-1)).toMatchObject({ level: 'warning', code: 'mail.settings' });
});

interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown[]>;
}

/** A task as Airflow starts it: the bundle, as a process. */
async function start(made: Deployed, options: StandInOptions, spoil?: (bytes: Buffer) => unknown): Promise<Child> {
  airflow = await SupervisorStandIn.start({ connections: made.connections, ...options });
  const path = join(bench.home, 'hive');
  await writeBundle({
    path,
    deployment: { ...made.deployment, command: [process.execPath, command] },
    version: '0.1.0',
  });
  if (spoil) {
    const bytes = await readFile(path);
    spoil(bytes);
    await writeFile(path, bytes);
  }
  const child = spawn(path, [`--comm=${airflow.comm}`, `--logs=${airflow.logs}`], { env: env(), stdio: 'inherit' });
  return { process: child, ended: Promise.all([once(child, 'exit'), airflow.logEnded]).then(([exit]) => exit) };
}

it('told to end, a task says its last message within Airflow’s five seconds, and leaves a code by which a worker’s end is tried again', async () => {
  const slow = await startAtlas({ generate: { tables: 20, columns: 3 }, latencyMs: 60_000 });
  try {
    const child = await start(await deployed({}, slow.url), { ...ingesting, context: { should_retry: true } });
    await airflow!.until(() => airflow!.of('SetRenderedMapIndex').length > 0);
    child.process.kill('SIGTERM');
    const kill = setTimeout(() => child.process.kill('SIGKILL'), 5000);
    expect(await child.ended).toEqual([143, null]);
    clearTimeout(kill);
    expect(airflow!.requests.at(-1)).toMatchObject({ type: 'TaskState', state: 'failed' });
    expect(airflow!.lines.at(-1)).toMatchObject({ level: 'error', code: 'airflow.stopped' });
  } finally {
    await slow.close();
  }
});

it('when its supervisor goes away, the process leaves', async () => {
  const slow = await startAtlas({ generate: { tables: 20, columns: 3 }, latencyMs: 60_000 });
  try {
    const child = await start(await deployed({}, slow.url), ingesting);
    await airflow!.until(() => airflow!.of('SetRenderedMapIndex').length > 0);
    airflow!.hangUp();
    expect(await child.ended).toEqual([1, null]);
  } finally {
    await slow.close();
  }
});

it('a bundle that was changed after it was deployed says so in the log', async () => {
  const child = await start(await deployed(), {}, (bytes) => bytes.write('X', bytes.indexOf('serviceName')));
  expect(await child.ended).toEqual([0, null]);
  expect(airflow!.requests).toMatchObject([{ type: 'TaskState', state: 'failed' }]);
  expect(airflow!.lines).toMatchObject([{ level: 'error', code: 'airflow.bundle' }]);
});

it('a task that Airflow does not tell what it is leaves when Airflow does', async () => {
  const child = await start(await deployed(), { ti: { task_id: 'report' } });
  expect(await child.ended).toEqual([0, null]);
  expect(airflow!.requests.at(-1)).toMatchObject({ type: 'TaskState', state: 'failed' });
  expect(airflow!.lines.at(-1)).toMatchObject({ code: 'airflow.unknown-task' });
});

it('a recipe that profiles has one task, which leaves its report and tells of its asset', async () => {
  const recipe = recipeFor({ url: atlas.url }, bench.openmetadata, {});
  recipe.source.serviceConnection.config.password = 'admin';
  const profiling = {
    ...recipe,
    source: { ...recipe.source, sourceConfig: { config: { type: 'Profiler' } } },
  };
  const { deployment, secrets } = makeDeployment(await loadRecipe(profiling, { deferReferences: true }));
  expect(deployment).toMatchObject({ work: 'profile', dagId: expect.stringMatching(/_profile$/) });
  const connections = Object.fromEntries(secrets.map(({ connectionId, value }) => [connectionId, { password: value }]));
  const profile = await run({ deployment, connections }, { ti: { task_id: 'profile' } });
  expect(profile.airflow.lines.map(({ event }) => event).join('\n')).toMatch(/table profiles .*20/);
  expect(profile).toMatchObject({
    code: 0,
    last: { type: 'SucceedTask', outlet_events: [{ extra: { state: 'success', created: 20, failed: 0 } }] },
  });
  expect(of(profile.airflow, 'report')).toMatchObject({ value: { command: 'profile', state: 'success' } });
  const said = JSON.stringify(profile.airflow.requests.filter(({ type }) => type !== 'MaskSecret'));
  expect(said).not.toContain(bench.openmetadata.botToken);
});
