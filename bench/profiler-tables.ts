import pg from 'pg';
import { PostgresProfilingSource } from '../src/connectors/postgres/profiling/postgres-profiling-source.ts';
import { metricNames } from '../src/profiler/metric-names.ts';
import { SqlProfilingEngine } from '../src/profiler/sql/sql-profiling-engine.ts';
import { startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import { benchColumns, createTable, handWrittenQuery } from './profiler-baseline.ts';
import { begin, row, times } from './results.ts';
import { serverProcessorTime } from './server-processor-time.ts';

/**
 * Many small tables: profiles of all metrics against the usual way, one query a column, each of which computes the same metrics
 * of its column. As many tables at once here as there; in turn. `node bench/profiler-tables.ts [tables] [columns] [rows] [rounds]`
 */
const [tables, columnCount, rows, rounds] = [1000, 20, 200, 2].map((usual, at) =>
  Number(process.argv[at + 2] ?? usual),
) as [number, number, number, number];
const atOnce = 5;

const server = await startPostgres();
const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: server.address('postgres') });
  await client.connect();
  return client;
};
const client = await connect();
const columns = benchColumns(columnCount);
const names = Array.from({ length: tables }, (_, at) => `small_${at}`);
for (const name of names) await client.query(createTable(name, columns, rows));
await client.query('VACUUM (ANALYZE)');

const engine = new SqlProfilingEngine(
  new PostgresProfilingSource({ connect, place: 'localhost', database: 'postgres' }),
);

interface Timed {
  readonly seconds: number;
  /** Of this process and the server. */
  readonly processorSeconds: number;
}

const processor = async (): Promise<number> => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + (await serverProcessorTime(client));
};

/** All tables, some at once, each by its own worker's hands. */
async function all(work: (name: string, worker: number) => Promise<unknown>): Promise<Timed> {
  const before = await processor();
  const started = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async (_, worker) => {
      for (let at = next; at < names.length; at = next) {
        next += 1;
        await work(names[at]!, worker);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  return { seconds, processorSeconds: (await processor()) - before };
}

const profile = (name: string): Promise<unknown> =>
  engine.profile(
    {
      id: name,
      fqn: `bench.postgres.public.${name}`,
      path: ['bench', 'postgres', 'public', name],
      place: { database: 'postgres', schema: 'public', table: name },
      tableType: 'Regular',
      columns: columns.map((column) => ({ name: column.name, dataType: 'UNKNOWN', labels: [] })),
      labels: [],
    },
    {
      metrics: new Set(metricNames),
      tableMetrics: true,
      columnMetrics: true,
      sample: undefined,
      useStatistics: false,
      approximateAbove: 1_000_000,
      queryTimeoutMs: 600_000,
    },
    new AbortController().signal,
  );

begin();
row('tables × columns × rows', `${tables} × ${columnCount} × ${rows}, ${atOnce} tables at once`);
const clients = await Promise.all(Array.from({ length: atOnce }, connect));
for (let round = 0; round < rounds; round += 1) {
  const before = engine.requestCount();
  const ours = await all(profile);
  const queries = (engine.requestCount() - before) / tables;
  const theirs = await all(async (name, worker) => {
    await clients[worker]!.query(`SELECT count(*), pg_table_size('${name}') FROM ${name}`);
    for (const column of columns) await clients[worker]!.query(handWrittenQuery(name, [column], 0));
  });
  row(`one query a table (${queries.toFixed(1)} statements with the catalogue)`, times(ours));
  row('one query a column', times(theirs));
  row(
    'the second ÷ the first',
    `${(theirs.seconds / ours.seconds).toFixed(1)} (${(theirs.processorSeconds / ours.processorSeconds).toFixed(1)} of processor time)`,
  );
}
await Promise.all(clients.map((one) => one.end()));
await engine.close();
await client.end();
await server.stop();
