import { createHash } from 'node:crypto';
import type { FoundSink, FoundTable } from '../../connectors/reading-part.ts';
import type { NamePath } from '../../model/records.ts';
import { TemporaryDatabase } from '../../sqlite/temporary-database.ts';

/** Into so many buckets the names of one database fall; pieces are whole buckets. */
const buckets = 1024;
/** The name of a table in a database without a schema of its own tells the schema, which one piece must make alone. */
const schemaDepth = 3;

/** What belongs together: the tables of one database or schema, or all that may name each other. */
interface Unit {
  readonly key: string;
  readonly tables: number;
  /** Whether it may be cut by names. */
  readonly divides: boolean;
}

/** A unit, or a range of its buckets. */
interface Piece {
  readonly unit: Unit;
  readonly from: number;
  readonly to: number;
  readonly tables: number;
}

/** One partition's tables. */
export interface CutPartition {
  readonly tables: number;
  readonly others: boolean;
  /** Where they are, and how many there. */
  readonly places: readonly { readonly path: NamePath; readonly count: number }[];
}

/**
 * Collects the tables that a plan finds, on disk, and cuts them into partitions of about as many: by database, and large
 * databases by names. What could meet in one name stays together, so that each name is one partition's alone.
 */
export class CutTables implements FoundSink {
  readonly #database = new TemporaryDatabase(`
    CREATE TABLE found (type INTEGER, number INTEGER, id TEXT UNIQUE, unit TEXT, around TEXT, bucket INTEGER,
      part INTEGER, PRIMARY KEY (type, number)) WITHOUT ROWID;
    BEGIN;
  `);
  readonly #types: string[] = [];
  /** Whether each unit may be divided. */
  readonly #units = new Map<string, boolean>();
  #others = 0;
  hasColumnLineage = false;

  table({ id, type, around, name, needsOthers }: FoundTable): void {
    let code = this.#types.indexOf(type);
    if (code < 0) code = this.#types.push(type) - 1;
    const place = around ? JSON.stringify(around) : '';
    const unit = needsOthers ? 'named by others' : place;
    if (!this.#units.has(unit)) {
      this.#units.set(unit, !needsOthers && around?.length === schemaDepth);
    }
    this.#number += 1;
    const add = this.#database.run('INSERT OR IGNORE INTO found VALUES (?, ?, ?, ?, ?, ?, NULL)');
    add.run(code, this.#number, id, unit, place, bucketOf(name));
  }

  #number = 0;

  others(count: number): void {
    this.#others = count;
  }

  columnLineage(isThere: boolean): void {
    this.hasColumnLineage = isThere;
  }

  get tables(): number {
    return Number(this.#database.run('SELECT count(*) AS n FROM found').get()!['n']);
  }

  /** Cuts. What is no table goes to the first partition. @param count partitions at most, at least 1 */
  cut(count: number): CutPartition[] {
    const pieces = this.#pieces((this.tables + this.#others) / count);
    const bins = Array.from({ length: count }, (_, i) => ({ cost: i === 0 ? this.#others : 0, pieces: [] as Piece[] }));
    for (const piece of pieces.sort((a, b) => b.tables - a.tables || (a.unit.key < b.unit.key ? -1 : 1))) {
      const bin = bins.reduce((least, other) => (other.cost < least.cost ? other : least));
      bin.cost += piece.tables;
      bin.pieces.push(piece);
    }
    const used = bins.filter((bin, i) => bin.pieces.length > 0 || (i === 0 && this.#others > 0));
    const mark = this.#database.run('UPDATE found SET part = ? WHERE unit = ? AND bucket >= ? AND bucket < ?');
    this.#database.exec('CREATE INDEX found_unit ON found (unit, bucket)');
    for (const [index, bin] of used.entries()) {
      for (const { unit, from, to } of bin.pieces) mark.run(index, unit.key, from, to);
    }
    this.#database.exec('CREATE INDEX found_part ON found (part, type, number)');
    return used.map((bin, index) => ({
      tables: bin.pieces.reduce((sum, { tables }) => sum + tables, 0),
      others: bins.indexOf(bin) === 0 && this.#others > 0,
      places: this.#places(index),
    }));
  }

  /** Types, and ids of the tables of each, in the order in which they were found. */
  *tablesOf(part: number): Generator<{ readonly type: string; readonly ids: Iterable<string> }> {
    for (const [code, type] of this.#types.entries()) yield { type, ids: this.#ids(part, code) };
  }

  close(): void {
    this.#database.close();
  }

  *#ids(part: number, code: number): Generator<string> {
    const sql = 'SELECT id FROM found WHERE part = ? AND type = ? ORDER BY number';
    for (const row of this.#database.walk(sql).iterate(part, code)) yield String(row['id']);
  }

  #places(part: number): CutPartition['places'] {
    const sql = "SELECT around, count(*) AS n FROM found WHERE part = ? AND around <> '' GROUP BY around";
    const rows = this.#database.run(sql).all(part);
    return rows.map((row) => ({ path: JSON.parse(String(row['around'])) as NamePath, count: Number(row['n']) }));
  }

  /** @param share what a partition should hold */
  #pieces(share: number): Piece[] {
    const rows = this.#database.run('SELECT unit, count(*) AS n FROM found GROUP BY unit').all();
    return rows.flatMap((row) => {
      const key = String(row['unit']);
      const unit: Unit = { key, tables: Number(row['n']), divides: this.#units.get(key)! };
      // Much smaller than a share, so that pieces can be laid out evenly.
      const parts = unit.divides ? Math.min(buckets, Math.ceil((4 * unit.tables) / share)) : 1;
      return parts <= 2 ? [{ unit, from: 0, to: buckets, tables: unit.tables }] : this.#divided(unit, parts);
    });
  }

  #divided(unit: Unit, parts: number): Piece[] {
    const count = this.#database.run('SELECT count(*) AS n FROM found WHERE unit = ? AND bucket >= ? AND bucket < ?');
    return Array.from({ length: parts }, (_, i) => {
      const [from, to] = [Math.floor((i * buckets) / parts), Math.floor(((i + 1) * buckets) / parts)];
      return { unit, from, to, tables: Number(count.get(unit.key, from, to)!['n']) };
    }).filter(({ tables }) => tables > 0);
  }
}

/** The same for names that OpenMetadata might take for one. */
function bucketOf(name: string): number {
  return createHash('md5').update(name.toLowerCase()).digest().readUInt16BE() % buckets;
}
