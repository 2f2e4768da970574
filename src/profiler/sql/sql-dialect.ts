import type { ProfileSample } from '../profiling-engine.ts';
import type { TypeClass } from './type-class.ts';

/** A column as the database has it. */
export interface SqlColumn {
  readonly name: string;
  /** The database's own text, such as `numeric(12,2)`. */
  readonly type: string;
  /** Without length or precision; of a domain, the type that it rests on: `numeric`. */
  readonly baseType: string;
  readonly typeClass: TypeClass;
  /** Values can be told equal, so that distinct ones can be counted. */
  readonly comparable: boolean;
  /** The database itself sees to it that no value occurs twice. */
  readonly unique?: boolean;
  /** Has few values by its nature: booleans, enums. They are counted exactly whatever the table's size. */
  readonly fewValues?: boolean;
}

/** A table as the database has it. */
export interface SqlTable {
  /** Quoted, with its schema. */
  readonly name: string;
  readonly columns: readonly SqlColumn[];
  /** The database's own guess, which costs nothing; undefined where it has none. */
  readonly estimatedRows: number | undefined;
  readonly sizeInByte?: number | undefined;
  /** Epoch milliseconds. */
  readonly createdAt?: number | undefined;
  /** The database expects to have all of it in memory. */
  readonly cached?: boolean;
  /** Whether the database can sample its rows by `TABLESAMPLE`; of views it cannot. */
  readonly sampled: boolean;
}

/** Where the rows of a query come from. */
export interface SqlRows {
  /** `WITH … ` before the query, or empty. */
  readonly with: string;
  /** What stands after `FROM`, without an alias. */
  readonly from: string;
  /** Reading them again costs little: they lie in memory. */
  readonly cached?: boolean;
}

/**
 * Part of a query that counts groups of values: a scalar expression whose value is a list of triples, as JSON or as an array:
 * position of a column in `columns`, and two numbers. A column without any group has no triple.
 */
export interface GroupCounts {
  readonly columns: readonly SqlColumn[];
  readonly sql: string;
  /** Null is counted as a value of its own; whoever knows how many nulls there are takes it off again. */
  readonly withNull?: boolean;
}

/**
 * How values are counted. `exact`: each of them; `sampled`: only those whose hash ends in `bits` zero bits, one in 2^bits of
 * the distinct values, each of them with all of its rows.
 */
export type CountingMethod = { readonly kind: 'exact' } | { readonly kind: 'sampled'; readonly bits: number };

/** Bins of a column: the lower edge of each, ascending. The first is the smallest value, the last bin has no upper edge. */
export interface ColumnBins {
  readonly column: SqlColumn;
  readonly edges: readonly number[];
}

/** A database's SQL. Everything is an expression, so that one query can hold all of it. */
export interface SqlDialect {
  /** Columns that one query may ask all metrics of; more make another query over the same snapshot. */
  readonly columnsPerQuery: number;
  /** A name in quotes. */
  quote(name: string): string;
  /**
   * Where the rows come from: the table, or a sample, which is the same one in all parts of a query, and in all queries with
   * the same seed where the database can do that.
   *
   * @param columns those that the query asks for
   */
  rows(table: SqlTable, columns: readonly SqlColumn[], sample: ProfileSample | undefined, seed: number): SqlRows;
  /** An aggregate as text that loses nothing; dates as ISO 8601. */
  asText(aggregate: string, column: SqlColumn): string;
  /** A number as a double. `careful`: what no double can hold becomes an infinity (or zero), and no error. */
  asDouble(column: SqlColumn, careful: boolean): string;
  /** Characters of text, bytes of binary data. */
  length(column: SqlColumn): string;
  /** Sum, mean and population standard deviation of a number or of a text's length. `careful`: as of `asDouble`. */
  moment(moment: 'sum' | 'mean' | 'stddev', column: SqlColumn, careful: boolean): string;
  /** A list of first quartile, median and third quartile, of doubles. */
  quartiles(expression: string): string;
  /**
   * Quartiles of several columns as a scalar expression of their own: a list of a column's position and its three quartiles.
   * Undefined where they are better computed with everything else, by `quartiles`.
   */
  quartilesApart?(
    columns: readonly { readonly column: SqlColumn; readonly expression: string }[],
    rows: SqlRows,
    expectedRows: number | undefined,
  ): string | undefined;
  /** Relative error of `quartiles` where they are approximate. */
  readonly quartileError?: number;
  /** The database's own approximation of `count(DISTINCT …)`, with its relative error in 99.7 % of all cases. */
  readonly approximateDistinct?: { readonly error: number; sql(column: SqlColumn): string };
  /** For each column, the number of its distinct values (no null) and of those that occur once. */
  frequencies(
    columns: readonly SqlColumn[],
    rows: SqlRows,
    method: CountingMethod,
    expectedRows: number | undefined,
  ): readonly GroupCounts[];
  /**
   * A value of a sample of rows, at most so many characters long; where it was shortened, the text says so. Numbers and nested
   * values (as JSON) are text too, so that no digit is lost. The plain value without it.
   */
  sampleValue?(column: SqlColumn, longest: number): string;
  /** For each column, the number of a bin (from 1 on) and of the values in it. */
  histograms(
    bins: readonly ColumnBins[],
    rows: SqlRows,
    careful: boolean,
    expectedRows: number | undefined,
  ): readonly GroupCounts[];
}
