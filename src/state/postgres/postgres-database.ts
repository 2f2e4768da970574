import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { MeridianError } from '../../errors.ts';
import type { PostgresAddress } from './postgres-address.ts';
import { isPassing, postgresError } from './postgres-error.ts';

/** A run writes with eight workers unless told; more connections would not make it faster. */
const connections = 4;
const connectTimeoutMs = 10_000;
/** Waits between tries: a restart or a failover of the server is survived, about half a minute of it. */
const retryAfterMs = [250, 500, 1000, 2000, 4000, 8000, 15_000];

export type Scalar = string | number | null | Buffer;
/** A list is one value: an array of PostgreSQL. */
export type Value = Scalar | readonly Scalar[];

/**
 * A PostgreSQL database, as the stores use it: single statements, each of which does the same when it is sent twice, so
 * that what fails for a while is tried again. Values never stand in a statement's text, and never in an error.
 */
export class PostgresDatabase {
  readonly #address: PostgresAddress;
  readonly #pool: pg.Pool;
  readonly #waits: readonly number[];
  readonly #broken = new AbortController();
  #reached = false;

  /** @param waits milliseconds between tries */
  constructor(address: PostgresAddress, waits = retryAfterMs) {
    this.#address = address;
    this.#waits = waits;
    this.#pool = new pg.Pool({
      connectionString: address.connectionString,
      max: connections,
      connectionTimeoutMillis: connectTimeoutMs,
      fallback_application_name: 'meridian',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    // An idle connection that breaks is replaced when it is needed again.
    this.#pool.on('error', () => undefined);
  }

  /** Aborted, with the error, when a database that had worked fails for good. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /** @throws AuthenticationError, ConnectionError, ConfigurationError, MeridianError `state.refused` */
  rows<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.#patiently(async () => (await this.#pool.query<Row & pg.QueryResultRow>(sql, values)).rows);
  }

  /** Tries once, and says nothing of the database’s health when it fails: for what is tried again anyway. */
  async attempt<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    try {
      return (await this.#pool.query<Row & pg.QueryResultRow>(sql, values)).rows;
    } catch (error) {
      throw postgresError(error, this.#address.place);
    }
  }

  /** Runs statements (without values) as one transaction. */
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
    if (!this.#pool.ending) await this.#pool.end();
  }

  async #patiently<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let tries = 0; ; tries += 1) {
      this.broken.throwIfAborted();
      try {
        const result = await work();
        this.#reached = true;
        return result;
      } catch (error) {
        const wait = this.#waits[tries];
        // What cannot be reached at all is told at once: an address may be wrong.
        if (wait === undefined || !this.#reached || !isPassing(error)) throw this.#failure(error);
        await sleep(wait);
      }
    }
  }

  #failure(error: unknown): MeridianError {
    const failure = postgresError(error, this.#address.place);
    if (this.#reached) this.#broken.abort(failure);
    return failure;
  }
}
