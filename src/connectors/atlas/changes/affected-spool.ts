import { TemporaryDatabase } from '../../../sqlite/temporary-database.ts';
import type { AtlasEntity } from '../atlas-types.ts';

/**
 * Why an entity is at hand: `affected` is told anew; `context` is only named by what is affected (an upstream table, a
 * bucket around a folder); a `part` came with another one (a column); a `process` makes lineage.
 */
export type Why = 'affected' | 'context' | 'part' | 'process';

/** What a run that reads only changes has read so far, on disk: a day's changes may be many. */
export class AffectedSpool {
  readonly #database = new TemporaryDatabase(`
    CREATE TABLE wanted (queue TEXT, guid TEXT, type TEXT, taken INTEGER, PRIMARY KEY (queue, guid));
    CREATE INDEX waiting ON wanted (queue, taken);
    CREATE TABLE entities (guid TEXT PRIMARY KEY, type TEXT, why TEXT, live INTEGER, body TEXT);
    CREATE INDEX by_type ON entities (type, live);
    CREATE TABLE gone (guid TEXT PRIMARY KEY, type TEXT, name TEXT) WITHOUT ROWID;
  `);

  /** Writes many at once. */
  batch(work: () => void): void {
    this.#database.exec('BEGIN');
    work();
    this.#database.exec('COMMIT');
  }

  /** Puts a guid into a queue, once ever. */
  want(queue: string, guid: string, type = ''): void {
    this.#database.run('INSERT OR IGNORE INTO wanted VALUES (?, ?, ?, 0)').run(queue, guid, type);
  }

  wants(queue: string, guid: string): boolean {
    return this.#database.run('SELECT 1 FROM wanted WHERE queue = ? AND guid = ?').get(queue, guid) !== undefined;
  }

  /** How many were ever in a queue. */
  wantedCount(queue: string): number {
    return Number(this.#database.run('SELECT count(*) AS n FROM wanted WHERE queue = ?').get(queue)!['n']);
  }

  /** How many of each type were ever in a queue. */
  wantedTypes(queue: string): ReadonlyMap<string, number> {
    const rows = this.#database.run('SELECT type, count(*) AS n FROM wanted WHERE queue = ? GROUP BY type').all(queue);
    return new Map(rows.map((row) => [String(row['type']), Number(row['n'])]));
  }

  /** Takes up to `count` out of a queue; empty when it is. */
  take(queue: string, count: number): string[] {
    const rows = this.#database.run('SELECT guid FROM wanted WHERE queue = ? AND taken = 0 LIMIT ?').all(queue, count);
    const guids = rows.map((row) => String(row['guid']));
    this.batch(() => {
      for (const guid of guids)
        this.#database.run('UPDATE wanted SET taken = 1 WHERE queue = ? AND guid = ?').run(queue, guid);
    });
    return guids;
  }

  /** Keeps an entity. One that is there stays; only `affected` and `context` take the place of a part. */
  keep(entity: AtlasEntity, why: Why): void {
    const live = entity.status === 'DELETED' ? 0 : 1;
    const sql = `INSERT INTO entities VALUES (?, ?, ?, ?, ?) ON CONFLICT (guid) DO UPDATE SET why = excluded.why,
      body = excluded.body WHERE entities.why = 'part' AND excluded.why <> 'part'`;
    this.#database.run(sql).run(entity.guid, entity.typeName, why, live, JSON.stringify(entity));
  }

  get(guid: string): AtlasEntity | undefined {
    const row = this.#database.run('SELECT body FROM entities WHERE guid = ?').get(guid);
    return row && (JSON.parse(String(row['body'])) as AtlasEntity);
  }

  why(guid: string): Why | undefined {
    return this.#database.run('SELECT why FROM entities WHERE guid = ?').get(guid)?.['why'] as Why | undefined;
  }

  /** Live entities of the types, by guid. */
  countLive(types: readonly string[]): number {
    return types.reduce((sum, type) => {
      const row = this.#database.run('SELECT count(*) AS n FROM entities WHERE type = ? AND live = 1').get(type);
      return sum + Number(row!['n']);
    }, 0);
  }

  *live(types: readonly string[]): Generator<AtlasEntity> {
    for (const type of types) {
      // A statement of its own: this one stays open while others of the same words may run.
      const statement = this.#database.walk('SELECT body FROM entities WHERE type = ? AND live = 1 ORDER BY guid');
      for (const row of statement.iterate(type)) yield JSON.parse(String(row['body'])) as AtlasEntity;
    }
  }

  addGone(guid: string, type: string, name: string): void {
    this.#database.run('INSERT OR IGNORE INTO gone VALUES (?, ?, ?)').run(guid, type, name);
  }

  *gone(): Generator<{ readonly guid: string; readonly type: string; readonly name: string }> {
    for (const row of this.#database.walk('SELECT * FROM gone ORDER BY guid').iterate()) {
      yield { guid: String(row['guid']), type: String(row['type']), name: String(row['name']) };
    }
  }

  close(): void {
    this.#database.close();
  }
}
