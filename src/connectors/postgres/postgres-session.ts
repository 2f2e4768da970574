import type pg from 'pg';
import { ConfigurationError } from '../../errors.ts';
import { openClient } from './open-client.ts';
import { notPostgres, postgresFailure } from './postgres-failure.ts';
import type { PostgresSettings } from './postgres-settings.ts';

const oldestVersion = 12;
/** Rows fetched at once: enough that round trips do not count, few enough that they are no memory. */
const fetchSize = 500;

/**
 * What holds for all statements of a session. It is set within the one transaction that a session is, so that it reaches
 * the server through a pooler too. Names in `public` are shown without it, as people write them.
 */
const limits = [
  'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  `SET LOCAL statement_timeout = '5min'`,
  `SET LOCAL lock_timeout = '2s'`,
  // A session that is left behind must not hold the server's old rows for ever.
  `SET LOCAL idle_in_transaction_session_timeout = '5min'`,
  'SET LOCAL jit = off',
  'SET LOCAL cursor_tuple_fraction = 1',
  'SET LOCAL search_path = pg_catalog, public',
].join(';');

/** One database of a server, read in one read-only transaction: everything in it is of one moment. */
export class PostgresSession {
  readonly #client: pg.Client;
  readonly #place: string;
  readonly #signal: AbortSignal;
  readonly #onRequest: () => void;
  /** Such as `16.4`. */
  readonly version: string;

  private constructor(
    client: pg.Client,
    place: string,
    version: string,
    { signal, onRequest }: { signal: AbortSignal; onRequest: () => void },
  ) {
    this.#client = client;
    this.#place = place;
    this.version = version;
    this.#signal = signal;
    this.#onRequest = onRequest;
  }

  /**
   * @param onRequest told of each statement that is sent
   * @throws AuthenticationError, ConnectionError, ConfigurationError `postgres.…`
   */
  static async open(
    settings: PostgresSettings,
    database: string,
    options: { readonly signal: AbortSignal; readonly onRequest: () => void },
  ): Promise<PostgresSession> {
    const client = await openClient(settings, database, options.signal);
    const place = `${settings.place}/${database}`;
    try {
      options.onRequest();
      const { rows } = await client.query<{ version: string }>('SELECT version() AS version');
      const version = versionOf(rows[0]?.version ?? '', place);
      options.onRequest();
      await client.query(limits);
      return new PostgresSession(client, place, version, options);
    } catch (error) {
      await client.end().catch(() => undefined);
      options.signal.throwIfAborted();
      throw postgresFailure(error, place);
    }
  }

  /** @throws as `open`, and MeridianError `postgres.refused` */
  async rows<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    this.#signal.throwIfAborted();
    this.#onRequest();
    try {
      return (await this.#client.query<Row & pg.QueryResultRow>(sql, [...values])).rows;
    } catch (error) {
      this.#signal.throwIfAborted();
      throw postgresFailure(error, this.#place);
    }
  }

  /** The rows of a long answer, some at a time. One at once. */
  async *pages<Row>(sql: string): AsyncGenerator<Row[]> {
    await this.rows(`DECLARE pages NO SCROLL CURSOR FOR ${sql}`);
    for (;;) {
      const rows = await this.rows<Row>(`FETCH ${fetchSize} FROM pages`);
      if (rows.length > 0) yield rows;
      if (rows.length < fetchSize) break;
    }
    await this.rows('CLOSE pages');
  }

  /**
   * Does something and takes its locks back: functions that write a view's text lock all that it reads, and would keep that
   * until the end. A statement that fails in it leaves the session as it was.
   */
  async apart<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.rows('SAVEPOINT apart');
    try {
      return await work();
    } finally {
      // Where the connection itself is gone, this tells nothing new.
      await this.rows('ROLLBACK TO SAVEPOINT apart').catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }
}

/** @throws ConnectionError `postgres.not-postgres`, ConfigurationError `postgres.version-too-old` */
function versionOf(text: string, place: string): string {
  const version = /^PostgreSQL (\d+(?:\.\d+)*\w*)/.exec(text)?.[1];
  if (version === undefined || /Redshift/i.test(text)) {
    throw notPostgres(place, `it calls itself “${text.slice(0, 60)}”`);
  }
  if (Number.parseInt(version, 10) >= oldestVersion) return version;
  throw new ConfigurationError(
    'postgres.version-too-old',
    `PostgreSQL at ${place} is version ${version}; ${oldestVersion} is the oldest whose catalogue is understood.`,
    { help: 'Upgrade the server, or let OpenMetadata’s own connector read it.' },
  );
}
