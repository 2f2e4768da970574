import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { PostgresProfilingSource } from '../src/connectors/postgres/profiling/postgres-profiling-source.ts';
import { metricNames } from '../src/profiler/metric-names.ts';
import { SqlProfilingEngine } from '../src/profiler/sql/sql-profiling-engine.ts';
import { startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import { benchColumns, createTable, handWrittenQuery, usualQueries } from './profiler-baseline.ts';
import { begin, row, times } from './results.ts';
import { serverProcessorTime } from './server-processor-time.ts';

/**
 * Many small tables: profiles of all metrics against one query a column, each of which computes all metrics of its column; and
 * against the usual way, where values, unique values, quartiles and histogram of a column are a query each. As many tables at
 * once here as there; in turn; on this machine, and with a network of a millisecond there and back in between.
 * `node bench/profiler-tables.ts [tables] [columns] [rows] [milliseconds of the network]`
 */
const [tables, columnCount, rows, network] = [1000, 20, 200, 1].map((usual, at) =>
  Number(process.argv[at + 2] ?? usual),
) as [number, number, number, number];
const atOnce = 5;

const server = await startPostgres();
const proxy = spawn(process.execPath, [
  join(import.meta.dirname, 'delay-proxy.ts'),
  String(server.port),
  String(network / 2),
]);
const [said] = (await once(proxy.stdout, 'data')) as [Buffer];
const connectAt = (port: number) => async (): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString: server.address('postgres').replace(`:${server.port}/`, `:${port}/`),
  });
  await client.connect();
  return client;
};
const connect = connectAt(server.port);
const client = await connect();
const columns = benchColumns(columnCount);
const names = Array.from({ length: tables }, (_, at) => `small_${at}`);
for (const name of names) await client.query(createTable(name, columns, rows));
await client.query('VACUUM (ANALYZE)');

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

const profile = (engine: SqlProfilingEngine, name: string): Promise<unknown> =>
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
for (const [where, port] of [
  ['on this machine', server.port],
  [`network of ${network} ms`, Number(said.toString())],
] as const) {
  const open = connectAt(port);
  const engine = new SqlProfilingEngine(
    new PostgresProfilingSource({ connect: open, place: 'localhost', database: 'postgres' }),
  );
  const clients = await Promise.all(Array.from({ length: atOnce }, open));
  const ours = await all((name) => profile(engine, name));
  const byColumn = await all(async (name, worker) => {
    await clients[worker]!.query(`SELECT count(*), pg_table_size('${name}') FROM ${name}`);
    for (const column of columns) await clients[worker]!.query(handWrittenQuery(name, [column], 0));
  });
  const usual = await all(async (name, worker) => {
    await clients[worker]!.query(`SELECT count(*), pg_table_size('${name}') FROM ${name}`);
    for (const sql of columns.flatMap((column) => usualQueries(name, column))) await clients[worker]!.query(sql);
  });
  const statements = (engine.requestCount() / tables).toFixed(1);
  row(`${where}: one query a table (${statements} statements, with the catalogue)`, times(ours));
  for (const [name, other] of [
    ['one query a column', byColumn],
    ['a query a column and kind of metric', usual],
  ] as const) {
    const ratios = [other.seconds / ours.seconds, other.processorSeconds / ours.processorSeconds];
    row(`${where}: ${name}`, times(other));
    row(`${where}: that ÷ one query a table`, `${ratios[0]!.toFixed(1)} (${ratios[1]!.toFixed(1)} of processor time)`);
  }
  await Promise.all(clients.map((one) => one.end()));
  await engine.close();
}
proxy.kill();
await client.end();
await server.stop();
