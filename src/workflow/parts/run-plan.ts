import type { Change } from '../../reconcile/change.ts';
import type { Progress } from '../progress.ts';
import type { RunReport, RunState } from '../report.ts';

/** A run that was cut: what `planPartitions` gives and the other two functions take. JSON, some kilobytes. */
export interface RunPlan {
  readonly planVersion: 1;
  readonly runId: string;
  /** ISO 8601, when the run began. */
  readonly startedAt: string;
  /** At least one. */
  readonly partitions: readonly Partition[];
  /** Why there are so many, in one sentence. */
  readonly reason: string;
  /** Percent of the entities of a kind that may be deleted in this run, in place of the recipe's. */
  readonly allowDeletes?: number;
  /** What the plan itself has read and written, to be added to the run's report. */
  readonly report: RunReport;
}

/** A piece of a run's work, to be done by whoever likes, again if need be. JSON, some hundred bytes. */
export interface Partition {
  readonly runId: string;
  /** From 0. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
  /** `whole`: everything, as a run in one process does it. */
  readonly work: 'whole';
  /** For people, such as `tables 2 of 4`. */
  readonly name: string;
  /** ISO 8601, when the run began. */
  readonly startedAt: string;
  readonly reading?: 'full' | 'incremental';
  readonly allowDeletes?: number;
}

/** What one try at a partition came to. JSON, some kilobytes. */
export interface PartitionReport {
  readonly runId: string;
  readonly index: number;
  /** `stopped` when it was told to end before its end: it has to be done again. */
  readonly state: RunState;
  /** Counts, failures, partial kinds and requests, as far as this partition had to do with them. */
  readonly report: RunReport;
}

/** What the three functions have in common. */
export interface PartOptions {
  /** Ends the work after what is under way; what was done stays, and is remembered. */
  readonly signal?: AbortSignal;
  /** At most about ten times a second. */
  readonly onProgress?: (progress: Progress) => void;
  /** Also told in the report. */
  readonly onWarning?: (message: string) => void;
  /** Each change once it has been sent. */
  readonly onChange?: (change: Change) => void;
  /** Where refused requests go; by default beside the state store. */
  readonly deadLetters?: string;
  /** Defaults to `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}
