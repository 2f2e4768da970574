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
import { quoteName } from '../sql-text.ts';
import { groupingSets } from './grouping-sets.ts';
import { sampleValue } from './sample-value.ts';

/** Trino makes bytecode of a query: one of many hundred aggregates can be too large for it. */
const columnsPerQuery = 60;

/** Standard error of `approx_distinct` (HyperLogLog with 2,048 buckets), three times: what holds in 99.7 % of all cases. */
const distinctError = 3 * 0.023;

/** Trino's quantiles come from a t-digest: about one percent of the ranks, in the middle. */
const quartileError = 0.01;

/** Trino's SQL, as of version 350. */
export const trinoDialect: SqlDialect = {
  columnsPerQuery,
  quote: quoteName,
  rows,
  asText(aggregate, { typeClass, baseType }) {
    const isTime = baseType.startsWith('time ') || baseType === 'time';
    return typeClass === 'dateTime' && !isTime ? `to_iso8601(${aggregate})` : `CAST(${aggregate} AS varchar)`;
  },
  asDouble,
  length,
  moment(moment, column, careful) {
    const { typeClass, baseType, name } = column;
    const aggregate = { sum: 'sum', mean: 'avg', stddev: 'stddev_pop' }[moment];
    const isText = typeClass === 'text';
    const isBroken = baseType === 'real' || baseType === 'double' || baseType === 'number';
    // The sum of whole numbers is one of them, and so would the mean of decimals be: as few digits as they have.
    if (moment === 'sum' && !isBroken && !careful) {
      return `sum(CAST(${isText ? length(column) : quoteName(name)} AS ${sumType(column)}))`;
    }
    return `${aggregate}(CAST(${isText ? length(column) : quoteName(name)} AS double))`;
  },
  quartiles: (expression) => `approx_percentile(CAST(${expression} AS double), ARRAY[0.25E0, 0.5E0, 0.75E0])`,
  quartileError,
  approximateDistinct: { error: distinctError, sql: ({ name }) => `approx_distinct(${quoteName(name)})` },
  frequencies,
  sampleValue,
  histograms(bins, { from }) {
    const keys = bins.map(({ column, edges }) => ({
      column,
      key: `width_bucket(${asDouble(column)}, ${binEdges(edges)})`,
    }));
    return groupingSets(keys, from, undefined, 'keys');
  },
};

/** No type of Trino's is too large for a double. NaN, which Trino's quantiles and bins refuse, is left out. */
function asDouble({ name, baseType }: SqlColumn): string {
  const double = `CAST(${quoteName(name)} AS double)`;
  if (baseType !== 'real' && baseType !== 'double') return double;
  return `CASE WHEN NOT is_nan(${double}) THEN ${double} END`;
}

/** Sums that no digit is lost of. */
function sumType({ type, baseType }: SqlColumn): string {
  const scale = baseType === 'decimal' ? (/,\s*(\d+)\s*\)/.exec(type)?.[1] ?? '0') : '0';
  return `decimal(38,${scale})`;
}

/** Characters; those that fill up a `char` do not count. */
function length({ name, typeClass }: SqlColumn): string {
  return typeClass === 'binary' ? `length(${quoteName(name)})` : `length(CAST(${quoteName(name)} AS varchar))`;
}

/** Trino draws a sample for each part of a query anew, and cannot be told to draw the same one. */
function rows(table: SqlTable, columns: readonly SqlColumn[], sample: ProfileSample | undefined): SqlRows {
  if (sample === undefined || (sample.type === 'PERCENTAGE' && sample.size >= 100))
    return { with: '', from: table.name };
  if (sample.type === 'PERCENTAGE') {
    return { with: '', from: `${table.name} TABLESAMPLE ${sample.method ?? 'BERNOULLI'} (${sample.size})` };
  }
  const list = columns.length === 0 ? '1 AS one' : columns.map(({ name }) => quoteName(name)).join(', ');
  const part = `${sample.randomized ? 'ORDER BY random() ' : ''}LIMIT ${Math.round(sample.size)}`;
  return { with: `WITH sampled AS (SELECT ${list} FROM ${table.name} ${part})\n`, from: 'sampled' };
}

function frequencies(
  columns: readonly SqlColumn[],
  { from }: SqlRows,
  counting: CountingMethod,
): readonly GroupCounts[] {
  if (counting.kind === 'exact') {
    const keys = columns.map((column) => ({ column, key: quoteName(column.name) }));
    return groupingSets(keys, from, undefined, 'counts');
  }
  const mask = 2 ** counting.bits - 1;
  const conditions = columns.map((column) => `bitwise_and(${hashOf(column)}, ${mask}) = 0`);
  const keys = columns.map((column, at) => ({
    column,
    key: `CASE WHEN ${conditions[at]} THEN ${hashOf(column)} END`,
  }));
  return groupingSets(keys, from, conditions, 'counts');
}

/** 64 bits that are the same for equal values. */
function hashOf({ name, typeClass }: SqlColumn): string {
  const bytes = typeClass === 'binary' ? quoteName(name) : `to_utf8(CAST(${quoteName(name)} AS varchar))`;
  return `from_big_endian_64(xxhash64(${bytes}))`;
}

/** Literals of doubles: Trino takes a number without an exponent for a decimal one. */
function binEdges(edges: ColumnBins['edges']): string {
  return `ARRAY[${edges.map((edge) => edge.toExponential().replace('e', 'E')).join(', ')}]`;
}
