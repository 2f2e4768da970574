import { ProfileError } from '../../../profiler/profile-error.ts';
import type { ProfiledTable } from '../../../profiler/profiling-engine.ts';
import { NumberRangeError } from '../../../profiler/sql/number-range-error.ts';
import type { SqlTable } from '../../../profiler/sql/sql-dialect.ts';
import type { SqlQueryOptions, SqlSession, SqlSource } from '../../../profiler/sql/sql-source.ts';
import type { ColumnStatistics, TableStatistics } from '../../../profiler/sql/table-statistics.ts';
import type { SourceCheck } from '../../source.ts';
import { quotePath } from '../sql-text.ts';
import type { TrinoClient } from '../trino-client.ts';
import { TrinoQueryError } from '../trino-query-error.ts';
import { trinoDialect } from './trino-dialect.ts';
import { baseTypeOf, typeClassOf } from './type-class-of.ts';

type Place = ProfiledTable['place'];

/** Trino as a place where profiles are computed. */
export class TrinoProfilingSource implements SqlSource {
  readonly dialect = trinoDialect;
  readonly #client: TrinoClient;
  readonly #test: (signal: AbortSignal) => AsyncIterable<SourceCheck>;
  #queries = 0;

  /** @param client closed with this */
  constructor(client: TrinoClient, test: (signal: AbortSignal) => AsyncIterable<SourceCheck>) {
    this.#client = client;
    this.#test = test;
  }

  /** Trino has no snapshot over several queries: each sees its tables as they are. */
  withSession<T>(place: Place, signal: AbortSignal, work: (session: SqlSession) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const query = (sql: string, options: SqlQueryOptions): Promise<readonly (readonly unknown[])[]> =>
      this.#query(sql, place, options);
    return work(new TrinoProfilingSession(query));
  }

  requestCount(): number {
    return this.#queries;
  }

  test(signal: AbortSignal): AsyncIterable<SourceCheck> {
    return this.#test(signal);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #query(sql: string, place: Place, options: SqlQueryOptions): Promise<readonly (readonly unknown[])[]> {
    this.#queries += 1;
    const rows: (readonly unknown[])[] = [];
    try {
      for await (const row of this.#client.rows(sql, options)) rows.push(row);
    } catch (error) {
      throw error instanceof TrinoQueryError ? profileError(error, place, options.timeoutMs) : error;
    }
    return rows;
  }
}

type Ask = (sql: string, options: SqlQueryOptions) => Promise<readonly (readonly unknown[])[]>;

class TrinoProfilingSession implements SqlSession {
  readonly query: Ask;
  #remembered: Promise<TableStatistics | undefined> | undefined;

  constructor(query: Ask) {
    this.query = query;
  }

  async describe(place: Place, options: SqlQueryOptions): Promise<SqlTable> {
    const name = nameOf(place);
    const columns = await this.query(`SHOW COLUMNS FROM ${name}`, options);
    const remembered = await this.statistics(place, options);
    return {
      name,
      columns: columns.map(([column, type]) => {
        const baseType = baseTypeOf(String(type));
        const kind = { ...typeClassOf(baseType), fewValues: baseType === 'boolean' };
        return { name: String(column), type: String(type), baseType, ...kind };
      }),
      estimatedRows: remembered?.rowCount,
      sampled: true,
    };
  }

  /** What ANALYZE found, or a file format keeps: `SHOW STATS FOR`, which reads no rows. */
  statistics(place: Place, options: SqlQueryOptions): Promise<TableStatistics | undefined> {
    this.#remembered ??= this.#statistics(place, options);
    return this.#remembered;
  }

  async #statistics(place: Place, options: SqlQueryOptions): Promise<TableStatistics | undefined> {
    let rows: readonly (readonly unknown[])[];
    try {
      rows = await this.query(`SHOW STATS FOR ${nameOf(place)}`, options);
    } catch (error) {
      // A connector without statistics, or a view over what has none: nothing is remembered.
      if (error instanceof ProfileError && error.code === 'profile.query-refused') return undefined;
      throw error;
    }
    // The last row is of the table and names no column.
    const rowCount = rows.find(([column]) => column === null)?.[4];
    if (rowCount === null || rowCount === undefined) return undefined;
    const columns = rows.flatMap(([column, , distinct, nulls]) => {
      if (column === null) return [];
      const known: ColumnStatistics = {
        ...(distinct !== null && { distinctCount: Math.round(Number(distinct)) }),
        // Trino does not tell how much of the table was looked at.
        ...(nulls !== null && { nullProportion: Number(nulls), nullError: null }),
      };
      return Object.keys(known).length > 0 ? [[String(column), known] as const] : [];
    });
    return { rowCount: Math.round(Number(rowCount)), columns: new Map(columns) };
  }
}

function nameOf({ database, schema, table }: Place): string {
  return quotePath([database, schema, table]);
}

const missing = new Set(['TABLE_NOT_FOUND', 'SCHEMA_NOT_FOUND', 'CATALOG_NOT_FOUND', 'NOT_FOUND']);

function profileError(error: TrinoQueryError, place: Place, timeoutMs: number): Error {
  const name = `${place.database}.${place.schema}.${place.table}`;
  const { errorName, message: words, help } = error;
  if (errorName === 'NUMERIC_VALUE_OUT_OF_RANGE') return new NumberRangeError(words, { cause: error });
  if (missing.has(errorName)) {
    return new ProfileError('profile.table-missing', `Trino has no table ${name}.`, {
      help: 'It was dropped or renamed, or its service and database are called otherwise in Trino: see meridian.profiler.services.',
      cause: error,
    });
  }
  if (errorName === 'EXCEEDED_TIME_LIMIT') {
    return new ProfileError('profile.timeout', `A query of ${name} took longer than ${timeoutMs / 1_000} s.`, {
      help: 'Take a sample, or raise the time limit.',
      cause: error,
    });
  }
  return new ProfileError('profile.query-refused', `A query of ${name} was refused. ${words}`, { help, cause: error });
}
