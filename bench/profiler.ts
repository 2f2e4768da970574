import pg from 'pg';
import { PostgresProfilingSource } from '../src/connectors/postgres/profiling/postgres-profiling-source.ts';
import { metricNames } from '../src/profiler/metric-names.ts';
import type { ProfiledTable } from '../src/profiler/profiling-engine.ts';
import { SqlProfilingEngine } from '../src/profiler/sql/sql-profiling-engine.ts';
import { startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import { benchColumns, createTable, handWrittenQuery } from './profiler-baseline.ts';
import { begin, row, times } from './results.ts';
import { serverProcessorTime } from './server-processor-time.ts';

/**
 * One large table: a profile of all metrics against one query written by hand that computes the same, with the same settings,
 * in turn. First as a recipe has it, where distinct values of many rows are approximate (so are those of the query by hand),
 * then exactly. `node bench/profiler.ts [rows] [columns] [rounds]`
 */
const [rows, columnCount, rounds] = [10_000_000, 20, 1].map((usual, at) => Number(process.argv[at + 2] ?? usual)) as [
  number,
  number,
  number,
];
/** As the engine chooses it (src/profiler/sql/sql-profiling-engine.ts). */
const bits = Math.min(8, Math.max(0, Math.round(Math.log2(rows / 2 ** 17))));

const server = await startPostgres();
const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: server.address('postgres') });
  await client.connect();
  return client;
};
const client = await connect();
const columns = benchColumns(columnCount);
await client.query(createTable('large', columns, rows));
await client.query('VACUUM (ANALYZE) large');
const { rows: sizes } = await client.query<{ size: string }>(`SELECT pg_size_pretty(pg_table_size('large')) AS size`);

const engine = new SqlProfilingEngine(
  new PostgresProfilingSource({ connect, place: 'localhost', database: 'postgres' }),
);
const table: ProfiledTable = {
  id: 'large',
  fqn: 'bench.postgres.public.large',
  path: ['bench', 'postgres', 'public', 'large'],
  place: { database: 'postgres', schema: 'public', table: 'large' },
  tableType: 'Regular',
  columns: columns.map(({ name }) => ({ name, dataType: 'UNKNOWN', labels: [] })),
  labels: [],
};

/** Time that went by, and the server's processor time, in seconds. */
async function timed(work: () => Promise<unknown>): Promise<{ seconds: number; processorSeconds: number }> {
  const before = await serverProcessorTime(client);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, processorSeconds: (await serverProcessorTime(client)) - before };
}

const profile = (approximateAbove: number): Promise<unknown> =>
  engine.profile(
    table,
    {
      metrics: new Set(metricNames),
      tableMetrics: true,
      columnMetrics: true,
      sample: undefined,
      useStatistics: false,
      approximateAbove,
      queryTimeoutMs: 36_000_000,
    },
    new AbortController().signal,
  );
async function byHand(part: number): Promise<void> {
  await client.query('BEGIN READ ONLY; SET LOCAL hash_mem_multiplier = 64');
  await client.query(handWrittenQuery('large', columns, part));
  await client.query('ROLLBACK');
}

begin();
row('rows × columns', `${rows} × ${columnCount}, ${sizes[0]!.size}`);
await client.query('SELECT count(*) FROM large');
const before = process.memoryUsage().rss / 2 ** 20;
for (const [name, above, part] of [
  ['approximate distinct counts', 1_000_000, rows > 1_000_000 ? bits : 0],
  ['exact', Number.POSITIVE_INFINITY, 0],
] as const) {
  for (let round = 0; round < rounds; round += 1) {
    const ours = await timed(() => profile(above));
    const theirs = await timed(() => byHand(part));
    const ratios = [ours.seconds / theirs.seconds, ours.processorSeconds / theirs.processorSeconds];
    row(`${name}: profile`, times(ours));
    row(`${name}: by hand`, times(theirs));
    row(`${name}: ratio`, `${ratios[0]!.toFixed(2)} (${ratios[1]!.toFixed(2)} of the server’s processor time)`);
  }
}
const after = process.resourceUsage().maxRSS / 1024;
row('memory of this process before, and at its highest', `${before.toFixed(0)} MB, ${after.toFixed(0)} MB`);
await engine.close();
await client.end();
await server.stop();
