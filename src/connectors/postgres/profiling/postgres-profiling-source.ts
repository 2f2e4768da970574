import type pg from 'pg';
import type { ProfiledTable } from '../../../profiler/profiling-engine.ts';
import type { SqlSession, SqlSource } from '../../../profiler/sql/sql-source.ts';
import type { SourceCheck } from '../../source.ts';
import { postgresFailure } from '../postgres-failure.ts';
import { ClientPool, type Connect } from './client-pool.ts';
import { DescribedAhead } from './described-ahead.ts';
import { postgresDialect } from './postgres-dialect.ts';
import {
  openFailure,
  PostgresProfilingSession,
  StaleDescriptionError,
  UnknownStatementError,
} from './postgres-profiling-session.ts';

export interface PostgresProfilingOptions {
  readonly connect: Connect;
  /** Host and port, for people. */
  readonly place: string;
  /** Database that the check of the connection asks. */
  readonly database: string;
  /** False: small tables are measured by the database, too. True unless set. */
  readonly fetchesSmallTables?: boolean;
}

interface Server {
  /** Such as 180004. */
  readonly version: number;
  /** Of the database. */
  readonly encoding: string;
}

/** Milliseconds that a connection may take by which a statement is stopped. */
const cancelTimeoutMs = 5_000;

/**
 * What holds for all statements of a transaction. Texts of dates and numbers must not depend on the server's settings; hash
 * tables of many columns at once may be as large as 64 times work_mem (256 MB), or they would be sorted on disk.
 */
const begin = ({ version, encoding }: Server): string =>
  [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    `SET LOCAL lock_timeout = '10s'`,
    `SET LOCAL idle_in_transaction_session_timeout = '5min'`,
    `SET LOCAL search_path = pg_catalog, public`,
    `SET LOCAL datestyle = 'ISO, YMD'`,
    `SET LOCAL intervalstyle = 'iso_8601'`,
    `SET LOCAL timezone = 'UTC'`,
    `SET LOCAL bytea_output = 'hex'`,
    `SET LOCAL extra_float_digits = 1`,
    'SET LOCAL synchronize_seqscans = off',
    // There, bytes are whatever a program wrote: refusing to read what is no UTF-8 helps nobody.
    ...(encoding === 'SQL_ASCII' ? [`SET LOCAL client_encoding = 'SQL_ASCII'`] : []),
    ...(version >= 130_000 ? ['SET LOCAL hash_mem_multiplier = 64'] : []),
  ].join(';');

/** PostgreSQL as a place where profiles are computed. */
export class PostgresProfilingSource implements SqlSource {
  readonly dialect = postgresDialect;
  readonly #options: PostgresProfilingOptions;
  readonly #pool: ClientPool;
  readonly #servers = new WeakMap<pg.Client, Server>();
  readonly #ahead = new DescribedAhead();
  #requests = 0;
  #named = true;

  constructor(options: PostgresProfilingOptions) {
    this.#options = options;
    this.#pool = new ClientPool(options.connect);
  }

  async withSession<T>(
    table: ProfiledTable['place'],
    signal: AbortSignal,
    work: (session: SqlSession) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#inTransaction(table, signal, work, this.#ahead);
    } catch (error) {
      if (!(error instanceof UnknownStatementError) && !(error instanceof StaleDescriptionError)) throw error;
      return await this.#inTransaction(table, signal, work);
    }
  }

  async #inTransaction<T>(
    table: ProfiledTable['place'],
    signal: AbortSignal,
    work: (session: SqlSession) => Promise<T>,
    ahead?: DescribedAhead,
  ): Promise<T> {
    signal.throwIfAborted();
    const place = `${this.#options.place}/${table.database}`;
    let client: pg.Client;
    try {
      client = await this.#pool.take(table.database);
    } catch (error) {
      throw openFailure(error, table);
    }
    let session: PostgresProfilingSession | undefined;
    try {
      const server = await this.#server(client);
      session = new PostgresProfilingSession(client, {
        place,
        version: server.version,
        named: this.#named,
        // There, characters cannot be told.
        fetches: server.encoding !== 'SQL_ASCII' && this.#options.fetchesSmallTables !== false,
        begin: begin(server),
        onRequest: () => {
          this.#requests += 1;
        },
        ahead,
        cancel: () => this.#cancel(table.database, client),
      });
      return await work(session);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UnknownStatementError) this.#named = false;
      throw error instanceof Error && 'severity' in error ? postgresFailure(error, place) : error;
    } finally {
      await this.#release(table.database, client, session?.isOpen ?? false);
    }
  }

  /** Ends the transaction. */
  async #release(database: string, client: pg.Client, isOpen: boolean): Promise<void> {
    try {
      if (isOpen) {
        this.#requests += 1;
        await client.query('ROLLBACK');
      }
      await this.#pool.giveBack(database, client);
    } catch {
      await this.#pool.drop(client);
    }
  }

  async #server(client: pg.Client): Promise<Server> {
    const known = this.#servers.get(client);
    if (known !== undefined) return known;
    this.#requests += 1;
    const { rows } = await client.query<{ version: string; encoding: string }>(
      `SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding`,
    );
    const server = { version: Number(rows[0]!.version), encoding: rows[0]!.encoding };
    this.#servers.set(client, server);
    return server;
  }

  /** By a connection of its own, as psql does; where there is none to be had, the statement's connection is ended. */
  async #cancel(database: string, client: pg.Client): Promise<void> {
    const { processID } = client as unknown as { processID: number };
    try {
      const other = await this.#options.connect(database, AbortSignal.timeout(cancelTimeoutMs));
      this.#requests += 1;
      await other.query('SELECT pg_cancel_backend($1)', [processID]);
      await other.end();
    } catch {
      await this.#pool.drop(client);
    }
  }

  requestCount(): number {
    return this.#requests;
  }

  async *test(signal: AbortSignal): AsyncIterable<SourceCheck> {
    const { place, database } = this.#options;
    const name = 'Profiles';
    try {
      const client = await this.#options.connect(database, signal);
      await client.query(begin(await this.#server(client)));
      await client.end();
      yield { name, ok: true, message: `PostgreSQL at ${place}/${database} may be asked.` };
    } catch (error) {
      const failure = postgresFailure(error, `${place}/${database}`);
      yield { name, ok: false, message: failure.message, ...(failure.help !== undefined && { help: failure.help }) };
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
