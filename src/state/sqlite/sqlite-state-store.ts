import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { MeridianError } from '../../errors.ts';
import { Statements } from '../../sqlite/statements.ts';
import {
  type AssetRow,
  type EdgeRow,
  fromAssetRow,
  fromEdgeRow,
  fromJournalRow,
  type JournalRow,
  toAssetRow,
  toEdgeRow,
  toJournalRow,
} from '../state-rows.ts';
import type { AssetState, EdgeEnd, EdgeState, JournalEntry, JournalRun, StateStore } from '../state-store.ts';

/** Rows that a listing holds at once: between two pages the rows may change, and nothing stays open. */
const pageSize = 500;

type AssetType = AssetState['entityType'];

/** The state store on a SQLite file, readable by its owner only. */
export class SqliteStateStore implements StateStore {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #broken = new AbortController();
  readonly #statements: Statements;

  /** @param database one that `openDatabase` has opened; closed with the store */
  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = new Statements(database);
    this.#path = database.location() ?? 'in memory';
  }

  /** Aborted, with the error, when a statement fails. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /** @throws MeridianError `state.refused`: a full disk, a file that went away */
  #statement<Result>(sql: string, use: (statement: StatementSync) => Result): Result {
    try {
      return use(this.#statements.of(sql));
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      const failure = new MeridianError('state.refused', `The state store ${this.#path} refused: ${message}`, {
        help: 'Check that its disk has room and can be written; then run again, nothing is lost.',
        cause,
      });
      this.#broken.abort(failure);
      throw failure;
    }
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#statement(sql, (statement) => statement.run(...values));
  }

  #one<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql, (statement) => statement.get(...values) as Row | undefined);
  }

  #all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql, (statement) => statement.all(...values) as Row[]);
  }

  async getMeta(key: string): Promise<string | undefined> {
    return this.#one<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value;
  }

  async setMeta(key: string, value: string | undefined): Promise<void> {
    if (value === undefined) this.#run('DELETE FROM meta WHERE key = ?', key);
    else this.#run('INSERT OR REPLACE INTO meta VALUES (?, ?)', key, value);
  }

  async *listMeta(prefix: string): AsyncIterable<readonly [key: string, value: string]> {
    const read = `SELECT key, value FROM meta WHERE key > ? AND substr(key, 1, length(?)) = ? ORDER BY key LIMIT ${pageSize}`;
    const exact = await this.getMeta(prefix);
    if (exact !== undefined) yield [prefix, exact];
    let last = prefix;
    while (true) {
      const rows = this.#all<{ key: string; value: string }>(read, last, prefix, prefix);
      for (const { key, value } of rows) yield [key, value];
      if (rows.length < pageSize) return;
      last = rows.at(-1)!.key;
    }
  }

  async forgetMeta(prefix: string): Promise<void> {
    this.#run('DELETE FROM meta WHERE substr(key, 1, length(?1)) = ?1', prefix);
  }

  async getAsset(entityType: AssetType, fqn: string): Promise<AssetState | undefined> {
    const row = this.#one<AssetRow>('SELECT * FROM assets WHERE entity_type = ? AND fqn = ?', entityType, fqn);
    return row && fromAssetRow(row);
  }

  async findBySource(sourceId: string): Promise<readonly AssetState[]> {
    const rows = this.#all<AssetRow>('SELECT * FROM assets WHERE source_id = ? ORDER BY entity_type, fqn', sourceId);
    return rows.map(fromAssetRow);
  }

  async putAsset(state: AssetState): Promise<void> {
    const row = toAssetRow(state);
    this.#run(
      'INSERT OR REPLACE INTO assets VALUES (?, ?, ?, ?, ?, ?, ?)',
      row.entity_type,
      row.fqn,
      row.source_id,
      row.target_id,
      row.target_version,
      row.source_hash,
      row.data,
    );
  }

  async countAssets(entityType?: AssetType): Promise<number> {
    const row = this.#one<{ n: number }>(
      'SELECT count(*) AS n FROM assets WHERE ?1 IS NULL OR entity_type = ?1',
      entityType ?? null,
    );
    return row!.n;
  }

  async *listAssets(entityType?: AssetType): AsyncIterable<AssetState> {
    const within = entityType === undefined ? '(entity_type, fqn) > (?, ?)' : 'entity_type = ? AND fqn > ?';
    const read = `SELECT * FROM assets WHERE ${within} ORDER BY entity_type, fqn LIMIT ${pageSize}`;
    let last: [string, string] = [entityType ?? '', ''];
    while (true) {
      const rows = this.#all<AssetRow>(read, ...last);
      for (const row of rows) yield fromAssetRow(row);
      if (rows.length < pageSize) return;
      const { entity_type: type, fqn } = rows.at(-1)!;
      last = [type, fqn];
    }
  }

  async forgetAsset(entityType: AssetType, fqn: string): Promise<void> {
    this.#run('DELETE FROM assets WHERE entity_type = ? AND fqn = ?', entityType, fqn);
  }

  async forgetService(entityTypes: readonly AssetType[], serviceFqn: string): Promise<void> {
    // A range instead of LIKE: names hold its wildcards. `/` follows `.` in the order of characters.
    const [below, above] = [`${serviceFqn}.`, `${serviceFqn}/`];
    for (const type of entityTypes) {
      this.#run('DELETE FROM assets WHERE entity_type = ? AND fqn = ?', type, serviceFqn);
      this.#run('DELETE FROM assets WHERE entity_type = ? AND fqn >= ? AND fqn < ?', type, below, above);
      this.#run('DELETE FROM edges WHERE from_type = ? AND from_fqn >= ? AND from_fqn < ?', type, below, above);
      this.#run('DELETE FROM edges WHERE to_type = ? AND to_fqn >= ? AND to_fqn < ?', type, below, above);
    }
  }

  async getEdge(from: EdgeEnd, to: EdgeEnd): Promise<EdgeState | undefined> {
    const row = this.#one<EdgeRow>(`SELECT * FROM edges WHERE ${oneEdge}`, ...edgeKey(from, to));
    return row && fromEdgeRow(row);
  }

  async putEdge(state: EdgeState): Promise<void> {
    const row = toEdgeRow(state);
    const values = [...edgeKey(state.from, state.to), row.source_hash, row.data];
    this.#run('INSERT OR REPLACE INTO edges VALUES (?, ?, ?, ?, ?, ?)', ...values);
  }

  async forgetEdge(from: EdgeEnd, to: EdgeEnd): Promise<void> {
    this.#run(`DELETE FROM edges WHERE ${oneEdge}`, ...edgeKey(from, to));
  }

  async *listEdges(into?: EdgeEnd): AsyncIterable<EdgeState> {
    const key = 'to_type, to_fqn, from_type, from_fqn';
    const within = into ? 'to_type = ? AND to_fqn = ? AND (from_type, from_fqn) > (?, ?)' : `(${key}) > (?, ?, ?, ?)`;
    const read = `SELECT * FROM edges WHERE ${within} ORDER BY ${key} LIMIT ${pageSize}`;
    let last: SQLInputValue[] = [into?.entityType ?? '', into?.fqn ?? '', '', ''];
    while (true) {
      const rows = this.#all<EdgeRow>(read, ...last);
      for (const row of rows) yield fromEdgeRow(row);
      if (rows.length < pageSize) return;
      const end = rows.at(-1)!;
      last = [end.to_type, end.to_fqn, end.from_type, end.from_fqn];
    }
  }

  async countEdges(): Promise<number> {
    return this.#one<{ n: number }>('SELECT count(*) AS n FROM edges')!.n;
  }

  async forgetEdgesOf(end: EdgeEnd): Promise<void> {
    this.#run('DELETE FROM edges WHERE from_type = ? AND from_fqn = ?', end.entityType, end.fqn);
    this.#run('DELETE FROM edges WHERE to_type = ? AND to_fqn = ?', end.entityType, end.fqn);
  }

  async putJournal(entry: JournalEntry): Promise<void> {
    const row = toJournalRow(entry);
    this.#run('INSERT OR REPLACE INTO journal VALUES (?, ?, ?)', row.run_id, row.sequence, row.data);
  }

  async *listJournal(runId: string): AsyncIterable<JournalEntry> {
    const read = `SELECT * FROM journal WHERE run_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ${pageSize}`;
    let last = Number.MAX_SAFE_INTEGER;
    while (true) {
      const rows = this.#all<JournalRow>(read, runId, last);
      for (const row of rows) yield fromJournalRow(row);
      if (rows.length < pageSize) return;
      last = rows.at(-1)!.sequence;
    }
  }

  async listJournalRuns(): Promise<readonly JournalRun[]> {
    const rows = this.#all<{ run_id: string; started_at: string; undone_at: string | null; writes: number }>(`
      SELECT *, (SELECT count(*) FROM journal WHERE journal.run_id = journal_runs.run_id) AS writes
      FROM journal_runs ORDER BY started_at DESC, run_id DESC`);
    return rows.map((row) => ({
      runId: row.run_id,
      startedAt: row.started_at,
      writes: row.writes,
      ...(row.undone_at !== null && { undoneAt: row.undone_at }),
    }));
  }

  async startJournal(runId: string, startedAt: string, keep: number): Promise<void> {
    this.#run('INSERT OR REPLACE INTO journal_runs VALUES (?, ?, NULL)', runId, startedAt);
    const old = 'SELECT run_id FROM journal_runs ORDER BY started_at DESC, run_id DESC LIMIT -1 OFFSET ?';
    this.#run(`DELETE FROM journal WHERE run_id IN (${old})`, keep);
    this.#run(`DELETE FROM journal_runs WHERE run_id IN (${old})`, keep);
  }

  async markUndone(runId: string, undoneAt: string): Promise<void> {
    this.#run('UPDATE journal_runs SET undone_at = ? WHERE run_id = ?', undoneAt, runId);
  }

  async clear(): Promise<void> {
    for (const table of ['assets', 'edges', 'meta', 'journal', 'journal_runs']) this.#run(`DELETE FROM ${table}`);
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }
}

const oneEdge = 'to_type = ? AND to_fqn = ? AND from_type = ? AND from_fqn = ?';

function edgeKey(from: EdgeEnd, to: EdgeEnd): [string, string, string, string] {
  return [to.entityType, to.fqn, from.entityType, from.fqn];
}
