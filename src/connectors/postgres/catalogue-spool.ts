import type { LineageRecord, SourceRecord } from '../../model/records.ts';
import { TemporaryDatabase } from '../../sqlite/temporary-database.ts';

const atOnce = 200;

const edgeKey = (from: string, to: string): string => `${from} → ${to}`;

/**
 * What was read of the catalogue, until it is told: on disk, so that the heap stays flat, and so that no session at the
 * server waits for the target to take it.
 */
export class CatalogueSpool extends TemporaryDatabase {
  constructor() {
    super(`
      CREATE TABLE records (number INTEGER PRIMARY KEY, kind TEXT, record TEXT);
      CREATE INDEX records_kind ON records (kind, number);
      CREATE TABLE told (id TEXT PRIMARY KEY) WITHOUT ROWID;
      BEGIN;
    `);
  }

  add(record: SourceRecord): void {
    this.run('INSERT INTO records (kind, record) VALUES (?, ?)').run(record.kind, JSON.stringify(record));
    if ('provenance' in record && record.kind !== 'lineage') this.#tell(record.provenance.id);
  }

  /** Takes an edge with the ids of its ends: the names of both may change. */
  addEdge(edge: LineageRecord, from: string, to: string): void {
    this.add(edge);
    this.#tell(edgeKey(from, to));
  }

  /** Whether an asset of this id was told, under whatever name. */
  holds(id: string): boolean {
    return this.run('SELECT 1 FROM told WHERE id = ?').get(id) !== undefined;
  }

  holdsEdge(from: string, to: string): boolean {
    return this.holds(edgeKey(from, to));
  }

  #tell(id: string): void {
    this.run('INSERT OR IGNORE INTO told VALUES (?)').run(id);
  }

  count(kind: SourceRecord['kind']): number {
    return Number(this.run('SELECT count(*) AS n FROM records WHERE kind = ?').get(kind)!['n']);
  }

  /** Records of a kind, in the order in which they were read. */
  *records(kind: SourceRecord['kind']): Iterable<SourceRecord> {
    const next = this.run(
      `SELECT number, record FROM records WHERE kind = ? AND number > ? ORDER BY number LIMIT ${atOnce}`,
    );
    let last = 0;
    for (;;) {
      const rows = next.all(kind, last);
      if (rows.length === 0) return;
      last = Number(rows.at(-1)!['number']);
      for (const row of rows) yield JSON.parse(String(row['record'])) as SourceRecord;
    }
  }
}
