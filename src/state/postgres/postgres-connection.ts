import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PostgresAddress } from './postgres-address.ts';
import { isPassing, postgresError } from './postgres-error.ts';

/** A run writes with eight workers unless told; more connections would not make it faster. */
const connections = 4;
const connectTimeoutMs = 10_000;
/** Waits between tries: a restart or a failover of the server is survived, about half a minute of it. */
const retryAfterMs = [250, 500, 1000, 2000, 4000, 8000, 15_000];

export type Value = string | number | null | Buffer | readonly string[];

/**
 * A database, as the stores use it: single statements, each of which does the same when it is sent twice. Values never
 * stand in a statement's text, and never in an error.
 */
export interface Database {
  /** @throws AuthenticationError, ConnectionError, ConfigurationError, MeridianError `state.refused` */
  rows<Row>(sql: string, ...values: Value[]): Promise<Row[]>;
  /** Runs statements (without values) as one transaction. */
  transaction(...statements: string[]): Promise<void>;
  close(): Promise<void>;
}

/** Connections of a run; what fails for a while is tried again. */
export class PooledDatabase implements Database {
  readonly #address: PostgresAddress;
  readonly #pool: pg.Pool;
  #reached = false;

  constructor(address: PostgresAddress) {
    this.#address = address;
    this.#pool = new pg.Pool({ ...clientConfig(address), max: connections });
    // An idle connection that breaks is replaced when it is needed again.
    this.#pool.on('error', () => undefined);
  }

  rows<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.#patiently(async () => (await this.#pool.query<Row & pg.QueryResultRow>(sql, values)).rows);
  }

  transaction(...statements: string[]): Promise<void> {
    return this.#patiently(async () => {
      const client = await this.#pool.connect();
      let broken = true;
      try {
        // Without values, several statements in one message are one transaction.
        await client.query(statements.join(';\n'));
        broken = false;
      } finally {
        client.release(broken);
      }
    });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #patiently<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let tries = 0; ; tries += 1) {
      try {
        const result = await work();
        this.#reached = true;
        return result;
      } catch (error) {
        const wait = retryAfterMs[tries];
        // What cannot be reached at all is told at once: an address may be wrong.
        if (wait === undefined || !this.#reached || !isPassing(error)) throw postgresError(error, this.#address.place);
        await sleep(wait);
      }
    }
  }
}

/** One connection within a transaction that is rolled back at the end: a plan leaves nothing behind. */
export class RehearsedDatabase implements Database {
  readonly #address: PostgresAddress;
  readonly #client: pg.Client;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(address: PostgresAddress) {
    this.#address = address;
    this.#client = new pg.Client(clientConfig(address));
    this.#client.on('error', () => undefined);
  }

  static async open(address: PostgresAddress): Promise<RehearsedDatabase> {
    let database: RehearsedDatabase | undefined;
    try {
      // Certificates that the address names are read here.
      database = new RehearsedDatabase(address);
      await database.#client.connect();
      await database.#client.query('BEGIN');
      return database;
    } catch (error) {
      if (database) await database.#client.end().catch(() => undefined);
      throw postgresError(error, address.place);
    }
  }

  rows<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.#inTurn(async () => (await this.#client.query<Row & pg.QueryResultRow>(sql, values)).rows);
  }

  transaction(...statements: string[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#client.query(statements.join(';\n'));
    });
  }

  async close(): Promise<void> {
    // The end of the connection takes everything back as well.
    await this.#inTurn(() => this.#client.query('ROLLBACK')).catch(() => undefined);
    await this.#client.end().catch(() => undefined);
  }

  /** A connection answers one statement at a time. */
  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } catch (error) {
      throw postgresError(error, this.#address.place);
    }
  }
}

function clientConfig({ connectionString }: PostgresAddress): pg.ClientConfig {
  return {
    connectionString,
    connectionTimeoutMillis: connectTimeoutMs,
    fallback_application_name: 'meridian',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}
