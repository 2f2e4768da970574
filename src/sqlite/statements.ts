import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The prepared statements of a database, one a text: preparing takes longer than running most of them. */
export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Not for a walk (`iterate`) during which the same text may run again. */
  of(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}
