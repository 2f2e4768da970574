import type { Applied } from '../reconcile/applied.ts';
import type { Change } from '../reconcile/change.ts';

/** What is remembered of one entity of the target. */
export interface AssetState {
  readonly fqn: string;
  readonly entityType: string;
  /** The source's id (Atlas guid). */
  readonly sourceId: string;
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
}

export interface EdgeState {
  readonly fromFqn: string;
  readonly toFqn: string;
  /** Hash of the source's details, set when confirmed. */
  readonly sourceHash?: string;
  readonly pairs: readonly string[];
}

/**
 * The memory of one pipeline between runs: the merge's base, and small choices. Everything is written at once and
 * survives the death of the process; nothing is held in the heap.
 */
export interface StateStore {
  getMeta(key: string): string | undefined;
  setMeta(key: string, value: string): void;
  getAsset(fqn: string): AssetState | undefined;
  /** Inserts or replaces. */
  putAsset(state: AssetState): void;
  getEdge(fromFqn: string, toFqn: string): EdgeState | undefined;
  putEdge(state: EdgeState): void;
  countAssets(): number;
  /** Every asset's name, in byte order; streamed. */
  listAssets(): Iterable<AssetState>;
  listEdges(): Iterable<EdgeState>;
  /** Forgets the edges at one asset (it has been made anew, its edges are gone with the old one). */
  forgetEdgesOf(fqn: string): void;
  /** Forgets every entity under a service (its identity at the target has changed). */
  forgetService(serviceFqn: string): void;
  /** Forgets one asset. */
  forgetAsset(fqn: string): void;
  clear(): void;
  close(): void;
}
