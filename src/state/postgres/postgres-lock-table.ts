import type { HeldLock, LockHolder, LockTable } from '../run-lock.ts';
import type { PostgresDatabase } from './postgres-database.ts';

interface Row {
  readonly token: string;
  readonly holder: string;
  readonly beats: number;
  readonly silent_ms: number;
}

/** The lock of one pipeline in PostgreSQL; times are the server's, which all workers share. */
export class PostgresLockTable implements LockTable {
  readonly #database: PostgresDatabase;
  readonly #pipeline: string;

  constructor(database: PostgresDatabase, pipeline: string) {
    this.#database = database;
    this.#pipeline = pipeline;
  }

  async read(): Promise<HeldLock | undefined> {
    const [row] = await this.#database.rows<Row>(
      `SELECT token, holder, beats::float8 AS beats,
         (extract(epoch FROM clock_timestamp() - beat_at) * 1000)::float8 AS silent_ms
       FROM meridian.locks WHERE pipeline = $1`,
      this.#pipeline,
    );
    if (!row) return undefined;
    const { token, holder, beats, silent_ms: silentMs } = row;
    return { token, holder: JSON.parse(holder) as LockHolder, beats, silentMs };
  }

  async take(token: string, holder: LockHolder, from: HeldLock | undefined): Promise<boolean> {
    // The last conditions let a statement that was sent twice, after an answer got lost, find its own work.
    const rows = from
      ? await this.#database.rows(
          `UPDATE meridian.locks SET token = $2, holder = $3, beats = 0, beat_at = clock_timestamp()
           WHERE pipeline = $1 AND (token = $4 AND beats = $5 OR token = $2) RETURNING 1`,
          ...[this.#pipeline, token, JSON.stringify(holder), from.token, from.beats],
        )
      : await this.#database.rows(
          `INSERT INTO meridian.locks (pipeline, token, holder, beats, beat_at) VALUES ($1, $2, $3, 0, clock_timestamp())
           ON CONFLICT (pipeline) DO UPDATE SET beats = 0 WHERE meridian.locks.token = $2 RETURNING 1`,
          ...[this.#pipeline, token, JSON.stringify(holder)],
        );
    return rows.length === 1;
  }

  async renew(token: string): Promise<boolean> {
    const rows = await this.#database.attempt(
      `UPDATE meridian.locks SET beats = beats + 1, beat_at = clock_timestamp()
       WHERE pipeline = $1 AND token = $2 RETURNING 1`,
      ...[this.#pipeline, token],
    );
    return rows.length === 1;
  }

  async release(token: string): Promise<void> {
    await this.#database.rows(
      'DELETE FROM meridian.locks WHERE pipeline = $1 AND token = $2',
      ...[this.#pipeline, token],
    );
  }
}
