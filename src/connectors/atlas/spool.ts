import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { NamePath } from '../../model/records.ts';
import type { AtlasEntity } from './atlas-types.ts';

/** A column as a search header has it, with what ties it to its table. */
export interface SpooledEdge {
  readonly from: NamePath;
  readonly to: NamePath;
  readonly query: string | undefined;
  readonly process: { readonly guid: string; readonly typeName: string; readonly qualifiedName: string };
  readonly pairs: readonly SpooledPair[];
}

export interface SpooledPair {
  readonly fromColumns: readonly string[];
  readonly toColumn: string;
  readonly expression: string | undefined;
}

/**
 * What must be joined before it can be told: columns with their tables, processes with their ends. On disk, so that the
 * heap stays flat; gone with the run.
 */
export class Spool {
  readonly #folder = mkdtempSync(join(tmpdir(), 'meridian-atlas-'));
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor() {
    this.#database = new DatabaseSync(join(this.#folder, 'spool.db'));
    this.#database.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; PRAGMA locking_mode = EXCLUSIVE;
      CREATE TABLE columns (guid TEXT PRIMARY KEY, owner TEXT, entity TEXT) WITHOUT ROWID;
      CREATE INDEX columns_owner ON columns (owner);
      CREATE TABLE tables (guid TEXT PRIMARY KEY, path TEXT UNIQUE) WITHOUT ROWID;
      CREATE TABLE places (guid TEXT PRIMARY KEY, owner TEXT, name TEXT) WITHOUT ROWID;
      CREATE TABLE edges (source TEXT, target TEXT, query TEXT, process TEXT, PRIMARY KEY (source, target)) WITHOUT ROWID;
      CREATE TABLE pairs (sources TEXT, target TEXT, expression TEXT, process TEXT, PRIMARY KEY (sources, target)) WITHOUT ROWID;
      BEGIN;
    `);
    // Never committed: nobody else reads the file, and a commit a row costs more than all the rest of it.
  }

  #run(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  addColumn(guid: string, tableGuid: string | undefined, entity: AtlasEntity): void {
    this.#run('INSERT OR IGNORE INTO columns VALUES (?, ?, ?)').run(guid, tableGuid ?? null, JSON.stringify(entity));
  }

  columnsOf(tableGuid: string): AtlasEntity[] {
    const rows = this.#run('SELECT entity FROM columns WHERE owner = ?').all(tableGuid) as { entity: string }[];
    return rows.map((row) => JSON.parse(row.entity) as AtlasEntity);
  }

  column(guid: string): AtlasEntity | undefined {
    const row = this.#run('SELECT entity FROM columns WHERE guid = ?').get(guid) as { entity: string } | undefined;
    return row && (JSON.parse(row.entity) as AtlasEntity);
  }

  /** `again` when the table was there already (a page may repeat a row); `same-name` when its path is another's. */
  addTable(guid: string, path: NamePath): 'new' | 'again' | 'same-name' {
    const added = this.#run('INSERT OR IGNORE INTO tables VALUES (?, ?)').run(guid, JSON.stringify(path)).changes > 0;
    if (added) return 'new';
    return this.#run('SELECT 1 FROM tables WHERE guid = ?').get(guid) === undefined ? 'same-name' : 'again';
  }

  /** Marks a column as an end of column lineage: its place is wanted. */
  wantPlace(columnGuid: string): void {
    this.#run('INSERT OR IGNORE INTO places VALUES (?, NULL, NULL)').run(columnGuid);
  }

  /** Tells a wanted column's place. */
  place(columnGuid: string, tableGuid: string, name: string): void {
    this.#run('UPDATE places SET owner = ?, name = ? WHERE guid = ?').run(tableGuid, name, columnGuid);
  }

  /** An edge seen from several processes is one edge; the first process by name tells its query. */
  addEdge(source: string, target: string, query: string | undefined, process: SpooledEdge['process']): void {
    const sql = `INSERT INTO edges VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET query = excluded.query,
      process = excluded.process WHERE excluded.process < edges.process`;
    this.#run(sql).run(source, target, query ?? null, processText(process));
  }

  addPair(sources: readonly string[], target: string, expression: string | undefined, process: SpooledEdge['process']) {
    const key = JSON.stringify([...sources].sort());
    this.#run('INSERT OR IGNORE INTO pairs VALUES (?, ?, ?, ?)').run(
      key,
      target,
      expression ?? null,
      processText(process),
    );
  }

  /** Spreads column pairs over the table edges they belong to: each side table gets its own part of a pair. */
  joinPairs(): void {
    this.#database.exec(`
      CREATE TABLE joined (source TEXT, target TEXT, sources TEXT, column_to TEXT, expression TEXT);
      CREATE INDEX joined_edge ON joined (source, target);
    `);
    const insert = this.#database.prepare('INSERT INTO joined VALUES (?, ?, ?, ?, ?)');
    const place = this.#database.prepare('SELECT owner, name FROM places WHERE guid = ?');
    const find = (guid: string) => place.get(guid) as { owner: string | null; name: string | null } | undefined;
    for (const row of this.#database.prepare('SELECT * FROM pairs ORDER BY target, sources').iterate()) {
      const { sources, target, expression, process } = row as Record<string, string | null>;
      const to = find(target!);
      if (!to?.owner) continue;
      const byTable = new Map<string, string[]>();
      for (const guid of JSON.parse(sources!) as string[]) {
        const from = find(guid);
        if (!from?.owner) continue;
        byTable.set(from.owner, [...(byTable.get(from.owner) ?? []), from.name!]);
      }
      for (const [owner, names] of byTable) {
        insert.run(owner, to.owner, JSON.stringify(names.sort()), to.name, expression ?? null);
        this.#run('INSERT OR IGNORE INTO edges VALUES (?, ?, NULL, ?)').run(owner, to.owner, process ?? null);
      }
    }
  }

  edgeCount(): number {
    return Number(this.#run('SELECT count(*) AS n FROM edges').get()!['n']);
  }

  /** The edges whose both ends are tables that were told, with their pairs. `lost` counts the others. */
  *edges(lost: (name: string) => void): Iterable<SpooledEdge> {
    const path = this.#database.prepare('SELECT path FROM tables WHERE guid = ?');
    const pairs = this.#database.prepare(
      'SELECT * FROM joined WHERE source = ? AND target = ? ORDER BY column_to, sources',
    );
    for (const row of this.#database.prepare('SELECT * FROM edges ORDER BY target, source').iterate()) {
      const { source, target, query, process } = row as Record<string, string | null>;
      const from = path.get(source!) as { path: string } | undefined;
      const to = path.get(target!) as { path: string } | undefined;
      const [qualifiedName, guid, typeName] = JSON.parse(process!) as [string, string, string];
      if (!from || !to) {
        lost(qualifiedName);
        continue;
      }
      yield {
        from: JSON.parse(from.path) as NamePath,
        to: JSON.parse(to.path) as NamePath,
        query: query ?? undefined,
        process: { guid, typeName, qualifiedName },
        pairs: (pairs.all(source!, target!) as Record<string, string | null>[]).map((pair) => ({
          fromColumns: JSON.parse(pair['sources']!) as string[],
          toColumn: pair['column_to']!,
          expression: pair['expression'] ?? undefined,
        })),
      };
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Begins with the name, so that texts order as names do. */
function processText(process: SpooledEdge['process']): string {
  return JSON.stringify([process.qualifiedName, process.guid, process.typeName]);
}
