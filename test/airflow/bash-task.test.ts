import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../../sandbox/atlas/start-atlas.ts';
import type { AirflowDeployment, AirflowTaskInput, AirflowTaskResult } from '../../src/airflow/deployment.ts';
import { makeDeployment } from '../../src/airflow/make-deployment.ts';
import { loadRecipe } from '../../src/config/load-recipe.ts';
import { type Bench, openBench, recipeFor } from '../recorded-atlas.ts';

const command = join(import.meta.dirname, '..', '..', 'bin', 'meridian.mjs');
let atlas: AtlasStandIn;
let bench: Bench;
let deployment: AirflowDeployment;
const connections: Record<string, string> = {};

beforeAll(async () => {
  atlas = await startAtlas({ generate: { tables: 20, columns: 3 } });
  bench = await openBench('1.13.0');
  const made = makeDeployment(await loadRecipe(recipeFor(atlas, bench.openmetadata), { deferReferences: true }));
  deployment = made.deployment;
  for (const { connectionId, value } of made.secrets) {
    connections[`AIRFLOW_CONN_${connectionId.toUpperCase()}`] = JSON.stringify({
      conn_type: 'generic',
      password: value,
    });
  }
});
afterAll(async () => {
  await atlas?.close();
  await bench?.close();
});

const input: AirflowTaskInput = { runId: 'manual__1', tryNumber: 1, maxTries: 3, logicalDate: null, conf: {} };

/** Calls a step as the DAG file's Bash operator does. */
async function call(step: string, given: AirflowTaskInput, { toFile = true, env = connections } = {}) {
  const [files, result] = [join(bench.home, 'deployment.json'), join(bench.home, 'result.json')];
  await writeFile(files, JSON.stringify(deployment));
  await writeFile(join(bench.home, 'input.json'), JSON.stringify(given));
  await writeFile(result, '');
  const argv = ['airflow', 'task', step, '--deployment', files, '--input', join(bench.home, 'input.json')];
  const child = spawn(process.execPath, [command, ...argv, ...(toFile ? ['--result', result] : [])], {
    env: { ...process.env, ...env, MERIDIAN_HOME: bench.home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const json = toFile ? await readFile(result, 'utf8') : stdout.trimEnd().split('\n').at(-1)!;
  return { code, stdout, stderr, told: json === '' ? undefined : (JSON.parse(json) as AirflowTaskResult) };
}

it('three calls do what one ingest does, handing over by files', async () => {
  const plan = await call('plan', input);
  expect(plan).toMatchObject({ code: 0, stdout: '', told: { value: [{ index: 0, of: 1 }] } });
  const [part] = plan.told!.value as unknown[];
  const ingest = await call('ingest', { ...input, part, mapIndex: 0, plan: plan.told!.xcoms! });
  expect(ingest).toMatchObject({ code: 0, told: { value: { state: 'success' } } });
  const finish = await call(
    'finish',
    { ...input, plan: plan.told!.xcoms!, reports: [ingest.told!.value] },
    { toFile: false },
  );
  expect(finish).toMatchObject({
    code: 0,
    told: { value: { state: 'success' }, xcoms: { report: { state: 'success' } } },
  });
  expect(finish.stderr).toMatch(/tables +20/);
  for (const { stdout, stderr } of [plan, ingest, finish])
    expect(stdout + stderr).not.toContain(bench.openmetadata.botToken);
});

it('a failure says whether another try could help', async () => {
  const missing = await call('plan', input, { env: {} });
  expect(missing).toMatchObject({ code: 1, told: { error: { code: 'recipe.invalid', retry: false } } });
  expect(missing.stderr).toContain('AIRFLOW_CONN_');
  const refused = await call('plan', { ...input, conf: { sink: {} } });
  expect(refused).toMatchObject({ code: 1, told: { error: { code: 'airflow.conf', retry: false } } });
  const noPart = await call('ingest', input);
  expect(noPart).toMatchObject({ code: 1, told: { error: { code: 'airflow.no-plan' } } });
});

it('a call that no DAG file makes is told as a wrong use', async () => {
  expect(await call('report', input)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('plan, ingest, finish'),
  });
  const { deployment: good } = { deployment };
  deployment = { ...good, deploymentVersion: 2 as 1 };
  expect(await call('plan', input)).toMatchObject({ code: 2, stderr: expect.stringContaining('another version') });
  deployment = good;
});
