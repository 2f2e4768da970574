import { ProfileError } from '../../../profiler/profile-error.ts';
import type { ProfiledTable } from '../../../profiler/profiling-engine.ts';
import type { SqlTable } from '../../../profiler/sql/sql-dialect.ts';
import type { TableStatistics } from '../../../profiler/sql/table-statistics.ts';
import { type PostgresColumn, postgresDialect } from './postgres-dialect.ts';
import { typeClassOf } from './type-class-of.ts';

type Place = ProfiledTable['place'];

/** Sends one of the statements below; each is planned once a connection. */
export type AskCatalogue = (
  name: string,
  sql: string,
  values: readonly unknown[],
) => Promise<readonly (readonly unknown[])[]>;

/** A narrow row with its header takes about this much, in bytes. */
const narrowRow = 60;

/**
 * Rows are guessed as PostgreSQL's planner does: as dense as at the last ANALYZE. Columns of a unique index that holds for
 * all rows need not be counted.
 */
const describe = (tables: string): string => `
WITH tables AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relkind, c.relhassubclass
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace
  WHERE s.nspname = $1 AND ${tables}
), types AS MATERIALIZED (
  SELECT u.oid AS of, t.typname, t.typcategory, t.typtype = 'e' AS enum,
    t.typtype = 'e' OR t.typname = 'varchar' OR EXISTS (
      SELECT FROM pg_catalog.pg_opclass AS o JOIN pg_catalog.pg_am AS m ON m.oid = o.opcmethod
      WHERE m.amname = 'hash' AND o.opcdefault AND o.opcintype = t.oid) AS hashable,
    EXISTS (
      SELECT FROM pg_catalog.pg_opclass AS o JOIN pg_catalog.pg_am AS m ON m.oid = o.opcmethod
      WHERE m.amname = 'btree' AND o.opcdefault AND o.opcintype = t.oid) AS sortable
  FROM (
    SELECT DISTINCT a.atttypid AS oid FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid IN (SELECT oid FROM tables) AND a.attnum > 0 AND NOT a.attisdropped
  ) AS u
  CROSS JOIN LATERAL (
    WITH RECURSIVE base AS (
      SELECT t.oid, t.typname, t.typtype, t.typcategory, t.typbasetype FROM pg_catalog.pg_type AS t WHERE t.oid = u.oid
      UNION ALL
      SELECT t.oid, t.typname, t.typtype, t.typcategory, t.typbasetype
      FROM base AS b JOIN pg_catalog.pg_type AS t ON b.typtype = 'd' AND t.oid = b.typbasetype
    ) SELECT * FROM base WHERE typtype <> 'd'
  ) AS t
)
SELECT c.relname, c.relkind, size.rows, size.bytes, pg_catalog.pg_size_bytes(current_setting('effective_cache_size')), columns.list
FROM tables AS c
LEFT JOIN LATERAL (
  SELECT sum(pg_catalog.pg_table_size(p.oid))::float8 AS bytes,
    sum(CASE
      WHEN p.reltuples >= 0 AND p.relpages > 0
        THEN p.reltuples::float8 / p.relpages * pg_catalog.pg_relation_size(p.oid) / current_setting('block_size')::int
      ELSE pg_catalog.pg_relation_size(p.oid)::float8 / ${narrowRow}
    END) AS rows
  FROM (
    WITH RECURSIVE below AS (
      SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i
      WHERE (c.relkind = 'p' OR c.relhassubclass) AND i.inhparent = c.oid
      UNION ALL
      SELECT i.inhrelid FROM below AS b JOIN pg_catalog.pg_inherits AS i ON i.inhparent = b.inhrelid
    ) SELECT c.oid UNION ALL SELECT inhrelid FROM below
  ) AS part JOIN pg_catalog.pg_class AS p ON p.oid = part.oid
  WHERE p.relkind IN ('r', 'm')
) AS size ON c.relkind IN ('r', 'm', 'p')
CROSS JOIN LATERAL (
  SELECT json_agg(json_build_array(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), t.typname, t.typcategory,
    t.enum, t.hashable, t.sortable,
    EXISTS (
      SELECT FROM pg_catalog.pg_index AS i
      WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
        AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum AND (c.relkind <> 'r' OR NOT c.relhassubclass)),
    t.typname IN ('text', 'varchar') AND EXISTS (
      SELECT FROM pg_catalog.pg_collation AS l
      WHERE l.oid = a.attcollation AND l.collisdeterministic AND coalesce(CASE l.collname
        WHEN 'default' THEN (SELECT d.datcollate FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())
        ELSE l.collcollate END, '') NOT IN ('C', 'POSIX')),
    t.typcategory = 'S' AND EXISTS (
      SELECT FROM pg_catalog.pg_collation AS l WHERE l.oid = a.attcollation AND l.collisdeterministic)
  ) ORDER BY a.attnum) AS list
  FROM pg_catalog.pg_attribute AS a
  JOIN types AS t ON t.of = a.atttypid
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
) AS columns`;

const kinds = `c.relkind IN ('r', 'v', 'm', 'f', 'p')`;
const describeSql = describe(`c.relname = $2 AND ${kinds}`);
const describeAheadSql = describe(`c.relname >= $2 AND ${kinds} ORDER BY c.relname LIMIT $3`);

