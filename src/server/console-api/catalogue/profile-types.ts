/** What the routes of profiles answer, for the console. Names of metrics are OpenMetadata's. */

/** Which rows the metrics of columns were computed from. */
export interface ProfileSampleFacts {
  readonly size: number;
  readonly type: 'PERCENTAGE' | 'ROWS';
  /** `BERNOULLI` or `SYSTEM`, where it was told. */
  readonly method?: string;
}

/** A table at one moment. */
export interface TableMoment {
  /** Epoch milliseconds. */
  readonly takenAt: number;
  readonly rowCount?: number;
  readonly columnCount?: number;
  /** Bytes. */
  readonly sizeInByte?: number;
  /** ISO 8601. */
  readonly createDateTime?: string;
  /** Absent where all rows were looked at. */
  readonly sample?: ProfileSampleFacts;
  readonly customMetrics: readonly CustomMetric[];
}

export interface CustomMetric {
  readonly name: string;
  readonly value: number;
}

/** Rows that were written or removed, where the source remembers it. */
export interface RowsOperation {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly operation: string;
  readonly rows: number;
}

/** A bound of a column: numbers as numbers, all else as text. */
export type Bound = number | string;

/** A column's newest profile in short. */
export interface ColumnSummary {
  readonly fqn: string;
  /** Below its table, such as `address.city`. */
  readonly name: string;
  readonly type: string;
  /** OpenMetadata's word, such as `BIGINT`. */
  readonly dataType: string;
  /** Epoch milliseconds; absent where it was never profiled. */
  readonly takenAt?: number;
  readonly nullProportion?: number;
  readonly distinctProportion?: number;
  readonly uniqueProportion?: number;
  readonly min?: Bound;
  readonly max?: Bound;
  readonly mean?: number;
}

/** Numbers that a column's profile may hold. */
export const columnMetrics = [
  'valuesCount',
  'validCount',
  'nullCount',
  'missingCount',
  'distinctCount',
  'uniqueCount',
  'duplicateCount',
  'mean',
  'median',
  'firstQuartile',
  'thirdQuartile',
  'interQuartileRange',
  'stddev',
  'variance',
  'sum',
  'nonParametricSkew',
  'minLength',
  'maxLength',
] as const;

export type ColumnMetric = (typeof columnMetrics)[number];

/** Shares of a column's values, 0 to 1. */
export const columnProportions = ['nullProportion', 'distinctProportion', 'uniqueProportion'] as const;

export type ColumnProportion = (typeof columnProportions)[number];

/** One bar: what it stands for in words, and how many values are in it. */
export interface Bar {
  readonly label: string;
  readonly count: number;
}

/** A column at one moment. */
export interface ColumnMoment extends Partial<Readonly<Record<ColumnMetric | ColumnProportion, number>>> {
  /** Epoch milliseconds. */
  readonly takenAt: number;
  readonly min?: Bound;
  readonly max?: Bound;
  /** Values by ranges. */
  readonly histogram?: readonly Bar[];
  /** Values by themselves: the most frequent ones, and all others. */
  readonly categories?: readonly Bar[];
  readonly customMetrics: readonly CustomMetric[];
}

/** A table's profiles: the newest one, and how it came to it. */
export interface TableProfiles {
  /** Absent where it was never profiled. */
  readonly latest?: TableMoment;
  /** Within the span, oldest first. */
  readonly history: readonly TableMoment[];
  /** Within the span, oldest first. */
  readonly operations: readonly RowsOperation[];
  /** Each one and what is nested in it, in the table's order. */
  readonly columns: readonly ColumnSummary[];
}

export interface ColumnProfiles {
  /** Within the span, oldest first. Histograms and categories stand with the newest ones only. */
  readonly history: readonly ColumnMoment[];
}
