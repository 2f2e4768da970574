import type { Change, ChangeAction, ChangedEntityType } from '../reconcile/change.ts';

export type RunState = 'success' | 'partialSuccess' | 'failed' | 'stopped';

/** Counts of one stage (one kind of entity). */
export interface StageCounts {
  /** Records the source yielded. */
  read: number;
  filtered: number;
  created: number;
  updated: number;
  restored: number;
  unchanged: number;
  /** Entities where a person's words were kept instead of the source's. */
  kept: number;
  gone: number;
  skipped: number;
  failed: number;
}

export interface RunFailure {
  readonly stage: ChangedEntityType | 'source' | 'processor';
  /** What failed: an FQN, a type name, a qualifiedName. */
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

export interface SkippedGroup {
  readonly reason: string;
  readonly message: string;
  count: number;
  /** At most ten names. */
  readonly samples: string[];
}

/** The outcome of a run; `--report` writes it as JSON (schema: `meridian schema report`). */
export interface RunReport {
  readonly reportVersion: 1;
  readonly runId: string;
  readonly command: 'ingest' | 'plan';
  readonly pipeline: string;
  state: RunState;
  readonly startedAt: string;
  endedAt: string;
  /** Seconds. */
  seconds: number;
  readonly source: { readonly type: string; readonly host: string; version?: string; requests: number };
  readonly target: { readonly host: string; version?: string; requests: number; writes: number };
  readonly mode: 'enrich' | 'create';
  readonly stages: Partial<Record<ChangedEntityType, StageCounts>>;
  /** At most 100; `failureCount` has them all. */
  readonly failures: RunFailure[];
  failureCount: number;
  readonly skipped: SkippedGroup[];
  /** Kinds that were not read whole. */
  readonly partial: string[];
  readonly warnings: string[];
  /** Records that went well, in percent of all that were tried. */
  successPercent: number;
  /** Path of the dead-letter file, when something was written to it. */
  deadLetters?: string;
}

export function emptyStage(): StageCounts {
  return {
    read: 0,
    filtered: 0,
    created: 0,
    updated: 0,
    restored: 0,
    unchanged: 0,
    kept: 0,
    gone: 0,
    skipped: 0,
    failed: 0,
  };
}

const counterOf: Readonly<Record<ChangeAction, keyof StageCounts>> = {
  create: 'created',
  update: 'updated',
  restore: 'restored',
  unchanged: 'unchanged',
  kept: 'kept',
  gone: 'gone',
  skipped: 'skipped',
};

/** Adds one applied (or planned) change to the counts of its stage. */
export function countChange(report: RunReport, change: Change): void {
  let stage = report.stages[change.entityType];
  if (!stage) {
    stage = emptyStage();
    report.stages[change.entityType] = stage;
  }
  stage[counterOf[change.action]] += 1;
}
