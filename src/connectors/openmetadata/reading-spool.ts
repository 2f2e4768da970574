import type { AssetKind, PipelineRunRecord } from '../../model/records.ts';
import type { Entity } from '../../openmetadata/entities.ts';
import { TemporaryDatabase } from '../../sqlite/temporary-database.ts';

/** An asset that was told: what lineage is asked for. */
export interface ToldRow {
  readonly id: string;
  readonly kind: AssetKind;
  readonly fqn: string;
}

/** What a reading needs again after it was told, or tells later than it reads it. On disk, so that the heap stays flat. */
export class ReadingSpool extends TemporaryDatabase {
  constructor() {
    // Never committed: nobody else reads it.
    super(`
      CREATE TABLE told (number INTEGER PRIMARY KEY, id TEXT UNIQUE, kind TEXT, fqn TEXT);
      CREATE TABLE waiting (depth INTEGER, number INTEGER, entity TEXT, PRIMARY KEY (depth, number)) WITHOUT ROWID;
      CREATE TABLE runs (number INTEGER PRIMARY KEY, record TEXT);
      BEGIN;
    `);
  }

  /** @returns false when it was told before */
  tell({ id, kind, fqn }: ToldRow): boolean {
    const added = this.run('INSERT OR IGNORE INTO told (id, kind, fqn) VALUES (?, ?, ?)').run(id, kind, fqn);
    return added.changes > 0;
  }

  told(id: string): ToldRow | undefined {
    return this.run('SELECT id, kind, fqn FROM told WHERE id = ?').get(id) as ToldRow | undefined;
  }

  count(kinds: readonly AssetKind[]): number {
    const places = kinds.map(() => '?').join(', ');
    return Number(this.run(`SELECT count(*) AS n FROM told WHERE kind IN (${places})`).get(...kinds)?.['n']);
  }

  /** Told assets of some kinds, in their order. */
  *all(kinds: readonly AssetKind[]): Generator<ToldRow> {
    const places = kinds.map(() => '?').join(', ');
    const next = this.walk(
      `SELECT number, id, kind, fqn FROM told WHERE kind IN (${places}) AND number > ? ORDER BY number LIMIT 500`,
    );
    for (let last = 0; ; ) {
      const rows = next.all(...kinds, last);
      if (rows.length === 0) return;
      last = Number(rows.at(-1)!['number']);
      for (const { id, kind, fqn } of rows) yield { id, kind, fqn } as unknown as ToldRow;
    }
  }

  /** Puts an entity aside until all were read that are less deep. */
  putAside(depth: number, entity: Entity): void {
    const add = 'INSERT INTO waiting SELECT ?, coalesce(max(number), 0) + 1, ? FROM waiting WHERE depth = ?';
    this.run(add).run(depth, JSON.stringify(entity), depth);
  }

  /** What was put aside, the less deep first. It is gone afterwards. */
  *takeAside(): Generator<Entity> {
    const next = this.walk(
      'SELECT depth, number, entity FROM waiting WHERE (depth, number) > (?, ?) ORDER BY depth, number LIMIT 100',
    );
    for (let last = [-1, 0]; ; ) {
      const rows = next.all(...last);
      if (rows.length === 0) break;
      last = [Number(rows.at(-1)!['depth']), Number(rows.at(-1)!['number'])];
      for (const row of rows) yield JSON.parse(String(row['entity'])) as Entity;
    }
    this.exec('DELETE FROM waiting');
  }

  addRun(record: PipelineRunRecord): void {
    this.run('INSERT INTO runs (record) VALUES (?)').run(JSON.stringify(record));
  }

  *runs(): Generator<PipelineRunRecord> {
    const next = this.walk('SELECT number, record FROM runs WHERE number > ? ORDER BY number LIMIT 500');
    for (let last = 0; ; ) {
      const rows = next.all(last);
      if (rows.length === 0) return;
      last = Number(rows.at(-1)!['number']);
      for (const row of rows) yield JSON.parse(String(row['record'])) as PipelineRunRecord;
    }
  }
}
