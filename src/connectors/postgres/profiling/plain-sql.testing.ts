import type pg from 'pg';
import type { MetricName } from '../../../profiler/metric-names.ts';

/** A column as a test knows it, without asking the code that is tested. */
export interface PlainColumn {
  readonly name: string;
  /** What makes its numbers exact decimals without a loss: `real` becomes numeric with six digits only. */
  readonly cast?: '::float8';
  readonly kind: 'number' | 'text' | 'dateTime' | 'boolean' | 'binary' | 'nested' | 'other';
}

/** Metrics of each kind, as docs/profiler-metrics.md has them. */
const counts: readonly MetricName[] = ['valuesCount', 'nullCount', 'nullProportion'];
const equal: readonly MetricName[] = [
  ...(['distinctCount', 'distinctProportion', 'uniqueCount', 'uniqueProportion', 'duplicateCount'] as const),
];
const spread: readonly MetricName[] = [
  ...(['mean', 'sum', 'stddev', 'median', 'firstQuartile', 'thirdQuartile'] as const),
  ...(['interQuartileRange', 'nonParametricSkew'] as const),
];
export const plainMetrics: Readonly<Record<PlainColumn['kind'], readonly MetricName[]>> = {
  number: [...counts, ...equal, 'min', 'max', ...spread],
  text: [...counts, ...equal, 'min', 'max', ...spread, 'minLength', 'maxLength'],
  dateTime: [...counts, ...equal, 'min', 'max'],
  boolean: [...counts, ...equal],
  binary: [...counts, ...equal, 'minLength', 'maxLength'],
  nested: counts,
  other: [...counts, ...equal],
};

/**
 * One metric of one column by a query of its own, in the words of its definition: no aggregate for moments and quantiles but sum
 * and count over exact decimals, row numbers for quantiles, windows for what occurs how often.
 *
 * @returns null where there is none; a number that is none (NaN, Infinity) as such
 */
