import pg from 'pg';
import type { DataEngine } from './answer-statement.ts';
import type { CatalogSpec, ColumnSpec } from './catalog-tree.ts';
import type { ResultSet } from './metadata-store.ts';
import { trinoFunctions, withoutSketches } from './postgres-functions.ts';
import { trinoTypeOf, trinoValue } from './postgres-values.ts';
import { sqlTokens, tableNames } from './sql-tokens.ts';
import { TrinoError, type TrinoErrorName } from './trino-error.ts';

/** Rows behind the stand-in: a real PostgreSQL that computes what is asked of it. */
export interface PostgresData extends DataEngine {
  /** Puts rows into `catalog.schema.table`, values in the order of its columns; text is taken as PostgreSQL takes it. */
  insert(table: string, rows: readonly (readonly unknown[])[]): Promise<void>;
  /** Runs PostgreSQL's own SQL, such as one that makes up many rows. */
  run(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** PostgreSQL has no catalogs beside the one: their names stand before those of the schemas. */
const place = (catalog: string, schema: string, table: string): string =>
  `${quote(`${catalog}.${schema}`)}.${quote(table)}`;

/**
 * Makes the tables of some catalogs in an empty database, and answers queries of them.
 *
 * @param address `postgres://…`
 */
export async function openPostgresData(address: string, catalogs: readonly CatalogSpec[]): Promise<PostgresData> {
  const pool = new pg.Pool({ connectionString: address, max: 4, options: '-c timezone=UTC' });
  // A server that ends while a connection is idle is told by the next query.
  pool.on('error', () => undefined);
  await pool.query(trinoFunctions);
  const columns = new Map<string, readonly ColumnSpec[]>();
  for (const catalog of catalogs) {
    for (const schema of catalog.schemas) {
      await pool.query(`CREATE SCHEMA IF NOT EXISTS ${quote(`${catalog.name}.${schema.name}`)}`);
      for (const table of schema.tables.filter(({ kind = 'table' }) => kind === 'table')) {
        const list = table.columns.map(({ name, type }) => `${quote(name)} ${postgresType(type)}`);
        await pool.query(`CREATE TABLE ${place(catalog.name, schema.name, table.name)} (${list.join(', ')})`);
        columns.set(`${catalog.name}.${schema.name}.${table.name}`, table.columns);
      }
    }
  }
  const answer = (sql: string, signal: AbortSignal): Promise<ResultSet> => answerQuery(pool, sql, signal);
  return {
    query: (sql, session, signal) => answer(translate(sql, session), signal),
    statistics: (name, signal) => answer(statisticsSql(name, columns.get(name.join('.')) ?? []), signal),
    async insert(table, rows) {
      const [catalog = '', schema = '', name = ''] = table.split('.');
      for (const row of rows) {
        const marks = row.map((_, i) => `$${i + 1}`).join(', ');
        await pool.query(`INSERT INTO ${place(catalog, schema, name)} VALUES (${marks})`, [...row]);
      }
    },
    run: async (sql) => (await pool.query(sql)).rows as Record<string, unknown>[],
    close: () => pool.end(),
  };
}

/** Trino's SQL for PostgreSQL: names of three parts become two. What Trino has beside is made by `trinoFunctions`. */
function translate(
  sql: string,
  session: { readonly catalog: string | undefined; readonly schema: string | undefined },
): string {
  const tokens = sqlTokens(sql);
  for (const { parts, from, to } of tableNames(tokens).reverse()) {
    const [table, schema = session.schema, catalog = session.catalog] = [...parts].reverse();
    // One part alone may be a common table expression.
    if (parts.length === 1 && (!schema || !catalog)) continue;
    const raw = place(catalog ?? '', schema ?? '', table!);
    tokens.splice(from, to - from, { kind: 'symbol', raw, value: raw });
  }
  return withoutSketches(tokens)
    .map(({ raw }) => raw)
    .join('');
}

async function answerQuery(pool: pg.Pool, sql: string, signal: AbortSignal): Promise<ResultSet> {
  const client = await pool.connect();
  const cancel = (): void => {
    const { processID } = client as unknown as { readonly processID: number };
    void pool.query('SELECT pg_cancel_backend($1)', [processID]).catch(() => undefined);
  };
  signal.addEventListener('abort', cancel);
  try {
    const types = { getTypeParser: () => (text: string) => text };
    const { fields, rows } = await client.query({ text: sql, rowMode: 'array', types });
    const oids = fields.map(({ dataTypeID }) => dataTypeID);
    const columns = fields.map(({ name }, i) => ({ name, type: trinoTypeOf(oids[i]!) }));
    const values = (rows as (string | null)[][]).map((row) => row.map((text, i) => trinoValue(text, oids[i]!)));
    return { columns, rows: values.values() };
  } catch (error) {
    throw errorOf(error);
  } finally {
    signal.removeEventListener('abort', cancel);
    client.release();
  }
}

const errorNames: Readonly<Record<string, TrinoErrorName>> = {
  '42P01': 'TABLE_NOT_FOUND',
  '3F000': 'SCHEMA_NOT_FOUND',
  '42703': 'COLUMN_NOT_FOUND',
  '42601': 'SYNTAX_ERROR',
  '42883': 'FUNCTION_NOT_FOUND',
  '57014': 'USER_CANCELED',
  '22003': 'NUMERIC_VALUE_OUT_OF_RANGE',
};

function errorOf(error: unknown): TrinoError {
  const { code = '', message } = error as { readonly code?: string; readonly message: string };
  return new TrinoError(errorNames[code] ?? 'GENERIC_INTERNAL_ERROR', `line 1:1: ${message}`);
}

/** A column of the stand-in's PostgreSQL for one of Trino's. */
function postgresType(type: string): string {
  if (/^(array|map|row)\(|^json$/.test(type)) return 'json';
  if (type === 'tinyint') return 'smallint';
  if (type === 'double') return 'double precision';
  if (type === 'varbinary') return 'bytea';
  if (type === 'ipaddress') return 'inet';
  // PostgreSQL tells microseconds at most.
  return type.replace(
    /^(timestamp|time)\((\d+)\)/,
    (_, name: string, digits: string) => `${name}(${Math.min(6, Number(digits))})`,
  );
}

/** What ANALYZE would have stored: counted here, estimated there. */
function statisticsSql(
  [catalog = '', schema = '', table = '']: readonly string[],
  columns: readonly ColumnSpec[],
): string {
  const from = `FROM ${place(catalog, schema, table)}`;
  const none = 'NULL::double precision';
  const of = columns.map(({ name, type }) => {
    const counted = postgresType(type) === 'json' ? none : `count(DISTINCT ${quote(name)})::double precision`;
    const nulls = `(count(*) - count(${quote(name)}))::double precision / nullif(count(*), 0)`;
    return `SELECT '${name.replaceAll("'", "''")}' AS column_name, ${none} AS data_size, ${counted} AS distinct_values_count, ${nulls} AS nulls_fraction, ${none} AS row_count, NULL::varchar AS low_value, NULL::varchar AS high_value ${from}`;
  });
  const whole = `SELECT NULL, ${none}, ${none}, ${none}, count(*)::double precision, NULL, NULL ${from}`;
  return [...of, whole].join(' UNION ALL ');
}
