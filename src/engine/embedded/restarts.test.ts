import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PipelineRun } from '../engine.ts';
import { type PipelineWorld, startPipelineWorld } from '../pipeline-world.testing.ts';
import { EmbeddedEngine, type EmbeddedEngineOptions } from './embedded-engine.ts';
import { endOrphan } from './end-orphan.ts';
import { processStart } from './process-identity.ts';

let world: PipelineWorld;
let home: string;
const engines: EmbeddedEngine[] = [];
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'meridian-restart-'));
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  await rm(home, { recursive: true, force: true });
});

async function open(options: Partial<EmbeddedEngineOptions> = {}): Promise<EmbeddedEngine> {
  const settings = { stopGraceSeconds: 2, ...options.settings };
  const engine = await EmbeddedEngine.open({ home, ...options, settings });
  engines.push(engine);
  return engine;
}

/** Waits until a run is in one of the states. */
async function reaches(engine: EmbeddedEngine, runId: string, ...states: PipelineRun['state'][]) {
  for await (const event of engine.history.follow({ runId })) {
    if (event.type === 'state' && states.includes(event.run.state)) return event.run;
  }
  throw new Error(`The run never was ${states.join(' or ')}.`);
}

describe('an engine that is closed and opened again', () => {
  it('knows its pipelines and runs, and takes up what waited', async () => {
    const first = await open({ settings: { maxRuns: 1 } });
    const pipeline = world.quick({ id: 'kept', schedule: { cron: '0 0 1 1 *', catchup: false } });
    await first.deploy({ pipeline });
    await first.deploy({ pipeline: world.endless({ id: 'long' }) });
    const done = await first.trigger({ pipelineId: 'kept' });
    await reaches(first, done.runId, 'success');
    const long = await first.trigger({ pipelineId: 'long' });
    await reaches(first, long.runId, 'running');
    const waiting = await first.trigger({ pipelineId: 'kept' });
    const listed = await first.list();
    await first.close();

    const second = await open();
    expect(await second.list()).toEqual(listed);
    expect(await second.deploy({ pipeline })).toBe('unchanged');
    await reaches(second, waiting.runId, 'success');
    expect((await second.status({ pipelineId: 'kept' })).map(({ runId }) => runId)).toEqual([
      waiting.runId,
      done.runId,
    ]);
    const [retry, lost] = await second.status({ pipelineId: 'long' });
    expect(lost).toMatchObject({
      runId: long.runId,
      state: 'failed',
      reason: 'The server was shut down while it ran.',
    });
    expect(retry).toMatchObject({ trigger: 'retry', attempt: 2 });
    expect((await second.logs({ pipelineId: 'long', runId: long.runId })).text).toContain('The server was shut down');
    await reaches(second, retry!.runId, 'running');
    expect(await second.stop({ pipelineId: 'long' })).toBe(1);
  });

  it('makes up for a time that it was not there for, once', async () => {
    const clock = { now: Date.parse('2026-11-25T08:00:00Z') };
    const first = await open({ now: () => clock.now });
    const schedule = { cron: '0 * * * *', timezone: 'UTC', catchup: false };
    await first.deploy({ pipeline: world.quick({ id: 'hourly', schedule }) });
    await first.close();
    clock.now = Date.parse('2026-11-25T11:20:00Z');
    const second = await open({ now: () => clock.now });
    const runs = await second.history.runs({ pipelineId: 'hourly' });
    expect(runs).toMatchObject([{ trigger: 'catchup', logicalDate: '2026-11-25T11:00:00.000Z' }]);
    await reaches(second, runs[0]!.runId, 'success');
    await second.close();
    const third = await open({ now: () => clock.now });
    expect(await third.history.runs({ pipelineId: 'hourly' })).toHaveLength(1);
    expect((await third.list())[0]!.nextRun).toBe('2026-11-25T12:00:00.000Z');
  });

  it('lets nobody else into its home meanwhile', async () => {
    const engine = await open();
    await expect(EmbeddedEngine.open({ home })).rejects.toMatchObject({ code: 'engine.home-in-use' });
    await engine.close();
    await open();
  });

  it('tells when its key is another one, or gone', async () => {
    const first = await open();
    await first.deploy({ pipeline: world.quick({ id: 'sealed' }) });
    await first.close();
    const other = { MERIDIAN_KEY: Buffer.alloc(32, 3).toString('hex') };
    await expect(EmbeddedEngine.open({ home, env: other })).rejects.toMatchObject({ code: 'engine.wrong-key' });
    const file = join(home, 'engine', 'key');
    const key = await readFile(file, 'utf8');
    await rm(file);
    await expect(EmbeddedEngine.open({ home })).rejects.toMatchObject({ code: 'engine.wrong-key' });
    expect(existsSync(file)).toBe(false);
    await open({ env: { ...process.env, MERIDIAN_KEY: key } });
  });

  it('says so when its home cannot be used', async () => {
    await writeFile(join(home, 'file'), '');
    const open = EmbeddedEngine.open({ home: join(home, 'file') });
    await expect(open).rejects.toMatchObject({ code: 'engine.unusable' });
  });
});

