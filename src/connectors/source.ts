import type { AssetKind, NamePath, RecordKind, SourceRecord } from '../model/records.ts';
import type { ReadingPart } from './reading-part.ts';

/** Something the source read but could not or would not turn into a record: counted by type and shown in the report. */
export interface SourceIssue {
  /** `failed` makes `kind` partial; `skipped` is only counted. */
  readonly outcome: 'failed' | 'skipped';
  readonly kind: RecordKind;
  /** Stable word for grouping, such as `unsupported-type` or `partial-answer`. */
  readonly reason: string;
  readonly name: string;
  readonly message: string;
  /** How many entities this stands for; 1 unless set. */
  readonly count?: number;
}

/**
 * What a run reads, when it is not everything: what has changed since a time on the source's own clock (epoch
 * milliseconds), or certain entities by their ids, the source's words for them.
 */
export type ReadScope =
  | { readonly kind: 'changedSince'; readonly since: number }
  | { readonly kind: 'entities'; readonly guids: readonly string[] };

export interface SourceContext {
  readonly signal: AbortSignal;
  /** Reports something that did not become a record. The run goes on. */
  readonly report: (issue: SourceIssue) => void;
  /** Progress: `read` more entities out of `total` (when known) of a kind. */
  readonly progress: (kind: RecordKind, read: number, total?: number) => void;
  /** Remembers small choices over runs (for example which cluster became database `default`). */
  readonly memory: SourceMemory;
}

/** Whether a source keeps to a scope; where it does not, why everything is read. */
export type ScopeOutcome = { readonly kept: true } | { readonly kept: false; readonly reason: string };

export interface SourceMemory {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  /** Remembered only when the run ends without any failure: what the next incremental run rests on. */
  setAfterSuccess(key: string, value: string | undefined): void;
}

/** What the target offers to a source that must choose names by what is there already (enrich mode). */
export interface TargetNames {
  /** Names of the databases in a database service, unquoted; undefined when the service does not exist. */
  databases(service: string): Promise<readonly string[] | undefined>;
  /** Which server it is, where one is connected: its address, and the id of who is signed in, which no other server has. */
  readonly server?: { readonly address: string; readonly userId: string | undefined };
}

export interface SourceCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
  readonly help?: string;
}

/** Something that an earlier run brought and this one has not seen. */
export interface GoneCandidate {
  readonly kind: AssetKind | 'lineage';
  /** The source's id; of the process, for an edge. */
  readonly id: string;
  /** An edge's ends, by the source's ids. */
  readonly ends?: { readonly from: string | undefined; readonly to: string | undefined };
}

/** What a source says of a candidate when asked by its id; `unknown` when it refuses or fails to answer. */
export type Presence = 'gone' | 'there' | 'unknown';

/** A connector's running source. `records` may be called once per instance. */
export interface Source {
  readonly emits: readonly RecordKind[];
  /** Version of the server, once it is known. */
  readonly version?: string | undefined;
  /** Whose words its records are, once that is known; what its spec says unless there. */
  readonly origin?: string | undefined;
  /** Step-by-step check of the connection (`meridian test`); never throws for a failed step. */
  test(signal: AbortSignal): AsyncIterable<SourceCheck>;
  /**
   * Narrows `records` to a scope; asked before it, at most once. Then an asset that is told comes with all lineage that
   * leads into it, what was deleted comes as `gone`, and absence says nothing. A source without it reads everything.
   *
   * @throws as `records` does
   */
  narrow?(scope: ReadScope, memory: SourceMemory, signal: AbortSignal): Promise<ScopeOutcome>;
  /**
   * How many tables there are, about, before anything is read. Only of a source whose reading may be shared by several
   * processes.
   */
  countTables?(signal: AbortSignal): Promise<number>;
  /** Leaves the rest of the reading to other processes; asked before `records`. Absence says nothing then. */
  readOnly?(part: ReadingPart): void;
  /** The time on the source's own clock when this run began to read it (epoch milliseconds), once it has. */
  readonly clock?: number | undefined;
  /** Throws AuthenticationError, ConnectionError or ConfigurationError when nothing can be read at all. */
  records(context: SourceContext): AsyncIterable<SourceRecord>;
  /**
   * Whether things of a type (the source's name, as in {@link Provenance}), or at a place, are among what this recipe
   * reads: what is not read cannot be missed. Asked after the reading; a source without it reads all that it ever told.
   */
  covers?(typeName: string, path: NamePath): boolean;
  /**
   * Asks for candidates one by one: the last guard before a deletion. A source without it deletes nothing by absence.
   *
   * @returns the outcome of each, in their order; never throws for a failed answer
   */
  confirmGone?(candidates: readonly GoneCandidate[], signal: AbortSignal): Promise<readonly Presence[]>;
  /**
   * The names of the live parts (columns, fields …) of some assets, asked for by the assets' ids: the last look before an
   * asset loses parts. An asset that could not be read is missing from the answer.
   */
  liveParts?(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Requests sent so far, for the summary. */
  requestCount(): number;
  close(): Promise<void>;
}
