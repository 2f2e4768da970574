import { histogramBoundaries, histogramEdges } from '../histogram.ts';
import type { MetricName } from '../metric-names.ts';
import type { ColumnProfile, ProfileBound, ProfileProblem } from '../profiling-engine.ts';
import type { MeasuredColumn } from './measured.ts';
import type { PlannedColumn } from './plan-profile.ts';
import type { ColumnBins } from './sql-dialect.ts';

/** Distinct values among the sampled ones below which they are counted again, all of them. */
export const fewSampledValues = 8192;
/** Standard errors that a stated error has: what holds in 99.7 % of all cases. */
const certainty = 3;

/** Bins of a column's histogram; undefined where none was asked for, or none can be drawn. */
export function binsOf({ column, metrics }: PlannedColumn, measured: MeasuredColumn): ColumnBins | undefined {
  if (!metrics.has('histogram')) return undefined;
  const [first, , third] = quartilesOf(measured);
  const [min, max] = [numberOf(measured.measures.get('min')), numberOf(measured.measures.get('max'))];
  if (first === undefined || third === undefined || min === undefined || max === undefined) return undefined;
  const edges = histogramEdges(min, max, third - first, Number(measured.measures.get('values')));
  return edges && { column, edges };
}

/** True where sampled values turned out to be so few that their number says little, and counting all of them costs little. */
export function hasFewValues({ frequency }: MeasuredColumn): boolean {
  return frequency?.counting.kind === 'sampled' && frequency.distinct < fewSampledValues;
}

/** Everything that is not a whole column's: what its metrics are computed from. */
export interface ProfileContext {
  /** Rows that the measures are of. */
  readonly rows: number;
  readonly quartileError: number | undefined;
  readonly distinctError: number | undefined;
  readonly report: (problem: ProfileProblem) => void;
}

/** OpenMetadata's metrics of one column, out of what the database said (docs/profiler-metrics.md has their definitions). */
export function columnProfile(
  planned: PlannedColumn,
  measured: MeasuredColumn,
  bins: ColumnBins | undefined,
  context: ProfileContext,
): ColumnProfile {
  const { column, metrics } = planned;
  const values = Number(measured.measures.get('values') ?? 0);
  const errors: Partial<Record<MetricName, number>> = {};
  const found: Partial<Record<MetricName, number | undefined>> = {
    valuesCount: values,
    nullCount: context.rows - values,
    nullProportion: context.rows > 0 ? (context.rows - values) / context.rows : undefined,
    minLength: numberOf(measured.measures.get('minLength')),
    maxLength: numberOf(measured.measures.get('maxLength')),
    ...distribution(measured),
    ...frequencies(planned, measured, values, context, errors),
  };
  if (context.quartileError !== undefined) {
    for (const name of quantileMetrics) errors[name] = context.quartileError;
  }
  const profile: Record<string, unknown> = { name: column.name };
  const approximate: Partial<Record<MetricName, number>> = {};
  for (const name of metrics) {
    const value = name === 'min' || name === 'max' ? boundOf(planned, measured, name) : found[name];
    if (value === undefined) continue;
    profile[name] = value;
    if (errors[name] !== undefined) approximate[name] = errors[name];
  }
  if (bins && measured.bins) {
    profile['histogram'] = {
      boundaries: histogramBoundaries(bins.edges),
      // What lies outside has come in since the bins were made, or is of another sample.
      frequencies: bins.edges.map(
        (_, at) => (measured.bins!.get(at + 1) ?? 0) + (at === 0 ? (measured.bins!.get(0) ?? 0) : 0),
      ),
    };
  }
  if (Object.keys(approximate).length > 0) profile['approximate'] = approximate;
  reportNotFinite(planned, measured, profile, context);
  return profile as unknown as ColumnProfile;
}

const quantileMetrics: readonly MetricName[] = [
  'median',
  'firstQuartile',
  'thirdQuartile',
  'interQuartileRange',
  'nonParametricSkew',
];

function distribution(measured: MeasuredColumn): Partial<Record<MetricName, number | undefined>> {
  const [firstQuartile, median, thirdQuartile] = quartilesOf(measured);
  const [sum, mean, stddev] = (['sum', 'mean', 'stddev'] as const).map((name) => numberOf(measured.measures.get(name)));
  return {
    sum,
    mean,
    stddev,
    median,
    firstQuartile,
    thirdQuartile,
    interQuartileRange:
      firstQuartile === undefined || thirdQuartile === undefined ? undefined : finite(thirdQuartile - firstQuartile),
    nonParametricSkew:
      mean === undefined || median === undefined || stddev === undefined || stddev === 0
        ? undefined
        : finite((mean - median) / stddev),
  };
}

