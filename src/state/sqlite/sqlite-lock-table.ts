import type { DatabaseSync } from 'node:sqlite';
import type { HeldLock, LockHolder, LockTable } from '../run-lock.ts';

interface Row {
  readonly token: string;
  readonly holder: string;
  readonly beats: number;
  readonly beat_at: number;
}

/** The lock in the file of a state store. Each method is one statement. */
export class SqliteLockTable implements LockTable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async read(): Promise<HeldLock | undefined> {
    const row = this.#database.prepare('SELECT * FROM lock').get() as Row | undefined;
    if (!row) return undefined;
    const { token, holder, beats, beat_at: beatAt } = row;
    return { token, holder: JSON.parse(holder) as LockHolder, beats, silentMs: Date.now() - beatAt };
  }

  async take(token: string, holder: LockHolder, from: HeldLock | undefined): Promise<boolean> {
    const sql = from
      ? 'UPDATE lock SET token = ?, holder = ?, beats = 0, beat_at = ? WHERE token = ? AND beats = ?'
      : 'INSERT INTO lock VALUES (1, ?, ?, 0, ?) ON CONFLICT DO NOTHING';
    const expected = from ? [from.token, from.beats] : [];
    return this.#change(sql, token, JSON.stringify(holder), Date.now(), ...expected);
  }

  async renew(token: string): Promise<boolean> {
    return this.#change('UPDATE lock SET beats = beats + 1, beat_at = ? WHERE token = ?', Date.now(), token);
  }

  async release(token: string): Promise<void> {
    this.#change('DELETE FROM lock WHERE token = ?', token);
  }

  #change(sql: string, ...values: (string | number)[]): boolean {
    return this.#database.prepare(sql).run(...values).changes === 1;
  }
}
