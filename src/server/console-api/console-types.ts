/** What the console's API gives and takes: read by the server's routes and by the console alike. Types only. */
import type { RecipeProblem } from '../../config/recipe-error.ts';
import type { DeployOutcome, PipelineDefinition, PipelineSummary } from '../../engine/engine.ts';
import type { DeadLetterPage, PipelineDetails, RunEvent, RunRecord } from '../../engine/run-history.ts';
import type { Change } from '../../reconcile/change.ts';
import type { RunReport } from '../../workflow/report.ts';

export type { RecipeProblem };

/** From little to much: each may do what those before it may. */
export type Role = 'viewer' | 'operator' | 'admin';

/** Who is signed in; what signing in answers. */
export interface SessionAnswer {
  readonly name: string;
  readonly role: Role;
  /** To be sent as `X-CSRF-Token` with every request that changes something. */
  readonly csrfToken: string;
}

/** `GET /api/session`: answered to everybody. */
export interface SessionState {
  readonly ways: {
    /** By name and password. */
    readonly basic: boolean;
    /** Where single sign-on begins; absent where there is none. */
    readonly oidc?: string;
  };
  readonly session: SessionAnswer | null;
}

/** The body of every answer from 400 on. */
export interface FailureAnswer {
  /** What happened. */
  readonly error: string;
  readonly code?: string;
  readonly help?: string;
  readonly problems?: readonly RecipeProblem[];
}

/** `GET /api/console/about`. */
export interface AboutAnswer {
  readonly version: string;
  /** The engine's name for people. */
  readonly engine: string;
  /** False where an engine keeps no history of its own: plans, comparisons and replays are not there then. */
  readonly history: boolean;
}

/** One pipeline of `GET /api/console/pipelines`. */
export interface PipelineEntry extends PipelineSummary {
  readonly displayName?: string;
  readonly owner?: string;
  /** `source.type` and `source.serviceName` of its recipe. */
  readonly sourceType?: string;
  readonly serviceName?: string;
  /** Newest first, at most 14; plans and replays are not among them. */
  readonly lastRuns: readonly RunRecord[];
}

/** What the form sends: all of a pipeline. Secrets that are still masked keep what is stored. */
export type PipelineInput = Omit<PipelineDefinition, 'allowExec'>;

export interface DeployAnswer {
  readonly outcome: DeployOutcome;
  readonly id: string;
}

export interface RunStarted {
  readonly runId: string;
}

/** `GET /api/console/runs/:runId`. */
export interface RunAnswer {
  readonly run: RunRecord;
  /** For people. */
  readonly pipelineName: string;
  readonly report: RunReport | null;
}

export interface RunsAnswer {
  readonly runs: readonly RunRecord[];
  /** Whether older ones are left. */
  readonly more: boolean;
}

/** `POST /api/console/recipes/check`. */
export interface RecipeCheckInput {
  /** YAML or JSON, as it stands in the editor. */
  readonly text: string;
  /** The pipeline that masked secrets belong to. */
  readonly pipelineId?: string;
}

export interface RecipeCheckAnswer {
  readonly problems: readonly RecipeProblem[];
  readonly warnings: readonly RecipeProblem[];
}

/** A line of what `POST /api/console/recipes/test` answers (application/x-ndjson): steps as they are done. */
export interface ConnectionTestStep {
  readonly system: 'target' | 'source' | 'memory';
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
  /** Milliseconds. */
  readonly ms: number;
  readonly help?: string;
}

/** `GET /api/console/runs/:runId/changes`: a page of those that match, in the order of the plan. */
export interface ChangesAnswer {
  readonly changes: readonly Change[];
  /** How many match. */
  readonly total: number;
  /** How many of all changes there are of each action, and of each kind of entity (with the other filters applied). */
  readonly actions: Readonly<Record<string, number>>;
  readonly entityTypes: Readonly<Record<string, number>>;
}

export type { Change, DeadLetterPage, PipelineDetails, RunEvent, RunRecord, RunReport };
