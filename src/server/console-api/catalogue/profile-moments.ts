import type { HeldProfile } from '../../../openmetadata/profiles-api.ts';
import {
  type Bar,
  type Bound,
  type ColumnMoment,
  type CustomMetric,
  columnMetrics,
  columnProportions,
  type ProfileSampleFacts,
  type RowsOperation,
  type TableMoment,
} from './profile-types.ts';

/** A table's profile as it is shown. Pure. */
export function toTableMoment(held: HeldProfile): TableMoment {
  const { createDateTime } = held;
  const sample = sampleOf(held);
  return {
    takenAt: held.timestamp,
    ...numbersOf(held, ['rowCount', 'columnCount', 'sizeInByte']),
    ...(typeof createDateTime === 'string' && !Number.isNaN(Date.parse(createDateTime)) && { createDateTime }),
    ...(sample && { sample }),
    customMetrics: customMetricsOf(held),
  };
}

/** A column's profile as it is shown; proportions that were not told are computed from the counts. Pure. */
export function toColumnMoment(held: HeldProfile): ColumnMoment {
  const [min, max] = [boundOf(held['min']), boundOf(held['max'])];
  const histogram = barsOf(held['histogram'], 'boundaries', 'frequencies');
  const categories = barsOf(held['cardinalityDistribution'], 'categories', 'counts');
  return {
    takenAt: held.timestamp,
    ...numbersOf(held, columnMetrics),
    ...computedProportions(held),
    ...numbersOf(held, columnProportions),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(histogram && { histogram }),
    ...(categories && { categories }),
    customMetrics: customMetricsOf(held),
  };
}

export function toOperation(held: HeldProfile): RowsOperation {
  const { timestamp, operation, rowsAffected } = held;
  return {
    at: timestamp,
    operation: typeof operation === 'string' ? operation : '',
    rows: typeof rowsAffected === 'number' ? rowsAffected : 0,
  };
}

/** Undefined where all rows were looked at: nobody said otherwise, or 100 percent. */
function sampleOf(held: HeldProfile): ProfileSampleFacts | undefined {
  const { profileSample: size, profileSampleType, samplingMethodType: method } = held;
  if (typeof size !== 'number') return undefined;
  const type = profileSampleType === 'ROWS' ? 'ROWS' : 'PERCENTAGE';
  if (type === 'PERCENTAGE' && size >= 100) return undefined;
  return { size, type, ...(typeof method === 'string' && { method }) };
}

function numbersOf<Name extends string>(held: HeldProfile, names: readonly Name[]): Partial<Record<Name, number>> {
  const found: Partial<Record<Name, number>> = {};
  for (const name of names) {
    const value = held[name];
    if (typeof value === 'number' && Number.isFinite(value)) found[name] = value;
  }
  return found;
}

/** OpenMetadata counts nulls apart from the values: nulls are a share of both, distinct and unique ones of the values. */
function computedProportions(held: HeldProfile): ReturnType<typeof numbersOf<(typeof columnProportions)[number]>> {
  const { valuesCount, nullCount, distinctCount, uniqueCount } = numbersOf(held, columnMetrics);
  if (valuesCount === undefined) return {};
  const share = (part: number | undefined, whole: number): number | undefined =>
    part === undefined || whole <= 0 ? undefined : Math.min(1, part / whole);
  const nullProportion = share(nullCount, valuesCount + (nullCount ?? 0));
  const distinctProportion = share(distinctCount, valuesCount);
  const uniqueProportion = share(uniqueCount, valuesCount);
  return {
    ...(nullProportion !== undefined && { nullProportion }),
    ...(distinctProportion !== undefined && { distinctProportion }),
    ...(uniqueProportion !== undefined && { uniqueProportion }),
  };
}

function boundOf(value: unknown): Bound | undefined {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? value : undefined;
}

/** Two lists side by side as bars; undefined where they are missing or empty. */
function barsOf(held: unknown, labels: string, counts: string): readonly Bar[] | undefined {
  const lists = (held ?? {}) as Readonly<Record<string, unknown>>;
  const [words, numbers] = [lists[labels], lists[counts]];
  if (!Array.isArray(words) || !Array.isArray(numbers)) return undefined;
  const bars = words.slice(0, numbers.length).flatMap((word, place) => {
    const count = numbers[place];
    return typeof count === 'number' ? [{ label: String(word ?? ''), count }] : [];
  });
  return bars.length > 0 ? bars : undefined;
}

function customMetricsOf(held: HeldProfile): readonly CustomMetric[] {
  const { customMetrics } = held;
  if (!Array.isArray(customMetrics)) return [];
  return customMetrics.filter(
    (metric): metric is CustomMetric => typeof metric?.name === 'string' && typeof metric.value === 'number',
  );
}
