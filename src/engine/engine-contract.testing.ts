import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, PipelineRun, PipelineState } from './engine.ts';
import { type PipelineWorld, startPipelineWorld } from './pipeline-world.testing.ts';

export interface EngineUnderTest {
  readonly engine: Engine;
  /** Makes the process of a run vanish, as a crash of its machine does. Left out where that cannot be done. */
  loseRun?(params: { readonly pipelineId: string; readonly runId: string }): Promise<void>;
  /** After all tests; the engine has been closed before. */
  cleanUp?(): Promise<void>;
}

export interface EngineContractOptions {
  readonly name: string;
  /** Called once; pipelines of earlier suites may be there. */
  readonly open: (world: PipelineWorld) => Promise<EngineUnderTest>;
  /** Milliseconds between two looks at a remote engine. 50 unless set. */
  readonly pollMs?: number;
  /** Put before every id, so that suites can share a server. Empty unless set. */
  readonly prefix?: string;
}

const ended: readonly PipelineState[] = ['success', 'partialSuccess', 'failed', 'stopped'];
/** Only to end a test whose engine never gets there. */
const patienceMs = 240_000;

/** What every engine must do, whatever stands behind it. */
export function describeEngine({ name, open, pollMs = 50, prefix = '' }: EngineContractOptions): void {
  describe(`the engine ${name}`, () => {
    let world: PipelineWorld;
    let under: EngineUnderTest;
    let engine: Engine;
    const idOf = (word: string): string => `${prefix}${word}`;

    beforeAll(async () => {
      world = await startPipelineWorld();
      under = await open(world);
      engine = under.engine;
    });
    afterAll(async () => {
      await engine?.close();
      await under?.cleanUp?.();
      await world?.close();
    });

    /** Looks again and again until something is there. */
    const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
      const giveUpAt = Date.now() + patienceMs;
      for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if (Date.now() > giveUpAt) throw new Error(`Waited in vain: ${what}.`);
        await sleep(pollMs);
      }
    };
    const runOf = async (pipelineId: string, runId: string): Promise<PipelineRun | undefined> =>
      (await engine.status({ pipelineId, limit: 50 })).find((run) => run.runId === runId);
    const reaches = (pipelineId: string, runId: string, states: readonly PipelineState[]): Promise<PipelineRun> =>
      until(`run ${runId} of ${pipelineId} to be ${states.join(' or ')}`, async () => {
        const run = await runOf(pipelineId, runId);
        if (run && ended.includes(run.state) && !states.includes(run.state)) {
          throw new Error(
            `The run ended as ${run.state}: ${run.reason}\n${(await engine.logs({ pipelineId, runId })).text}`,
          );
        }
        return run && states.includes(run.state) ? run : undefined;
      });

    it('makes, keeps and replaces pipelines, and lists them', async () => {
      const pipeline = world.quick({
        id: idOf('made'),
        schedule: { cron: '30 4 * * *', timezone: 'UTC', catchup: false },
      });
      expect(await engine.deploy({ pipeline })).toBe('created');
      expect(await engine.deploy({ pipeline: structuredClone(pipeline) })).toBe('unchanged');
      const later = { ...pipeline, schedule: { cron: '0 5 * * *', timezone: 'Asia/Kolkata', catchup: false } };
      expect(await engine.deploy({ pipeline: later })).toBe('updated');
      const recipe = { ...pipeline.recipe, meridian: { mode: 'enrich' } };
      expect(await engine.deploy({ pipeline: { ...later, recipe } })).toBe('updated');
      const listed = (await engine.list()).find(({ id }) => id === pipeline.id);
      expect(listed).toMatchObject({
        id: pipeline.id,
        fqn: pipeline.fqn,
        pipelineType: 'metadata',
        enabled: true,
        schedule: { cron: '0 5 * * *', timezone: 'Asia/Kolkata', catchup: false },
      });
      // 5:00 in Kolkata is 23:30 of the day before in UTC.
      expect(listed?.nextRun).toMatch(/T23:30:00(\.000)?(Z|\+00:00)$/);
      expect(Date.parse(listed!.nextRun!)).toBeGreaterThan(Date.now());
    });

    it('leaves a pipeline of another FQN alone', async () => {
      const pipeline = world.quick({ id: idOf('taken') });
      await engine.deploy({ pipeline });
      await expect(engine.deploy({ pipeline: { ...pipeline, fqn: 'other_service.taken' } })).rejects.toMatchObject({
        code: 'engine.pipeline-taken',
      });
      expect((await engine.list()).find(({ id }) => id === pipeline.id)?.fqn).toBe(pipeline.fqn);
    });

    it.each(['', '.hidden', '../up', 'with space', 'a/b', 'ä', 'x'.repeat(251)])('refuses the id “%s”', async (id) => {
      await expect(engine.deploy({ pipeline: { ...world.quick({ id: 'any' }), id } })).rejects.toMatchObject({
        code: 'engine.bad-pipeline-id',
      });
    });

    it.each([
      { cron: 'every day', catchup: false },
      { cron: '61 * * * *', catchup: false },
      { cron: '0 0 * * *', timezone: 'Europe/Atlantis', catchup: false },
      { cron: '0 0 * * *', startDate: 'soon', catchup: false },
    ])('refuses the schedule %o', async (schedule) => {
      const pipeline = world.quick({ id: idOf('badly-timed'), schedule });
      await expect(engine.deploy({ pipeline })).rejects.toMatchObject({ code: 'engine.bad-schedule' });
      expect((await engine.list()).map(({ id }) => id)).not.toContain(pipeline.id);
    });

    it('runs a pipeline on demand, and tells its states and its log', async () => {
      const pipelineId = idOf('on-demand');
      await engine.deploy({ pipeline: world.quick({ id: pipelineId }) });
      expect(await engine.status({ pipelineId })).toEqual([]);
      expect(await engine.logs({ pipelineId })).toEqual({ text: '', total: 0 });
      const { runId } = await engine.trigger({ pipelineId });
      const run = await reaches(pipelineId, runId, ['success']);
      expect(run).toMatchObject({ pipelineId, runId, trigger: 'manual', attempt: 1 });
      expect(Date.parse(run.queuedAt)).toBeLessThanOrEqual(Date.parse(run.startedAt!));
      expect(Date.parse(run.startedAt!)).toBeLessThanOrEqual(Date.parse(run.endedAt!));
      const log = await engine.logs({ pipelineId, runId });
      expect(log.text.length).toBe(log.total);
      expect(log.text).toMatch(/tables?/i);
      for (const secret of world.secrets) expect(log.text).not.toContain(secret);

      const { runId: second } = await engine.trigger({ pipelineId });
      await reaches(pipelineId, second, ['success']);
      expect((await engine.status({ pipelineId })).map((each) => each.runId)).toEqual([second, runId]);
      expect((await engine.status({ pipelineId, limit: 1 })).map((each) => each.runId)).toEqual([second]);
      expect(await engine.status({ pipelineId, onlyQueued: true })).toEqual([]);
      const newest = await engine.logs({ pipelineId });
      expect(newest.text).toBe((await engine.logs({ pipelineId, runId: second })).text);
      // History outlives a deploy.
      await engine.deploy({ pipeline: world.quick({ id: pipelineId, displayName: 'Renamed' }) });
      expect((await engine.status({ pipelineId })).map((each) => each.runId)).toEqual([second, runId]);
    });

    it('hands a log out in pieces that are the whole again', async () => {
      const pipelineId = idOf('paged');
      await engine.deploy({ pipeline: world.quick({ id: pipelineId }) });
      const { runId } = await engine.trigger({ pipelineId });
      await reaches(pipelineId, runId, ['success']);
      const whole = await engine.logs({ pipelineId, runId });
      expect(whole.after).toBeUndefined();
      const pieces: string[] = [];
      let after: string | undefined;
      do {
        const piece = await engine.logs({
          pipelineId,
          runId,
          maxCharacters: 64,
          ...(after !== undefined && { after }),
        });
        expect(piece.text.length).toBeLessThanOrEqual(64);
        expect(piece.total).toBe(whole.total);
        pieces.push(piece.text);
        after = piece.after;
      } while (after !== undefined);
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.join('')).toBe(whole.text);
    });

    it('lays what a trigger brings over the recipe, for that run only', async () => {
      const pipelineId = idOf('overlaid');
      await engine.deploy({ pipeline: world.quick({ id: pipelineId }) });
      const conf = { source: { serviceConnection: { config: { hostPort: 'http://127.0.0.1:1' } } } };
      const { runId } = await engine.trigger({ pipelineId, conf });
      expect((await reaches(pipelineId, runId, ['failed'])).reason).toMatch(/\w/);
      const { runId: plain } = await engine.trigger({ pipelineId });
      await reaches(pipelineId, plain, ['success']);
    });

    it('tries a failed run again as often as it may, and says why it failed', async () => {
      const pipelineId = idOf('retried');
      await engine.deploy({ pipeline: world.failing({ id: pipelineId, retries: 1 }) });
      await engine.trigger({ pipelineId });
      const last = await until('the second try to fail', async () =>
        (await engine.status({ pipelineId })).find((run) => run.attempt === 2 && run.state === 'failed'),
      );
      expect(last.reason).toMatch(/\w/);
      for (const run of await engine.status({ pipelineId })) expect(run.attempt).toBeLessThanOrEqual(2);
    });

    it('runs no more of a pipeline at once than it may, and stops what runs and what waits', async () => {
      const pipelineId = idOf('stopped');
      await engine.deploy({ pipeline: world.endless({ id: pipelineId, maxActiveRuns: 1 }) });
      const { runId: first } = await engine.trigger({ pipelineId });
      const { runId: second } = await engine.trigger({ pipelineId });
      await reaches(pipelineId, first, ['running']);
      await until('the source to be asked', async () => (world.waiting() > 0 ? true : undefined));
      expect((await runOf(pipelineId, second))?.state).toBe('queued');
      expect((await engine.status({ pipelineId, onlyQueued: true })).map(({ runId }) => runId)).toEqual([second]);
      expect(await engine.stop({ pipelineId, runId: first })).toBe(1);
      expect((await reaches(pipelineId, first, ['stopped'])).reason).toMatch(/\w/);
      await reaches(pipelineId, second, ['running']);
      const { runId: third } = await engine.trigger({ pipelineId });
      expect(await engine.stop({ pipelineId })).toBe(2);
      await reaches(pipelineId, second, ['stopped']);
      await reaches(pipelineId, third, ['stopped']);
      expect(await engine.stop({ pipelineId })).toBe(0);
    });

    it('ends a run that takes too long', async () => {
      const pipelineId = idOf('slow');
      await engine.deploy({ pipeline: world.endless({ id: pipelineId, timeoutSeconds: 2 }) });
      const { runId } = await engine.trigger({ pipelineId });
      const run = await reaches(pipelineId, runId, ['failed']);
      expect(run.reason).toMatch(/time|2 ?s/i);
    });

    it('pauses a schedule and lets it go on', async () => {
      const pipelineId = idOf('paused');
      const cron = { cron: '0 0 1 1 *', timezone: 'UTC', catchup: false };
      await engine.deploy({ pipeline: world.quick({ id: pipelineId, schedule: cron, enabled: false }) });
      const listed = async () => (await engine.list()).find(({ id }) => id === pipelineId)!;
      expect(await listed()).toMatchObject({ enabled: false });
      expect((await listed()).nextRun).toBeUndefined();
      const { runId } = await engine.trigger({ pipelineId });
      await reaches(pipelineId, runId, ['success']);
      await engine.enable({ pipelineId });
      expect(await listed()).toMatchObject({ enabled: true });
      expect((await listed()).nextRun).toMatch(/-01-01T00:00:00/);
      await engine.disable({ pipelineId });
      expect(await listed()).toMatchObject({ enabled: false });
    });

    it('tells a run whose process is lost, and tries it again', async (context) => {
      if (!under.loseRun) return context.skip('This engine’s runs cannot be lost from here.');
      const pipelineId = idOf('lost');
      await engine.deploy({ pipeline: world.endless({ id: pipelineId, retries: 1 }) });
      const { runId } = await engine.trigger({ pipelineId });
      await reaches(pipelineId, runId, ['running']);
      await under.loseRun({ pipelineId, runId });
      const second = await until('a second try', async () =>
        (await engine.status({ pipelineId })).find((run) => run.attempt === 2 && run.state === 'running'),
      );
      const first = (await engine.status({ pipelineId })).find((run) => run.attempt === 1);
      // An engine may keep the tries of a run apart or tell only the last one.
      if (second.runId !== runId)
        expect(first).toMatchObject({ runId, state: 'failed', reason: expect.stringMatching(/\w/) });
      expect(await engine.stop({ pipelineId })).toBe(1);
    });

    it('forgets a pipeline that is deleted, and stops what it runs', async () => {
      const pipelineId = idOf('deleted');
      const pipeline = world.endless({ id: pipelineId });
      await engine.deploy({ pipeline });
      const { runId } = await engine.trigger({ pipelineId });
      await reaches(pipelineId, runId, ['running']);
      await engine.delete({ pipelineId });
      expect((await engine.list()).map(({ id }) => id)).not.toContain(pipelineId);
      await expect(engine.status({ pipelineId })).rejects.toMatchObject({ code: 'engine.unknown-pipeline' });
      expect(await engine.deploy({ pipeline })).toBe('created');
      expect(await engine.status({ pipelineId })).toEqual([]);
    });

    it('knows no pipeline that was not deployed', async () => {
      const pipelineId = idOf('nobody');
      const unknown = { code: 'engine.unknown-pipeline' };
      await expect(engine.trigger({ pipelineId })).rejects.toMatchObject(unknown);
      await expect(engine.stop({ pipelineId })).rejects.toMatchObject(unknown);
      await expect(engine.enable({ pipelineId })).rejects.toMatchObject(unknown);
      await expect(engine.disable({ pipelineId })).rejects.toMatchObject(unknown);
      await expect(engine.status({ pipelineId })).rejects.toMatchObject(unknown);
      await expect(engine.logs({ pipelineId })).rejects.toMatchObject(unknown);
      await expect(engine.delete({ pipelineId })).rejects.toMatchObject(unknown);
    });
  });
}
