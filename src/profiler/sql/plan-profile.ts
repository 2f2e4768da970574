import type { MetricName } from '../metric-names.ts';
import type { ProfileSample } from '../profiling-engine.ts';
import { type Measure, measureSql, measuresFor, quartileExpression } from './measures.ts';
import type {
  ColumnBins,
  CountingMethod,
  GroupCounts,
  SqlColumn,
  SqlDialect,
  SqlRows,
  SqlTable,
} from './sql-dialect.ts';
import { frequencyMetrics } from './type-class.ts';

/** What is asked of a table. */
export interface ProfilePlanInput {
  readonly table: SqlTable;
  /** The columns, each with the metrics that it has. */
  readonly columns: readonly PlannedColumn[];
  readonly sample: ProfileSample | undefined;
  /** Makes the sample of one profile, and not of another. */
  readonly seed: number;
  readonly counting: CountingMethod;
  /** Rows that are expected in the sample, or in the table. */
  readonly expectedRows: number | undefined;
  /** Whether the rows of the whole table are counted too, where there is a sample. */
  readonly countWhole: boolean;
  readonly careful: boolean;
}

export interface PlannedColumn {
  readonly column: SqlColumn;
  readonly metrics: ReadonlySet<MetricName>;
}

/** What stands at one place of the answer's only row. */
export type Slot =
  | { readonly kind: 'rows' | 'wholeRows' }
  | { readonly kind: 'measure'; readonly column: string; readonly measure: Measure }
  | { readonly kind: 'quartiles'; readonly columns: readonly string[] }
  | { readonly kind: 'approximateDistinct'; readonly column: string }
  | {
      readonly kind: 'frequencies';
      readonly columns: readonly string[];
      readonly counting: CountingMethod;
      readonly withNull: boolean;
    }
  | { readonly kind: 'histograms'; readonly columns: readonly string[] };

/** A query whose answer is one row, and what that row holds. */
export interface PlannedQuery {
  readonly sql: string;
  readonly slots: readonly Slot[];
}

interface Item {
  readonly slot: Slot;
  readonly sql: string;
}

/** One query for all columns and metrics (histograms apart, whose bins come from its answer); more where a limit wants it. */
export function planProfile(input: ProfilePlanInput, dialect: SqlDialect): PlannedQuery[] {
  const size = Math.max(1, dialect.columnsPerQuery);
  const queries: PlannedQuery[] = [];
  for (let at = 0; at === 0 || at < input.columns.length; at += size) {
    queries.push(planQuery(input, input.columns.slice(at, at + size), at === 0, dialect));
  }
  return queries;
}

function planQuery(
  input: ProfilePlanInput,
  columns: readonly PlannedColumn[],
  isFirst: boolean,
  dialect: SqlDialect,
): PlannedQuery {
  const { table, sample, seed, counting, careful } = input;
  const asked = columns.map(({ column }) => column);
  const rows = dialect.rows(table, asked, sample, seed);
  const items: Item[] = [{ slot: { kind: 'rows' }, sql: 'count(*)' }];
  if (isFirst && input.countWhole) {
    items.push({ slot: { kind: 'wholeRows' }, sql: `(SELECT count(*) FROM ${table.name})` });
  }
  const apart = quartilesApart(input, columns, rows, dialect);
  if (apart) items.push(apart);
  for (const { column, metrics } of columns) {
    for (const measure of measuresFor(column, metrics)) {
      if (apart && measure === 'quartiles') continue;
      const slot: Slot = { kind: 'measure', column: column.name, measure };
      items.push({ slot, sql: measureSql(measure, column, dialect, careful) });
    }
  }
  const counted = columns.filter(isCounted).map(({ column }) => column);
  const approximated = counting.kind === 'sampled' ? counted.filter(({ fewValues }) => fewValues !== true) : [];
  const native = dialect.approximateDistinct;
  if (native) {
    for (const column of approximated) {
      items.push({ slot: { kind: 'approximateDistinct', column: column.name }, sql: native.sql(column) });
    }
  }
  const exact: CountingMethod = { kind: 'exact' };
  const counts = (some: readonly SqlColumn[], method: CountingMethod): Item[] =>
    some.length === 0
      ? []
      : dialect
          .frequencies(some, rows, method, input.expectedRows)
          .map((part) => ({ slot: frequencySlot(part, method), sql: part.sql }));
  items.push(
    ...counts(
      counted.filter((column) => !approximated.includes(column)),
      exact,
    ),
  );
  items.push(...counts(approximated, counting));
  return queryOf(items, rows.with, rows.from);
}

function quartilesApart(
  { careful, expectedRows }: ProfilePlanInput,
  columns: readonly PlannedColumn[],
  rows: SqlRows,
  dialect: SqlDialect,
): Item | undefined {
  const asked = columns
    .filter(({ column, metrics }) => measuresFor(column, metrics).includes('quartiles'))
    .map(({ column }) => ({ column, expression: quartileExpression(column, dialect, careful) }));
  const sql = asked.length > 0 ? dialect.quartilesApart?.(asked, rows, expectedRows) : undefined;
  return sql === undefined
    ? undefined
    : { slot: { kind: 'quartiles', columns: asked.map(({ column }) => column.name) }, sql };
}

/**
 * The query that follows from the first one's answer: histograms, and exact counts of columns that turned out to have few
 * distinct values. Undefined when there is nothing to ask.
 */
export function planFollowUp(
  input: Pick<ProfilePlanInput, 'table' | 'sample' | 'seed' | 'careful' | 'expectedRows'>,
  bins: readonly ColumnBins[],
  fewValues: readonly SqlColumn[],
  dialect: SqlDialect,
): PlannedQuery | undefined {
  if (bins.length === 0 && fewValues.length === 0) return undefined;
  const asked = new Set([...bins.map(({ column }) => column), ...fewValues]);
  const rows = dialect.rows(input.table, [...asked], input.sample, input.seed);
  const items: Item[] = [];
  for (const part of bins.length > 0 ? dialect.histograms(bins, rows, input.careful, input.expectedRows) : []) {
    items.push({ slot: { kind: 'histograms', columns: namesOf(part) }, sql: part.sql });
  }
  const exact: CountingMethod = { kind: 'exact' };
  for (const part of fewValues.length > 0 ? dialect.frequencies(fewValues, rows, exact, input.expectedRows) : []) {
    items.push({ slot: frequencySlot(part, exact), sql: part.sql });
  }
  return queryOf(items, rows.with, undefined);
}

function queryOf(items: readonly Item[], before: string, from: string | undefined): PlannedQuery {
  const list = items.map(({ sql }, at) => `${sql} AS v${at}`).join(',\n  ');
  return {
    sql: `${before}SELECT\n  ${list}${from === undefined ? '' : `\nFROM ${from}`}`,
    slots: items.map(({ slot }) => slot),
  };
}

/** Whether distinct values are counted: what the database makes sure of is not. */
export function isCounted({ column, metrics }: PlannedColumn): boolean {
  return column.unique !== true && frequencyMetrics.some((name) => metrics.has(name));
}

function frequencySlot(part: GroupCounts, counting: CountingMethod): Slot {
  return { kind: 'frequencies', columns: namesOf(part), counting, withNull: part.withNull === true };
}

const namesOf = ({ columns }: GroupCounts): string[] => columns.map(({ name }) => name);
