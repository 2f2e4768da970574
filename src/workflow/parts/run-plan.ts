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
  /** Set where the work was cut. */
  readonly cut?: PlanCut;
}

/** What the end of a run that was cut needs of its plan. */
export interface PlanCut {
  /** Name of this plan's lists in the state store. */
  readonly list: string;
  /** Pages of each list. */
  readonly pages: { readonly around: number; readonly met: number; readonly after: number };
  /** Nothing was remembered of an earlier run when this one began. */
  readonly firstRun: boolean;
  /** Epoch milliseconds on the source's clock when the run began to read. */
  readonly clock?: number;
}

/** A piece of a run's work, to be done by whoever likes, again if need be. JSON, some hundred bytes. */
export interface Partition {
  readonly runId: string;
  /** From 0. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
  /** `whole`: everything, as a run in one process does it. `assets`: some of the tables, and perhaps all other assets. */
  readonly work: 'whole' | 'assets';
  /** For people, such as `tables 2 of 4`. */
  readonly name: string;
  /** ISO 8601, when the run began. */
  readonly startedAt: string;
  /** How many tables, when it was cut. */
  readonly tables?: number;
  readonly reading?: 'full' | 'incremental';
  readonly allowDeletes?: number;
  readonly cut?: PartitionCut;
}

/** What a partition reads, and where its plan has left it. */
export interface PartitionCut {
  /** Name of the plan's lists in the state store. */
  readonly list: string;
  readonly pages: { readonly around: number; readonly met: number; readonly places: number };
  /** Pages of the ids of its tables, by their type. */
  readonly tables: Readonly<Record<string, number>>;
  /** Also all that is no table. */
  readonly others: boolean;
  readonly columnLineage: boolean;
}

/** What one try at a partition came to. JSON, some kilobytes. */
export interface PartitionReport {
  readonly runId: string;
  readonly index: number;
  /** `stopped` when it was told to end before its end: it has to be done again. */
  readonly state: RunState;
  /** Counts, failures, partial kinds and requests, as far as this partition had to do with them. */
  readonly report: RunReport;
  /** Set where a partition of several was done to its end. */
  readonly done?: PartitionDone;
}

/** What the end of a run needs of a partition. */
export interface PartitionDone {
  /** Name of this try's lists in the state store. */
  readonly list: string;
  readonly pages: { readonly around: number; readonly met: number; readonly told: number; readonly dropped: number };
  /** Columns, fields and the like that were read. */
  readonly parts: number;
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
