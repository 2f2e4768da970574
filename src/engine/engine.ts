/**
 * What runs pipelines by schedule and on demand: the embedded engine, or an Airflow. The words are those of
 * OpenMetadata's pipeline service: what it deploys, triggers, kills, enables, disables and asks the status of.
 */

export const pipelineTypes = ['metadata', 'usage', 'lineage', 'profiler', 'autoClassification'] as const;
export type PipelineType = (typeof pipelineTypes)[number];

/** The states of OpenMetadata's `pipelineStatus`. */
export type PipelineState = 'queued' | 'running' | 'success' | 'partialSuccess' | 'failed' | 'stopped';

export interface PipelineSchedule {
  /** Five fields, or one of the `@hourly` kind; without one a pipeline runs on demand only. */
  readonly cron?: string;
  /** IANA name, such as `Europe/Berlin`; `UTC` unless set. */
  readonly timezone?: string;
  /** ISO 8601: nothing is due before it. */
  readonly startDate?: string;
  /** ISO 8601: nothing is due after it. */
  readonly endDate?: string;
  /** Run also for the times between `startDate` and now that nobody was there for. */
  readonly catchup: boolean;
}

export interface PipelineDefinition {
  /** What Airflow calls `dag_id`: unique in the engine, 1 to 250 of `A-Z a-z 0-9 _ . -`, not starting with a dot. */
  readonly id: string;
  /** FQN of the ingestion pipeline at OpenMetadata, where there is one; runs report their status to it. */
  readonly fqn?: string;
  readonly pipelineType: PipelineType;
  readonly displayName?: string;
  readonly description?: string;
  readonly owner?: string;
  readonly email?: readonly string[];
  readonly tags?: readonly string[];
  /**
   * The recipe as a user would write it. It may hold secrets in clear: an engine keeps those encrypted, or where its users
   * keep theirs (Airflow's connections), and never shows them again.
   */
  readonly recipe: Readonly<Record<string, unknown>>;
  readonly schedule: PipelineSchedule;
  /** How often a failed run is tried again. */
  readonly retries: number;
  readonly retryDelaySeconds: number;
  /** Seconds after which a run is stopped and counts as failed. */
  readonly timeoutSeconds: number;
  readonly maxActiveRuns: number;
  readonly enabled: boolean;
  /**
   * Whether the recipe may run commands (`${exec:…}`) and load a connector by its path: false unless somebody deployed it who may. An engine runs every
   * other pipeline with `MERIDIAN_ALLOW_EXEC=0`.
   */
  readonly allowExec?: boolean;
}

export type RunTrigger = 'schedule' | 'catchup' | 'manual' | 'retry';

export interface PipelineRun {
  readonly pipelineId: string;
  readonly runId: string;
  readonly state: PipelineState;
  readonly trigger: RunTrigger;
  /** 1 for the first try. */
  readonly attempt: number;
  /** ISO 8601: the time that the schedule had set for it; absent for a run on demand. */
  readonly logicalDate?: string;
  /** ISO 8601. */
  readonly queuedAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** One sentence, once it has failed or was stopped. */
  readonly reason?: string;
}

export interface PipelineSummary {
  readonly id: string;
  readonly fqn?: string;
  readonly pipelineType: PipelineType;
  readonly enabled: boolean;
  readonly schedule: PipelineSchedule;
  /** ISO 8601: when it is due next; absent when never. */
  readonly nextRun?: string;
}

export type DeployOutcome = 'created' | 'updated' | 'unchanged';

/** A piece of a log; texts are cut between characters, never within one. */
export interface LogChunk {
  readonly text: string;
  /** Where the next piece begins: to be given as `after`. Absent on the last piece there is by now. */
  readonly after?: string;
  /** Characters in all. */
  readonly total: number;
}

/**
 * One engine. Every method takes one object. All reject with `ConfigurationError` `engine.unknown-pipeline` for an id
 * that is not deployed, and with `ConnectionError` or `AuthenticationError` where a server stands behind it. A promise that
 * is fulfilled has been carried out and outlives the process.
 */
export interface Engine {
  /** For people: `embedded`, `airflow 3.3.2`. */
  readonly name: string;
  /**
   * Makes or replaces a pipeline; its runs and history stay. The recipe has been validated before.
   *
   * @throws ConfigurationError `engine.pipeline-taken` when the id belongs to a pipeline of another FQN;
   *   `engine.bad-schedule`; `engine.bad-pipeline-id`
   */
  deploy(params: { readonly pipeline: PipelineDefinition }): Promise<DeployOutcome>;
  /** Queues a run. `conf` is laid over the recipe for this run only. */
  trigger(params: {
    readonly pipelineId: string;
    readonly conf?: Readonly<Record<string, unknown>>;
  }): Promise<{ readonly runId: string }>;
  /** Stops one run, or all that are queued or running. @returns how many there were to stop */
  stop(params: { readonly pipelineId: string; readonly runId?: string }): Promise<number>;
  /** Lets its schedule go on. */
  enable(params: { readonly pipelineId: string }): Promise<void>;
  /** Pauses its schedule; runs under way end, and runs on demand stay possible. */
  disable(params: { readonly pipelineId: string }): Promise<void>;
  /** The last runs, newest first. @param limit 10 unless set */
  status(params: {
    readonly pipelineId: string;
    readonly limit?: number;
    readonly onlyQueued?: boolean;
  }): Promise<readonly PipelineRun[]>;
  /** The log of a run; of the newest unless `runId` is set. An empty text where nothing has run yet. */
  logs(params: {
    readonly pipelineId: string;
    readonly runId?: string;
    /** What the last chunk said; from the beginning unless set. */
    readonly after?: string;
    /** 2,000,000 unless set: what OpenMetadata's pages take at once. */
    readonly maxCharacters?: number;
  }): Promise<LogChunk>;
  /** Stops what runs, and removes the pipeline with its schedule and history. */
  delete(params: { readonly pipelineId: string }): Promise<void>;
  list(): Promise<readonly PipelineSummary[]>;
  /** Stops scheduling, ends what runs within the grace period, and closes. */
  close(): Promise<void>;
}