export async function plainMetric(
  client: pg.Client,
  table: string,
  { name, kind, cast }: PlainColumn,
  metric: MetricName,
): Promise<unknown> {
  const c = `"${name.replaceAll('"', '""')}"`;
  const number = kind === 'text' ? `char_length(${c}::text)` : `${c}${cast ?? ''}`;
  // Values without null, as v.
  const v = `v AS (SELECT ${number} AS v FROM ${table} WHERE ${c} IS NOT NULL)`;
  const quartile = (part: number): string =>
    `(SELECT sum(v::float8 * CASE WHEN r = f THEN 1 - w ELSE w END) FROM
      (SELECT v, row_number() OVER (ORDER BY v) AS r FROM v) AS o,
      (SELECT floor(${part} * (count(*) - 1)) + 1 AS f, ${part} * (count(*) - 1) - floor(${part} * (count(*) - 1)) AS w FROM v) AS p
     WHERE r = f OR (r = f + 1 AND w > 0))`;
  const mean = '(SELECT sum(v::numeric) / nullif(count(*), 0) FROM v)';
  // From the smallest value on, so that the mean has digits enough.
  const shifted = '(SELECT v::numeric - (SELECT min(v::numeric) FROM v) AS v FROM v)';
  const shiftedMean = `(SELECT sum(v) / nullif(count(*), 0) FROM ${shifted} AS s)`;
  const stddev = `(SELECT sqrt(sum((v - ${shiftedMean}) * (v - ${shiftedMean})) / nullif(count(*), 0)) FROM ${shifted} AS s)`;
  const timesOf = `(SELECT count(*) OVER (PARTITION BY ${c}) AS n FROM ${table} WHERE ${c} IS NOT NULL)`;
  const nth = `(SELECT row_number() OVER (PARTITION BY ${c}) AS n FROM ${table} WHERE ${c} IS NOT NULL)`;
  const of = `(SELECT nullif(count(*), 0) FROM ${table} WHERE ${c} IS NOT NULL)`;
  const queries: Readonly<Partial<Record<MetricName, string>>> = {
    valuesCount: `SELECT count(*) FROM ${table} WHERE ${c} IS NOT NULL`,
    nullCount: `SELECT count(*) FROM ${table} WHERE ${c} IS NULL`,
    nullProportion: `SELECT avg(CASE WHEN ${c} IS NULL THEN 1.0 ELSE 0 END)::float8 FROM ${table}`,
    distinctCount: `SELECT count(*) FROM ${nth} AS x WHERE n = 1`,
    distinctProportion: `SELECT count(*)::float8 / ${of} FROM ${nth} AS x WHERE n = 1`,
    uniqueCount: `SELECT count(*) FROM ${timesOf} AS x WHERE n = 1`,
    uniqueProportion: `SELECT count(*)::float8 / ${of} FROM ${timesOf} AS x WHERE n = 1`,
    duplicateCount: `SELECT count(*) FROM ${nth} AS x WHERE n > 1`,
    min: `WITH ${v} SELECT (SELECT v.v FROM v ORDER BY v.v LIMIT 1)::text`,
    max: `WITH ${v} SELECT (SELECT v.v FROM v ORDER BY v.v DESC LIMIT 1)::text`,
    minLength: `SELECT ${lengthOf(kind, c)} FROM ${table} WHERE ${c} IS NOT NULL ORDER BY 1 LIMIT 1`,
    maxLength: `SELECT ${lengthOf(kind, c)} FROM ${table} WHERE ${c} IS NOT NULL ORDER BY 1 DESC LIMIT 1`,
    sum: `WITH ${v} SELECT sum(v::numeric) FROM v`,
    mean: `WITH ${v} SELECT ${mean}`,
    stddev: `WITH ${v} SELECT ${stddev}`,
    firstQuartile: `WITH ${v} SELECT ${quartile(0.25)}`,
    median: `WITH ${v} SELECT ${quartile(0.5)}`,
    thirdQuartile: `WITH ${v} SELECT ${quartile(0.75)}`,
    interQuartileRange: `WITH ${v} SELECT ${quartile(0.75)} - ${quartile(0.25)}`,
    nonParametricSkew: `WITH ${v} SELECT (${mean}::float8 - ${quartile(0.5)}) / nullif(${stddev}, 0)::float8`,
  };
  const { rows } = await client.query<[unknown]>({ text: queries[metric]!, rowMode: 'array' });
  return rows[0]?.[0] ?? null;
}

function lengthOf(kind: PlainColumn['kind'], column: string): string {
  return kind === 'binary' ? `length(${column})` : `char_length(${column}::text)`;
}

/**
 * Values in each bin, with the rule of bins (Freedman and Diaconis, Sturges above a hundred) in SQL and a comparison with both
 * edges for each of them. Null where there is none.
 */
export async function plainHistogram(client: pg.Client, table: string, name: string): Promise<number[] | null> {
  const c = `"${name.replaceAll('"', '""')}"::float8`;
  const { rows } = await client.query<{ counts: string[] | null }>(`
    WITH s AS (SELECT min(${c}) AS low, max(${c}) AS high, count(${c}) AS n,
        percentile_cont(0.75) WITHIN GROUP (ORDER BY ${c}) - percentile_cont(0.25) WITHIN GROUP (ORDER BY ${c}) AS iqr
      FROM ${table}),
    fd AS (SELECT *, CASE WHEN iqr > 0 THEN 2 * iqr * n::float8 ^ (-1.0::float8 / 3) ELSE 1 END AS w FROM s),
    b AS (SELECT *, CASE WHEN ceil((high - low) / w) > 100 THEN least(100, ceil(log(2, n) + 1)) ELSE greatest(1, ceil((high - low) / w)) END AS bins FROM fd),
    e AS (SELECT *, CASE WHEN ceil((high - low) / w) > 100 THEN (high - low) / bins::float8 ELSE w END AS step FROM b)
    SELECT array_agg((SELECT count(*) FROM ${table} WHERE ${c} >= low + i * step AND (i = bins - 1 OR ${c} < low + (i + 1) * step)) ORDER BY i) AS counts
    FROM e, generate_series(0, bins::int - 1) AS i WHERE n > 0`);
  return rows[0]?.counts?.map(Number) ?? null;
}
