import type { AssetKind, NamePath } from '../model/records.ts';
import type { Applied } from '../reconcile/applied.ts';
import type { Change, ChangedEntityType } from '../reconcile/change.ts';
import type { LostParts } from '../reconcile/put-body.ts';

/** Meta keys that begin so belong to a run under way: its processes speak through them. Gone with it. */
export const passingPrefix = 'parts.';

/** What is remembered of one entity of the target. */
export interface AssetState {
  readonly entityType: AssetKind | 'tag' | 'termRelation';
  readonly fqn: string;
  /** The source's id (Atlas guid). */
  readonly sourceId: string;
  /** The source's name of its type, such as `hive_table`: what a run does not read, it cannot miss. */
  readonly sourceType?: string;
  /** The source's names that lead to it, where the target's names are not the same (encoded or shortened). */
  readonly path?: NamePath;
  /** Id at the target, once known. */
  readonly targetId?: string;
  /** Entity version at the target after our last look; unknown after a bulk update. */
  readonly targetVersion?: number;
  /** Hash of the source's record and the settings that shape it; set only when everything was confirmed. */
  readonly sourceHash?: string;
  readonly applied?: Applied;
  readonly pending?: Applied;
  /** Fields kept for a person, to be shown again while they last. */
  readonly kept?: Change['fields'];
  /** We deleted it (softly), since the source had lost it: it comes back when the source has it again. */
  readonly deletedByUs?: boolean;
  /**
   * The run that was undone and had written this: it stays undone until the source changes it. Without a hash of the source
   * it was a deletion that was undone: it stays until the source has it again.
   */
  readonly undone?: string;
  /** Texts and labels of columns that were dropped with the source's, by column: what a person may want back. */
  readonly dropped?: LostParts;
}

/** One end of an edge. */
export interface EdgeEnd {
  readonly entityType: AssetKind;
  readonly fqn: string;
}

export interface EdgeState {
  readonly from: EdgeEnd;
  readonly to: EdgeEnd;
  /** Hash of the source's details, set when confirmed. */
  readonly sourceHash?: string;
  readonly pairs: readonly string[];
  /** The source's id of the process that the edge comes from. */
  readonly sourceId?: string;
  /** True when the edge was not there before us: only such an edge may go with the source's. */
  readonly created?: boolean;
  /** The run that was undone and had written it, as in {@link AssetState.undone}. */
  readonly undone?: string;
}

/** One write of a run, with what it takes to revert it. */
export interface JournalEntry {
  readonly runId: string;
  /** Order of the writes within the run, ascending. */
  readonly sequence: number;
  readonly action: Change['action'];
  readonly entityType: ChangedEntityType;
  readonly fqn: string;
  readonly targetId?: string;
  /** Version right after our write; another one says that somebody has touched it since. */
  readonly versionAfter?: number;
  /** What the target held before, as far as the write changed it: the form is the writer's own. */
  readonly before?: unknown;
  /** What was written, as far as it takes to tell our own value from a later one. */
  readonly after?: unknown;
}

export interface JournalRun {
  readonly runId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly writes: number;
  /** ISO 8601, when it was undone. */
  readonly undoneAt?: string;
}

/**
 * The memory of one pipeline between runs: the merge's base, and small choices. What a resolved promise has written
 * survives the death of the process; nothing is held in the heap.
 */
export interface StateStore {
  getMeta(key: string): Promise<string | undefined>;
  /** `undefined` takes the key out. */
  setMeta(key: string, value: string | undefined): Promise<void>;
  /** Keys that begin with a prefix, with their values, in byte order; streamed. */
  listMeta(prefix: string): AsyncIterable<readonly [key: string, value: string]>;
  /** Takes out the keys that begin with a prefix. */
  forgetMeta(prefix: string): Promise<void>;

  getAsset(entityType: AssetState['entityType'], fqn: string): Promise<AssetState | undefined>;
  /** By the source's id; there may be several (a rename leaves the old name behind until it is gone). */
  findBySource(sourceId: string): Promise<readonly AssetState[]>;
  /** Inserts or replaces. */
  putAsset(state: AssetState): Promise<void>;
  /** All, or those of one kind. */
  countAssets(entityType?: AssetState['entityType']): Promise<number>;
  /** Every asset (or those of one kind), by kind and name in byte order; streamed. */
  listAssets(entityType?: AssetState['entityType']): AsyncIterable<AssetState>;
  /** Forgets one asset. */
  forgetAsset(entityType: AssetState['entityType'], fqn: string): Promise<void>;
  /** Forgets every entity of these kinds under a service (its identity at the target has changed), and their edges. */
  forgetService(entityTypes: readonly AssetKind[], serviceFqn: string): Promise<void>;

  getEdge(from: EdgeEnd, to: EdgeEnd): Promise<EdgeState | undefined>;
  putEdge(state: EdgeState): Promise<void>;
  forgetEdge(from: EdgeEnd, to: EdgeEnd): Promise<void>;
  /** Streamed, by the end that they lead to. `into`: only those that lead to this asset. */
  listEdges(into?: EdgeEnd): AsyncIterable<EdgeState>;
  countEdges(): Promise<number>;
  /** Forgets the edges at one asset (it has been made anew, its edges are gone with the old one). */
  forgetEdgesOf(end: EdgeEnd): Promise<void>;

  /** Notes a write before or after it is sent; the same run and sequence replaces. */
  putJournal(entry: JournalEntry): Promise<void>;
  /** A run's writes, the last one first; streamed. */
  listJournal(runId: string): AsyncIterable<JournalEntry>;
  /** Newest first. */
  listJournalRuns(): Promise<readonly JournalRun[]>;
  /** Opens a run's journal; those of all but the newest `keep` runs are dropped. */
  startJournal(runId: string, startedAt: string, keep: number): Promise<void>;
  markUndone(runId: string, undoneAt: string): Promise<void>;

  clear(): Promise<void>;
  close(): Promise<void>;
}
