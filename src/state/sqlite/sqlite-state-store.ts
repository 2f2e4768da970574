import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { ConfigurationError } from '../../errors.ts';
import type { AssetState, EdgeState, StateStore } from '../state-store.ts';

const schemaVersion = '1';

const tables = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS assets (
  fqn TEXT PRIMARY KEY, entity_type TEXT NOT NULL, source_id TEXT NOT NULL, target_id TEXT, target_version REAL,
  source_hash TEXT, applied TEXT, pending TEXT, kept TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS edges (
  from_fqn TEXT NOT NULL, to_fqn TEXT NOT NULL, source_hash TEXT, pairs TEXT NOT NULL,
  PRIMARY KEY (from_fqn, to_fqn)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS edges_to ON edges (to_fqn);
`;

type Row = Record<string, string | number | null>;

/** The state store on a SQLite file, readable by its owner only. */
export class SqliteStateStore implements StateStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * @param path file path; its folder is made when missing
   * @param use `rehearse` for a plan: everything written is taken back on close, and no file is made where there is none
   */
  constructor(path: string, use: 'keep' | 'rehearse' = 'keep') {
    if (use === 'rehearse' && !existsSync(path)) path = ':memory:';
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      this.#database = new DatabaseSync(path);
      // The file is memory of ours, not a ledger: it must survive the death of the process (WAL does), not a power cut.
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 5000;');
      this.#database.exec(tables);
    } catch (cause) {
      throw new ConfigurationError('state.unusable', `The state store ${path} cannot be opened.`, {
        help: 'Check that the folder can be written, or name another one with MERIDIAN_HOME or meridian.state.path.',
        cause,
      });
    }
    if (path !== ':memory:') chmodSync(path, 0o600);
    const version = this.getMeta('schemaVersion');
    if (version === undefined) this.setMeta('schemaVersion', schemaVersion);
    else if (version !== schemaVersion) {
      throw new ConfigurationError(
        'state.other-version',
        `The state store ${path} is of another version (${version}).`,
        {
          help: 'It was written by another release of Meridian. Use that release, or clear it with "meridian state clear".',
        },
      );
    }
    // Deferred: a plan takes no lock unless it writes.
    if (use === 'rehearse') this.#database.exec('BEGIN DEFERRED');
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  getMeta(key: string): string | undefined {
    return (this.#prepare('SELECT value FROM meta WHERE key = ?').get(key) as { value: string } | undefined)?.value;
  }

  setMeta(key: string, value: string): void {
    this.#prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(
      key,
      value,
    );
  }

  getAsset(fqn: string): AssetState | undefined {
    const row = this.#prepare('SELECT * FROM assets WHERE fqn = ?').get(fqn) as Row | undefined;
    return row && toAsset(row);
  }

  putAsset(state: AssetState): void {
    this.#prepare('INSERT OR REPLACE INTO assets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
      state.fqn,
      state.entityType,
      state.sourceId,
      state.targetId ?? null,
      state.targetVersion ?? null,
      state.sourceHash ?? null,
      state.applied ? JSON.stringify(state.applied) : null,
      state.pending ? JSON.stringify(state.pending) : null,
      state.kept ? JSON.stringify(state.kept) : null,
    );
  }

  getEdge(fromFqn: string, toFqn: string): EdgeState | undefined {
    const row = this.#prepare('SELECT * FROM edges WHERE from_fqn = ? AND to_fqn = ?').get(fromFqn, toFqn);
    return row && toEdge(row as Row);
  }

  putEdge(state: EdgeState): void {
    this.#prepare('INSERT OR REPLACE INTO edges VALUES (?, ?, ?, ?)').run(
      state.fromFqn,
      state.toFqn,
      state.sourceHash ?? null,
      JSON.stringify(state.pairs),
    );
  }

  countAssets(): number {
    return Number(this.#prepare('SELECT count(*) AS n FROM assets').get()!['n']);
  }

  *listAssets(): Iterable<AssetState> {
    for (const row of this.#database.prepare('SELECT * FROM assets ORDER BY fqn').iterate()) yield toAsset(row as Row);
  }

  *listEdges(): Iterable<EdgeState> {
    for (const row of this.#database.prepare('SELECT * FROM edges ORDER BY to_fqn').iterate()) yield toEdge(row as Row);
  }

  forgetEdgesOf(fqn: string): void {
    this.#prepare('DELETE FROM edges WHERE from_fqn = ? OR to_fqn = ?').run(fqn, fqn);
  }

  forgetService(serviceFqn: string): void {
    const below = `${serviceFqn}.`;
    // A range instead of LIKE: names hold its wildcards. `/` follows `.` in the order of characters.
    const above = `${serviceFqn}/`;
    this.#prepare('DELETE FROM assets WHERE fqn = ? OR (fqn >= ? AND fqn < ?)').run(serviceFqn, below, above);
    this.#prepare('DELETE FROM edges WHERE (from_fqn >= ? AND from_fqn < ?) OR (to_fqn >= ? AND to_fqn < ?)').run(
      below,
      above,
      below,
      above,
    );
  }

  forgetAsset(fqn: string): void {
    this.#prepare('DELETE FROM assets WHERE fqn = ?').run(fqn);
  }

  clear(): void {
    this.#database.exec("DELETE FROM assets; DELETE FROM edges; DELETE FROM meta WHERE key <> 'schemaVersion';");
  }

  close(): void {
    if (!this.#database.isOpen) return;
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    this.#database.close();
  }
}

function json<T>(value: string | number | null | undefined): T | undefined {
  return typeof value === 'string' ? (JSON.parse(value) as T) : undefined;
}

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined && v !== null)) as never;
}

function toAsset(row: Row): AssetState {
  return defined({
    fqn: row['fqn'] as string,
    entityType: row['entity_type'] as string,
    sourceId: row['source_id'] as string,
    targetId: row['target_id'] as string,
    targetVersion: row['target_version'] as number,
    sourceHash: row['source_hash'] as string,
    applied: json<NonNullable<AssetState['applied']>>(row['applied']),
    pending: json<NonNullable<AssetState['pending']>>(row['pending']),
    kept: json<NonNullable<AssetState['kept']>>(row['kept']),
  }) as AssetState;
}

function toEdge(row: Row): EdgeState {
  return defined({
    fromFqn: row['from_fqn'] as string,
    toFqn: row['to_fqn'] as string,
    sourceHash: row['source_hash'] as string,
    pairs: json<string[]>(row['pairs']) ?? [],
  }) as EdgeState;
}
