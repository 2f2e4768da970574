import { TemporaryDatabase } from '../../sqlite/temporary-database.ts';

export interface SpooledColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly comment: string | undefined;
  readonly extra: string | undefined;
}

export interface SpooledTable {
  readonly schema: string;
  readonly name: string;
  /** `BASE TABLE` or `VIEW`. */
  readonly type: string;
}

/** What is told of a table beside its columns. */
export type TextKind = 'comment' | 'view' | 'materializedView' | 'materializedComment';

/**
 * One catalog's tables, columns and texts, which Trino tells in separate answers. On disk: Trino ends a query that nobody
 * asks for in five minutes, so that an answer cannot wait until the target has taken what came before.
 */
export class CatalogSpool extends TemporaryDatabase {
  constructor() {
    super(`
      CREATE TABLE tables (schema TEXT, name TEXT, type TEXT, PRIMARY KEY (schema, name)) WITHOUT ROWID;
      CREATE TABLE columns (
        schema TEXT, table_name TEXT, position INTEGER, name TEXT, type TEXT, nullable INTEGER, comment TEXT, extra TEXT,
        PRIMARY KEY (schema, table_name, position, name)
      ) WITHOUT ROWID;
      CREATE TABLE texts (kind TEXT, schema TEXT, name TEXT, text TEXT, PRIMARY KEY (kind, schema, name)) WITHOUT ROWID;
      BEGIN;
    `);
  }

  addTable(schema: string, name: string, type: string): void {
    this.run('INSERT OR IGNORE INTO tables VALUES (?, ?, ?)').run(schema, name, type);
  }

  addColumn(schema: string, table: string, position: number, column: SpooledColumn): void {
    const { name, type, nullable, comment = null, extra = null } = column;
    this.run('INSERT OR IGNORE INTO columns VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
      ...[schema, table, position, name, type, nullable ? 1 : 0, comment, extra],
    );
  }

  addText(kind: TextKind, schema: string, name: string, text: string): void {
    this.run('INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?)').run(kind, schema, name, text);
  }

  /** In the order of their names. */
  *tables(): Iterable<SpooledTable> {
    for (const row of this.walk('SELECT schema, name, type FROM tables ORDER BY schema, name').iterate()) {
      yield row as unknown as SpooledTable;
    }
  }

  get tableCount(): number {
    return Number(this.run('SELECT count(*) AS n FROM tables').get()!['n']);
  }

  columns(schema: string, table: string): SpooledColumn[] {
    const rows = this.run('SELECT * FROM columns WHERE schema = ? AND table_name = ? ORDER BY position').all(
      schema,
      table,
    );
    return rows.map((row) => ({
      name: String(row['name']),
      type: String(row['type']),
      nullable: row['nullable'] === 1,
      comment: (row['comment'] as string | null) ?? undefined,
      extra: (row['extra'] as string | null) ?? undefined,
    }));
  }

  text(kind: TextKind, schema: string, name: string): string | undefined {
    const row = this.run('SELECT text FROM texts WHERE kind = ? AND schema = ? AND name = ?').get(kind, schema, name);
    return row && String(row['text']);
  }

  /** Makes room for the next schemas of a catalog. */
  clearTables(): void {
    this.exec('DELETE FROM tables; DELETE FROM columns;');
  }

  /** Makes room for the next catalog. */
  clear(): void {
    this.clearTables();
    this.exec('DELETE FROM texts;');
  }
}
