import type { NamePath } from '../../model/records.ts';
import type { AtlasEntity } from './atlas-types.ts';
import type { Family, HomeKind } from './families/family.ts';
import type { Spool } from './spool.ts';

/** An asset that waits for its place: what is around it may be read after it. */
export interface Node {
  readonly guid: string;
  readonly family: Family;
  readonly kind: HomeKind;
  /** Service that a rule of the recipe names; empty for that of the family. */
  readonly ruled: string;
  /** Cluster or instance; empty where there is none. */
  readonly site: string;
  /** Guid of the container around it. */
  readonly outer: string | undefined;
  /** How deep it lies, where its own name tells (a path's folders). */
  readonly depth: number;
  readonly entity: AtlasEntity;
}

/** Nodes of one place-giving: all of them share their service. */
export type NodeGroup = Pick<Node, 'family' | 'kind' | 'ruled'>;

const atOnce = 500;

/** Assets that are no tables, on disk until all of them were read; taken from the outermost to the innermost. */
export class NodeSpool {
  readonly #spool: Spool;
  #walks = 0;

  constructor(spool: Spool) {
    this.#spool = spool;
    spool.exec(`
      CREATE TABLE nodes (guid TEXT PRIMARY KEY, family TEXT, kind TEXT, ruled TEXT, site TEXT, type TEXT, outer_guid TEXT,
        rank TEXT, walk INTEGER, level INTEGER, entity TEXT) WITHOUT ROWID;
      CREATE TABLE pipelines (guid TEXT PRIMARY KEY, path TEXT, task TEXT) WITHOUT ROWID;
      CREATE INDEX nodes_outer ON nodes (outer_guid, rank, guid);
      CREATE INDEX nodes_group ON nodes (family, kind, ruled, outer_guid, rank, guid);
      CREATE INDEX nodes_walk ON nodes (walk, level, rank, guid);
    `);
  }

  /** A node that comes again (a page may repeat a row) is left as it is. */
  add(node: Node, name: string): void {
    const { guid, family, kind, ruled, site, outer, depth, entity } = node;
    // Shells after all others: they take nobody's name.
    const rank = `${String(depth).padStart(4, '0')}${entity.isIncomplete ? 1 : 0}${name}`;
    this.#spool
      .run('INSERT OR IGNORE INTO nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)')
      .run(guid, family, kind, ruled, site, entity.typeName, outer ?? null, rank, JSON.stringify(entity));
  }

  /** What lies directly in a node. */
  inside(guid: string): AtlasEntity[] {
    const rows = this.#spool.run('SELECT entity FROM nodes WHERE outer_guid = ? ORDER BY rank').all(guid);
    return rows.map((row) => JSON.parse(String(row['entity'])) as AtlasEntity);
  }

  /** Notes which pipeline, and which task of it, a process became. */
  addPipeline(guid: string, path: NamePath, task: string): void {
    this.#spool.run('INSERT OR IGNORE INTO pipelines VALUES (?, ?, ?)').run(guid, JSON.stringify(path), task);
  }

  /** Every process that became a pipeline, or a task of one. */
  *pipelines(): Generator<{ readonly guid: string; readonly path: NamePath; readonly task: string }> {
    for (const row of this.#spool.walk('SELECT * FROM pipelines').iterate()) {
      const path = JSON.parse(String(row['path'])) as NamePath;
      yield { guid: String(row['guid']), path, task: String(row['task']) };
    }
  }

  hasPipelines(): boolean {
    return this.#spool.run('SELECT 1 FROM pipelines LIMIT 1').get() !== undefined;
  }

  pipelineOf(processGuid: string): NamePath | undefined {
    return this.taskOf(processGuid)?.path;
  }

  taskOf(processGuid: string): { readonly path: NamePath; readonly task: string } | undefined {
    const row = this.#spool.run('SELECT path, task FROM pipelines WHERE guid = ?').get(processGuid);
    return row && { path: JSON.parse(String(row['path'])) as NamePath, task: String(row['task']) };
  }

