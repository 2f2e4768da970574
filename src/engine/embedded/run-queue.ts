import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ConfigurationError } from '../../errors.ts';
import type { PipelineDefinition } from '../engine.ts';
import type { RunRecord } from '../run-history.ts';
import { type ActiveRun, noteInLog } from './active-run.ts';
import { endOrphan } from './end-orphan.ts';
import type { EngineSettings } from './engine-settings.ts';
import type { EngineStore, NewRun } from './engine-store.ts';
import { giveWork, namesOf, startRun } from './launch-run.ts';
import { LostRuns } from './lost-runs.ts';
import { settleLetters } from './replay-letters.ts';
import { execEnvironment, runEnvironment } from './run-environment.ts';
import { RunEvents } from './run-events.ts';
import { RunFiles } from './run-files.ts';
import type { StoredRun } from './run-row.ts';
import { type RunRemains, type Settled, settle } from './settle.ts';
import { Turns } from './turns.ts';

type Pipeline = Omit<PipelineDefinition, 'recipe'>;

export interface RunQueueOptions {
  readonly store: EngineStore;
  readonly settings: EngineSettings;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly pipeline: (id: string) => Pipeline | undefined;
  /** Told of each run that has ended, to tidy up. */
  readonly onEnded: (pipelineId: string) => void;
}

/** How long the end of a killed run may take to be told. */
const tellWithinMs = 60_000;
/** A run that has told nothing by then is taken to have loaded. */
const longestLoadMs = 60_000;

/** Runs that wait and runs that go on: starts them in their order, and sees to their end. */
export class RunQueue {
  readonly events = new RunEvents();
  readonly #options: RunQueueOptions;
  readonly #env: Readonly<Record<string, string | undefined>>;
  /** By run id, in their order. */
  readonly #waiting = new Map<string, StoredRun>();
  readonly #active = new Map<string, ActiveRun>();
  /** Ends of runs that are being seen to, those of an earlier server too. */
  readonly #ends = new Map<string, Promise<void>>();
  /** Loading its code is most of what a run asks of the processor: hundreds at once would only slow each other down. */
  readonly #turns: Turns;
  readonly #lost: LostRuns;
  #closing = false;

  constructor(options: RunQueueOptions) {
    this.#options = options;
    this.#env = runEnvironment(options.env, options.home);
    this.#turns = new Turns({ atOnce: options.settings.loadsAtOnce, longestMs: longestLoadMs });
    const { memoryMegabytes, stopGraceSeconds } = options.settings;
    const graceMs = stopGraceSeconds * 1000;
    this.#lost = new LostRuns({ store: options.store, memoryMegabytes, patienceMs: tellWithinMs, graceMs });
  }

