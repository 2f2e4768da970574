import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clientOf } from '../../../sandbox/openmetadata/test-client.ts';
import { type PipelineWorld, startPipelineWorld } from '../pipeline-world.testing.ts';
import { EmbeddedEngine } from './embedded-engine.ts';

let world: PipelineWorld;
let home: string;
let engine: EmbeddedEngine;
beforeEach(async () => {
  world = await startPipelineWorld();
  home = await mkdtemp(join(tmpdir(), 'meridian-lost-'));
  engine = await EmbeddedEngine.open({ home, settings: { stopGraceSeconds: 2 } });
});
afterEach(async () => {
  await engine.close();
  await world.close();
  await rm(home, { recursive: true, force: true });
});

async function ends(runId: string) {
  for await (const event of engine.history.follow({ runId })) {
    if (event.type === 'state' && ['success', 'failed', 'stopped'].includes(event.run.state)) return event.run;
  }
  throw new Error('The run has not ended.');
}

function signalRun(runId: string, signal: NodeJS.Signals): void {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  const line = stdout.split('\n').find((each) => each.includes(runId));
  process.kill(Number(line!.trim().split(' ')[0]), signal);
}

/** Starts a run that has told OpenMetadata of itself, and then waits for ever. */
async function startEndless(id: string): Promise<string> {
  await engine.deploy({ pipeline: world.endless({ id }) });
  const asked = world.waiting();
  const { runId } = await engine.trigger({ pipelineId: id });
  while (world.waiting() === asked) await sleep(20);
  return runId;
}

it('a run whose process alone was killed does not stay “running” in OpenMetadata', async () => {
  // The first makes the service that the ingestion pipelines belong to.
  await engine.deploy({ pipeline: world.quick({ id: 'quick' }) });
  await ends((await engine.trigger({ pipelineId: 'quick' })).runId);
  const runId = await startEndless('long');
  const bot = clientOf(world.openmetadata, 'bot');
  const told = async () => {
    const { body } = await bot.get(`/services/ingestionPipelines/local_atlas.long/pipelineStatus/${runId}`);
    return body as { pipelineState: string; startDate: number; endDate?: number };
  };
  const running = await told();
  expect(running.pipelineState).toBe('running');
  signalRun(runId, 'SIGKILL');
  expect(await ends(runId)).toMatchObject({ state: 'failed', reason: expect.stringContaining('SIGKILL') });
  await engine.close();
  const ended = await told();
  expect(ended).toMatchObject({ pipelineState: 'failed', startDate: running.startDate });
  expect(ended.endDate).toBeGreaterThan(running.startDate);
});

it('a run that does not hear that it shall stop is killed after a while, and told too', async () => {
  await engine.deploy({ pipeline: world.quick({ id: 'quick' }) });
  await ends((await engine.trigger({ pipelineId: 'quick' })).runId);
  const runId = await startEndless('deaf');
  signalRun(runId, 'SIGSTOP');
  expect(await engine.stop({ pipelineId: 'deaf' })).toBe(1);
  expect(await ends(runId)).toMatchObject({ state: 'stopped' });
  await engine.close();
  const { body } = await clientOf(world.openmetadata, 'bot').get(
    `/services/ingestionPipelines/local_atlas.deaf/pipelineStatus/${runId}`,
  );
  expect(body.pipelineState).toBe('failed');
});

it('what a run has told of its end itself is not told again', async () => {
  await engine.deploy({ pipeline: world.quick({ id: 'quick' }) });
  const { runId } = await engine.trigger({ pipelineId: 'quick' });
  await ends(runId);
  await engine.close();
  const { body } = await clientOf(world.openmetadata, 'bot').get(
    `/services/ingestionPipelines/local_atlas.quick/pipelineStatus/${runId}`,
  );
  expect(body.pipelineState).toBe('success');
  const puts = world.openmetadata
    .requests()
    .filter(({ method, path }) => method === 'PUT' && path.includes('pipelineStatus'));
  expect(puts.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(2);
});