  groups(): NodeGroup[] {
    const rows = this.#spool.run('SELECT DISTINCT family, kind, ruled FROM nodes ORDER BY kind, family, ruled').all();
    return rows.map((row) => ({
      family: row['family'] as Family,
      kind: row['kind'] as HomeKind,
      ruled: String(row['ruled']),
    }));
  }

  /** Sites of a group's outermost nodes, in order. */
  sites({ family, kind, ruled }: NodeGroup): string[] {
    const sql = `SELECT DISTINCT site FROM nodes WHERE family = ? AND kind = ? AND ruled = ? AND outer_guid IS NULL
      ORDER BY site`;
    return this.#spool
      .run(sql)
      .all(family, kind, ruled)
      .map((row) => String(row['site']));
  }

  /** How many there are of each type. */
  counts({ family, kind, ruled }: NodeGroup): { readonly type: string; readonly count: number }[] {
    const sql = 'SELECT type, count(*) AS n FROM nodes WHERE family = ? AND kind = ? AND ruled = ? GROUP BY type';
    return this.#countsOf(this.#spool.run(sql).all(family, kind, ruled));
  }

  /** Of those that no walk has reached. */
  unreached({ family, kind, ruled }: NodeGroup): { readonly type: string; readonly count: number }[] {
    const sql = `SELECT type, count(*) AS n FROM nodes WHERE family = ? AND kind = ? AND ruled = ? AND walk IS NULL
      GROUP BY type`;
    return this.#countsOf(this.#spool.run(sql).all(family, kind, ruled));
  }

  #countsOf(rows: readonly Record<string, unknown>[]): { readonly type: string; readonly count: number }[] {
    return rows.map((row) => ({ type: String(row['type']), count: Number(row['n']) }));
  }

  /**
   * A group's nodes, each after what is around it. `placed` says of each whether it has a place: what is inside
   * one without is not reached.
   */
  *walk({ family, kind, ruled }: NodeGroup, placed: (node: Node) => boolean): Iterable<Node> {
    this.#walks += 1;
    const walk = this.#walks;
    const mark = this.#spool.run('UPDATE nodes SET walk = ?, level = ? WHERE guid = ?');
    const place = (row: Row, level: number): Node | undefined => {
      const node = nodeOf(row);
      const has = placed(node);
      mark.run(walk, has ? level : -1, node.guid);
      return has ? node : undefined;
    };
    const outermost = `family = ? AND kind = ? AND ruled = ? AND outer_guid IS NULL`;
    for (const row of this.#inTurn(outermost, [family, kind, ruled])) {
      const node = place(row, 0);
      if (node) yield node;
    }
    for (let level = 1, some = true; some; level += 1) {
      some = false;
      for (const outer of this.#inTurn('walk = ? AND level = ?', [walk, level - 1])) {
        for (const row of this.#inTurn('outer_guid = ?', [outer['guid'] as string])) {
          // What leads back to itself was there before.
          const node = row['walk'] === null ? place(row, level) : undefined;
          if (!node) continue;
          some = true;
          yield node;
        }
      }
    }
  }

  /** Rows by their rank, some at a time: what is written meanwhile is no matter, and each is visited once. */
  *#inTurn(where: string, values: readonly (string | number)[]): Iterable<Row> {
    const next = this.#spool.run(
      `SELECT * FROM nodes WHERE ${where} AND (rank, guid) > (?, ?) ORDER BY rank, guid LIMIT ${atOnce}`,
    );
    let [rank, guid] = ['', ''];
    for (;;) {
      const rows = next.all(...values, rank, guid);
      yield* rows;
      const last = rows.at(-1);
      if (rows.length < atOnce || !last) return;
      [rank, guid] = [String(last['rank']), String(last['guid'])];
    }
  }
}

type Row = Record<string, unknown>;

function nodeOf(row: Record<string, unknown>): Node {
  const outer = row['outer_guid'];
  return {
    guid: String(row['guid']),
    family: row['family'] as Family,
    kind: row['kind'] as HomeKind,
    ruled: String(row['ruled']),
    site: String(row['site']),
    outer: outer === null ? undefined : String(outer),
    depth: 0,
    entity: JSON.parse(String(row['entity'])) as AtlasEntity,
  };
}
