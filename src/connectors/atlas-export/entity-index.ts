import { TemporaryDatabase } from '../../sqlite/temporary-database.ts';
import type { ExportedEntity } from './exported-entity.ts';

/** An export's entities by guid and by type, on disk, so that the heap stays flat; gone with the run. */
export class EntityIndex {
  readonly #database = new TemporaryDatabase(`
    CREATE TABLE entities (n INTEGER PRIMARY KEY, guid TEXT UNIQUE, type TEXT, live INTEGER, own INTEGER, entity TEXT);
    CREATE INDEX entities_type ON entities (type, live, n);
    CREATE TABLE referred (owner TEXT, guid TEXT, PRIMARY KEY (owner, guid)) WITHOUT ROWID;
    BEGIN;
  `);

  /**
   * Adds what one file of the export says: an entity, and those that it owns. An entity's own file wins over what
   * others say of it.
   *
   * @returns false when the entity had a file already
   */
  add(entity: ExportedEntity, referred: readonly ExportedEntity[]): boolean {
    const put = this.#database.run(`
      INSERT INTO entities (guid, type, live, own, entity) VALUES (?, ?, ?, ?, ?) ON CONFLICT (guid) DO UPDATE
      SET type = excluded.type, live = excluded.live, own = excluded.own, entity = excluded.entity
      WHERE excluded.own > entities.own
    `);
    const write = (each: ExportedEntity, own: 0 | 1) =>
      put.run(each.guid, each.typeName, each.status === 'DELETED' ? 0 : 1, own, JSON.stringify(each));
    if (write(entity, 1).changes === 0) return false;
    for (const each of referred) {
      write(each, 0);
      this.#database.run('INSERT OR IGNORE INTO referred VALUES (?, ?)').run(entity.guid, each.guid);
    }
    return true;
  }

  /** Ends the filling. */
  seal(): void {
    this.#database.exec('COMMIT');
  }

  /** How many live entities of exactly this type there are. */
  count(type: string): number {
    return Number(this.#database.run('SELECT count(*) AS n FROM entities WHERE type = ? AND live = 1').get(type)!['n']);
  }

  get(guid: string): ExportedEntity | undefined {
    const row = this.#database.run('SELECT entity FROM entities WHERE guid = ?').get(guid);
    return row && (JSON.parse(String(row['entity'])) as ExportedEntity);
  }

  /** Guids of what an entity's own file told beside it. */
  referredBy(guid: string): string[] {
    return this.#database
      .run('SELECT guid FROM referred WHERE owner = ?')
      .all(guid)
      .map((row) => String(row['guid']));
  }

  /** The live entities of a type, in pages, in the order of the export. */
  *pages(type: string, size: number): Generator<ExportedEntity[]> {
    const read = this.#database.run(
      'SELECT n, entity FROM entities WHERE type = ? AND live = 1 AND n > ? ORDER BY n LIMIT ?',
    );
    for (let last = 0; ; ) {
      const rows = read.all(type, last, size);
      if (rows.length === 0) return;
      last = Number(rows.at(-1)!['n']);
      yield rows.map((row) => JSON.parse(String(row['entity'])) as ExportedEntity);
    }
  }

  close(): void {
    this.#database.close();
  }
}
