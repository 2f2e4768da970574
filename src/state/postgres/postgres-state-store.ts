import { createHash } from 'node:crypto';
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
import type { PostgresDatabase, Value } from './postgres-database.ts';
import { assetColumns, edgeColumns, RowStatements, text } from './row-statements.ts';

/** Rows that a listing holds at once: between two pages the rows may change, and no cursor stays open. */
const pageSize = 500;

type AssetType = AssetState['entityType'];

/**
 * The state store of one pipeline in PostgreSQL. Every method is one statement, its own or one shared with others, that
 * reads nothing it then writes, so several workers of a pipeline do not disturb each other, and a statement that was sent
 * twice has been sent once.
 */
export class PostgresStateStore implements StateStore {
  readonly #database: PostgresDatabase;
  /** Key of the pipeline's row; first value of every statement. */
  readonly #pipeline: string;

  readonly #single: RowStatements;

  constructor(database: PostgresDatabase, pipeline: string) {
    this.#database = database;
    this.#pipeline = pipeline;
    this.#single = new RowStatements((sql, ...values) => this.#rows(sql, ...values));
  }

  #rows<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.#database.rows<Row>(sql, this.#pipeline, ...values);
  }

  async #run(sql: string, ...values: Value[]): Promise<void> {
    await this.#rows(sql, ...values);
  }

  async #count(sql: string, ...values: Value[]): Promise<number> {
    const [row] = await this.#rows<{ n: number }>(`SELECT count(*)::float8 AS n FROM ${sql}`, ...values);
    return row!.n;
  }

  async getMeta(key: string): Promise<string | undefined> {
    const sql = 'SELECT value FROM meridian.meta WHERE pipeline = $1 AND key = $2';
    return (await this.#rows<{ value: string }>(sql, keyOf(key)))[0]?.value;
  }

  async setMeta(key: string, value: string | undefined): Promise<void> {
    if (value === undefined) {
      await this.#run('DELETE FROM meridian.meta WHERE pipeline = $1 AND key = $2', keyOf(key));
      return;
    }
    await this.#run(
      `INSERT INTO meridian.meta (pipeline, key, name, value) VALUES ($1, $2, $3, $4)
       ON CONFLICT (pipeline, key) DO UPDATE SET value = excluded.value`,
      keyOf(key),
      text(key),
      text(value),
    );
  }

  async *listMeta(prefix: string): AsyncIterable<readonly [key: string, value: string]> {
    const sql = `
      SELECT name, value FROM meridian.meta
      WHERE pipeline = $1 AND (left(name, 200), name) >= (left($2, 200), $2) AND ($3::text IS NULL OR name > $3)
        AND starts_with(name, $4)
      ORDER BY left(name, 200), name LIMIT ${pageSize}`;
    let last: string | null = null;
    while (true) {
      const rows: { name: string; value: string }[] = await this.#rows(sql, text(last ?? prefix), last, text(prefix));
      for (const { name, value } of rows) yield [name, value];
      if (rows.length < pageSize) return;
      last = rows.at(-1)!.name;
    }
  }

  async forgetMeta(prefix: string): Promise<void> {
    await this.#run(
      `DELETE FROM meridian.meta
       WHERE pipeline = $1 AND (left(name, 200), name) >= (left($2, 200), $2) AND starts_with(name, $2)`,
      text(prefix),
    );
  }

  async getAsset(entityType: AssetType, fqn: string): Promise<AssetState | undefined> {
    const row = await this.#single.readAsset(keyOf(entityType, fqn));
    return row && fromAssetRow(row);
  }

  async findBySource(sourceId: string): Promise<readonly AssetState[]> {
    const rows = await this.#rows<AssetRow>(
      `SELECT ${assetColumns} FROM meridian.assets
       WHERE pipeline = $1 AND left(source_id, 200) = left($2, 200) AND source_id = $2 ORDER BY entity_type, fqn`,
      text(sourceId),
    );
    return rows.map(fromAssetRow);
  }

  async putAsset(state: AssetState): Promise<void> {
    await this.#single.writeAsset(keyOf(state.entityType, state.fqn), toAssetRow(state));
  }

  countAssets(entityType?: AssetType): Promise<number> {
    const within = 'meridian.assets WHERE pipeline = $1 AND ($2::text IS NULL OR entity_type = $2)';
    return this.#count(within, entityType ?? null);
  }

  async *listAssets(entityType?: AssetType): AsyncIterable<AssetState> {
    const types = entityType === undefined ? this.#types('assets', 'entity_type') : [entityType];
    const sql = `
      SELECT ${assetColumns} FROM meridian.assets
      WHERE pipeline = $1 AND entity_type = $2 AND (left(fqn, 200), fqn) > (left($3, 200), $3)
      ORDER BY left(fqn, 200), fqn LIMIT ${pageSize}`;
    for await (const type of types) {
      let last = '';
      while (true) {
        const rows: AssetRow[] = await this.#rows(sql, type, last);
        for (const row of rows) yield fromAssetRow(row);
        if (rows.length < pageSize) break;
        last = rows.at(-1)!.fqn;
      }
    }
  }

  /** Kinds that occur, in order. Pages within one kind are found by the index, whatever the planner thinks of kinds. */
  async *#types(table: 'assets' | 'edges', column: 'entity_type' | 'to_type'): AsyncIterable<string> {
    const sql = `
      SELECT ${column} AS type FROM meridian.${table}
      WHERE pipeline = $1 AND ${column} > $2 ORDER BY ${column} LIMIT 1`;
    for (let last = ''; ; ) {
      const [row] = await this.#rows<{ type: string }>(sql, last);
      if (!row) return;
      yield row.type;
      last = row.type;
    }
  }

  async forgetAsset(entityType: AssetType, fqn: string): Promise<void> {
    await this.#run('DELETE FROM meridian.assets WHERE pipeline = $1 AND key = $2', keyOf(entityType, fqn));
  }

  async forgetService(entityTypes: readonly AssetType[], serviceFqn: string): Promise<void> {
    const names = [entityTypes, text(serviceFqn), `${text(serviceFqn)}.`] as const;
    const within = (type: string, fqn: string): string =>
      `${type} = ANY($2) AND (${fqn} = $3 OR starts_with(${fqn}, $4))`;
    await this.#run(
      `WITH forgotten AS (DELETE FROM meridian.assets WHERE pipeline = $1 AND ${within('entity_type', 'fqn')})
       DELETE FROM meridian.edges
       WHERE pipeline = $1 AND (${within('from_type', 'from_fqn')} OR ${within('to_type', 'to_fqn')})`,
      ...names,
    );
  }

  async getEdge(from: EdgeEnd, to: EdgeEnd): Promise<EdgeState | undefined> {
    const row = await this.#single.readEdge(edgeKey(from, to));
    return row && fromEdgeRow(row);
  }

  async putEdge(state: EdgeState): Promise<void> {
    await this.#single.writeEdge(edgeKey(state.from, state.to), toEdgeRow(state));
  }

  async forgetEdge(from: EdgeEnd, to: EdgeEnd): Promise<void> {
    await this.#run('DELETE FROM meridian.edges WHERE pipeline = $1 AND key = $2', edgeKey(from, to));
  }

  async *listEdges(into?: EdgeEnd): AsyncIterable<EdgeState> {
    const order = into ? 'from_type, from_fqn' : 'left(to_fqn, 200), to_fqn, from_type, from_fqn';
    const within = into
      ? 'left(to_fqn, 200) = left($3, 200) AND to_fqn = $3 AND (from_type, from_fqn) > ($4, $5)'
      : `(${order}) > (left($3, 200), $3, $4, $5)`;
    const sql = `
      SELECT ${edgeColumns} FROM meridian.edges
      WHERE pipeline = $1 AND to_type = $2 AND ${within} ORDER BY ${order} LIMIT ${pageSize}`;
    for await (const type of into ? [into.entityType] : this.#types('edges', 'to_type')) {
      let last: readonly string[] = [text(into?.fqn ?? ''), '', ''];
      while (true) {
        const rows: EdgeRow[] = await this.#rows(sql, type, ...last);
        for (const row of rows) yield fromEdgeRow(row);
        if (rows.length < pageSize) break;
        const end = rows.at(-1)!;
        last = [end.to_fqn, end.from_type, end.from_fqn];
      }
    }
  }

  countEdges(): Promise<number> {
    return this.#count('meridian.edges WHERE pipeline = $1');
  }

  async forgetEdgesOf({ entityType, fqn }: EdgeEnd): Promise<void> {
    const at = (end: 'from' | 'to'): string =>
      `(${end}_type = $2 AND left(${end}_fqn, 200) = left($3, 200) AND ${end}_fqn = $3)`;
    const sql = `DELETE FROM meridian.edges WHERE pipeline = $1 AND (${at('from')} OR ${at('to')})`;
    await this.#run(sql, entityType, text(fqn));
  }

  async putJournal(entry: JournalEntry): Promise<void> {
    await this.#single.writeJournal(toJournalRow(entry));
  }

  async *listJournal(runId: string): AsyncIterable<JournalEntry> {
    const sql = `
      SELECT run_id, sequence::float8 AS sequence, data FROM meridian.journal
      WHERE pipeline = $1 AND run_id = $2 AND meridian.journal.sequence < $3
      ORDER BY meridian.journal.sequence DESC LIMIT ${pageSize}`;
    let last = Number.MAX_SAFE_INTEGER;
    while (true) {
      const rows: JournalRow[] = await this.#rows(sql, text(runId), last);
      for (const row of rows) yield fromJournalRow(row);
      if (rows.length < pageSize) return;
      last = rows.at(-1)!.sequence;
    }
  }

  async listJournalRuns(): Promise<readonly JournalRun[]> {
    const rows = await this.#rows<{ run_id: string; started_at: string; undone_at: string | null; writes: number }>(
      `SELECT run_id, started_at, undone_at,
         (SELECT count(*) FROM meridian.journal j WHERE j.pipeline = r.pipeline AND j.run_id = r.run_id)::float8 AS writes
       FROM meridian.journal_runs r WHERE pipeline = $1 ORDER BY started_at DESC, run_id COLLATE "C" DESC`,
    );
    return rows.map((row) => ({
      runId: row.run_id,
      startedAt: row.started_at,
      writes: row.writes,
      ...(row.undone_at !== null && { undoneAt: row.undone_at }),
    }));
  }

  async startJournal(runId: string, startedAt: string, keep: number): Promise<void> {
    await this.#run(
      `INSERT INTO meridian.journal_runs (pipeline, run_id, started_at) VALUES ($1, $2, $3)
       ON CONFLICT (pipeline, run_id) DO UPDATE SET started_at = excluded.started_at, undone_at = NULL`,
      text(runId),
      text(startedAt),
    );
    await this.#run(
      `WITH old AS (
         SELECT run_id FROM meridian.journal_runs
         WHERE pipeline = $1 ORDER BY started_at DESC, run_id COLLATE "C" DESC OFFSET $2),
       dropped AS (DELETE FROM meridian.journal WHERE pipeline = $1 AND run_id IN (SELECT run_id FROM old))
       DELETE FROM meridian.journal_runs WHERE pipeline = $1 AND run_id IN (SELECT run_id FROM old)`,
      keep,
    );
  }

  async markUndone(runId: string, undoneAt: string): Promise<void> {
    const sql = 'UPDATE meridian.journal_runs SET undone_at = $3 WHERE pipeline = $1 AND run_id = $2';
    await this.#run(sql, text(runId), text(undoneAt));
  }

  async clear(): Promise<void> {
    for (const table of ['assets', 'edges', 'meta', 'journal', 'journal_runs']) {
      await this.#run(`DELETE FROM meridian.${table} WHERE pipeline = $1`);
    }
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}

/** Hash of a row's name, 16 bytes. */
export function keyOf(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
}

function edgeKey(from: EdgeEnd, to: EdgeEnd): Buffer {
  return keyOf(to.entityType, to.fqn, from.entityType, from.fqn);
}
