import type pg from 'pg';
import { MeridianError } from '../../../errors.ts';
import { codeOf } from '../../../postgres/driver-error.ts';
import { ProfileError } from '../../../profiler/profile-error.ts';
import type { ProfiledTable } from '../../../profiler/profiling-engine.ts';
import type { MeasuredTable } from '../../../profiler/sql/measured.ts';
import { NumberRangeError } from '../../../profiler/sql/number-range-error.ts';
import type { ProfilePlanInput } from '../../../profiler/sql/plan-profile.ts';
import type { SqlTable } from '../../../profiler/sql/sql-dialect.ts';
import type { SqlQueryOptions, SqlSession } from '../../../profiler/sql/sql-source.ts';
import type { TableStatistics } from '../../../profiler/sql/table-statistics.ts';
import { postgresFailure } from '../postgres-failure.ts';
import { type AskCatalogue, describeAhead, describeTable, tableStatistics } from './describe-table.ts';
import type { DescribedAhead } from './described-ahead.ts';
import { smallTable } from './small-table.ts';

type Place = ProfiledTable['place'];

export interface SessionOptions {
  /** Host, port and database, for people. */
  readonly place: string;
  /** Such as 180004. */
  readonly version: number;
  readonly onRequest: () => void;
  /** Statements of the catalogue are planned once a connection. */
  readonly named: boolean;
  /** Statements that begin the transaction. */
  readonly begin: string;
  /** False: the rows of small tables are not fetched, but measured by the database like all others. */
  readonly fetches: boolean;
  /** What was read ahead of tables; undefined where this table has to be looked at anew. */
  readonly ahead: DescribedAhead | undefined;
  /** Ends the statement that runs. */
  readonly cancel: () => Promise<void>;
}

interface Statement {
  readonly text: string;
  readonly name?: string;
  readonly values?: readonly unknown[];
  readonly types?: pg.CustomTypesConfig;
}

/** Values stay as the server writes them. */
const asWritten: pg.CustomTypesConfig = { getTypeParser: () => (text: unknown) => text };

/** One read-only transaction: all queries of a table see the same rows. */
export class PostgresProfilingSession implements SqlSession {
  readonly #client: pg.Client;
  readonly #options: SessionOptions;
  #timeoutMs: number | undefined;
  /** The table's description was read ahead. */
  #isRemembered = false;

  constructor(client: pg.Client, options: SessionOptions) {
    this.#client = client;
    this.#options = options;
  }

  async describe(place: Place, options: SqlQueryOptions): Promise<SqlTable> {
    const { version, ahead } = this.#options;
    const ask: AskCatalogue = (name, text, values) => this.#send({ name, text, values }, options);
    const known = await ahead?.take(place, (from, limit) =>
      describeAhead(ask, { ...place, table: from }, limit, version),
    );
    this.#isRemembered = known !== undefined;
    return known ?? describeTable(ask, place, version);
  }

  /** Whether a transaction is open. */
  get isOpen(): boolean {
    return this.#timeoutMs !== undefined;
  }

