import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { ConfigurationError } from '../../errors.ts';
import type { Change } from '../../reconcile/change.ts';
import type { DeadLetter } from '../../workflow/dead-letters.ts';
import type { RunReport } from '../../workflow/report.ts';
import type { LogChunk, PipelineDefinition } from '../engine.ts';
import type {
  DeadLetterPage,
  EngineEvents,
  EngineFigures,
  PipelineDetails,
  RunEvent,
  RunHistory,
  RunKind,
  RunRecord,
  RunTransition,
} from '../run-history.ts';
import type { EngineSettings } from './engine-settings.ts';
import type { EngineStore } from './engine-store.ts';
import { followRun } from './follow-run.ts';
import { maskedRecipe, withKeptSecrets } from './masked-recipe.ts';
import { nextRun, type PipelineRegistry } from './pipeline-registry.ts';
import { positionOf, RunLog } from './run-log.ts';
import type { RunQueue } from './run-queue.ts';
import { iso, type StoredRun } from './run-row.ts';

const mostRuns = 500;
/** Logs whose characters are kept counted: those that somebody reads at the moment. */
const mostLogs = 50;

/** What an embedded engine tells of its pipelines and runs beyond `Engine`. */
export class EmbeddedHistory implements RunHistory, EngineEvents {
  readonly #store: EngineStore;
  readonly #registry: PipelineRegistry;
  readonly #queue: RunQueue;
  readonly #now: () => number;
  readonly #settings: EngineSettings;
  readonly #logs = new Map<string, RunLog>();

  constructor(parts: {
    readonly store: EngineStore;
    readonly registry: PipelineRegistry;
    readonly queue: RunQueue;
    readonly now: () => number;
    readonly settings: EngineSettings;
  }) {
    this.#store = parts.store;
    this.#registry = parts.registry;
    this.#queue = parts.queue;
    this.#now = parts.now;
    this.#settings = parts.settings;
  }

