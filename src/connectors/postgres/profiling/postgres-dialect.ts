import type { ProfileSample } from '../../../profiler/profiling-engine.ts';
import type {
  ColumnBins,
  CountingMethod,
  GroupCounts,
  SqlColumn,
  SqlDialect,
  SqlRows,
  SqlTable,
} from '../../../profiler/sql/sql-dialect.ts';
import { type GroupedColumn, groupingSets } from './grouping-sets.ts';
import { hashOf } from './hash-of.ts';

/** PostgreSQL's column, with what its SQL needs to know. */
export interface PostgresColumn extends SqlColumn {
  /** It has a hash function, and so can be grouped by hashing. */
  readonly hashable: boolean;
  /** Text whose values are equal only when their bytes are, though they are ordered by the rules of a language. */
  readonly bytewise: boolean;
  /** Text whose values are equal only when their bytes are, whatever their order. */
  readonly bytesTell: boolean;
}

/** Up to so many rows, all columns are counted in one pass: planning is what the query costs. */
const fewRows = 20_000;
/** From so many bits on, few rows have a sampled value in any of their columns: one pass over those is faster than one each. */
const onePassBits = 5;
/** PostgreSQL's limit of a target list is 1,664; a column has eleven places at most. */
const columnsPerQuery = 120;

/** PostgreSQL 12 and later. */
export const postgresDialect: SqlDialect = {
  columnsPerQuery,
  quote,
  rows,
  asText(aggregate, { typeClass, baseType }) {
    if (typeClass !== 'dateTime' || !baseType.startsWith('timestamp')) return `(${aggregate})::text`;
    // PostgreSQL’s `2024-01-31 12:00:00+00` in the words of ISO 8601; the session’s time zone is UTC.
    const withT = `regexp_replace((${aggregate})::text, '^(\\S+) (\\d)', '\\1T\\2')`;
    return baseType === 'timestamptz' ? `regexp_replace(${withT}, '\\+00( BC)?$', 'Z\\1')` : withT;
  },
  asDouble,
  length({ name, typeClass, baseType }) {
    if (typeClass === 'binary') return `octet_length(${quote(name)})`;
    const isText = baseType === 'text' || baseType === 'varchar' || baseType === 'bpchar';
    return isText ? `length(${quote(name)})` : `length(${quote(name)}::text)`;
  },
  moment(moment, column, careful) {
    const aggregate = { sum: 'sum', mean: 'avg', stddev: 'stddev_pop' }[moment];
    const name = quote(column.name);
    if (column.typeClass === 'text') return `${aggregate}(${this.length(column)})`;
    // A sum of `real` would be one too, with seven digits.
    if (!careful) return `${aggregate}(${name}${column.baseType === 'float4' ? '::float8' : ''})`;
    const limit = moment === 'stddev' ? '1e150' : '1e300';
    const inside = `CASE WHEN abs(${name}) < ${limit} THEN ${name}::numeric END`;
    return `CASE WHEN max(abs(${name})) < ${limit} THEN ${aggregate}(${inside}) END`;
  },
  quartiles,
  quartilesApart(columns, { with: before, from, cached }, expectedRows) {
    // What a WITH has kept is read by one process only.
    if (before !== '' || !inParallel(cached, expectedRows)) return undefined;
    // An aggregate that sorts is computed by one process. As parts of a UNION, each goes to another worker.
    const parts = columns.map(({ expression }, at) => `SELECT ${at} AS c, ${quartiles(expression)} AS q FROM ${from}`);
    return `(SELECT json_agg(json_build_array(c, q[1], q[2], q[3])) FROM (${parts.join(' UNION ALL ')}) AS u)`;
  },
  frequencies,
  sampleValue,
  histograms(bins, { from, cached }, careful, expectedRows) {
    const keys = bins.map(({ column, edges }) => ({
      column,
      key: `width_bucket(${asDouble(column, careful)}, ${binEdges(edges)})`,
    }));
    if (!inParallel(cached, expectedRows)) return groupingSets(keys, from, { found: (keyOf) => `${keyOf}, n` });
    return keys.map(({ column, key }) => ({
      columns: [column],
      sql:
        `(SELECT json_agg(json_build_array(0, k, n)) FROM (SELECT ${key} AS k, count(*) AS n FROM ${from} ` +
        `WHERE ${quote(column.name)} IS NOT NULL GROUP BY 1) AS f)`,
    }));
  },
};

function quartiles(expression: string): string {
  return `percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY ${expression})`;
}

/** Whether each column has a pass of its own over the rows: faster, since workers share them, as long as they lie in memory. */
function inParallel(cached: boolean | undefined, expectedRows: number | undefined): boolean {
  return cached === true && (expectedRows ?? 0) > fewRows;
}

