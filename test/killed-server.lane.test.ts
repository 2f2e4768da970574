import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunLog } from '../src/engine/embedded/run-log.ts';
import { type PipelineWorld, startPipelineWorld } from '../src/engine/pipeline-world.testing.ts';
import type { RunRecord } from '../src/engine/run-history.ts';
import { Draws } from './chaos/draws.ts';
import { KilledServer } from './killed-server.testing.ts';

const kills = 10;
const seed = 8;
const minuteMs = 60_000;
const missedMinutes = 5;
const lost = 'The server died while it ran, and its process with it.';
/** A first try and three more: then a run that goes down with its server is left alone. */
const mostTries = 4;

const hasEnded = ({ endedAt }: RunRecord): boolean => endedAt !== undefined;

/** The tries of each run, in their order, by the run's first id. */
function chainsOf(runs: readonly RunRecord[]): RunRecord[][] {
  const after = new Map(runs.flatMap((run) => (run.follows === undefined ? [] : [[run.follows, run] as const])));
  return runs
    .filter(({ attempt }) => attempt === 1)
    .map((first) => {
      const chain = [first];
      for (let next = after.get(first.runId); next; next = after.get(next.runId)) chain.push(next);
      return chain;
    });
}

describe('a server that is killed ten times', () => {
  let world: PipelineWorld;
  let folder: string;
  let server: KilledServer;
  beforeAll(async () => {
    world = await startPipelineWorld();
    folder = await mkdtemp(join(tmpdir(), 'meridian-killed-'));
    server = new KilledServer(folder);
    await server.start();
  });
  afterAll(async () => {
    await server?.kill();
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('loses no run, doubles none, and keeps every line that somebody has seen', async () => {
    const draw = new Draws(seed);
    const from = Math.floor(Date.now() / minuteMs - missedMinutes) * minuteMs;
    const schedule = { cron: '* * * * *', timezone: 'UTC', startDate: new Date(from).toISOString(), catchup: true };
    await server.deploy(world.quick({ id: 'each-minute', schedule }));
    await server.deploy(world.quick({ id: 'on-demand' }));
    await server.deploy(world.endless({ id: 'long' }));
    const watched: Promise<void>[] = [server.trigger('long')];
    for (let kill = 0; kill < kills; kill += 1) {
      if (draw.chance(0.7)) watched.push(server.trigger('on-demand'));
      // Every other time not before somebody has seen a line, which must not be lost.
      if (kill % 2 === 1) {
        const line = server.nextLine();
        watched.push(server.trigger('on-demand'));
        await line;
      }
      await sleep(draw.between(0, 3000));
      await server.kill();
      await Promise.all(watched.splice(0));
      await server.start();
      for (const id of ['on-demand', 'each-minute']) {
        const running = (await server.runs(id)).find((run) => !hasEnded(run));
        if (running) watched.push(server.watch(id, running.runId).catch(() => undefined));
      }
    }
    const settled = async (id: string): Promise<readonly RunRecord[]> => {
      for (;;) {
        const runs = await server.runs(id);
        if (runs.every(hasEnded)) return runs;
        await sleep(200);
      }
    };
    // The times that were missed are made up for first.
    while (!(await server.runs('each-minute')).some(({ trigger }) => trigger === 'schedule')) await sleep(200);
    await server.pause('each-minute');
    const minutes = await settled('each-minute');
    const onDemand = await settled('on-demand');
    const long = await server.runs('long');

    for (const { pipelineId, runId } of server.promised) {
      expect(
        [...onDemand, ...long].map((run) => run.runId),
        `${runId} of ${pipelineId}`,
      ).toContain(runId);
    }
    for (const chain of [...chainsOf(minutes), ...chainsOf(onDemand)]) {
      const [last, ...before] = chain.toReversed();
      const isGivenUp = chain.length === mostTries && last!.reason === lost;
      expect(last!.state === 'success' || isGivenUp, `${last!.state}: ${last!.reason}`).toBe(true);
      for (const { state, reason } of before) expect({ state, reason }).toEqual({ state: 'failed', reason: lost });
    }
    const tries = [...minutes, ...onDemand, ...long];
    // Each try is in one chain: nothing was queued twice, and nothing came from nowhere.
    expect(chainsOf(tries).flat()).toHaveLength(tries.length);
    expect(tries.filter(({ reason }) => reason === lost).length).toBeGreaterThan(3);

    const times = chainsOf(minutes).map(([first]) => Date.parse(first!.logicalDate!));
    expect(times.length).toBeGreaterThan(missedMinutes);
    const expected = Array.from({ length: times.length }, (_, i) => from + i * minuteMs);
    expect(times.toSorted((a, b) => a - b)).toEqual(expected);

    const [chain] = chainsOf(long);
    expect(chain!.length).toBeLessThanOrEqual(mostTries);
    if (!hasEnded(chain!.at(-1)!)) expect(await server.stop(chain!.at(-1)!.runId)).toBe(1);

    expect(server.seen.size).toBeGreaterThan(3);
    for (const [runId, { pipelineId, text }] of server.seen) {
      const kept = new RunLog(join(server.home, 'runs', pipelineId, runId)).read(undefined, 10_000_000).text;
      expect(kept.startsWith(text), `the log of ${runId}`).toBe(true);
    }
    const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(stdout.split('\n').filter((line) => tries.some(({ runId }) => line.includes(runId)))).toEqual([]);
  });
});