describe('an engine', () => {
  it('keeps so many runs, with their logs', async () => {
    const engine = await open({ settings: { keepRuns: 2 } });
    await engine.deploy({ pipeline: world.failing({ id: 'often' }) });
    const ids: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      const { runId } = await engine.trigger({ pipelineId: 'often' });
      await reaches(engine, runId, 'failed');
      ids.unshift(runId);
    }
    expect((await engine.status({ pipelineId: 'often' })).map(({ runId }) => runId)).toEqual(ids.slice(0, 2));
    const isThere = (runId: string): boolean => existsSync(join(home, 'runs', 'often', runId));
    expect(ids.map(isThere)).toEqual([true, true, false, false]);
  });

  it('keeps runs for so many days', async () => {
    const clock = { now: Date.parse('2026-01-01T00:00:00Z') };
    const engine = await open({ settings: { keepDays: 30 }, now: () => clock.now });
    await engine.deploy({ pipeline: world.failing({ id: 'seldom' }) });
    const old = await engine.trigger({ pipelineId: 'seldom' });
    await reaches(engine, old.runId, 'failed');
    clock.now = Date.parse('2026-02-01T00:00:00Z');
    const young = await engine.trigger({ pipelineId: 'seldom' });
    await reaches(engine, young.runId, 'failed');
    expect((await engine.status({ pipelineId: 'seldom' })).map(({ runId }) => runId)).toEqual([young.runId]);
  });

  it('waits with a retry as long as it shall', async () => {
    const clock = { now: Date.now() };
    const engine = await open({ now: () => clock.now });
    await engine.deploy({ pipeline: world.failing({ id: 'delayed', retries: 1, retryDelaySeconds: 3600 }) });
    const { runId } = await engine.trigger({ pipelineId: 'delayed' });
    await reaches(engine, runId, 'failed');
    const [retry] = await engine.history.runs({ pipelineId: 'delayed' });
    expect(retry).toMatchObject({
      trigger: 'retry',
      state: 'queued',
      notBefore: new Date(clock.now + 3600_000).toISOString(),
    });
    clock.now += 3600_000;
    await reaches(engine, retry!.runId, 'failed');
    expect(await engine.status({ pipelineId: 'delayed' })).toHaveLength(2);
  });

  it('ends a run whose heap is full, and says so', async () => {
    // Too little even to load.
    const engine = await open({ settings: { memoryMegabytes: 14 } });
    await engine.deploy({ pipeline: world.quick({ id: 'large' }) });
    const { runId } = await engine.trigger({ pipelineId: 'large' });
    const run = await reaches(engine, runId, 'failed');
    expect(run.reason).toMatch(/memory.* 14 MB/);
    expect((await engine.logs({ pipelineId: 'large', runId })).text).toMatch(/heap/i);
  });

  it.each(['usage', 'lineage'] as const)(
    'refuses pipelines of type %s as long as nothing runs them',
    async (pipelineType) => {
      const engine = await open();
      const deploy = engine.deploy({ pipeline: world.quick({ id: 'other', pipelineType }) });
      await expect(deploy).rejects.toMatchObject({
        code: 'engine.type-not-served',
        help: expect.stringContaining('metadata'),
      });
    },
  );

  it('lets a schedule that is enabled anew begin with its next time', async () => {
    const clock = { now: Date.parse('2026-11-25T08:10:00Z') };
    const engine = await open({ now: () => clock.now });
    const schedule = { cron: '0 * * * *', timezone: 'UTC', catchup: false };
    await engine.deploy({ pipeline: world.failing({ id: 'paused', schedule, enabled: false }) });
    clock.now = Date.parse('2026-11-25T12:10:00Z');
    await engine.enable({ pipelineId: 'paused' });
    expect((await engine.list())[0]!.nextRun).toBe('2026-11-25T13:00:00.000Z');
    const queued = Promise.withResolvers<PipelineRun>();
    engine.history.onTransition(({ run }) => queued.resolve(run));
    clock.now = Date.parse('2026-11-25T13:00:00.200Z');
    expect(await queued.promise).toMatchObject({ trigger: 'schedule', logicalDate: '2026-11-25T13:00:00.000Z' });
  });
});

describe('a process that has outlived its server', () => {
  let child: ChildProcess;
  beforeEach(async () => {
    const stubborn = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); process.stdout.write("up")';
    child = spawn(process.execPath, ['-e', stubborn], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout!, 'data');
  });
  afterEach(() => child.kill('SIGKILL'));

  it('is killed when it does not end by itself', async () => {
    const gone = once(child, 'exit');
    await endOrphan(child.pid!, await processStart(child.pid!), 200);
    expect((await gone)[1]).toBe('SIGKILL');
    expect(await processStart(child.pid!)).toBeUndefined();
  });

  it('is left alone when it is another one by now', async () => {
    await endOrphan(child.pid!, 'another start', 200);
    await endOrphan(child.pid!, undefined, 200);
    expect(child.exitCode).toBeNull();
    expect(await processStart(child.pid!)).toMatch(/\w/);
  });
});