type ColumnRow = readonly [
  name: string,
  type: string,
  base: string,
  category: string,
  isEnum: boolean,
  hashable: boolean,
  sortable: boolean,
  unique: boolean,
  bytewise: boolean,
  bytesTell: boolean,
];

/** @throws ProfileError `profile.table-missing` */
export async function describeTable(ask: AskCatalogue, place: Place, version: number): Promise<SqlTable> {
  const [row] = await ask('meridian_describe', describeSql, [place.schema, place.table]);
  if (row === undefined) {
    throw new ProfileError(
      'profile.table-missing',
      `PostgreSQL has no table ${place.schema}.${place.table} in the database ${place.database}.`,
      { help: 'It was dropped or renamed since the metadata was read: run that first.' },
    );
  }
  return describedTable(ask, place, row as DescribedRow, version);
}

/** Tables of a schema from one name on, by their names; those whose rows have to be guessed by a query of their own left out. */
export async function describeAhead(
  ask: AskCatalogue,
  { database, schema, table: from }: Place,
  limit: number,
  version: number,
): Promise<ReadonlyMap<string, SqlTable>> {
  const found = new Map<string, SqlTable>();
  for (const row of await ask('meridian_describe_ahead', describeAheadSql, [schema, from, limit])) {
    const [table, , estimate] = row as DescribedRow;
    if (estimate === null) continue;
    found.set(table, await describedTable(ask, { database, schema, table }, row as DescribedRow, version));
  }
  return found;
}

type DescribedRow = readonly [
  table: string,
  kind: string,
  rows: unknown,
  bytes: unknown,
  cache: unknown,
  list: readonly ColumnRow[] | null,
];

async function describedTable(
  ask: AskCatalogue,
  place: Place,
  [, kind, estimate, bytes, cache, list]: DescribedRow,
  version: number,
): Promise<SqlTable> {
  const name = `${postgresDialect.quote(place.schema)}.${postgresDialect.quote(place.table)}`;
  return {
    name,
    columns: (list ?? []).map((column) => columnOf(column, version)),
    estimatedRows: numberOf(estimate) ?? (await plannedRows(ask, name)),
    sizeInByte: numberOf(bytes),
    // What the planner takes for the memory that this server and its system have for data.
    cached: bytes !== null && Number(bytes) <= Number(cache),
    sampled: kind !== 'v' && kind !== 'f',
  };
}

function columnOf(row: ColumnRow, version: number): PostgresColumn {
  const [name, type, baseType, category, isEnum, hashable, sortable, unique, bytewise, bytesTell] = row;
  return {
    name,
    type,
    baseType,
    typeClass: isEnum ? 'other' : typeClassOf(baseType, category),
    comparable: hashable || sortable,
    unique,
    fewValues: isEnum || baseType === 'bool',
    // The function that hashes them came with 14.
    hashable: hashable && version >= 140_000,
    bytewise,
    bytesTell,
  };
}

/** What the planner expects of a view or a foreign table. */
async function plannedRows(ask: AskCatalogue, name: string): Promise<number | undefined> {
  const [row] = await ask('', `EXPLAIN (FORMAT JSON) SELECT FROM ${name}`, []);
  const plans = row?.[0] as readonly { readonly Plan?: { readonly 'Plan Rows'?: number } }[] | undefined;
  return plans?.[0]?.Plan?.['Plan Rows'];
}

const statisticsSql = `
SELECT c.reltuples::float8, coalesce(u.n_mod_since_analyze, 0)::float8,
  current_setting('default_statistics_target')::float8,
  (SELECT json_agg(json_build_array(p.attname, p.null_frac, p.n_distinct))
   FROM pg_catalog.pg_stats AS p
   WHERE p.schemaname = s.nspname AND p.tablename = c.relname AND p.inherited = (c.relkind = 'p'))
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_stat_user_tables AS u ON u.relid = c.oid
WHERE s.nspname = $1 AND c.relname = $2 AND c.reltuples >= 0 AND NOT (c.relkind = 'r' AND c.relhassubclass)`;

/** Rows that ANALYZE looks at for each unit of the statistics target. */
const rowsOfTarget = 300;
/** Where more of the rows have changed since then, PostgreSQL itself would look again. */
const mostChanged = 0.1;

/** What ANALYZE found; undefined where it never looked, or too long ago. */
export async function tableStatistics(ask: AskCatalogue, place: Place): Promise<TableStatistics | undefined> {
  const [row] = await ask('meridian_statistics', statisticsSql, [place.schema, place.table]);
  if (row === undefined) return undefined;
  const [rowCount, changed, target] = row.slice(0, 3).map(Number) as [number, number, number];
  const list = row[3] as readonly (readonly [string, number, number])[] | null;
  if (list === null || changed > rowCount * mostChanged) return undefined;
  const looked = Math.min(rowCount, target * rowsOfTarget);
  return {
    rowCount,
    columns: new Map(
      list.map(([name, nulls, distinct]) => [
        name,
        {
          nullProportion: nulls,
          // Three standard errors of a proportion in a sample.
          nullError: nulls === 0 ? null : (3 * Math.sqrt((nulls * (1 - nulls)) / Math.max(looked, 1))) / nulls,
          // A negative number is a proportion of the rows.
          distinctCount: Math.round(distinct < 0 ? -distinct * rowCount : distinct),
        },
      ]),
    ),
  };
}

const numberOf = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);
