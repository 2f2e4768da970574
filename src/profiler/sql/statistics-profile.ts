import type { MetricName } from '../metric-names.ts';
import type { ColumnProfile } from '../profiling-engine.ts';
import type { PlannedColumn } from './plan-profile.ts';
import type { ColumnStatistics, TableStatistics } from './table-statistics.ts';

/** A column whose metrics are partly remembered by the database. */
export interface RememberedColumn {
  readonly planned: PlannedColumn;
  /** Undefined where the database remembers nothing of it. */
  readonly remembered: ColumnProfile | undefined;
  /** What is left to compute; empty when there is nothing. */
  readonly left: ReadonlySet<MetricName>;
}

/** What of a column's metrics the database's statistics can say, and what is left. */
export function rememberedColumn(planned: PlannedColumn, statistics: TableStatistics | undefined): RememberedColumn {
  const { column, metrics } = planned;
  const known = statistics?.columns.get(column.name);
  if (!statistics || !known) return { planned, remembered: undefined, left: metrics };
  const remembered = statisticsProfile(planned, known, statistics.rowCount);
  return { planned, remembered, left: new Set([...metrics].filter((name) => !(name in remembered))) };
}

function statisticsProfile(
  { column, metrics }: PlannedColumn,
  { nullProportion, nullError, distinctCount }: ColumnStatistics,
  rows: number,
): ColumnProfile {
  const nullCount = nullProportion === undefined ? undefined : Math.round(nullProportion * rows);
  const valuesCount = nullCount === undefined ? undefined : rows - nullCount;
  const distinct =
    distinctCount === undefined || valuesCount === undefined ? distinctCount : Math.min(distinctCount, valuesCount);
  const isProportion = distinct !== undefined && valuesCount !== undefined && valuesCount > 0;
  const found: Partial<Record<MetricName, readonly [value: number | undefined, error: number | null]>> = {
    valuesCount: [valuesCount, null],
    nullCount: [nullCount, nullError ?? null],
    nullProportion: [rows > 0 ? nullProportion : undefined, nullError ?? null],
    distinctCount: [distinct, null],
    distinctProportion: [isProportion ? distinct / valuesCount : undefined, null],
    duplicateCount: [distinct === undefined || valuesCount === undefined ? undefined : valuesCount - distinct, null],
  };
  const profile: Record<string, unknown> = { name: column.name };
  const approximate: Partial<Record<MetricName, number | null>> = {};
  for (const [name, [value, error]] of Object.entries(found) as [MetricName, [number | undefined, number | null]][]) {
    if (value === undefined || !metrics.has(name)) continue;
    profile[name] = value;
    approximate[name] = error;
  }
  return { ...profile, ...(Object.keys(approximate).length > 0 && { approximate }) } as unknown as ColumnProfile;
}

/** Both halves as one profile. */
export function mergedProfile(
  computed: ColumnProfile | undefined,
  remembered: ColumnProfile | undefined,
): ColumnProfile {
  const merged = { ...remembered, ...computed } as ColumnProfile;
  const approximate = { ...remembered?.approximate, ...computed?.approximate };
  return { ...merged, ...(Object.keys(approximate).length > 0 && { approximate }) };
}
