import type { SourceCheck } from '../../connectors/source.ts';
import type { ProfiledTable } from '../profiling-engine.ts';
import type { MeasuredTable } from './measured.ts';
import type { ProfilePlanInput } from './plan-profile.ts';
import type { SqlDialect, SqlTable } from './sql-dialect.ts';
import type { TableStatistics } from './table-statistics.ts';

export interface SqlQueryOptions {
  /** Milliseconds that the database may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Queries over one snapshot of a database, one after the other. */
export interface SqlSession {
  /** @throws ProfileError `profile.table-missing`; else as `query` */
  describe(place: ProfiledTable['place'], options: SqlQueryOptions): Promise<SqlTable>;
  /** What the database remembers of the table's values; undefined where that is nothing, or too old. */
  statistics?(place: ProfiledTable['place'], options: SqlQueryOptions): Promise<TableStatistics | undefined>;
  /**
   * All that is asked of a table in another way than by the queries of the plan, where that is faster; undefined where it is
   * not. Throws as `query`.
   */
  measure?(input: ProfilePlanInput, options: SqlQueryOptions): Promise<MeasuredTable | undefined>;
  /**
   * The rows of an answer, values in the order of the query: numbers as numbers or as text, lists as arrays.
   *
   * @throws ProfileError `profile.table-missing`, `profile.timeout`, `profile.query-refused`; NumberRangeError;
   * AuthenticationError, ConnectionError
   */
  query(sql: string, options: SqlQueryOptions): Promise<readonly (readonly unknown[])[]>;
}

/** A database that profiles are computed by: its dialect and its connections. */
export interface SqlSource {
  readonly dialect: SqlDialect;
  /** Gives a snapshot to `work`, and takes it back when that is done. */
  withSession<T>(
    place: ProfiledTable['place'],
    signal: AbortSignal,
    work: (session: SqlSession) => Promise<T>,
  ): Promise<T>;
  /** Queries sent so far. */
  requestCount(): number;
  readonly maxConcurrency?: number | undefined;
  test(signal: AbortSignal): AsyncIterable<SourceCheck>;
  close(): Promise<void>;
}
