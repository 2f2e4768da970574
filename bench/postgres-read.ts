import pg from 'pg';
import {
  databasesQuery,
  schemasQuery,
  type TableRow,
  tablesQuery,
  typesQuery,
  viewsQuery,
  viewsSearchPath,
} from '../src/connectors/postgres/catalogue-queries.ts';
import { postgresSettings } from '../src/connectors/postgres/postgres-settings.ts';
import { PostgresSource } from '../src/connectors/postgres/postgres-source.ts';
import { heapThrift } from '../src/workflow/heap-thrift.ts';

/**
 * Reads the catalogue of a database and prints what came of it: `node postgres-read.ts WAY PORT DATABASE`. The ways: `ours`,
 * our source, whose records nobody takes; `bare`, a script that asks the same questions by the same cursor and drops the
 * answers; `usual`, one that asks for columns, keys and comments of each table by themselves, as reflecting libraries do.
 */
const [way, port, database] = process.argv.slice(2) as [string, string, string];
const connection = { host: '127.0.0.1', port: Number(port), user: 'owner', password: 'owner-secret', database };

async function ours(): Promise<object> {
  const settings = postgresSettings({
    ...{ username: connection.user, authType: { password: connection.password }, database },
    hostPort: `${connection.host}:${port}`,
  });
  // As every run does.
  const thrift = setInterval(heapThrift(), 250);
  const source = new PostgresSource(settings, { serviceName: 'bench', reads: () => true });
  const counts: Record<string, number> = {};
  const context = {
    signal: new AbortController().signal,
    report: () => {},
    progress: () => {},
    memory: { get: () => undefined, set: () => {}, setAfterSuccess: () => {} },
  };
  for await (const { kind } of source.records(context)) counts[kind] = (counts[kind] ?? 0) + 1;
  await source.close();
  clearInterval(thrift);
  return { ...counts, statements: source.requestCount() };
}

async function bare(): Promise<object> {
  const client = new pg.Client(connection);
  await client.connect();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off');
  for (const query of [databasesQuery, schemasQuery, typesQuery]) await client.query(query);
  await client.query(`DECLARE pages NO SCROLL CURSOR FOR ${tablesQuery}`);
  let tables = 0;
  for (;;) {
    const { rows } = await client.query<TableRow>('FETCH 500 FROM pages');
    tables += rows.length;
    const views = rows.filter(({ kind }) => kind === 'v').map(({ oid }) => oid);
    if (views.length > 0) {
      await client.query('SAVEPOINT apart');
      await client.query(viewsSearchPath);
      await client.query(viewsQuery, [views]);
      await client.query('ROLLBACK TO SAVEPOINT apart');
    }
    if (rows.length < 500) break;
  }
  await client.end();
  return { table: tables };
}

async function usual(): Promise<object> {
  const client = new pg.Client(connection);
  await client.connect();
  const { rows } = await client.query<{ oid: number; kind: string }>(
    `SELECT c.oid, c.relkind AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'v')`,
  );
  const ofTable = [
    `SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, col_description(a.attrelid, a.attnum)
     FROM pg_attribute a WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    `SELECT conname, conkey FROM pg_constraint WHERE conrelid = $1 AND contype = 'p'`,
    `SELECT conname, conkey FROM pg_constraint WHERE conrelid = $1 AND contype = 'u'`,
    `SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1 AND contype = 'f'`,
    `SELECT obj_description($1, 'pg_class')`,
  ];
  for (const { oid, kind } of rows) {
    for (const query of ofTable) await client.query(query, [oid]);
    if (kind === 'v') await client.query('SELECT pg_get_viewdef($1::oid)', [oid]);
  }
  await client.end();
  return { table: rows.length };
}

console.log(JSON.stringify(await { ours, bare, usual }[way as 'ours']()));
