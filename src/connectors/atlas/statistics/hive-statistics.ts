import type { MetricName } from '../../../profiler/metric-names.ts';
import type { ColumnProfile, ProfileBound, ProfileProblem, TableProfile } from '../../../profiler/profiling-engine.ts';

/** What Atlas holds of a table's size and age: `parameters` as the metastore keeps them, and the time it was made. */
export interface TableStatistics {
  readonly parameters: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly createTime?: number;
}

interface Column {
  readonly name: string;
  readonly dataType: string;
}

/** Spark counts distinct values by HyperLogLog with this relative error, unless it was told otherwise. */
const sparkDistinctError = 0.05;

const sparkTable = 'spark.sql.statistics.';
const sparkColumn = `${sparkTable}colStats.`;

/**
 * A table's profile from the statistics that Hive, Impala and Spark keep in the metastore and Atlas carries along. Columns
 * have some only where Spark computed them (ANALYZE TABLE … FOR COLUMNS).
 */
export function statisticsProfile(
  { parameters, createTime }: TableStatistics,
  columns: readonly Column[],
  wanted: {
    readonly metrics: ReadonlySet<MetricName>;
    readonly tableMetrics: boolean;
    readonly columnMetrics: boolean;
  },
): TableProfile {
  const problems: ProfileProblem[] = [];
  const rows = rowsOf(parameters, problems);
  const size = sizeOf(parameters);
  const profiles = wanted.columnMetrics
    ? columns.map((column) => columnProfile(column, parameters, rows, wanted.metrics))
    : [];
  return {
    ...(wanted.tableMetrics && {
      ...(rows !== undefined && wanted.metrics.has('rowCount') && { rowCount: rows }),
      ...(size !== undefined && { sizeInByte: size }),
      ...(createTime !== undefined && createTime > 0 && { createdAt: createTime }),
    }),
    columns: profiles.filter((profile) => profile !== undefined),
    from: 'statistics',
    problems,
  };
}

/**
 * Spark's own count, else the metastore's. The metastore writes -1, and 0 beside a size, where nobody has counted; and says in
 * COLUMN_STATS_ACCURATE whether the count still holds.
 */
function rowsOf(parameters: TableStatistics['parameters'], problems: ProfileProblem[]): number | undefined {
  const spark = wholeNumber(parameters[`${sparkTable}numRows`]);
  if (spark !== undefined) return spark;
  const rows = wholeNumber(parameters['numRows']);
  if (rows === undefined || (rows === 0 && (sizeOf(parameters) ?? 0) > 0)) return undefined;
  if (isStale(parameters['COLUMN_STATS_ACCURATE'])) {
    problems.push({
      reason: 'stale-statistics',
      message: 'statistics that the metastore itself no longer calls accurate (ANALYZE TABLE renews them)',
    });
  }
  return rows;
}

/** `true` or `{"BASIC_STATS":"true", …}` of accurate ones; without the parameter nobody says. */
function isStale(accurate: string | undefined): boolean {
  return accurate !== undefined && !/^"?true"?$/i.test(accurate) && !/"BASIC_STATS"\s*:\s*"?true/i.test(accurate);
}

/** Bytes, as files: what a table takes, rather than what its rows would take unpacked. */
function sizeOf(parameters: TableStatistics['parameters']): number | undefined {
  const sizes = [`${sparkTable}totalSize`, 'totalSize', 'rawDataSize'].map((key) => wholeNumber(parameters[key]));
  return sizes.find((size) => size !== undefined && size > 0) ?? sizes.find((size) => size !== undefined);
}

function columnProfile(
  { name, dataType }: Column,
  parameters: TableStatistics['parameters'],
  rows: number | undefined,
  wanted: ReadonlySet<MetricName>,
): ColumnProfile | undefined {
  const told = (key: string): string | undefined => parameters[`${sparkColumn}${name}.${key}`];
  const [distinctCount, nullCount, maxLength] = ['distinctCount', 'nullCount', 'maxLen'].map((key) =>
    wholeNumber(told(key)),
  );
  const isText = textTypes.has(dataType);
  const valuesCount = rows !== undefined && nullCount !== undefined ? Math.max(0, rows - nullCount) : undefined;
  const metrics: Omit<ColumnProfile, 'name' | 'approximate'> = {
    valuesCount,
    nullCount,
    nullProportion: share(nullCount, rows),
    distinctCount,
    distinctProportion: share(distinctCount, valuesCount),
    min: bound(told('min'), dataType),
    max: bound(told('max'), dataType),
    maxLength: isText ? maxLength : undefined,
  } as Omit<ColumnProfile, 'name' | 'approximate'>;
  const kept = Object.entries(metrics).filter(
    ([metric, value]) => value !== undefined && wanted.has(metric as MetricName),
  );
  if (kept.length === 0) return undefined;
  const approximate = Object.fromEntries(
    kept
      .filter(([metric]) => metric === 'distinctCount' || metric === 'distinctProportion')
      .map(([metric]) => [metric, sparkDistinctError]),
  );
  return {
    name,
    ...Object.fromEntries(kept),
    ...(Object.keys(approximate).length > 0 && { approximate }),
  };
}

const textTypes: ReadonlySet<string> = new Set(['STRING', 'VARCHAR', 'CHAR', 'TEXT']);
const numberTypes: ReadonlySet<string> = new Set(
  'TINYINT SMALLINT INT BIGINT LONG FLOAT DOUBLE DECIMAL NUMERIC NUMBER BYTEINT'.split(' '),
);

function bound(value: string | undefined, dataType: string): ProfileBound | undefined {
  if (value === undefined || !numberTypes.has(dataType)) return value;
  const number = Number(value);
  // Beyond what a double can tell apart the text is truer.
  return Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : value;
}

function share(part: number | undefined, of: number | undefined): number | undefined {
  return part === undefined || of === undefined || of === 0 ? undefined : Math.min(1, part / of);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,18}$/.test(text.trim()) ? Number(text) : undefined;
}