function sampleValue(column: SqlColumn, longest: number): string {
  const { name, typeClass } = column;
  const value = quote(name);
  const shortened = (text: string): string =>
    `CASE WHEN length(${text}) > ${longest} THEN left(${text}, ${longest}) || '… (' || length(${text}) || ' characters)' ELSE ${text} END`;
  switch (typeClass) {
    case 'boolean':
      return value;
    case 'number':
      return `${value}::text`;
    case 'dateTime':
      return postgresDialect.asText(value, column);
    case 'binary': {
      const bytes = longest / 2;
      const hex = (data: string): string => `'\\x' || encode(${data}, 'hex')`;
      return `CASE WHEN octet_length(${value}) > ${bytes} THEN ${hex(`substr(${value}, 1, ${bytes})`)} || '… (' || octet_length(${value}) || ' bytes)' ELSE ${hex(value)} END`;
    }
    case 'nested':
      return shortened(`to_jsonb(${value})::text`);
    default:
      return shortened(`${value}::text`);
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function asDouble({ name, baseType }: SqlColumn, careful: boolean): string {
  const column = quote(name);
  if (baseType === 'float8') return column;
  if (!careful || baseType !== 'numeric') return `${column}::float8`;
  return (
    `CASE WHEN ${column} = 'NaN' THEN 'NaN' WHEN ${column} > 1e308 THEN 'Infinity' WHEN ${column} < -1e308 THEN '-Infinity' ` +
    `WHEN abs(${column}) < 1e-300 THEN 0 ELSE ${column}::float8 END`
  );
}

function rows(
  table: SqlTable,
  columns: readonly SqlColumn[],
  sample: ProfileSample | undefined,
  seed: number,
): SqlRows {
  const part = sample?.type === 'PERCENTAGE' && sample.size >= 100 ? undefined : sample;
  const cached = table.cached === true;
  if (table.sampled && part === undefined) return { with: '', from: table.name, cached };
  if (table.sampled && part?.type === 'PERCENTAGE') {
    const method = part.method ?? 'BERNOULLI';
    return { with: '', from: `${table.name} TABLESAMPLE ${method} (${part.size}) REPEATABLE (${seed})`, cached };
  }
  const list = columns.length === 0 ? '1' : columns.map(({ name }) => quote(name)).join(', ');
  // Kept, so that all parts of the query see the same rows, and a view is computed once.
  const kept = `SELECT ${list} FROM ${table.name}${part ? ` ${partOf(part)}` : ''}`;
  return { with: `WITH kept AS MATERIALIZED (${kept})\n`, from: 'kept', cached: true };
}

function partOf({ type, size, randomized }: ProfileSample): string {
  if (type === 'PERCENTAGE') return `WHERE random() < ${size / 100}`;
  return `${randomized ? 'ORDER BY random() ' : ''}LIMIT ${Math.round(size)}`;
}

function frequencies(
  columns: readonly SqlColumn[],
  { from }: SqlRows,
  counting: CountingMethod,
  expectedRows: number | undefined,
): readonly GroupCounts[] {
  const found = 'count(*), count(*) FILTER (WHERE n = 1)';
  const alone = ({ column, key }: GroupedColumn, condition: string): GroupCounts => ({
    columns: [column],
    sql:
      `(SELECT json_build_array(json_build_array(0, ${found})) FROM ` +
      `(SELECT count(*) AS n FROM ${from} WHERE ${condition} GROUP BY ${key}) AS f)`,
  });
  if (counting.kind === 'sampled') {
    const mask = 2 ** counting.bits - 1;
    const hashes = columns.map((column) => ({ column, key: hashOf(column as PostgresColumn) }));
    const isSampled = hashes.map(({ key }) => `${key} & ${mask} = 0`);
    if (counting.bits < onePassBits) return hashes.map((hash, at) => alone(hash, isSampled[at]!));
    const keys = hashes.map(({ column, key }, at) => ({ column, key: `CASE WHEN ${isSampled[at]} THEN ${key} END` }));
    return groupingSets(keys, from, { conditions: isSampled, found: () => found });
  }
  const keys = columns.map((column) => ({ column, key: groupKey(column as PostgresColumn) }));
  if ((expectedRows ?? 0) <= fewRows || columns.every(({ fewValues }) => fewValues)) {
    return groupingSets(keys, from, { found: () => found, withNull: true });
  }
  return keys.map((key) => alone(key, `${quote(key.column.name)} IS NOT NULL`));
}

/** Bytes are compared faster than text by the rules of a language. */
function groupKey({ name, bytewise }: PostgresColumn): string {
  return bytewise ? `${quote(name)} COLLATE "C"` : quote(name);
}

function binEdges(edges: ColumnBins['edges']): string {
  return `'{${edges.join(',')}}'::float8[]`;
}