  get waiting(): readonly StoredRun[] {
    return [...this.#waiting.values()];
  }

  get running(): number {
    return this.#ends.size;
  }

  active(runId: string): ActiveRun | undefined {
    return this.#active.get(runId);
  }

  files({ pipelineId, runId }: Pick<RunRecord, 'pipelineId' | 'runId'>): RunFiles {
    return new RunFiles(join(this.#options.home, 'runs', pipelineId, runId));
  }

  /** Takes up what an earlier server left. */
  recover(): void {
    for (const run of this.#options.store.unfinished()) {
      if (!run.started) this.#waiting.set(run.record.runId, run);
      else if (run.processId === undefined) this.#requeue(run);
      else this.#track(run.record.runId, this.#recoverLost(run));
    }
    this.dispatch();
  }

  /**
   * Queues runs; those of a time of the schedule that has one already are left out.
   *
   * @param besides stored with them, all or nothing
   * @throws ConfigurationError `engine.closing`
   */
  add(runs: readonly NewRun[], besides: () => void = () => undefined): void {
    const { store } = this.#options;
    if (this.#closing) {
      throw new ConfigurationError('engine.closing', 'The server is being shut down: no run can be queued any more.', {
        help: 'Try again once it is there again.',
      });
    }
    const added = store.transaction(() => {
      besides();
      return runs.flatMap((run) => store.enqueue(run) ?? []);
    });
    for (const run of added) this.#waiting.set(run.record.runId, run);
    for (const { record } of added) this.events.transition({ run: record, retried: false });
    setImmediate(() => this.dispatch());
  }

  /** Runs of a pipeline that its schedule has queued and that have not ended. */
  scheduledOf(pipelineId: string): { readonly waiting: number; readonly all: number } {
    const isOurs = ({ record }: Pick<StoredRun, 'record'>): boolean =>
      record.pipelineId === pipelineId && (record.trigger === 'schedule' || record.trigger === 'catchup');
    const waiting = [...this.#waiting.values()].filter(isOurs).length;
    return { waiting, all: waiting + [...this.#active.values()].filter(isOurs).length };
  }

  /** Stops runs that wait or go on, and waits for their end. @returns how many there were */
  async stop(chosen: (run: RunRecord) => boolean): Promise<number> {
    const waiting = [...this.#waiting.values()].filter(({ record }) => chosen(record));
    for (const run of waiting) {
      this.#end(run, { state: 'stopped', reason: 'It was stopped on request before it had begun.', lost: 'no' });
    }
    const active = [...this.#active.values()].filter(({ record }) => chosen(record));
    // Should this server die now, the next one does not try them again.
    this.#options.store.transaction(() => {
      for (const { record } of active) this.#options.store.markStopping(record.runId);
    });
    for (const run of active) run.stop('request');
    await Promise.all(active.map(({ record }) => this.#ends.get(record.runId)));
    return waiting.length + active.length;
  }

  /** Ends what goes on; it is tried again when the engine is opened the next time. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const run of this.#active.values()) run.stop('shutdown');
    await Promise.all(this.#ends.values());
    await this.#lost.settled();
  }

  /** Starts as many of those that wait as there is room for. */
  dispatch(): void {
    const { settings, store, now } = this.#options;
    if (this.#closing || this.#waiting.size === 0) return;
    const starting = [...this.#active.values()].filter(({ up }) => !up).length;
    let room = Math.min(settings.maxRuns - this.#ends.size, settings.startsAtOnce - starting);
    if (room <= 0) return;
    const busy = this.#activeByPipeline();
    const chosen: StoredRun[] = [];
    const time = now();
    for (const run of this.#waiting.values()) {
      if (room === 0) break;
      const { pipelineId, kind } = run.record;
      if (run.notBefore !== undefined && run.notBefore > time) continue;
      const pipeline = this.#options.pipeline(pipelineId);
      if (!pipeline) continue;
      const running = busy.get(pipelineId) ?? 0;
      if (kind === 'run' && running >= pipeline.maxActiveRuns) continue;
      if (kind === 'run') busy.set(pipelineId, running + 1);
      chosen.push(run);
      room -= 1;
    }
    if (chosen.length === 0) return;
    store.transaction(() => {
      for (const { record } of chosen) store.markStarting(record.runId);
    });
    for (const run of chosen) {
      this.#waiting.delete(run.record.runId);
      this.#track(run.record.runId, this.#carryOut(run));
    }
  }

  #activeByPipeline(): Map<string, number> {
    const busy = new Map<string, number>();
    for (const runId of this.#ends.keys()) {
      const record = this.#active.get(runId)?.record ?? this.#options.store.run(runId)?.record;
      if (record?.kind === 'run') busy.set(record.pipelineId, (busy.get(record.pipelineId) ?? 0) + 1);
    }
    return busy;
  }

  #track(runId: string, end: Promise<void>): void {
    const tracked = end.finally(() => {
      this.#ends.delete(runId);
      setImmediate(() => this.dispatch());
    });
    this.#ends.set(runId, tracked);
  }

  /** From its process's start to its end. */
  async #carryOut(run: StoredRun): Promise<void> {
    const { store, settings } = this.#options;
    const { runId, pipelineId } = run.record;
    const pipeline = this.#options.pipeline(pipelineId)!;
    let active: ActiveRun;
    try {
      active = await startRun(
        {
          record: run.record,
          pipeline,
          files: this.files(run.record),
          env: { ...this.#env, ...execEnvironment(pipeline, this.#options.env) },
          memoryMegabytes: settings.memoryMegabytes,
          stopGraceMs: settings.stopGraceSeconds * 1000,
          onUp: () => this.#isUp(runId),
          onProgress: (progress) => {
            this.#turns.done(runId);
            this.events.progress(runId, progress);
          },
        },
        store,
        (started) => {
          this.#active.set(runId, started);
          void started.ended.then(() => this.#turns.done(runId));
        },
      );
      await active.upOrGone;
      if (!active.gone) await this.#turns.wait(runId);
      if (!active.gone) {
        giveWork(active, {
          pipeline: this.#options.pipeline(pipelineId)!,
          store,
          logBytes: settings.logBytes,
          followed: this.#followed(run),
        });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await this.#abandon(runId);
      this.#end(run, { state: 'failed', reason, lost: 'no' });
      return;
    }
    const exit = await active.ended;
    this.#active.delete(runId);
    this.#settleRun(run, active.remains(exit));
  }

  #followed({ record: { pipelineId, follows } }: StoredRun): RunFiles | undefined {
    return follows === undefined ? undefined : this.files({ pipelineId, runId: follows });
  }

  #isUp(runId: string): void {
    this.#options.store.markRunning(runId, this.#options.now());
    this.#changed(runId);
    this.dispatch();
  }

  /** A process that could not be given its work. */
  async #abandon(runId: string): Promise<void> {
    const active = this.#active.get(runId);
    active?.stop('shutdown');
    await active?.ended;
    this.#active.delete(runId);
  }

  async #recoverLost(run: StoredRun): Promise<void> {
    const { settings } = this.#options;
    await endOrphan(run.processId!, run.processStart, settings.stopGraceSeconds * 1000);
    const files = this.files(run.record);
    this.#settleRun(run, {
      outcome: files.outcome(),
      report: files.report(),
      endedBy: run.stopping ? 'request' : undefined,
      timeoutSeconds: this.#options.pipeline(run.record.pipelineId)?.timeoutSeconds ?? 0,
      memoryMegabytes: settings.memoryMegabytes,
    });
  }

  /** It was about to start when the server died, and had no work yet. */
  #requeue(run: StoredRun): void {
    const { runId } = run.record;
    this.#options.store.markQueued(runId);
    this.#waiting.set(runId, this.#options.store.run(runId)!);
  }

  #settleRun(run: StoredRun, remains: RunRemains): void {
    const settled = settle(remains);
    const told = remains.outcome?.reason === settled.reason;
    if (settled.reason !== undefined && !told) noteInLog(this.files(run.record), settled.reason);
    if (run.record.kind === 'replay' && remains.outcome) this.#settleReplay(run);
    this.#end(run, settled);
    if (remains.outcome === undefined) this.#tellLost(run, settled);
  }

  /** Its process was killed, and has told nobody of its end. */
  #tellLost({ record }: StoredRun, { reason = 'Its process was killed.' }: Settled): void {
    const pipeline = this.#options.pipeline(record.pipelineId);
    if (!pipeline || record.kind !== 'run') return;
    this.#lost.tell({
      record: this.#options.store.run(record.runId)?.record ?? record,
      pipeline,
      files: this.files(record),
      env: { ...this.#env, ...execEnvironment(pipeline, this.#options.env) },
      reason,
      endedAt: this.#options.now(),
    });
  }

  /** What was sent is no failed record of the run any more that it comes from. */
  #settleReplay(run: StoredRun): void {
    const { store } = this.#options;
    const followed = this.#followed(run);
    if (!followed || !store.run(run.record.follows!)) return;
    settleLetters(followed, this.files(run.record), namesOf(store.conf(run.record.runId)));
    const counts = followed.counts();
    if (counts) store.setCounts(run.record.follows!, counts);
  }