  statistics(place: Place, options: SqlQueryOptions): Promise<TableStatistics | undefined> {
    return tableStatistics((name, text, values) => this.#send({ name, text, values }, options), place);
  }

  async measure(input: ProfilePlanInput, options: SqlQueryOptions): Promise<MeasuredTable | undefined> {
    const small = this.#options.fetches ? smallTable(input) : undefined;
    if (!small) return undefined;
    const rows = this.isOpen
      ? await this.#send({ text: small.sql, types: asWritten }, options)
      : await this.#sendAlone(small.sql, options);
    return small.measure(rows as readonly (readonly (string | null)[])[]);
  }

  query(sql: string, options: SqlQueryOptions): Promise<readonly (readonly unknown[])[]> {
    return this.#send({ text: sql }, options);
  }

  /** A transaction of its own, in one message. */
  async #sendAlone(sql: string, options: SqlQueryOptions): Promise<readonly (readonly unknown[])[]> {
    const text = `${this.#options.begin};${timeoutSql(options)};${sql};ROLLBACK`;
    // Where a statement fails, the ones after it are not done: the transaction stays open.
    this.#timeoutMs = options.timeoutMs;
    const answers = await this.#cancellable(options, () =>
      this.#client.query({ text, rowMode: 'array', types: asWritten }),
    );
    this.#timeoutMs = undefined;
    return (answers as unknown as pg.QueryArrayResult[]).find(({ command }) => command === 'SELECT')!.rows;
  }

  async #send(
    { name, text, values, types }: Statement,
    { timeoutMs, signal }: SqlQueryOptions,
  ): Promise<readonly (readonly unknown[])[]> {
    return this.#cancellable({ timeoutMs, signal }, async () => {
      if (timeoutMs !== this.#timeoutMs) {
        const begin = this.#timeoutMs === undefined ? `${this.#options.begin};` : '';
        this.#options.onRequest();
        await this.#client.query(`${begin}${timeoutSql({ timeoutMs })}`);
        this.#timeoutMs = timeoutMs;
      }
      const { rows } = await this.#client.query({
        text,
        rowMode: 'array',
        ...(types && { types }),
        ...(name && this.#options.named && { name }),
        ...(values && { values: [...values] }),
      });
      return rows as readonly (readonly unknown[])[];
    });
  }

  async #cancellable<T>({ timeoutMs, signal }: SqlQueryOptions, send: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    let cancelling: Promise<void> | undefined;
    const stop = (): void => {
      cancelling = this.#options.cancel();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      this.#options.onRequest();
      return await send();
    } catch (error) {
      signal.throwIfAborted();
      if (this.#isRemembered && goneCodes.has(codeOf(error))) throw new StaleDescriptionError();
      throw sessionFailure(error, this.#options.place, timeoutMs);
    } finally {
      signal.removeEventListener('abort', stop);
      // The connection may be used again once the request to cancel has been dealt with.
      await cancelling;
    }
  }
}

const timeoutSql = ({ timeoutMs }: Pick<SqlQueryOptions, 'timeoutMs'>): string =>
  `SET LOCAL statement_timeout = ${Math.max(1, Math.round(timeoutMs))}`;

/** A table or a column is not there. */
const goneCodes = new Set(['42P01', '42703']);

/** A table is no longer what was read ahead of it. Never shown to a user. */
export class StaleDescriptionError extends Error {}

/** A statement that was planned on this connection is not known there: a pooler stands in between. Never shown to a user. */
export class UnknownStatementError extends Error {}

/** What ends one table only is a ProfileError; what ends all of them is what it is for the connector. */
function sessionFailure(error: unknown, place: string, timeoutMs: number): Error {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === '26000' || code === '42P05') return new UnknownStatementError(message, { cause: error });
  if (code === '22003') return new NumberRangeError(message, { cause: error });
  if (code === '57014' || code === '55P03') {
    const seconds = Math.round(timeoutMs / 100) / 10;
    return new ProfileError('profile.timeout', `PostgreSQL at ${place} was not done after ${seconds} s: ${message}`, {
      help: 'Profile a sample (profileSample), fewer metrics, or give it more time (timeoutSeconds).',
      cause: error,
    });
  }
  if (code === '42P01') {
    return new ProfileError('profile.table-missing', `PostgreSQL at ${place}: ${message}`, {
      help: 'It was dropped or renamed since the metadata was read: run that first.',
      cause: error,
    });
  }
  if (code === '42501') {
    return new ProfileError('profile.query-refused', `PostgreSQL at ${place} does not let us read: ${message}`, {
      help: 'Grant the user USAGE on the schema and SELECT on its tables, or the role pg_read_all_data.',
      cause: error,
    });
  }
  const failure = postgresFailure(error, place);
  if (failure.code !== 'postgres.refused') return failure;
  return new ProfileError('profile.query-refused', `PostgreSQL at ${place} refused: ${message} (${code})`, {
    help: 'The message has the server’s words; its log has more.',
    cause: error,
  });
}

/** A database that is not there is a matter of the tables in it alone. */
export function openFailure(error: unknown, place: Place): unknown {
  if (!(error instanceof MeridianError) || error.code !== 'postgres.no-database') return error;
  return new ProfileError('profile.table-missing', `${place.schema}.${place.table}: ${error.message}`, {
    help: 'Correct the names in meridian.profiler.services, or run the metadata workflow first.',
    cause: error,
  });
}
