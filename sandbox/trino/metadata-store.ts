import { DatabaseSync } from 'node:sqlite';
import type { CatalogSpec, TableSpec } from './catalog-tree.ts';
import { type SqlToken, sqlTokens, tableNames } from './sql-tokens.ts';
import { TrinoError } from './trino-error.ts';

/** An answer: the names and types of its columns, and its rows one by one. */
export interface ResultSet {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: Iterator<readonly unknown[]>;
}

/** Tables that tell of the others; columns in brackets are hidden ones, which `*` does not show. */
const tables = {
  catalogs: 'catalog_name connector_id connector_name',
  schemata: 'catalog_name schema_name',
  tables: 'table_catalog table_schema table_name table_type',
  columns:
    'table_catalog table_schema table_name column_name ordinal_position column_default is_nullable data_type [comment] [extra_info]',
  views: 'table_catalog table_schema table_name view_definition',
  table_comments: 'catalog_name schema_name table_name comment',
  materialized_views:
    'catalog_name schema_name name storage_catalog storage_schema storage_table freshness last_fresh_time comment definition',
} as const;

type MetadataTable = keyof typeof tables;

const ofInformationSchema = new Set<string>(['schemata', 'tables', 'columns', 'views']);
const numeric = new Set(['ordinal_position']);
const fieldsOf = (table: MetadataTable): string[] => tables[table].split(' ');
const bare = (field: string): string => field.replace(/[[\]]/g, '');

/**
 * `information_schema` of every catalog and `system.metadata`, answered by SQLite: queries of them really run, whatever
 * they filter and order by.
 */
export class MetadataStore {
  #database: DatabaseSync;
  #catalogs: readonly CatalogSpec[];

  constructor(catalogs: readonly CatalogSpec[]) {
    this.#catalogs = catalogs;
    this.#database = filled(catalogs);
  }

  get catalogs(): readonly CatalogSpec[] {
    return this.#catalogs;
  }

  /** From now on there is something else. Answers that are under way tell of what was. */
  replace(catalogs: readonly CatalogSpec[]): void {
    this.#catalogs = catalogs;
    this.#database = filled(catalogs);
  }

  /** @throws TrinoError CATALOG_NOT_FOUND, PERMISSION_DENIED, or what a broken catalog fails with */
  catalog(name: string): CatalogSpec {
    const found = this.#catalogs.find((catalog) => catalog.name === name);
    if (!found && name === 'system') return { name, schemas: [] };
    if (!found) throw new TrinoError('CATALOG_NOT_FOUND', `line 1:15: Catalog '${name}' not found`);
    if (found.denied) throw new TrinoError('PERMISSION_DENIED', `Access Denied: Cannot access catalog ${name}`);
    if (found.broken !== undefined) throw new TrinoError('HIVE_METASTORE_ERROR', found.broken);
    return found;
  }

  /** @throws TrinoError when any part of the name is none */
  table(catalog: string, schema: string, table: string): TableSpec {
    const { schemas } = this.catalog(catalog);
    const found = schemas.find(({ name }) => name === schema);
    if (!found) throw new TrinoError('SCHEMA_NOT_FOUND', `line 1:1: Schema '${schema}' does not exist`);
    const spec = found.tables.find(({ name }) => name === table);
    if (!spec) {
      throw new TrinoError('TABLE_NOT_FOUND', `line 1:1: Table '${catalog}.${schema}.${table}' does not exist`);
    }
    if (spec.unreadable) throw new TrinoError('HIVE_METASTORE_ERROR', `Cannot read ${catalog}.${schema}.${table}`);
    return spec;
  }

