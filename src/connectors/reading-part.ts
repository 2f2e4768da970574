import type { AssetKind, NamePath } from '../model/records.ts';

/** A table that was found and not read yet. */
export interface FoundTable {
  /** The source's id. */
  readonly id: string;
  readonly type: string;
  /** The names around it, from the service on, as far as they are known before it is read. */
  readonly around: NamePath | undefined;
  readonly name: string;
  /** It names other tables of its type, so that all of them must be read together. */
  readonly needsOthers: boolean;
}

/** Told what there is to be read, so that the work can be cut. */
export interface FoundSink {
  table(table: FoundTable): void;
  /** How many assets there are that are no tables, about. */
  others(count: number): void;
  /** Whether columns are tied to columns: then it matters where each of them is. */
  columnLineage(isThere: boolean): void;
}

/** An asset that was told, as it takes to tell lineage that it is an end of. */
export interface ToldAsset {
  readonly id: string;
  readonly kind: AssetKind;
  readonly path: NamePath;
  /** Ids and names of columns. */
  readonly columns?: readonly (readonly [id: string, name: string])[];
  /** Set for a process (`id`) that became a task of this pipeline, or all of it. */
  readonly task?: string;
}

/**
 * What of a reading one process does, where several share it: first what is around the tables, then the assets (at once,
 * each table in exactly one part), last what is between them.
 */
export type ReadingPart =
  /** Vocabularies, services, databases and schemas; tables are only found. */
  | { readonly kind: 'around'; readonly found: FoundSink }
  | {
      readonly kind: 'assets';
      /** Also all that is no table. */
      readonly others: boolean;
      /** Ids of the tables of a type, some at a time. */
      readonly tables: (type: string) => AsyncIterable<readonly string[]>;
      readonly columnLineage: boolean;
      /** Given all that was told, once it was. */
      readonly told: (assets: Iterable<ToldAsset>) => Promise<void>;
    }
  | {
      readonly kind: 'lineage';
      /** Tells what the other parts have told. */
      readonly told: (take: (asset: ToldAsset) => void) => Promise<void>;
    };