  async pipeline({ pipelineId }: { readonly pipelineId: string }): Promise<PipelineDetails> {
    const pipeline = this.#registry.get(pipelineId);
    const next = nextRun(pipeline);
    return {
      ...pipeline.definition,
      recipe: maskedRecipe(this.#store.recipe(pipelineId)),
      createdAt: iso(pipeline.createdAt),
      updatedAt: iso(pipeline.updatedAt),
      ...(next !== undefined && { nextRun: next }),
    };
  }

  async withKeptSecrets(params: {
    readonly pipelineId: string;
    readonly recipe: PipelineDefinition['recipe'];
  }): Promise<PipelineDefinition['recipe']> {
    this.#registry.get(params.pipelineId);
    return withKeptSecrets(params.recipe, this.#store.recipe(params.pipelineId));
  }

  async runs(params: {
    readonly pipelineId: string;
    readonly limit?: number;
    readonly before?: string;
    readonly kinds?: readonly RunKind[];
  }): Promise<readonly RunRecord[]> {
    const { pipelineId, limit = 50, before, kinds } = params;
    this.#registry.get(pipelineId);
    const sequence = before === undefined ? undefined : this.#find(before).sequence;
    return this.#store.runs({ pipelineId, limit: Math.min(limit, mostRuns), kinds, before: sequence });
  }

  async run({ runId }: { readonly runId: string }): Promise<RunRecord> {
    return this.#find(runId).record;
  }

  async report({ runId }: { readonly runId: string }): Promise<RunReport | undefined> {
    return this.#queue.files(this.#find(runId).record).report();
  }

  async deadLetters(params: {
    readonly runId: string;
    readonly after?: string;
    readonly limit?: number;
  }): Promise<DeadLetterPage> {
    const { runId, after, limit = 100 } = params;
    const files = this.#queue.files(this.#find(runId).record);
    const from = positionOf(after);
    const letters: DeadLetter[] = [];
    let total = 0;
    for await (const line of files.lines(files.deadLettersFile)) {
      if (total >= from && letters.length < limit) letters.push(JSON.parse(line));
      total += 1;
    }
    const next = from + letters.length;
    return { letters, total, ...(next < total && { after: String(next) }) };
  }

  async *changes({ runId }: { readonly runId: string }): AsyncIterable<Change> {
    const files = this.#queue.files(this.#find(runId).record);
    for await (const line of files.lines(files.changesFile)) {
      const change = parsed(line);
      // The last line of a plan that goes on, or was killed, may not be whole.
      if (change) yield change;
    }
  }

  async logFile({ runId }: { readonly runId: string }): Promise<{ fileName: string; open: () => Readable }> {
    const { record } = this.#find(runId);
    const log = this.#log(record);
    return { fileName: `${record.pipelineId}-${runId}.log`, open: () => log.stream() };
  }

  async plan({ pipelineId }: { readonly pipelineId: string }): Promise<{ readonly runId: string }> {
    this.#registry.get(pipelineId);
    return this.#enqueue({ pipelineId, kind: 'plan' });
  }

  async replay(params: {
    readonly runId: string;
    readonly names?: readonly string[];
  }): Promise<{ readonly runId: string }> {
    const { runId, names } = params;
    const { pipelineId } = this.#find(runId).record;
    const wanted = names && new Set(names);
    const page = await this.deadLetters({ runId, limit: Number.POSITIVE_INFINITY });
    if (!page.letters.some(({ name }) => !wanted || wanted.has(name))) {
      throw new ConfigurationError('engine.nothing-to-replay', 'The run has no such request that was refused.', {
        help: 'It may have been replayed already; look at the run’s failed records again.',
      });
    }
    return this.#enqueue({ pipelineId, kind: 'replay', follows: runId, ...(names && { conf: { names } }) });
  }

  follow(params: {
    readonly runId: string;
    readonly after?: string;
    readonly signal?: AbortSignal;
  }): AsyncIterable<RunEvent> {
    const { runId, after, signal } = params;
    const { record } = this.#find(runId);
    return followRun({
      runId,
      from: positionOf(after),
      log: this.#log(record),
      events: this.#queue.events,
      run: () => this.#store.run(runId)?.record,
      progress: () => this.#queue.active(runId)?.progress,
      signal,
    });
  }

  figures(): EngineFigures {
    const pipelines = [...this.#registry.pipelines.values()];
    const now = this.#now();
    const due = this.#queue.waiting.filter(({ notBefore }) => notBefore === undefined || notBefore <= now);
    const oldest = Math.min(now, ...due.map(({ notBefore, record }) => notBefore ?? Date.parse(record.queuedAt)));
    return {
      queued: this.#queue.waiting.length,
      running: this.#queue.running,
      limit: this.#settings.maxRuns,
      pipelines: pipelines.length,
      enabledPipelines: pipelines.filter(({ definition }) => definition.enabled).length,
      oldestWaitSeconds: (now - oldest) / 1000,
    };
  }

  onTransition(listener: (transition: RunTransition) => void): () => void {
    return this.#queue.events.onTransition(listener);
  }

  /** A piece of a run's log. @throws ConfigurationError `engine.unknown-run`, `engine.bad-position` */
  readLog(pipelineId: string, runId: string, after: string | undefined, maxCharacters: number): LogChunk {
    const { record } = this.#find(runId);
    if (record.pipelineId !== pipelineId) throw unknownRun(runId);
    return this.#log(record).read(after, maxCharacters);
  }

  #enqueue(run: {
    readonly pipelineId: string;
    readonly kind: RunKind;
    readonly follows?: string;
    readonly conf?: Readonly<Record<string, unknown>>;
  }): { readonly runId: string } {
    const runId = randomUUID();
    this.#queue.add([{ ...run, runId, trigger: 'manual', attempt: 1, losses: 0, queuedAt: this.#now() }]);
    return { runId };
  }

  #find(runId: string): StoredRun {
    const found = this.#store.run(runId);
    if (!found) throw unknownRun(runId);
    return found;
  }

  #log(record: RunRecord): RunLog {
    const known = this.#logs.get(record.runId);
    const log = known ?? new RunLog(this.#queue.files(record).folder);
    // The one that was read last goes last.
    this.#logs.delete(record.runId);
    this.#logs.set(record.runId, log);
    for (const oldest of this.#logs.keys()) {
      if (this.#logs.size <= mostLogs) break;
      this.#logs.delete(oldest);
    }
    return log;
  }
}

function parsed(line: string): Change | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function unknownRun(runId: string): ConfigurationError {
  return new ConfigurationError('engine.unknown-run', `There is no run “${runId.slice(0, 60)}”.`, {
    help: 'It may have been removed: only so many runs of a pipeline are kept.',
  });
}
