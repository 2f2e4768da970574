import { binsOf } from '../../../profiler/sql/column-profile.ts';
import { type MeasuredColumn, MeasuredTable } from '../../../profiler/sql/measured.ts';
import { type Measure, measuresFor } from '../../../profiler/sql/measures.ts';
import { isCounted, type PlannedColumn, type ProfilePlanInput } from '../../../profiler/sql/plan-profile.ts';
import { type PostgresColumn, postgresDialect } from './postgres-dialect.ts';
import { type SmallKind, type SmallValues, smallValues } from './small-columns.ts';

/** Rows up to which PostgreSQL's planning costs more than to fetch them. */
const mostRows = 1000;
/** Values, of all columns. */
const mostValues = 50_000;
/** Of the table on disk; texts are packed there, at most about a hundred times. */
const mostBytes = 512 * 1024;

const kindOf: Readonly<Record<string, SmallKind>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'bigint',
  numeric: 'numeric',
  float4: 'real',
  float8: 'double',
  bytea: 'bytes',
  bool: 'plain',
  uuid: 'plain',
  date: 'moment',
  time: 'moment',
  timestamp: 'moment',
  timestamptz: 'moment',
};
const texts: Readonly<Record<string, SmallKind>> = { text: 'text', varchar: 'text', bpchar: 'padded' };

interface Fetched {
  readonly planned: PlannedColumn;
  /** Undefined: only whether there is a value is asked. */
  readonly kind: SmallKind | undefined;
}

/**
 * A table that is so small that its rows are fetched, and measured here: planning a query of some hundred aggregates takes
 * PostgreSQL longer. What comes out is the same (profiled-metrics.test.ts); types whose values PostgreSQL alone knows how to
 * compare are left to it, with their tables.
 */
export interface SmallTable {
  /** Gives one row more than there may be. */
  readonly sql: string;
  /** @returns undefined when the rows are too many, or hold values that are PostgreSQL's to measure */
  measure(rows: readonly (readonly (string | null)[])[]): MeasuredTable | undefined;
}

/** @returns undefined for a table that is not small, or not understood here */
export function smallTable({ table, columns, expectedRows, sample }: ProfilePlanInput): SmallTable | undefined {
  const { sizeInByte, sampled } = table;
  if (sample !== undefined || !sampled || columns.length === 0) return undefined;
  if (sizeInByte === undefined || sizeInByte > mostBytes) return undefined;
  if (expectedRows === undefined || expectedRows > mostRows || expectedRows * columns.length > mostValues)
    return undefined;
  const fetched: Fetched[] = [];
  for (const planned of columns) {
    const isCountedOnly = measuresFor(planned.column, planned.metrics).length === 1 && !isCounted(planned);
    const kind = isCountedOnly ? undefined : smallKind(planned.column as PostgresColumn);
    if (!isCountedOnly && kind === undefined) return undefined;
    fetched.push({ planned, kind });
  }
  const list = fetched.map(({ planned, kind }) => {
    const name = postgresDialect.quote(planned.column.name);
    return kind === undefined ? `CASE WHEN ${name} IS NOT NULL THEN '' END` : name;
  });
  return {
    sql: `SELECT ${list.join(', ')} FROM ${table.name} LIMIT ${mostRows + 1}`,
    measure: (rows) => (rows.length > mostRows ? undefined : measured(fetched, rows)),
  };
}

function smallKind({ baseType, typeClass, fewValues, bytesTell }: PostgresColumn): SmallKind | undefined {
  if (typeClass === 'text') return bytesTell ? texts[baseType] : undefined;
  // An enum.
  if (typeClass === 'other' && fewValues) return 'plain';
  return kindOf[baseType];
}

function measured(
  fetched: readonly Fetched[],
  rows: readonly (readonly (string | null)[])[],
): MeasuredTable | undefined {
  const table = new MeasuredTable();
  table.rows = rows.length;
  for (const [at, { planned, kind }] of fetched.entries()) {
    const { column, metrics } = planned;
    const there: string[] = [];
    for (const row of rows) {
      const text = row[at];
      if (text !== null && text !== undefined) there.push(text);
    }
    const of = table.column(column.name);
    of.measures.set('values', there.length);
    if (kind === undefined) continue;
    const values = smallValues(kind, there, column.baseType);
    if (!values || !take(of, values, measuresFor(column, metrics))) return undefined;
    if (isCounted(planned)) of.frequency = values.frequency();
    const bins = binsOf(planned, of);
    if (bins) of.bins = binCounts(values.sorted!, bins.edges);
  }
  return table;
}

/** @returns false where a measure is PostgreSQL's to compute */
function take({ measures }: MeasuredColumn, values: SmallValues, asked: readonly Measure[]): boolean {
  const { sorted, lengths } = values;
  if (asked.some((name) => name === 'min' || name === 'max')) {
    const [min, max] = values.bounds() ?? [null, null];
    measures.set('min', min).set('max', max);
  }
  if (lengths && lengths.length > 0) measures.set('minLength', lengths[0]).set('maxLength', lengths.at(-1));
  if (asked.includes('quartiles') && sorted && sorted.length > 0) {
    measures.set(
      'quartiles',
      [0.25, 0.5, 0.75].map((part) => percentile(sorted, part)),
    );
  }
  if (values.texts.length > 0 && asked.some((name) => name === 'sum' || name === 'mean' || name === 'stddev')) {
    const moments = values.moments?.();
    if (!moments) return false;
    measures.set('sum', moments.sum).set('mean', moments.mean).set('stddev', moments.stddev);
  }
  return true;
}

/** PostgreSQL's `percentile_cont`. @param sorted not empty */
function percentile(sorted: Float64Array, part: number): number {
  const place = part * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return Math.floor(place) === Math.ceil(place) ? low : low + (place - Math.floor(place)) * (high - low);
}

/** How many values are in each bin, by its number from 1 on; 0 for what is below the first edge. */
function binCounts(sorted: Float64Array, edges: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  let bin = 0;
  for (const value of sorted) {
    while (bin < edges.length && edges[bin]! <= value) bin += 1;
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return counts;
}
