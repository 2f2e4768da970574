import type { MetricName } from '../metric-names.ts';
import type { SqlColumn, SqlDialect } from './sql-dialect.ts';
import { frequencyMetrics, metricsOfClass } from './type-class.ts';

/** What is asked of the database for one column, in one pass over the rows; the metrics come from these. */
export type Measure = 'values' | 'min' | 'max' | 'sum' | 'mean' | 'stddev' | 'quartiles' | 'minLength' | 'maxLength';

const neededFor: Readonly<Partial<Record<MetricName, readonly Measure[]>>> = {
  min: ['min'],
  max: ['max'],
  sum: ['sum'],
  mean: ['mean'],
  stddev: ['stddev'],
  median: ['quartiles'],
  firstQuartile: ['quartiles'],
  thirdQuartile: ['quartiles'],
  interQuartileRange: ['quartiles'],
  nonParametricSkew: ['mean', 'stddev', 'quartiles'],
  histogram: ['min', 'max', 'quartiles'],
  minLength: ['minLength'],
  maxLength: ['maxLength'],
};

/** The metrics that a column has, out of those that are asked for. */
export function metricsFor(column: SqlColumn, asked: ReadonlySet<MetricName>): ReadonlySet<MetricName> {
  const unknown = column.comparable ? [] : frequencyMetrics;
  return new Set([...metricsOfClass[column.typeClass]].filter((name) => asked.has(name) && !unknown.includes(name)));
}

/** Measures that these metrics of a column are made from. */
export function measuresFor(column: SqlColumn, metrics: ReadonlySet<MetricName>): readonly Measure[] {
  const needed = new Set<Measure>(['values']);
  for (const name of metrics) {
    for (const measure of neededFor[name] ?? []) needed.add(measure);
  }
  if (column.typeClass === 'text') {
    // Bounds of text are those of its length: asked once.
    if (needed.has('min')) needed.add('minLength');
    if (needed.has('max')) needed.add('maxLength');
    needed.delete('min');
    needed.delete('max');
  }
  return [...needed];
}

/** The aggregate of a measure. */
export function measureSql(measure: Measure, column: SqlColumn, dialect: SqlDialect, careful: boolean): string {
  const name = dialect.quote(column.name);
  switch (measure) {
    case 'values':
      return `count(${name})`;
    case 'min':
    case 'max':
      return dialect.asText(`${measure}(${name})`, column);
    case 'minLength':
      return `min(${dialect.length(column)})`;
    case 'maxLength':
      return `max(${dialect.length(column)})`;
    case 'sum':
    case 'mean':
    case 'stddev':
      return dialect.moment(measure, column, careful);
    case 'quartiles':
      return dialect.quartiles(quartileExpression(column, dialect, careful));
  }
}

/** What quartiles are of: numbers, and the length of text. */
export function quartileExpression(column: SqlColumn, dialect: SqlDialect, careful: boolean): string {
  return column.typeClass === 'text' ? dialect.length(column) : dialect.asDouble(column, careful);
}
