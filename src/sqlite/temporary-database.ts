import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Statements } from './statements.ts';

/**
 * A database that a run keeps for itself: on disk, so that the heap stays flat, and without a name, so that nothing is
 * left of it however the process ends. It lies in the system's folder for temporary files (`TMPDIR`, else /var/tmp or
 * /tmp).
 */
export class TemporaryDatabase {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;

  /** @param tables SQL that makes them */
  constructor(tables: string) {
    // Without a way back: nobody opens it again. SQLite grants that only when it is not told to be on its guard.
    this.#database = new DatabaseSync('', { defensive: false });
    this.#statements = new Statements(this.#database);
    this.#database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000; ${tables}`);
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** The prepared statement of a text; one a text. */
  run(sql: string): StatementSync {
    return this.#statements.of(sql);
  }

  /** A statement of its own, for a walk during which the same text may run again. */
  walk(sql: string): StatementSync {
    return this.#database.prepare(sql);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
