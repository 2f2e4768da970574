import type { SourceCheck } from '../../connectors/source.ts';
import type {
  ColumnProfile,
  ProfiledTable,
  ProfileProblem,
  ProfileRequest,
  ProfileSample,
  ProfilingEngine,
  SampleRows,
  TableProfile,
} from '../profiling-engine.ts';
import { binsOf, columnProfile, hasFewValues } from './column-profile.ts';
import { MeasuredTable } from './measured.ts';
import { metricsFor } from './measures.ts';
import { NumberRangeError } from './number-range-error.ts';
import { type PlannedColumn, type ProfilePlanInput, planFollowUp, planProfile } from './plan-profile.ts';
import { longestSampleValue, sampleValue } from './sample-value.ts';
import type { ColumnBins, CountingMethod, SqlColumn, SqlTable } from './sql-dialect.ts';
import type { SqlQueryOptions, SqlSession, SqlSource } from './sql-source.ts';
import { mergedProfile, rememberedColumn } from './statistics-profile.ts';
import type { TableStatistics } from './table-statistics.ts';

/** About so many distinct values of a column with no duplicates are sampled. */
const sampledValues = 2 ** 17;
const mostBits = 8;
/** Rows of a sample come at once, or something is wrong. */
const sampleTimeoutMs = 300_000;

/** Profiles tables by SQL that a database computes. */
export class SqlProfilingEngine implements ProfilingEngine {
  readonly #source: SqlSource;
  readonly maxConcurrency?: number;

  constructor(source: SqlSource) {
    this.#source = source;
    if (source.maxConcurrency !== undefined) this.maxConcurrency = source.maxConcurrency;
  }

  async profile(table: ProfiledTable, request: ProfileRequest, signal: AbortSignal): Promise<TableProfile> {
    const options: SqlQueryOptions = { timeoutMs: request.queryTimeoutMs, signal };
    const attempt = (careful: boolean): Promise<TableProfile> =>
      this.#source.withSession(table.place, signal, (session) =>
        this.#profile(session, table, request, options, careful),
      );
    try {
      return await attempt(false);
    } catch (error) {
      if (!(error instanceof NumberRangeError)) throw error;
      // Some number is beyond a double. To look at each one costs time, which few tables need.
      return await attempt(true);
    }
  }

  async #profile(
    session: SqlSession,
    table: ProfiledTable,
    request: ProfileRequest,
    options: SqlQueryOptions,
    careful: boolean,
  ): Promise<TableProfile> {
    const described = await session.describe(table.place, options);
    const problems: ProfileProblem[] = [];
    const statistics = request.useStatistics ? await session.statistics?.(table.place, options) : undefined;
    const columns = (request.columnMetrics ? plannedColumns(table, described, request, problems) : []).map((planned) =>
      rememberedColumn(planned, statistics),
    );
    const toCompute = columns
      .filter(({ left }) => left.size > 0)
      .map(({ planned, left }) => ({ column: planned.column, metrics: left }));
    const isCounted = request.tableMetrics && request.metrics.has('rowCount') && statistics === undefined;
    const expectedRows = expected(described.estimatedRows, request);
    const input: ProfilePlanInput = {
      table: described,
      columns: toCompute,
      sample: toCompute.length > 0 ? request.sample : undefined,
      seed: seedOf(table.id),
      counting: countingFor(expectedRows, request.approximateAbove),
      expectedRows,
      countWhole: isCounted && request.sample !== undefined && toCompute.length > 0,
      careful,
    };
    const isAsked = toCompute.length > 0 || isCounted;
    const measured = isAsked ? await this.#measure(session, input, options) : new MeasuredTable();
    const computed = new Map(
      toCompute.map((planned) => [planned.column.name, this.#column(planned, measured, problems)]),
    );
    return {
      ...(request.tableMetrics && tableMetrics(request, described, input, measured, statistics)),
      ...(input.sample !== undefined && { sampledRows: measured.rows }),
      columns: columns.map(({ planned, remembered }) => mergedProfile(computed.get(planned.column.name), remembered)),
      from: statistics === undefined ? 'query' : isAsked ? 'both' : 'statistics',
      problems,
    };
  }

  #column(planned: PlannedColumn, table: MeasuredTable, problems: ProfileProblem[]): ColumnProfile {
    const measured = table.column(planned.column.name);
    return columnProfile(planned, measured, binsOf(planned, measured), {
      rows: table.rows,
      quartileError: this.#source.dialect.quartileError,
      distinctError: this.#source.dialect.approximateDistinct?.error,
      report: (problem) => problems.push(problem),
    });
  }

  async sampleRows(
    table: ProfiledTable,
    count: number,
    sample: ProfileSample | undefined,
    signal: AbortSignal,
  ): Promise<SampleRows> {
    const { dialect } = this.#source;
    const options: SqlQueryOptions = { timeoutMs: sampleTimeoutMs, signal };
    return await this.#source.withSession(table.place, signal, async (session) => {
      const described = await session.describe(table.place, options);
      const there = new Map(described.columns.map((column) => [column.name, column]));
      const columns = table.columns.flatMap(({ name }) => there.get(name) ?? []);
      if (columns.length === 0) return { columns: [], rows: [] };
      const source = dialect.rows(described, columns, sample, seedOf(table.id));
      const list = columns
        .map((column) => dialect.sampleValue?.(column, longestSampleValue) ?? dialect.quote(column.name))
        .join(', ');
      const found = await session.query(`${source.with}SELECT ${list} FROM ${source.from} LIMIT ${count}`, options);
      const rows = found.map((row) => columns.map((column, at) => sampleValue(column, row[at])));
      return { columns: columns.map(({ name }) => name), rows };
    });
  }

  async #measure(session: SqlSession, input: ProfilePlanInput, options: SqlQueryOptions): Promise<MeasuredTable> {
    const otherwise = await session.measure?.(input, options);
    if (otherwise) return otherwise;
    const { dialect } = this.#source;
    const measured = new MeasuredTable();
    for (const query of planProfile(input, dialect)) {
      const [row] = await session.query(query.sql, options);
      measured.take(query, row ?? []);
    }
    const bins: ColumnBins[] = [];
    const few: SqlColumn[] = [];
    for (const planned of input.columns) {
      const of = measured.column(planned.column.name);
      const found = binsOf(planned, of);
      // One bin holds everything.
      if (found?.edges.length === 1) of.bins = new Map([[1, Number(of.measures.get('values'))]]);
      else if (found) bins.push(found);
      if (hasFewValues(of) && of.approximateDistinct === undefined) few.push(planned.column);
    }
    // As many columns at a time as in the first queries: with its bins, each takes more room in the text of a query there.
    const size = Math.max(1, dialect.columnsPerQuery);
    for (let at = 0; at < Math.max(bins.length, few.length); at += size) {
      const followUp = planFollowUp(input, bins.slice(at, at + size), few.slice(at, at + size), dialect);
      if (!followUp) continue;
      const [row] = await session.query(followUp.sql, options);
      measured.take(followUp, row ?? []);
    }
    return measured;
  }

  requestCount(): number {
    return this.#source.requestCount();
  }

  test(signal: AbortSignal): AsyncIterable<SourceCheck> {
    return this.#source.test(signal);
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}

