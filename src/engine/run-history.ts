import type { Readable } from 'node:stream';
import type { Change } from '../reconcile/change.ts';
import type { DeadLetter } from '../workflow/dead-letters.ts';
import type { Progress } from '../workflow/progress.ts';
import type { RunReport } from '../workflow/report.ts';
import type { PipelineDefinition, PipelineRun } from './engine.ts';

/**
 * What a run does: `run` brings the target in step, `plan` decides and sends nothing, `replay` sends the refused requests
 * of another run again. Only `run` is in `Engine.status`, which OpenMetadata reads.
 */
export type RunKind = 'run' | 'plan' | 'replay';

/** Sums over the stages of a run's report. */
export interface RunCounts {
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Softly. */
  readonly deleted: number;
  readonly failed: number;
  /** Requests that the target refused and that can be replayed. */
  readonly deadLetters: number;
}

/** A run with what only the history knows of it. */
export interface RunRecord extends PipelineRun {
  readonly kind: RunKind;
  /** Seconds that it ran; absent before its end, and when it never began. */
  readonly seconds?: number;
  /** Absent before its end, and where it left no report. */
  readonly counts?: RunCounts;
  /** The run that this one tries again, or whose requests it replays. */
  readonly follows?: string;
  /** When a retry is due, ISO 8601; absent when it may begin at once. */
  readonly notBefore?: string;
}

/** A pipeline as people see it. */
export interface PipelineDetails extends PipelineDefinition {
  /** Secrets in it are `***`; give such a recipe back to `withKeptSecrets` to have them filled in again. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
  /** ISO 8601: when it is due next; absent when never. */
  readonly nextRun?: string;
}

export type RunEvent =
  /** First of all, and whenever it changes. After an ended state no more events come. */
  | { readonly type: 'state'; readonly run: RunRecord }
  | { readonly type: 'progress'; readonly progress: Progress }
  /** Whole lines, each with its line break; `after` is where the next ones begin (as in `Engine.logs`). */
  | { readonly type: 'log'; readonly text: string; readonly after: string };

export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  /** In all. */
  readonly total: number;
  /** Where the next page begins; absent on the last one. */
  readonly after?: string;
}

/**
 * What a console shows beyond what OpenMetadata asks an engine for. Every method rejects with `ConfigurationError`:
 * `engine.unknown-pipeline` or `engine.unknown-run` for what is not there.
 */
export interface RunHistory {
  /** Secrets of recipes are where the runs are: what is known here refers to them. */
  readonly secretsElsewhere?: boolean;
  /** The id of a run of the engine here, where it is not the same: an Airflow's runs have ids of their own within a pipeline. */
  idOf?(params: { readonly pipelineId: string; readonly runId: string }): string;
  pipeline(params: { readonly pipelineId: string }): Promise<PipelineDetails>;
  /**
   * A recipe that came back from a form with `***` where the deployed one has a secret: the secret is put in again. A mask
   * whose place the deployed recipe does not have stays, and validation refuses it.
   */
  withKeptSecrets(params: {
    readonly pipelineId: string;
    readonly recipe: Readonly<Record<string, unknown>>;
  }): Promise<Readonly<Record<string, unknown>>>;
  /**
   * Runs, newest first.
   *
   * @param limit 50 unless set, 500 at most
   * @param before only runs that are older than this run id
   * @param kinds all unless set
   */
  runs(params: {
    readonly pipelineId: string;
    readonly limit?: number;
    readonly before?: string;
    readonly kinds?: readonly RunKind[];
  }): Promise<readonly RunRecord[]>;
  run(params: { readonly runId: string }): Promise<RunRecord>;
  /** Absent before the run's end, and where it came to none. */
  report(params: { readonly runId: string }): Promise<RunReport | undefined>;
  /** Refused requests that have not been replayed by now, secrets masked. @param limit 100 unless set */
  deadLetters(params: {
    readonly runId: string;
    readonly after?: string;
    readonly limit?: number;
  }): Promise<DeadLetterPage>;
  /** The changes of a plan, as far as it has come; nothing for other kinds of runs. */
  changes(params: { readonly runId: string }): AsyncIterable<Change>;
  /** The whole log, to be downloaded. */
  logFile(params: { readonly runId: string }): Promise<{ readonly fileName: string; readonly open: () => Readable }>;
  /** Queues a run that decides everything and sends nothing. */
  plan(params: { readonly pipelineId: string }): Promise<{ readonly runId: string }>;
  /**
   * Queues a run that sends refused requests again.
   *
   * @param names of the entities (`DeadLetter.name`) to replay; all unless set
   * @throws ConfigurationError `engine.nothing-to-replay`
   */
  replay(params: { readonly runId: string; readonly names?: readonly string[] }): Promise<{ readonly runId: string }>;
  /**
   * A run as it goes on. Who comes late gets what has been: the state, the log from `after` on (its beginning unless set)
   * and the last progress. It ends after the state in which the run ended, or with `signal`.
   */
  follow(params: {
    readonly runId: string;
    readonly after?: string;
    readonly signal?: AbortSignal;
  }): AsyncIterable<RunEvent>;
}

/** What became of runs, as it happens: for metrics and notices. */
export interface RunTransition {
  readonly run: RunRecord;
  /** True where a retry of it has been queued. */
  readonly retried: boolean;
}

export interface EngineFigures {
  /** Runs that wait, those of retries that are not due yet included. */
  readonly queued: number;
  readonly running: number;
  /** How many may run at once. */
  readonly limit: number;
  readonly pipelines: number;
  readonly enabledPipelines: number;
  /** Seconds that the oldest due run has waited; 0 when none does. */
  readonly oldestWaitSeconds: number;
}

/** For `/metrics` and notices of failure. */
export interface EngineEvents {
  figures(): EngineFigures;
  /** @param listener called after each change of state has been stored; @returns takes it away again */
  onTransition(listener: (transition: RunTransition) => void): () => void;
}