function frequencies(
  { column }: PlannedColumn,
  { frequency, approximateDistinct }: MeasuredColumn,
  values: number,
  context: ProfileContext,
  errors: Partial<Record<MetricName, number>>,
): Partial<Record<MetricName, number | undefined>> {
  let distinct: number | undefined;
  let once: number | undefined;
  let distinctError: number | undefined;
  let onceError: number | undefined;
  if (column.unique) {
    distinct = values;
    once = values;
  } else if (frequency?.counting.kind === 'exact') {
    // A database that draws a sample anew for each part of a query may find more here than there were values there.
    distinct = Math.min(frequency.distinct, values);
    once = Math.min(frequency.once, distinct);
  } else if (frequency) {
    const factor = 2 ** (frequency.counting as { bits: number }).bits;
    // There are no more distinct values than values, and no more single ones than distinct ones.
    distinct = Math.min(frequency.distinct * factor, values);
    once = Math.min(frequency.once * factor, distinct);
    distinctError = sampledError(frequency.distinct, factor);
    onceError = sampledError(frequency.once, factor);
  }
  if (approximateDistinct !== undefined) {
    distinct = Math.min(approximateDistinct, values);
    distinctError = context.distinctError;
    if (once !== undefined) once = Math.min(once, distinct);
  }
  const duplicates = distinct === undefined ? undefined : values - distinct;
  set(errors, ['distinctCount', 'distinctProportion'], distinctError);
  set(errors, ['uniqueCount', 'uniqueProportion'], onceError);
  if (distinctError !== undefined && duplicates !== undefined) {
    set(errors, ['duplicateCount'], (distinctError * distinct!) / Math.max(duplicates, 1));
  }
  return {
    distinctCount: distinct,
    distinctProportion: distinct === undefined || values === 0 ? undefined : distinct / values,
    uniqueCount: once,
    uniqueProportion: once === undefined || values === 0 ? undefined : once / values,
    duplicateCount: duplicates,
  };
}

/** The sampled number of values is binomial: each value is in with 1 ÷ factor. */
function sampledError(sampled: number, factor: number): number {
  return certainty * Math.sqrt((1 - 1 / factor) / Math.max(sampled, 1));
}

function set(
  errors: Partial<Record<MetricName, number>>,
  names: readonly MetricName[],
  error: number | undefined,
): void {
  if (error === undefined) return;
  for (const name of names) errors[name] = error;
}

/** A bound: a number where JavaScript has exactly this one, else the database's text. */
function boundOf({ column }: PlannedColumn, measured: MeasuredColumn, name: 'min' | 'max'): ProfileBound | undefined {
  if (column.typeClass === 'text') return numberOf(measured.measures.get(name === 'min' ? 'minLength' : 'maxLength'));
  const value = measured.measures.get(name);
  if (value === null || value === undefined) return undefined;
  const text = String(value);
  return column.typeClass === 'number' ? numberOrText(text) : text;
}

/** `12.50` is the number 12.5; `9007199254740993` and `0.1000000000000000055` no number is. */
export function numberOrText(text: string): ProfileBound {
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  // Zero has no sign.
  return plainDecimal(String(number)) === plainDecimal(text) ? number + 0 : text;
}

/** Digits and exponent of a decimal number without what does not count, so that equal ones are the same text. */
function plainDecimal(text: string): string {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  if (whole === undefined) return text;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return '0';
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}

function quartilesOf(measured: MeasuredColumn): (number | undefined)[] {
  const value = measured.measures.get('quartiles');
  return Array.isArray(value) ? value.map(numberOf) : [undefined, undefined, undefined];
}

function reportNotFinite(
  { column, metrics }: PlannedColumn,
  measured: MeasuredColumn,
  profile: Readonly<Record<string, unknown>>,
  { report }: ProfileContext,
): void {
  if (column.typeClass !== 'number' || Number(measured.measures.get('values') ?? 0) === 0) return;
  const inBounds = (['min', 'max'] as const).every((name) => !/nan|inf/i.test(String(measured.measures.get(name))));
  const left = [...metrics].filter((name) => profile[name] === undefined && name !== 'nonParametricSkew');
  if (left.length === 0) return;
  const because = inBounds ? 'its numbers are beyond what a double holds' : 'it holds NaN or infinity';
  report({ column: column.name, reason: 'not-finite', message: `No ${left.join(', ')}: ${because}.` });
}

/** JSON has finite numbers only. */
function numberOf(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : finite(Number(value));
}

const finite = (number: number): number | undefined => (Number.isFinite(number) ? number : undefined);
