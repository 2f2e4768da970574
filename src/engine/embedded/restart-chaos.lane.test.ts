import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Draws } from '../../../test/chaos/draws.ts';
import type { PipelineRun } from '../engine.ts';
import { type PipelineWorld, startPipelineWorld } from '../pipeline-world.testing.ts';
import type { HolderOrder, HolderWord } from './engine-holder.testing.ts';
import { RunLog } from './run-log.ts';

const kills = 10;
/** A minute of the schedules takes three seconds. */
const speed = 20;
const minuteMs = 60_000;

/** The server, as often as it is started, and what it has promised. */
class Server {
  readonly triggered: { readonly pipelineId: string; readonly runId: string }[] = [];
  /** By run: what somebody has seen of its log. */
  readonly seen = new Map<string, { readonly pipelineId: string; text: string }>();
  readonly home: string;
  readonly began = Date.now();
  #child: ChildProcess | undefined;

  constructor(home: string) {
    this.home = home;
  }

  async start(): Promise<void> {
    const file = join(import.meta.dirname, 'engine-holder.testing.ts');
    this.#child = fork(file, [this.home, String(this.began), String(speed)], { stdio: 'inherit' });
    const seenNow = new Map<string, string>();
    this.#child.on('message', (word: HolderWord) => {
      if (word.type === 'triggered') this.triggered.push(word);
      if (word.type !== 'lines') return;
      // Each start shows a log from its beginning.
      const text = (seenNow.get(word.runId) ?? '') + word.text;
      seenNow.set(word.runId, text);
      const before = this.seen.get(word.runId)?.text ?? '';
      if (text.length > before.length) this.seen.set(word.runId, { pipelineId: word.pipelineId, text });
    });
    await this.#word('ready');
  }

  async order<T extends HolderWord['type']>(order: HolderOrder, answer: T): Promise<Extract<HolderWord, { type: T }>> {
    const told = this.#word(answer);
    this.#child!.send(order);
    return told;
  }

  /** An order whose answer may never come. */
  shout(order: HolderOrder): void {
    this.#child!.send(order);
  }

  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.#child!.once('exit', resolve));
    this.#child!.kill('SIGKILL');
    await gone;
  }

  async status(pipelineId: string): Promise<readonly PipelineRun[]> {
    return (await this.order({ type: 'status', pipelineId }, 'status')).runs;
  }

  #word<T extends HolderWord['type']>(type: T): Promise<Extract<HolderWord, { type: T }>> {
    const child = this.#child!;
    return new Promise((resolve, reject) => {
      const hear = (word: HolderWord): void => {
        if (word.type !== type) return;
        child.off('message', hear).off('exit', died);
        resolve(word as Extract<HolderWord, { type: T }>);
      };
      const died = (): void => reject(new Error(`The server died before it said “${type}”.`));
      child.on('message', hear).once('exit', died);
    });
  }
}

const hasEnded = ({ state }: PipelineRun): boolean => state !== 'queued' && state !== 'running';

describe.each([1, 2])('a server that is killed %i. time ten times', (seed) => {
  let world: PipelineWorld;
  let home: string;
  let server: Server;
  beforeAll(async () => {
    world = await startPipelineWorld();
    home = await mkdtemp(join(tmpdir(), 'meridian-engine-chaos-'));
    server = new Server(home);
  });
  afterAll(async () => {
    await server.kill();
    await world.close();
    await rm(home, { recursive: true, force: true });
  });

  it('loses no run, doubles none, and keeps every line that somebody has seen', async () => {
    const draw = new Draws(seed);
    await server.start();
    const schedule = {
      cron: '* * * * *',
      timezone: 'UTC',
      startDate: new Date(server.began).toISOString(),
      catchup: true,
    };
    for (const pipeline of [
      world.quick({ id: 'each-minute', schedule }),
      world.quick({ id: 'on-demand', maxActiveRuns: 1 }),
      world.endless({ id: 'long' }),
    ]) {
      await server.order({ type: 'deploy', pipeline }, 'deployed');
    }
    await server.order({ type: 'trigger', pipelineId: 'long' }, 'triggered');
    for (let kill = 0; kill < kills; kill += 1) {
      const moment = sleep(draw.between(0, 3000));
      if (draw.chance(0.7)) server.shout({ type: 'trigger', pipelineId: 'on-demand' });
      await moment;
      if (draw.chance(0.3)) server.shout({ type: 'trigger', pipelineId: 'on-demand' });
      await server.kill();
      await server.start();
    }
    await server.order({ type: 'pause', pipelineId: 'each-minute' }, 'paused');
    for (const pipelineId of ['each-minute', 'on-demand']) {
      while (!(await server.status(pipelineId)).every(hasEnded)) await sleep(100);
    }

    const long = await server.status('long');
    expect(long.filter((run) => !hasEnded(run))).toHaveLength(1);
    expect((await server.order({ type: 'stop', pipelineId: 'long' }, 'stopped')).count).toBe(1);

    const onDemand = await server.status('on-demand');
    for (const { pipelineId, runId } of server.triggered) {
      const runs = pipelineId === 'long' ? long : onDemand;
      expect(
        runs.map((run) => run.runId),
        `${runId} was promised`,
      ).toContain(runId);
    }
    // Each first try has one success in the end, and nothing else has any.
    const firsts = onDemand.filter(({ attempt }) => attempt === 1);
    expect(firsts.length).toBeGreaterThanOrEqual(server.triggered.length - 1);
    expect(onDemand.filter(({ state }) => state === 'success')).toHaveLength(firsts.length);

    const ticks = Map.groupBy(await server.status('each-minute'), ({ logicalDate }) => logicalDate!);
    const times = [...ticks.keys()].map((text) => Date.parse(text)).sort((a, b) => a - b);
    expect(times.length).toBeGreaterThan(3);
    for (const [i, time] of times.entries()) expect(time - times[0]!, 'each minute has its run').toBe(i * minuteMs);
    for (const [time, runs] of ticks) {
      expect(
        runs.filter(({ state }) => state === 'success'),
        `runs of ${time}`,
      ).toHaveLength(1);
      expect(
        runs.filter(({ attempt }) => attempt === 1),
        `first tries of ${time}`,
      ).toHaveLength(1);
    }
    // Two runs of a pipeline at once would find its lock taken.
    const failures = [...onDemand, ...(await server.status('each-minute')), ...long].filter(
      ({ state }) => state === 'failed',
    );
    expect(failures.length).toBeGreaterThan(0);
    for (const { reason } of failures) expect(reason).toBe('The server died while it ran, and its process with it.');

    expect(server.seen.size).toBeGreaterThan(3);
    for (const [runId, { pipelineId, text }] of server.seen) {
      const kept = new RunLog(join(home, 'runs', pipelineId, runId)).read(undefined, Number.MAX_SAFE_INTEGER).text;
      expect(kept.startsWith(text), `the log of ${runId}`).toBe(true);
    }
    const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    const ours = [...onDemand, ...long].map(({ runId }) => runId);
    expect(stdout.split('\n').filter((line) => ours.some((runId) => line.includes(runId)))).toEqual([]);
  });
});
