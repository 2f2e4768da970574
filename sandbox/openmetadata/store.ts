import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Doc } from './doc.ts';
import { SCHEMA } from './store-schema.ts';

/** One entity as it is stored: its own properties, without labels and without anything that other entities say. */
export interface EntityRow {
  readonly id: string;
  readonly type: string;
  readonly fqn: string;
  readonly parent: string | null;
  readonly deleted: boolean;
  readonly doc: Doc;
  readonly owners: readonly EntityLink[];
  readonly extension: Doc | undefined;
}

export interface EntityLink {
  readonly id: string;
  readonly type: string;
}

export type Include = 'non-deleted' | 'deleted' | 'all';

export interface PageQuery {
  readonly type: string;
  /** Only names below this one. */
  readonly below?: string | undefined;
  /** Only what is directly below this entity. */
  readonly parent?: string | undefined;
  readonly include: Include;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

type Raw = Record<string, unknown>;

/** Everything of a stand-in on disk. No method holds more rows than it returns. */
export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #counts = new Map<string, number>();

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000;');
    this.#database.exec(SCHEMA);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  /** Runs all writes of `work` or, when it throws, none of them. */
  transaction<T>(work: () => T): T {
    if (this.#database.isTransaction) {
      return work();
    }
    this.#database.exec('BEGIN');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** A prepared statement, kept for the next time. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  byId(id: string): EntityRow | undefined {
    return toRow(this.prepare('SELECT * FROM entities WHERE id = ?').get(id) as Raw | undefined);
  }

  byFqn(type: string, fqn: string): EntityRow | undefined {
    return toRow(this.prepare('SELECT * FROM entities WHERE type = ? AND fqn = ?').get(type, fqn) as Raw | undefined);
  }

  insert(row: EntityRow): void {
    this.#counts.clear();
    this.prepare(
      'INSERT INTO entities (id, type, fqn, parent, deleted, doc, owners, extension) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ).run(
      row.id,
      row.type,
      row.fqn,
      row.parent,
      row.deleted ? 1 : 0,
      JSON.stringify(row.doc),
      toText(row.owners.length > 0 ? row.owners : undefined),
      toText(row.extension),
    );
  }

  update(row: EntityRow): void {
    this.#counts.clear();
    this.prepare('UPDATE entities SET deleted = ?, doc = ?, owners = ?, extension = ? WHERE id = ?').run(
      row.deleted ? 1 : 0,
      JSON.stringify(row.doc),
      toText(row.owners.length > 0 ? row.owners : undefined),
      toText(row.extension),
      row.id,
    );
  }

  /** Removes an entity and everything that is said about it: labels, history, lineage, series, relations. */
  remove(id: string): void {
    this.#counts.clear();
    this.prepare('DELETE FROM entities WHERE id = ?').run(id);
    this.prepare('DELETE FROM labels WHERE entity = ?').run(id);
    this.prepare('DELETE FROM versions WHERE entity = ?').run(id);
    this.prepare('DELETE FROM series WHERE entity = ?').run(id);
    this.prepare('DELETE FROM relations WHERE source = ? OR target = ?').run(id, id);
    this.prepare('DELETE FROM lineage WHERE source = ? OR target = ? OR pipeline = ?').run(id, id, id);
  }

  *children(parent: string): Generator<EntityRow> {
    let last = '';
    while (true) {
      const row = toRow(
        this.prepare('SELECT * FROM entities WHERE parent = ? AND id > ? ORDER BY id LIMIT 1').get(parent, last) as Raw,
      );
      if (row === undefined) {
        return;
      }
      last = row.id;
      yield row;
    }
  }

  hasChildren(parent: string, include: Include): boolean {
    const sql = `SELECT 1 FROM entities WHERE parent = ?${deletedClause(include)} LIMIT 1`;
    return this.prepare(sql).get(parent) !== undefined;
  }

  /** One page in byte order of the names; `before` gives the page that ends just before that name. */
  page(query: PageQuery): EntityRow[] {
    const { clause, values } = this.#range(query);
    const backwards = query.before !== undefined;
    const cursor = query.before ?? query.after;
    const bound = cursor === undefined ? '' : ` AND fqn ${backwards ? '<' : '>'} ?`;
    const sql =
      `SELECT * FROM entities WHERE type = ?${clause}${deletedClause(query.include)}${bound} ` +
      `ORDER BY fqn ${backwards ? 'DESC' : 'ASC'} LIMIT ?`;
    const found = this.prepare(sql).all(...values, ...(cursor === undefined ? [] : [cursor]), query.limit) as Raw[];
    const rows = found.map((raw) => toRow(raw)!);
    return backwards ? rows.reverse() : rows;
  }

  /** How many there are; remembered until the next write, since every page of a listing tells it. */
  count(query: Pick<PageQuery, 'type' | 'below' | 'parent' | 'include'>): number {
    const key = JSON.stringify([query.type, query.below, query.parent, query.include]);
    let known = this.#counts.get(key);
    if (known === undefined) {
      const { clause, values } = this.#range(query);
      const all = `SELECT count(*) AS n FROM entities INDEXED BY entities_fqn WHERE type = ?${clause}`;
      const gone = `SELECT count(*) AS n FROM entities INDEXED BY entities_deleted WHERE deleted = 1 AND type = ?${clause}`;
      const number = (sql: string): number => Number((this.prepare(sql).get(...values) as { n: number }).n);
      known =
        query.include === 'deleted' ? number(gone) : query.include === 'all' ? number(all) : number(all) - number(gone);
      this.#counts.set(key, known);
    }
    return known;
  }

  #range(query: Pick<PageQuery, 'type' | 'below' | 'parent'>): { clause: string; values: string[] } {
    const { type, below, parent } = query;
    const values = [type];
    let clause = '';
    if (below !== undefined) {
      clause += ' AND fqn >= ? AND fqn < ?';
      values.push(`${below}.`, `${below}/`);
    }
    if (parent !== undefined) {
      clause += ' AND parent = ?';
      values.push(parent);
    }
    return { clause, values };
  }
}

function deletedClause(include: Include): string {
  return include === 'all' ? '' : ` AND deleted = ${include === 'deleted' ? 1 : 0}`;
}

function toText(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** Turns a raw `SELECT *` of entities into an entity. */
export function toRow(raw: Raw | undefined): EntityRow | undefined {
  if (raw === undefined) {
    return undefined;
  }
  return {
    id: raw['id'] as string,
    type: raw['type'] as string,
    fqn: raw['fqn'] as string,
    parent: raw['parent'] as string | null,
    deleted: raw['deleted'] === 1,
    doc: JSON.parse(raw['doc'] as string) as Doc,
    owners: raw['owners'] === null ? [] : (JSON.parse(raw['owners'] as string) as EntityLink[]),
    extension: raw['extension'] === null ? undefined : (JSON.parse(raw['extension'] as string) as Doc),
  };
}
