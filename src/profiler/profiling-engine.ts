import type { SourceCheck } from '../connectors/source.ts';
import type { NamePath } from '../model/records.ts';
import type { MetricName } from './metric-names.ts';

/** A column to be profiled, as the target holds it. */
export interface ProfiledColumn {
  readonly name: string;
  /** OpenMetadata's word, such as `BIGINT`. */
  readonly dataType: string;
  /** The source's own text, such as `numeric(12,2)`. */
  readonly dataTypeDisplay?: string;
  /** FQNs of its tags and terms. */
  readonly labels: readonly string[];
}

/** A table to be profiled, as the target holds it. */
export interface ProfiledTable {
  /** The target's id. */
  readonly id: string;
  /** At the target. */
  readonly fqn: string;
  /** At the target: service, database, schema, table. */
  readonly path: NamePath;
  /** Where the engine finds it: the source's own names, which may differ from the target's. */
  readonly place: { readonly database: string; readonly schema: string; readonly table: string };
  /** `Regular`, `View` … */
  readonly tableType: string;
  readonly columns: readonly ProfiledColumn[];
  /** FQNs of its tags and terms. */
  readonly labels: readonly string[];
}

/** Which rows the metrics are computed from; all of them without one. The row count is always that of the whole table. */
export interface ProfileSample {
  /** Percent (more than 0, at most 100), or rows (at least 1). */
  readonly size: number;
  readonly type: 'PERCENTAGE' | 'ROWS';
  /** By rows, or by blocks, which is faster and less even. The engine's choice unless set. */
  readonly method?: 'BERNOULLI' | 'SYSTEM';
  /** Rows in random order rather than the first ones that come; for `ROWS`. */
  readonly randomized: boolean;
}

/** What is asked of an engine for one table. */
export interface ProfileRequest {
  readonly metrics: ReadonlySet<MetricName>;
  readonly tableMetrics: boolean;
  readonly columnMetrics: boolean;
  readonly sample: ProfileSample | undefined;
  /** What the source's own statistics can say is taken from there, and not computed. */
  readonly useStatistics: boolean;
  /** Rows above which distinct values are counted by an approximation. */
  readonly approximateAbove: number;
  /** Milliseconds that one query may take. */
  readonly queryTimeoutMs: number;
}

/** A bound of a column, as OpenMetadata takes it: numbers as numbers, all else as text. */
export type ProfileBound = number | string;

/** Names and definitions are those of OpenMetadata's `columnProfile`; what was not asked for or has no meaning is left out. */
export interface ColumnProfile {
  readonly name: string;
  readonly valuesCount?: number;
  readonly nullCount?: number;
  /** 0 to 1. */
  readonly nullProportion?: number;
  readonly uniqueCount?: number;
  /** 0 to 1. */
  readonly uniqueProportion?: number;
  readonly distinctCount?: number;
  /** 0 to 1. */
  readonly distinctProportion?: number;
  readonly duplicateCount?: number;
  readonly min?: ProfileBound;
  readonly max?: ProfileBound;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly mean?: number;
  readonly sum?: number;
  readonly stddev?: number;
  readonly median?: number;
  readonly firstQuartile?: number;
  readonly thirdQuartile?: number;
  readonly interQuartileRange?: number;
  readonly nonParametricSkew?: number;
  readonly histogram?: { readonly boundaries: readonly string[]; readonly frequencies: readonly number[] };
  /**
   * Metrics of this column that are approximate, with the relative error (0.01 is one percent) that they keep within in 99.7 %
   * of all cases; null where the source does not say how far off it may be.
   */
  readonly approximate?: Readonly<Partial<Record<MetricName, number | null>>>;
}

/** Something that was done to a table's rows, where the source remembers it: OpenMetadata's `systemProfile`. */
export interface SystemOperation {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly operation: 'UPDATE' | 'INSERT' | 'DELETE' | 'WRITE';
  readonly rowsAffected: number;
}

export interface TableProfile {
  readonly rowCount?: number;
  readonly columnCount?: number;
  /** Bytes. */
  readonly sizeInByte?: number;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
  /** Rows that the column metrics were computed from, where they were counted. */
  readonly sampledRows?: number;
  readonly columns: readonly ColumnProfile[];
  readonly operations?: readonly SystemOperation[];
  /** Where the numbers come from. */
  readonly from: 'query' | 'statistics' | 'both';
  /** What could not be had, and why: shown in the report, never left out in silence. */
  readonly problems: readonly ProfileProblem[];
}

export interface ProfileProblem {
  /** Undefined: of the whole table. */
  readonly column?: string;
  /** Stable word for grouping, such as `type-has-no-metrics`. */
  readonly reason: string;
  readonly message: string;
}

/** Rows of a table. Values are what JSON can hold: text for dates, binary data and numbers that JavaScript cannot. */
export interface SampleRows {
  /** Names of the columns, in the order of the rows. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Where the numbers come from: SQL that a database computes, or a source's own statistics. */
export interface ProfilingEngine {
  /**
   * Reads what all tables have in common, before the first is asked for and outside of its time limit.
   *
   * @throws AuthenticationError, ConnectionError, ConfigurationError when nothing can be had
   */
  prepare?(signal: AbortSignal): Promise<void>;
  /**
   * Profiles one table in as few queries as can be: one for all columns and metrics.
   *
   * @throws ProfileError `profile.table-missing` when the source has no such table, `profile.timeout` when a query took too
   * long, `profile.query-refused` with the source's words; AuthenticationError, ConnectionError when nothing can be had
   */
  profile(table: ProfiledTable, request: ProfileRequest, signal: AbortSignal): Promise<TableProfile>;
  /** Some rows. Undefined in an engine that has none (statistics). @throws as `profile` */
  sampleRows?(
    table: ProfiledTable,
    count: number,
    sample: ProfileSample | undefined,
    signal: AbortSignal,
  ): Promise<SampleRows>;
  /** How many tables it can profile at once. */
  readonly maxConcurrency?: number;
  /** Queries (or requests) sent so far. */
  requestCount(): number;
  /** Step-by-step check of the connection; never throws for a failed step. */
  test(signal: AbortSignal): AsyncIterable<SourceCheck>;
  close(): Promise<void>;
}
