import type { AssetKind, AssetRef, NamePath } from '../../model/records.ts';
import { TemporaryDatabase } from '../../sqlite/temporary-database.ts';
import type { AtlasEntity } from './atlas-types.ts';

/**
 * What must be joined before it can be told: columns with their tables, parts with what they belong to, assets with
 * their places. On disk, so that the heap stays flat; gone with the run.
 */
export class Spool extends TemporaryDatabase {
  constructor() {
    // Never committed: nobody else reads it, and a commit a row costs more than all the rest of it.
    super(`
      CREATE TABLE columns (guid TEXT PRIMARY KEY, owner TEXT, entity TEXT) WITHOUT ROWID;
      CREATE INDEX columns_owner ON columns (owner);
      CREATE TABLE assets (guid TEXT PRIMARY KEY, kind TEXT, path TEXT, UNIQUE (path, kind)) WITHOUT ROWID;
      CREATE TABLE parts (guid TEXT PRIMARY KEY, entity TEXT) WITHOUT ROWID;
      CREATE TABLE waiting (number INTEGER PRIMARY KEY, queue TEXT, entity TEXT);
      CREATE INDEX waiting_queue ON waiting (queue);
      BEGIN;
    `);
  }

  addColumn(guid: string, ownerGuid: string | undefined, entity: AtlasEntity): void {
    this.run('INSERT OR IGNORE INTO columns VALUES (?, ?, ?)').run(guid, ownerGuid ?? null, JSON.stringify(entity));
  }

  /** The columns whose owner (a table, or an outer column) this is. */
  columnsOf(ownerGuid: string): AtlasEntity[] {
    return this.run('SELECT entity FROM columns WHERE owner = ?').all(ownerGuid).map(entityOf);
  }

  column(guid: string): AtlasEntity | undefined {
    const row = this.run('SELECT entity FROM columns WHERE guid = ?').get(guid);
    return row && entityOf(row);
  }

  addPart(entity: AtlasEntity): void {
    this.run('INSERT OR IGNORE INTO parts VALUES (?, ?)').run(entity.guid, JSON.stringify(entity));
  }

  part(guid: string): AtlasEntity | undefined {
    const row = this.run('SELECT entity FROM parts WHERE guid = ?').get(guid);
    return row && entityOf(row);
  }

  /** Puts an entity aside, to be taken once others were read. */
  putAside(queue: string, entity: AtlasEntity): void {
    this.run('INSERT INTO waiting (queue, entity) VALUES (?, ?)').run(queue, JSON.stringify(entity));
  }

  /** Takes what was put aside, in its order, so many at once. */
  *takeAside(queue: string, atOnce: number): Iterable<AtlasEntity[]> {
    const next = this.run('SELECT number, entity FROM waiting WHERE queue = ? AND number > ? ORDER BY number LIMIT ?');
    let last = 0;
    for (;;) {
      const rows = next.all(queue, last, atOnce);
      if (rows.length === 0) return;
      last = Number(rows.at(-1)!['number']);
      yield rows.map(entityOf);
    }
  }

  /** `again` when the asset was there already (a page may repeat a row); `same-name` when its path is another's. */
  addAsset(guid: string, kind: AssetKind, path: NamePath): 'new' | 'again' | 'same-name' {
    const added = this.run('INSERT OR IGNORE INTO assets VALUES (?, ?, ?)').run(guid, kind, JSON.stringify(path));
    if (added.changes > 0) return 'new';
    return this.run('SELECT 1 FROM assets WHERE guid = ?').get(guid) === undefined ? 'same-name' : 'again';
  }

  asset(guid: string): AssetRef | undefined {
    const row = this.run('SELECT kind, path FROM assets WHERE guid = ?').get(guid);
    return row && { kind: row['kind'] as AssetKind, path: JSON.parse(String(row['path'])) as NamePath };
  }
}

function entityOf(row: Record<string, unknown>): AtlasEntity {
  return JSON.parse(String(row['entity'])) as AtlasEntity;
}
