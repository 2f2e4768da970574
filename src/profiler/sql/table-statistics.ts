/** What a database remembers of a column's values. */
export interface ColumnStatistics {
  /** 0 to 1. */
  readonly nullProportion?: number;
  /** Relative error of `nullProportion` in 99.7 % of all cases; null where it is not known. */
  readonly nullError?: number | null;
  readonly distinctCount?: number;
}

/** What a database remembers of a table, from the last time that it looked. */
export interface TableStatistics {
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, ColumnStatistics>;
}
