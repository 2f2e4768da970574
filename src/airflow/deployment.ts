import type { PipelineSchedule, PipelineType } from '../engine/engine.ts';

/**
 * What `meridian airflow deploy` makes of a recipe: everything that a task needs to know, as JSON. It stands in the task
 * bundle (its source region) and in the DAG file, and holds no secrets: those are references to Airflow's connections.
 */
export interface AirflowDeployment {
  /** Of this form; a task refuses another one. */
  readonly deploymentVersion: 1;
  readonly dagId: string;
  /** Whose DAG this is, whatever file the recipe stands in: the pipeline's FQN, else target, source type and service. */
  readonly pipeline: string;
  /** How a worker starts Meridian: a program and its first arguments. */
  readonly command: readonly string[];
  /** Absolute; relative paths of the recipe start here. */
  readonly folder: string;
  /** The recipe as written, references in place, its literal secrets replaced by references; without `airflow:`. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** Set for a recipe that profiles tables. */
  readonly work?: 'profile';
  /**
   * Ids of the Airflow connections that the recipe refers to. Whoever runs a task looks each up and gives it to
   * `loadRecipe` as `AIRFLOW_CONN_<ID in capitals>`, in Airflow's JSON form (`conn_type`, `login`, `password`, …).
   */
  readonly connections: readonly string[];
  /** Keys of Airflow variables that it refers to: `AIRFLOW_VAR_<KEY in capitals>`. */
  readonly variables: readonly string[];
  /** Asset (Airflow 2: dataset) that `finish` has as its outlet. */
  readonly asset: { readonly name: string; readonly uri: string };
  /** Present where an engine has deployed it: the pipeline as it lists it. */
  readonly engine?: EnginePipeline;
  readonly settings: AirflowSettings;
}

/** What an engine keeps of a pipeline beside what Airflow follows. */
export interface EnginePipeline {
  readonly fqn?: string;
  readonly pipelineType: PipelineType;
  readonly displayName?: string;
  /** As it is followed while it is enabled. */
  readonly schedule: PipelineSchedule;
  readonly enabled: boolean;
}

/** The recipe's `airflow:` block, defaults filled in. */
export interface AirflowSettings {
  readonly description: string;
  readonly owner: string;
  /** Who gets the failure mail; empty: nobody. */
  readonly email: readonly string[];
  readonly emailOnFailure: boolean;
  /** Airflow connection of the SMTP server. */
  readonly smtpConnectionId: string;
  /** Of each task. */
  readonly retries: number;
  readonly retryDelaySeconds: number;
  /** Of each task; kept by Meridian where Airflow does not (docs/airflow.md). */
  readonly executionTimeoutSeconds: number;
  /** ISO 8601. */
  readonly startDate: string;
  readonly endDate: string | null;
  /** Cron or a preset of Airflow; null: on demand only. */
  readonly schedule: string | null;
  /** IANA name. */
  readonly timezone: string;
  readonly catchup: boolean;
  readonly maxActiveRuns: number;
  readonly isPausedUponCreation: boolean;
  readonly tags: readonly string[];
  readonly form: 'auto' | 'native' | 'bash';
  /** Queue whose tasks a coordinator of Airflow gives to the bundle. */
  readonly queue: string;
  /** Queue of the Bash form's tasks; null: Airflow's default queue. */
  readonly bashQueue: string | null;
  /** Parts that an ingest is cut into at most. */
  readonly partitions: number;
}

/**
 * The steps of the DAG, and its tasks' ids. `plan` returns a list of JSON objects; `ingest` is mapped over it and gets one
 * each; `finish` gets what all of them returned. `profile` stands alone, in the DAG of a recipe that profiles tables.
 */
export const ingestSteps = ['plan', 'ingest', 'finish'] as const;
export const airflowSteps = [...ingestSteps, 'profile'] as const;
export type AirflowStep = (typeof airflowSteps)[number];

/** The steps of a recipe's DAG: one that profiles has a single task. */
export function stepsOf({ work }: Pick<AirflowDeployment, 'work'>): readonly AirflowStep[] {
  return work === 'profile' ? ['profile'] : ingestSteps;
}

/**
 * The Bash form runs `<command> airflow task <step> --deployment FILE --input FILE --result FILE`, with the connections and
 * variables in its environment. The input file holds this.
 */
export interface AirflowTaskInput {
  readonly runId: string;
  /** 1 for the first try. */
  readonly tryNumber: number;
  readonly maxTries: number;
  /** ISO 8601; null for a run that was triggered without one. */
  readonly logicalDate: string | null;
  /** What the run was triggered with. */
  readonly conf: Readonly<Record<string, unknown>>;
  /** `ingest`: its element of what `plan` returned, and its place in the list. */
  readonly part?: unknown;
  readonly mapIndex?: number;
  /** `ingest` and `finish`: what `plan` put beside its list, by key. */
  readonly plan?: Readonly<Record<string, unknown>>;
  /** `finish`: what each `ingest` returned. */
  readonly reports?: readonly unknown[];
}

/** What a task of the Bash form leaves in its result file. */
export interface AirflowTaskResult {
  /** The task's return value: of `plan` a list. */
  readonly value?: unknown;
  /** Further XComs by key, such as `plan`'s `plan` and `finish`'s `report`. */
  readonly xcoms?: Readonly<Record<string, unknown>>;
  /** Why it failed; `retry` false where another try cannot help, such as for a mistake of the recipe. */
  readonly error?: { readonly code: string; readonly message: string; readonly retry: boolean };
}
