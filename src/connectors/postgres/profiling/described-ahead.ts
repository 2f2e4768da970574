import type { ProfiledTable } from '../../../profiler/profiling-engine.ts';
import type { SqlTable } from '../../../profiler/sql/sql-dialect.ts';

type Place = ProfiledTable['place'];

/** Reads the descriptions of a schema's tables from one name on, in the order of their names. */
export type ReadAhead = (from: string, limit: number) => Promise<ReadonlyMap<string, SqlTable>>;

/** Tables that are read ahead at most. */
const most = 200;
/** Milliseconds after which a description is too old. */
const lifetime = 30_000;

interface Schema {
  /** How many are read ahead next; 0 before the first. */
  size: number;
  readonly tables: Map<string, { readonly table: SqlTable; readonly at: number }>;
  reading: Promise<void> | undefined;
}

/**
 * What tables are like, read for many at once: profiles are taken of one table after the other, by name, and one question a
 * table costs as much as a small table's profile. The more tables of a schema are asked for, the more are read ahead, so that
 * whoever wants few of them does not pay for all. A description serves once.
 */
export class DescribedAhead {
  readonly #schemas = new Map<string, Schema>();

  /** @returns undefined where nothing was read ahead of this table */
  async take({ database, schema, table }: Place, read: ReadAhead): Promise<SqlTable | undefined> {
    const key = JSON.stringify([database, schema]);
    const known = this.#schemas.get(key) ?? { size: 0, tables: new Map(), reading: undefined };
    this.#schemas.set(key, known);
    await known.reading;
    const found = taken(known, table);
    if (found) return found;
    if (known.size === 0) {
      known.size = 1;
      return undefined;
    }
    known.size = Math.min(most, known.size * 4);
    known.reading = this.#read(known, table, read);
    await known.reading;
    return taken(known, table);
  }

  async #read(known: Schema, from: string, read: ReadAhead): Promise<void> {
    try {
      const tables = await read(from, known.size);
      const at = Date.now();
      for (const [name, { at: since }] of known.tables) if (at - since > lifetime) known.tables.delete(name);
      for (const [name, table] of tables) known.tables.set(name, { table, at });
    } finally {
      known.reading = undefined;
    }
  }
}

function taken(known: Schema, table: string): SqlTable | undefined {
  const found = known.tables.get(table);
  known.tables.delete(table);
  return found && Date.now() - found.at <= lifetime ? found.table : undefined;
}