  /** Stores its end and, in the same stroke, its next try: a server that dies in between loses neither. */
  #end(run: StoredRun, settled: Settled): void {
    const { store, now } = this.#options;
    const { runId, pipelineId } = run.record;
    const endedAt = now();
    const retry = this.#retryOf(run, settled, endedAt);
    const counts = this.files(run.record).counts();
    const queued = store.transaction(() => {
      store.endRun(runId, { state: settled.state, reason: settled.reason, endedAt, counts });
      return retry && store.enqueue(retry);
    });
    this.#waiting.delete(runId);
    if (queued) this.#waiting.set(queued.record.runId, queued);
    this.#changed(runId, queued !== undefined);
    if (queued) this.#changed(queued.record.runId);
    this.#options.onEnded(pipelineId);
  }

  #retryOf({ record, losses }: StoredRun, { state, lost }: Settled, endedAt: number): NewRun | undefined {
    const { settings } = this.#options;
    const pipeline = this.#options.pipeline(record.pipelineId);
    if (state !== 'failed' || record.kind !== 'run' || !pipeline) return undefined;
    const own = record.attempt - losses - 1;
    const next = {
      runId: randomUUID(),
      pipelineId: record.pipelineId,
      kind: record.kind,
      trigger: 'retry',
      attempt: record.attempt + 1,
      losses,
      queuedAt: endedAt,
      logicalDate: record.logicalDate === undefined ? undefined : Date.parse(record.logicalDate),
      follows: record.runId,
      conf: this.#options.store.conf(record.runId),
    } as const;
    if (lost !== 'no') {
      // A run that takes the server down with it again and again is left alone in the end.
      if (lost === 'crash' && losses >= settings.maxLosses) return undefined;
      return { ...next, losses: losses + 1 };
    }
    if (own >= pipeline.retries) return undefined;
    const { retryDelaySeconds: delay } = pipeline;
    return { ...next, ...(delay > 0 && { notBefore: endedAt + delay * 1000 }) };
  }

  #changed(runId: string, retried = false): void {
    const run = this.#options.store.run(runId);
    if (run) this.events.transition({ run: run.record, retried });
  }
}