function tableMetrics(
  { metrics, sample }: ProfileRequest,
  described: SqlTable,
  input: ProfilePlanInput,
  measured: MeasuredTable,
  statistics: TableStatistics | undefined,
): Pick<TableProfile, 'rowCount' | 'columnCount' | 'sizeInByte' | 'createdAt'> {
  const isWhole = sample === undefined || input.sample === undefined;
  const rowCount = statistics?.rowCount ?? (isWhole ? measured.rows : measured.wholeRows);
  return {
    ...(metrics.has('rowCount') && rowCount !== undefined && { rowCount }),
    ...(metrics.has('columnCount') && { columnCount: described.columns.length }),
    ...(described.sizeInByte !== undefined && { sizeInByte: described.sizeInByte }),
    ...(described.createdAt !== undefined && { createdAt: described.createdAt }),
  };
}

function plannedColumns(
  table: ProfiledTable,
  described: SqlTable,
  request: ProfileRequest,
  problems: ProfileProblem[],
): PlannedColumn[] {
  const there = new Map(described.columns.map((column) => [column.name, column]));
  return table.columns.flatMap(({ name }) => {
    const column = there.get(name);
    if (column) return [{ column, metrics: metricsFor(column, request.metrics) }];
    problems.push({ column: name, reason: 'column-missing', message: 'The source has no such column any more.' });
    return [];
  });
}

function expected(rows: number | undefined, { sample }: ProfileRequest): number | undefined {
  if (sample === undefined) return rows;
  if (sample.type === 'ROWS') return Math.min(rows ?? sample.size, sample.size);
  return rows === undefined ? undefined : (rows * sample.size) / 100;
}

/** All values where they are few; else a part of them, of about the same size whatever the table's. */
function countingFor(rows: number | undefined, approximateAbove: number): CountingMethod {
  if (rows === undefined || rows <= approximateAbove) return { kind: 'exact' };
  const bits = Math.round(Math.log2(rows / sampledValues));
  return bits < 1 ? { kind: 'exact' } : { kind: 'sampled', bits: Math.min(bits, mostBits) };
}

/** The same sample of a table in all queries of a profile; 31 bits. */
function seedOf(text: string): number {
  let seed = Date.now() & 0x7fffffff;
  for (const character of text) seed = (Math.imul(seed, 31) + character.charCodeAt(0)) & 0x7fffffff;
  return seed;
}