  /** Whether a query asks for nothing but metadata. */
  answers(sql: string, catalog: string | undefined): boolean {
    const names = tableNames(sqlTokens(sql));
    return names.length > 0 && names.every(({ parts }) => this.#named(parts, catalog) !== undefined);
  }

  /** @throws TrinoError SYNTAX_ERROR, COLUMN_NOT_FOUND, and those of {@link catalog} */
  query(sql: string, catalog: string | undefined): ResultSet {
    const tokens = sqlTokens(sql);
    for (const name of tableNames(tokens).reverse()) {
      const named = this.#named(name.parts, catalog)!;
      const view = { kind: 'symbol', raw: subquery(named.table, named.catalog, isStarred(tokens)), value: '' } as const;
      tokens.splice(name.from, name.to - name.from, view);
    }
    return this.#run(tokens.map(({ raw }) => raw).join(''));
  }

  /** Runs SQL of our own over the metadata, with Trino's names for the columns. */
  #run(sql: string): ResultSet {
    try {
      const statement = this.#database.prepare(sql);
      statement.setReturnArrays(true);
      const columns = statement.columns().map(({ name }) => ({
        name,
        type: numeric.has(name) || /^count\(/i.test(name) ? 'bigint' : 'varchar',
      }));
      return { columns, rows: statement.iterate() as unknown as Iterator<readonly unknown[]> };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const missing = /no such column: (\S+)/.exec(message)?.[1];
      if (missing) throw new TrinoError('COLUMN_NOT_FOUND', `line 1:8: Column '${missing}' cannot be resolved`);
      throw new TrinoError('SYNTAX_ERROR', `line 1:1: ${message}`);
    }
  }

  /** The metadata table that a name means; the session's catalog stands for one that is left out. */
  #named(
    parts: readonly string[],
    session: string | undefined,
  ): { readonly table: MetadataTable; readonly catalog: string | undefined } | undefined {
    const [table, schema, catalog = session] = [...parts].reverse();
    if (table === undefined || !Object.hasOwn(tables, table)) return undefined;
    if (schema === 'information_schema' && ofInformationSchema.has(table) && catalog !== undefined) {
      this.catalog(catalog);
      return { table: table as MetadataTable, catalog };
    }
    const isSystem = schema === 'metadata' && catalog === 'system' && !ofInformationSchema.has(table);
    if (!isSystem) return undefined;
    this.catalog('system');
    return { table: table as MetadataTable, catalog: undefined };
  }
}

const isStarred = (tokens: readonly SqlToken[]): boolean => {
  const said = tokens.filter(({ kind }) => kind !== 'space');
  return said[1]?.raw === '*';
};

function subquery(table: MetadataTable, catalog: string | undefined, starred: boolean): string {
  const fields = fieldsOf(table).filter((field) => !starred || !field.startsWith('['));
  const where = catalog === undefined ? '' : ` WHERE ${fields[0]} = '${catalog.replaceAll("'", "''")}'`;
  return `(SELECT ${fields.map(bare).join(', ')} FROM ${table}${where})`;
}

function filled(catalogs: readonly CatalogSpec[]): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  for (const table of Object.keys(tables) as MetadataTable[]) {
    database.exec(`CREATE TABLE ${table} (${fieldsOf(table).map(bare).join(', ')})`);
  }
  const insert = (table: MetadataTable, ...values: (string | number | null)[]): void => {
    database.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`).run(...values);
  };
  database.exec('BEGIN');
  const isOwn = catalogs.some(({ name }) => name === 'system');
  const own: readonly CatalogSpec[] = isOwn ? [] : [{ name: 'system', connector: 'system', schemas: [] }];
  for (const { name: catalog, connector = 'hive', schemas, broken, denied } of [...own, ...catalogs]) {
    if (!denied) insert('catalogs', catalog, catalog, connector);
    if (denied || broken !== undefined) continue;
    insert('schemata', catalog, 'information_schema');
    for (const { name: schema, tables: specs } of schemas) {
      insert('schemata', catalog, schema);
      for (const spec of specs) fillTable(insert, [catalog, schema, spec.name], spec);
    }
  }
  database.exec('COMMIT');
  return database;
}

type Insert = (table: MetadataTable, ...values: (string | number | null)[]) => void;

function fillTable(insert: Insert, name: readonly [string, string, string], spec: TableSpec): void {
  const { kind = 'table', comment = null, definition = '', columns, unreadable } = spec;
  // The server has no word of its own for a materialized view here.
  insert('tables', ...name, kind === 'view' ? 'VIEW' : 'BASE TABLE');
  if (kind === 'view') insert('views', ...name, definition);
  insert('table_comments', ...name, comment);
  if (kind === 'materializedView') {
    const storage = [name[0], name[1], `st_${name[2]}`] as const;
    insert('materialized_views', ...name, ...storage, 'FRESH', null, comment ?? '', definition);
  }
  if (unreadable) return;
  for (const [i, { name: column, type, comment: text = null, extra = null, notNull }] of columns.entries()) {
    insert('columns', ...name, column, i + 1, null, notNull ? 'NO' : 'YES', type, text, extra);
  }
}
