import type { AssetRef } from '../../model/records.ts';
import type { Spool } from './spool.ts';

export interface SpooledProcess {
  readonly guid: string;
  readonly typeName: string;
  readonly qualifiedName: string;
}

export interface SpooledEdge {
  readonly from: AssetRef;
  readonly to: AssetRef;
  readonly query: string | undefined;
  readonly process: SpooledProcess;
  readonly pairs: readonly SpooledPair[];
}

export interface SpooledPair {
  readonly fromColumns: readonly string[];
  readonly toColumn: string;
  readonly expression: string | undefined;
}

type Row = Record<string, string | null>;

/** Processes' ends and column lineage, until every asset has been told. */
export class LineageSpool {
  readonly #spool: Spool;
  #everyPlace = false;

  constructor(spool: Spool) {
    this.#spool = spool;
    spool.exec(`
      CREATE TABLE places (guid TEXT PRIMARY KEY, owner TEXT, name TEXT) WITHOUT ROWID;
      CREATE TABLE edges (source TEXT, target TEXT, query TEXT, process TEXT, PRIMARY KEY (source, target)) WITHOUT ROWID;
      CREATE TABLE pairs (sources TEXT, target TEXT, expression TEXT, process TEXT, PRIMARY KEY (sources, target)) WITHOUT ROWID;
    `);
  }

  /** Marks a column as an end of column lineage: its place is wanted. */
  wantPlace(columnGuid: string): void {
    this.#spool.run('INSERT OR IGNORE INTO places VALUES (?, NULL, NULL)').run(columnGuid);
  }

  /** From now on every column's place is kept: others will know which are wanted. */
  keepEveryPlace(): void {
    this.#everyPlace = true;
    this.#spool.exec('CREATE INDEX places_owner ON places (owner)');
  }

  /** The columns of an asset whose places were kept. */
  columnsOf(assetGuid: string): (readonly [guid: string, name: string])[] {
    if (!this.#everyPlace) return [];
    const rows = this.#spool.run('SELECT guid, name FROM places WHERE owner = ?').all(assetGuid);
    return rows.map((row) => [String(row['guid']), String(row['name'])] as const);
  }

  /** Tells a wanted column's place. */
  place(columnGuid: string, assetGuid: string, name: string): void {
    if (this.#everyPlace) {
      this.#spool.run('INSERT OR REPLACE INTO places VALUES (?, ?, ?)').run(columnGuid, assetGuid, name);
      return;
    }
    this.#spool.run('UPDATE places SET owner = ?, name = ? WHERE guid = ?').run(assetGuid, name, columnGuid);
  }

  /** An edge seen from several processes is one edge; the first process by name tells its query. */
  addEdge(source: string, target: string, query: string | undefined, process: SpooledProcess): void {
    const sql = `INSERT INTO edges VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET query = excluded.query,
      process = excluded.process WHERE excluded.process < edges.process`;
    this.#spool.run(sql).run(source, target, query ?? null, processText(process));
  }

  /** A pair seen from several processes is one pair; the first process by name tells its expression. */
  addPair(sources: readonly string[], target: string, expression: string | undefined, process: SpooledProcess): void {
    const key = JSON.stringify([...sources].sort());
    const sql = `INSERT INTO pairs VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET expression = excluded.expression,
      process = excluded.process WHERE excluded.process < pairs.process`;
    this.#spool.run(sql).run(key, target, expression ?? null, processText(process));
  }

  /** Spreads column pairs over the edges they belong to: each side gets its own part of a pair. */
  joinPairs(): void {
    const spool = this.#spool;
    spool.exec(`
      CREATE TABLE joined (source TEXT, target TEXT, sources TEXT, column_to TEXT, expression TEXT);
      CREATE INDEX joined_edge ON joined (source, target);
    `);
    const insert = spool.run('INSERT INTO joined VALUES (?, ?, ?, ?, ?)');
    const place = spool.run('SELECT owner, name FROM places WHERE guid = ?');
    const find = (guid: string): Row | undefined => place.get(guid) as Row | undefined;
    for (const row of spool.walk('SELECT * FROM pairs ORDER BY target, sources').iterate()) {
      const { sources, target, expression, process } = row as Row;
      const to = find(target!);
      if (!to?.['owner']) continue;
      const byOwner = new Map<string, string[]>();
      for (const guid of JSON.parse(sources!) as string[]) {
        const from = find(guid);
        if (!from?.['owner']) continue;
        byOwner.set(from['owner'], [...(byOwner.get(from['owner']) ?? []), from['name']!]);
      }
      for (const [owner, names] of byOwner) {
        insert.run(owner, to['owner'], JSON.stringify(names.sort()), to['name']!, expression ?? null);
        spool.run('INSERT OR IGNORE INTO edges VALUES (?, ?, NULL, ?)').run(owner, to['owner'], process ?? null);
      }
    }
  }

  edgeCount(): number {
    return Number(this.#spool.run('SELECT count(*) AS n FROM edges').get()!['n']);
  }

  /** The edges whose both ends are assets that were told, with their pairs. `lost` is called for each of the others. */
  *edges(lost: (processName: string) => void): Iterable<SpooledEdge> {
    const spool = this.#spool;
    const pairs = spool.run('SELECT * FROM joined WHERE source = ? AND target = ? ORDER BY column_to, sources');
    for (const row of spool.walk('SELECT * FROM edges ORDER BY target, source').iterate()) {
      const { source, target, query, process } = row as Row;
      const [qualifiedName, guid, typeName] = JSON.parse(process!) as [string, string, string];
      const from = spool.asset(source!);
      const to = spool.asset(target!);
      if (!from || !to) {
        lost(qualifiedName);
        continue;
      }
      yield {
        from,
        to,
        query: query ?? undefined,
        process: { guid, typeName, qualifiedName },
        pairs: (pairs.all(source!, target!) as Row[]).map((pair) => ({
          fromColumns: JSON.parse(pair['sources']!) as string[],
          toColumn: pair['column_to']!,
          expression: pair['expression'] ?? undefined,
        })),
      };
    }
  }
}

/** Begins with the name, so that texts order as names do. */
function processText(process: SpooledProcess): string {
  return JSON.stringify([process.qualifiedName, process.guid, process.typeName]);
}
