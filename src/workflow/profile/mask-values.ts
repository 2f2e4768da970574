import type { ColumnProfile, SampleRows } from '../../profiler/profiling-engine.ts';

/** What stands in place of a value that must not leave. */
export const mask = '********';

/** Metrics that tell no value of a column, only how many there are and how long they are. */
const countingMetrics = [
  'name',
  'valuesCount',
  'nullCount',
  'nullProportion',
  'uniqueCount',
  'uniqueProportion',
  'distinctCount',
  'distinctProportion',
  'duplicateCount',
  'minLength',
  'maxLength',
  'approximate',
] as const satisfies readonly (keyof ColumnProfile)[];

/** A profile without what would tell values: bounds, quartiles and histograms hold some, sums of few rows give them away. */
export function maskedProfile(column: ColumnProfile): ColumnProfile {
  const kept = countingMetrics.flatMap((key) => (column[key] === undefined ? [] : [[key, column[key]] as const]));
  return Object.fromEntries(kept) as unknown as ColumnProfile;
}

/** Rows in which some columns show nothing, not even where a value is missing. @param masked names of those columns */
export function maskedRows({ columns, rows }: SampleRows, masked: ReadonlySet<string>): SampleRows {
  if (masked.size === 0) return { columns, rows };
  const isMasked = columns.map((name) => masked.has(name));
  return { columns, rows: rows.map((row) => row.map((value, i) => (isMasked[i] ? mask : value))) };
}
