import type { MetricName } from '../metric-names.ts';

/**
 * What may be computed of a column. `dateTime`: dates, times and timestamps; `nested`: arrays, maps, structs, JSON, XML;
 * `other`: all that can be counted and no more, such as UUIDs, enums, addresses and intervals.
 */
export type TypeClass = 'number' | 'text' | 'dateTime' | 'boolean' | 'binary' | 'nested' | 'other';

const counts: readonly MetricName[] = ['valuesCount', 'nullCount', 'nullProportion'];
/** Those that ask which values are equal. */
export const frequencyMetrics: readonly MetricName[] = [
  'distinctCount',
  'distinctProportion',
  'uniqueCount',
  'uniqueProportion',
  'duplicateCount',
];
const bounds: readonly MetricName[] = ['min', 'max'];
const distribution: readonly MetricName[] = [
  'mean',
  'sum',
  'stddev',
  'median',
  'firstQuartile',
  'thirdQuartile',
  'interQuartileRange',
  'nonParametricSkew',
];
const lengths: readonly MetricName[] = ['minLength', 'maxLength'];

/**
 * Which metrics a class of types has, after OpenMetadata: bounds and distribution of text are those of its length, nested
 * values are only counted (docs/profiler-metrics.md).
 */
export const metricsOfClass: Readonly<Record<TypeClass, ReadonlySet<MetricName>>> = {
  number: new Set([...counts, ...frequencyMetrics, ...bounds, ...distribution, 'histogram']),
  text: new Set([...counts, ...frequencyMetrics, ...bounds, ...distribution, ...lengths]),
  dateTime: new Set([...counts, ...frequencyMetrics, ...bounds]),
  boolean: new Set([...counts, ...frequencyMetrics]),
  binary: new Set([...counts, ...frequencyMetrics, ...lengths]),
  nested: new Set(counts),
  other: new Set([...counts, ...frequencyMetrics]),
};
