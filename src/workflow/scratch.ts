import type { AssetKind } from '../model/records.ts';
import type { TargetAsset } from '../reconcile/target-asset.ts';
import { TemporaryDatabase } from '../sqlite/temporary-database.ts';
import type { EdgeEnd } from '../state/state-store.ts';

/** What the target holds under one name, from a listing. `asset` is there when the listing carried everything. */
export interface IndexedAsset {
  readonly id: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly asset?: TargetAsset;
}

/**
 * How a run met a name: `kept-out` stands for filtered or skipped, `failed` for an error, `undone` for what an undo has
 * taken away.
 */
export type Seen = 'ok' | 'kept-out' | 'failed' | 'undone';

/**
 * A run's own memory, on disk and gone with the run: what the target holds, and which names the source has shown. It
 * keeps the heap flat however many tables there are.
 */
export class Scratch {
  // Never committed: nobody else reads it, and a commit a row costs more than all the rest of it.
  readonly #database = new TemporaryDatabase(`
    CREATE TABLE target (
      type TEXT, fqn TEXT, id TEXT, version REAL, deleted INTEGER, asset TEXT, PRIMARY KEY (type, fqn)
    ) WITHOUT ROWID;
    CREATE TABLE seen (type TEXT, fqn TEXT, how TEXT, PRIMARY KEY (type, fqn)) WITHOUT ROWID;
    CREATE TABLE deferred (record TEXT);
    CREATE TABLE candidates (type TEXT, fqn TEXT, PRIMARY KEY (type, fqn)) WITHOUT ROWID;
    CREATE TABLE held_back (type TEXT, fqn TEXT, PRIMARY KEY (type, fqn)) WITHOUT ROWID;
    CREATE TABLE ids (type TEXT, fqn TEXT, id TEXT, PRIMARY KEY (type, fqn)) WITHOUT ROWID;
    CREATE TABLE gone (id TEXT PRIMARY KEY) WITHOUT ROWID;
    BEGIN;
  `);

  indexTarget(entityType: AssetKind, fqn: string, indexed: IndexedAsset): void {
    const asset = indexed.asset ? JSON.stringify(indexed.asset) : null;
    const put = this.#database.run('INSERT OR REPLACE INTO target VALUES (?, ?, ?, ?, ?, ?)');
    put.run(entityType, fqn, indexed.id, indexed.version, indexed.deleted ? 1 : 0, asset);
  }

  target(entityType: AssetKind, fqn: string): IndexedAsset | undefined {
    const row = this.#database.run('SELECT * FROM target WHERE type = ? AND fqn = ?').get(entityType, fqn) as
      | { id: string; version: number; deleted: number; asset: string | null }
      | undefined;
    if (!row) return undefined;
    const { id, version, deleted, asset } = row;
    return {
      id,
      version,
      deleted: deleted === 1,
      ...(asset !== null && { asset: JSON.parse(asset) as TargetAsset }),
    };
  }

  /** Notes the id of an asset that the target was not known to hold when the run began. */
  noteId(entityType: AssetKind, fqn: string, id: string): void {
    this.#database.run('INSERT OR REPLACE INTO ids VALUES (?, ?, ?)').run(entityType, fqn, id);
  }

  idOf(entityType: AssetKind, fqn: string): string | undefined {
    const row = this.#database.run('SELECT id FROM ids WHERE type = ? AND fqn = ?').get(entityType, fqn);
    return row && String(row['id']);
  }

  see(entityType: AssetKind, fqn: string, how: Seen): void {
    this.#see(entityType, fqn, how);
  }

  seen(entityType: AssetKind, fqn: string): Seen | undefined {
    return this.#seen(entityType, fqn);
  }

  seeEdge(from: EdgeEnd, to: EdgeEnd, how: Seen): void {
    this.#see('lineage', edgeKey(from, to), how);
  }

  seenEdge(from: EdgeEnd, to: EdgeEnd): Seen | undefined {
    return this.#seen('lineage', edgeKey(from, to));
  }

  /** Every name that the run has met, with what the target held under it before. */
  *met(): Iterable<{
    readonly kind: AssetKind;
    readonly fqn: string;
    readonly how: Seen;
    readonly held?: IndexedAsset;
  }> {
    const sql = `SELECT seen.type, seen.fqn, seen.how, target.id, target.version, target.deleted
      FROM seen LEFT JOIN target USING (type, fqn) WHERE seen.type <> 'lineage'`;
    for (const row of this.#database.walk(sql).iterate()) {
      const { id, version, deleted } = row;
      yield {
        kind: row['type'] as AssetKind,
        fqn: String(row['fqn']),
        how: row['how'] as Seen,
        ...(id !== null && { held: { id: String(id), version: Number(version), deleted: deleted === 1 } }),
      };
    }
  }

  /** Puts a record aside. */
  defer(record: object): void {
    this.#database.run('INSERT INTO deferred VALUES (?)').run(JSON.stringify(record));
  }

  /** The records put aside, in their order; each is given once. */
  *takeDeferred<T>(): Iterable<T> {
    const next = this.#database.run('SELECT rowid, record FROM deferred ORDER BY rowid LIMIT 1');
    const remove = this.#database.run('DELETE FROM deferred WHERE rowid = ?');
    for (let row = next.get(); row; row = next.get()) {
      remove.run(row['rowid']!);
      yield JSON.parse(String(row['record'])) as T;
    }
  }

  /** The source told that the thing of this id is deleted. */
  addGone(id: string): void {
    this.#database.run('INSERT OR IGNORE INTO gone VALUES (?)').run(id);
  }

  *goneIds(): Iterable<string> {
    for (const row of this.#database.walk('SELECT id FROM gone ORDER BY id').iterate()) yield String(row['id']);
  }

  /** Something that may be deleted, once every guard was asked. */
  addCandidate(entityType: AssetKind, fqn: string): void {
    this.#database.run('INSERT OR IGNORE INTO candidates VALUES (?, ?)').run(entityType, fqn);
  }

  /** Keeps an asset from being deleted in this run. */
  holdBack({ entityType, fqn }: EdgeEnd): void {
    this.#database.run('INSERT OR IGNORE INTO held_back VALUES (?, ?)').run(entityType, fqn);
  }

  isHeldBack(entityType: AssetKind, fqn: string): boolean {
    const sql = 'SELECT 1 FROM held_back WHERE type = ? AND fqn = ?';
    return this.#database.run(sql).get(entityType, fqn) !== undefined;
  }

  candidateCount(entityType: AssetKind): number {
    const sql = 'SELECT count(*) AS n FROM candidates WHERE type = ?';
    return Number(this.#database.run(sql).get(entityType)!['n']);
  }

  isCandidate(entityType: AssetKind, fqn: string): boolean {
    const sql = 'SELECT 1 FROM candidates WHERE type = ? AND fqn = ?';
    return this.#database.run(sql).get(entityType, fqn) !== undefined;
  }

  /** Names of the candidates of a kind, the innermost of nested ones first. */
  *candidates(entityType: AssetKind): Iterable<string> {
    const sql = 'SELECT fqn FROM candidates WHERE type = ? ORDER BY fqn DESC';
    for (const row of this.#database.walk(sql).iterate(entityType)) yield String(row['fqn']);
  }

  /** Assets that the source showed in this run. */
  *seenAssets(): Iterable<EdgeEnd> {
    const sql = "SELECT type, fqn FROM seen WHERE how = 'ok' AND type <> 'lineage' ORDER BY type, fqn";
    for (const row of this.#database.walk(sql).iterate()) {
      yield { entityType: row['type'] as AssetKind, fqn: String(row['fqn']) };
    }
  }

  /** How many live assets of some kinds the target holds below a name, as far as the run has listed them. */
  liveBelow(entityTypes: readonly AssetKind[], fqn: string): number {
    // A range instead of LIKE: names hold its wildcards. `/` follows `.` in the order of characters.
    const count = this.#database.run(
      'SELECT count(*) AS n FROM target WHERE type = ? AND fqn > ? AND fqn < ? AND deleted = 0',
    );
    return entityTypes.reduce((sum, type) => sum + Number(count.get(type, `${fqn}.`, `${fqn}/`)!['n']), 0);
  }

  #see(type: string, name: string, how: Seen): void {
    this.#database.run('INSERT OR REPLACE INTO seen VALUES (?, ?, ?)').run(type, name, how);
  }

  #seen(type: string, name: string): Seen | undefined {
    const row = this.#database.run('SELECT how FROM seen WHERE type = ? AND fqn = ?').get(type, name);
    return (row as { how: Seen } | undefined)?.how;
  }

  close(): void {
    this.#database.close();
  }
}

function edgeKey(from: EdgeEnd, to: EdgeEnd): string {
  return JSON.stringify([from.entityType, from.fqn, to.entityType, to.fqn]);
}
