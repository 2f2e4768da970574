import { randomUUID } from 'node:crypto';
import type { PipelineDefinition } from '../engine.ts';
import type { NewRun } from './engine-store.ts';
import type { Schedule } from './schedule.ts';

/** A pipeline as the scheduler sees it. */
export interface ScheduledPipeline {
  readonly definition: Omit<PipelineDefinition, 'recipe'>;
  readonly schedule: Schedule;
  /** Epoch milliseconds: times of the schedule up to here have been seen to. */
  handledUntil: number;
  /** Epoch milliseconds; undefined when never again. */
  nextAt: number | undefined;
}

/** How often the clock on the wall is looked at: it may jump, and timers do not notice. */
const lookEveryMs = 250;
/** Later than this, a time has been missed. */
const lateMs = 60_000;
/** A clock that was put back by more than this is believed: nothing would run until it has caught up. */
const believedBackMs = 60 * 60_000;

/**
 * Queues runs when they are due. Times that were missed: with catch-up each of them, as fast as the pipeline may run; without
 * it the last one only, and none while an earlier scheduled run of the pipeline still waits, since that will see the same.
 */
export class Scheduler {
  readonly #pipelines: ReadonlyMap<string, ScheduledPipeline>;
  readonly #now: () => number;
  readonly #open: (pipelineId: string) => { readonly waiting: number; readonly all: number };
  readonly #queue: (runs: readonly NewRun[], handled: ReadonlyMap<string, number>) => void;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param options.open scheduled runs of a pipeline that have not ended
   * @param options.queue stores runs, and up to where their pipelines have been seen to, all or nothing
   */
  constructor(options: {
    readonly pipelines: ReadonlyMap<string, ScheduledPipeline>;
    readonly now: () => number;
    readonly open: (pipelineId: string) => { readonly waiting: number; readonly all: number };
    readonly queue: (runs: readonly NewRun[], handled: ReadonlyMap<string, number>) => void;
  }) {
    this.#pipelines = options.pipelines;
    this.#now = options.now;
    this.#open = options.open;
    this.#queue = options.queue;
  }

  start(): void {
    this.look();
    this.#timer = setInterval(() => this.look(), lookEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Queues all that is due by now. */
  look(): void {
    const now = this.#now();
    const runs: NewRun[] = [];
    const handled = new Map<string, number>();
    for (const pipeline of this.#pipelines.values()) {
      if (!pipeline.definition.enabled) continue;
      this.#believeClock(pipeline, now);
      if (pipeline.nextAt === undefined || pipeline.nextAt > now) continue;
      const until = this.#due(pipeline, now, runs);
      if (until !== undefined) handled.set(pipeline.definition.id, until);
    }
    if (handled.size === 0) return;
    this.#queue(runs, handled);
    for (const [id, until] of handled) {
      const pipeline = this.#pipelines.get(id)!;
      pipeline.handledUntil = until;
      pipeline.nextAt = pipeline.schedule.next(until);
    }
  }

  /** @returns up to where it has been seen to; undefined when nothing can be queued by now */
  #due({ definition, schedule, handledUntil }: ScheduledPipeline, now: number, runs: NewRun[]): number | undefined {
    const { id, maxActiveRuns } = definition;
    const open = this.#open(id);
    if (!definition.schedule.catchup) {
      const time = schedule.latest(handledUntil, now);
      if (time !== undefined && open.waiting === 0) runs.push(newRun(id, time, now));
      return time ?? now;
    }
    let until: number | undefined;
    // One more than may run, so that there is always one at hand.
    for (let room = maxActiveRuns + 1 - open.all; room > 0; room -= 1) {
      const time = schedule.next(until ?? handledUntil);
      if (time === undefined || time > now) break;
      runs.push(newRun(id, time, now));
      until = time;
    }
    return until;
  }

  #believeClock(pipeline: ScheduledPipeline, now: number): void {
    if (pipeline.handledUntil <= now + believedBackMs) return;
    pipeline.handledUntil = now;
    pipeline.nextAt = pipeline.schedule.next(now);
  }
}

function newRun(pipelineId: string, logicalDate: number, now: number): NewRun {
  return {
    runId: randomUUID(),
    pipelineId,
    kind: 'run',
    trigger: now - logicalDate > lateMs ? 'catchup' : 'schedule',
    attempt: 1,
    losses: 0,
    queuedAt: now,
    logicalDate,
  };
}
