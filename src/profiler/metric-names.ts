/** OpenMetadata's names of metrics: the 20 of its profiler configuration, and those that its column profiles have beside. */
export const metricNames = [
  'mean',
  'valuesCount',
  'columnCount',
  'distinctCount',
  'distinctProportion',
  'max',
  'min',
  'nullCount',
  'rowCount',
  'stddev',
  'sum',
  'uniqueCount',
  'uniqueProportion',
  'columnNames',
  'nullProportion',
  'median',
  'firstQuartile',
  'thirdQuartile',
  'interQuartileRange',
  'nonParametricSkew',
  'histogram',
  'minLength',
  'maxLength',
  'duplicateCount',
] as const;

export type MetricName = (typeof metricNames)[number];
