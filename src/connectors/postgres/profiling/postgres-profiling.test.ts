import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MetricName } from '../../../profiler/metric-names.ts';
import type { ColumnProfile, TableProfile } from '../../../profiler/profiling-engine.ts';
import type { SqlProfilingEngine } from '../../../profiler/sql/sql-profiling-engine.ts';
import { type PostgresServer, startPostgres } from '../../../state/postgres/postgres-server.testing.ts';
import { clientOf, engineOf, profileOf, tableOf } from './profiled-tables.testing.ts';

let server: PostgresServer;
let client: pg.Client;
let engine: SqlProfilingEngine;

const large = 120_000;
const run = (...statements: string[]): Promise<unknown> => client.query(statements.join(';'));

beforeAll(async () => {
  server = await startPostgres();
  client = await clientOf(server);
  engine = engineOf(server);
  await run(
    `CREATE TABLE large AS SELECT g AS id, g % 1000 AS few, g / 2 AS twice, md5((g * 7 % 90000)::text) AS word,
       CASE WHEN g % 10 = 0 THEN NULL ELSE (g % 70000)::numeric END AS some, g % 2 = 0 AS flag
     FROM generate_series(1, ${large}) AS g`,
    'CREATE VIEW view_of_large AS SELECT id, few, word FROM large',
    `CREATE TABLE parted (id int, day date) PARTITION BY RANGE (day)`,
    `CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2024-07-01')`,
    `CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM ('2024-07-01') TO ('2025-01-01')`,
    `INSERT INTO parted SELECT g, date '2024-01-01' + g % 366 FROM generate_series(1, 5000) AS g`,
    'CREATE TABLE keyed (id int PRIMARY KEY, maybe int UNIQUE, code text)',
    `INSERT INTO keyed SELECT g, CASE WHEN g % 10 > 0 THEN g END, 'c' || g % 5 FROM generate_series(1, 500) AS g`,
  );
  // The rows have to be counted as new before, or they will count as changed since.
  await run('SELECT pg_stat_force_next_flush()');
  await run('ANALYZE large');
});

afterAll(async () => {
  await engine.close();
  await client.end();
  await server.stop();
});

const columnOf = (profile: TableProfile, name: string): ColumnProfile =>
  profile.columns.find((column) => column.name === name)!;

async function counted(expression: string, from = 'large'): Promise<{ distinct: number; once: number }> {
  const { rows } = await client.query<{ distinct: string; once: string }>(
    `SELECT count(*) AS distinct, count(*) FILTER (WHERE n = 1) AS once
     FROM (SELECT count(*) AS n FROM ${from} WHERE ${expression} IS NOT NULL GROUP BY ${expression}) AS f`,
  );
  return { distinct: Number(rows[0]!.distinct), once: Number(rows[0]!.once) };
}

const largeColumns = ['id', 'few', 'twice', 'word', 'some', 'flag'];

test('counts of a large table are within their stated error, and those of few values exact', async () => {
  await run(
    `CREATE TABLE larger AS SELECT g AS id, g / 2 AS twice, g % 1000 AS few, md5((g::bigint * 7919 % 150000)::text) AS word,
       (g % 100000)::numeric / 7 AS part, g % 2 = 0 AS flag, NULL::int AS nothing FROM generate_series(1, 250000) AS g`,
    'ANALYZE larger',
  );
  const names = ['id', 'twice', 'few', 'word', 'part', 'flag', 'nothing'];
  const profile = await profileOf(engine, tableOf('public', 'larger', names), { approximateAbove: 100_000 });
  for (const name of names) {
    const { distinct, once } = await counted(name, 'larger');
    const column = columnOf(profile, name);
    const within = (metric: 'distinctCount' | 'uniqueCount' | 'duplicateCount', truth: number): void => {
      const allowed = (column.approximate?.[metric] ?? 0) * Math.max(column[metric]!, 1);
      expect(Math.abs(column[metric]! - truth), `${name} ${metric}`).toBeLessThanOrEqual(allowed);
    };
    within('distinctCount', distinct);
    within('uniqueCount', once);
    within('duplicateCount', column.valuesCount! - distinct);
    expect(column.approximate?.distinctCount ?? 0).toBeLessThan(0.05);
  }
  const approximated = profile.columns.filter(({ approximate }) => approximate).map(({ name }) => name);
  expect(approximated).toEqual(['id', 'twice', 'word', 'part']);
  expect(columnOf(profile, 'id').valuesCount).toBe(250_000);
});

test('all columns of a table are one query, and histograms one more', async () => {
  const before = engine.requestCount();
  await profileOf(engine, tableOf('public', 'large', largeColumns));
  // What begins the transaction, the catalogue, both queries, and what ends it.
  expect(engine.requestCount() - before).toBeLessThanOrEqual(6);
});

test('columns of a key are not counted, and yet known', async () => {
  const profile = await profileOf(engine, tableOf('public', 'keyed', ['id', 'maybe', 'code']));
  expect(columnOf(profile, 'id')).toMatchObject({ distinctCount: 500, uniqueCount: 500, duplicateCount: 0 });
  expect(columnOf(profile, 'maybe')).toMatchObject({ valuesCount: 450, distinctCount: 450, uniqueProportion: 1 });
  expect(columnOf(profile, 'code')).toMatchObject({ distinctCount: 5, uniqueCount: 0 });
});

test.each([
  { name: 'by rows', sample: { size: 20, type: 'PERCENTAGE', method: 'BERNOULLI', randomized: false } as const },
  { name: 'by blocks', sample: { size: 20, type: 'PERCENTAGE', method: 'SYSTEM', randomized: false } as const },
])('a sample of a percentage $name is the same one for all that is computed', async ({ sample }) => {
  const profile = await profileOf(engine, tableOf('public', 'large', largeColumns), { sample });
  expect(profile.rowCount).toBe(large);
  expect(profile.sampledRows).toBeGreaterThan(large * 0.15);
  expect(profile.sampledRows).toBeLessThan(large * 0.25);
  const id = columnOf(profile, 'id');
  // Each row has another number: of one sample, all counts agree.
  expect(id).toMatchObject({ valuesCount: profile.sampledRows, distinctCount: profile.sampledRows });
  expect(id.histogram!.frequencies.reduce((sum, count) => sum + count, 0)).toBe(profile.sampledRows);
});

test('a sample of rows has so many rows, the first ones or any', async () => {
  for (const randomized of [false, true]) {
    const sample = { size: 3000, type: 'ROWS', randomized } as const;
    const profile = await profileOf(engine, tableOf('public', 'large', ['id', 'few']), { sample });
    expect(profile.sampledRows).toBe(3000);
    expect(profile.rowCount).toBe(large);
    const { max } = columnOf(profile, 'id');
    if (randomized) expect(max).toBeGreaterThan(large / 2);
    else expect(max).toBeLessThan(large / 2);
  }
});

test('views are computed and sampled as tables are', async () => {
  const table = tableOf('public', 'view_of_large', ['id', 'few', 'word']);
  const whole = await profileOf(engine, table);
  expect(whole).toMatchObject({ rowCount: large, columnCount: 3 });
  expect(whole.sizeInByte).toBeUndefined();
  expect(columnOf(whole, 'few')).toMatchObject({ distinctCount: 1000 });
  const sample = { size: 10, type: 'PERCENTAGE', randomized: false } as const;
  const part = await profileOf(engine, table, { sample });
  expect(part.sampledRows).toBeLessThan(large / 5);
  expect(columnOf(part, 'id').distinctCount).toBe(part.sampledRows);
});

test('a partitioned table is all of its partitions', async () => {
  const profile = await profileOf(engine, tableOf('public', 'parted', ['id', 'day']));
  expect(profile.rowCount).toBe(5000);
  expect(profile.sizeInByte).toBeGreaterThan(0);
  expect(columnOf(profile, 'day')).toMatchObject({ min: '2024-01-01', max: '2024-12-31', distinctCount: 366 });
});

test('what PostgreSQL remembers is taken from there, and the rest computed', async () => {
  const table = tableOf('public', 'large', largeColumns);
  const remembered: MetricName[] = ['rowCount', 'nullCount', 'distinctCount', 'nullProportion'];
  const before = engine.requestCount();
  const profile = await profileOf(engine, table, { useStatistics: true, metrics: new Set(remembered) });
  expect(profile.from).toBe('statistics');
  expect(engine.requestCount() - before).toBeLessThanOrEqual(4);
  expect(profile.rowCount).toBe(large);
  const some = columnOf(profile, 'some');
  expect(some.nullProportion).toBeGreaterThan(0.08);
  expect(some.nullProportion).toBeLessThan(0.12);
  expect(Math.abs(some.nullProportion! - 0.1)).toBeLessThan(some.approximate!.nullProportion! * 0.1);
  expect(columnOf(profile, 'few')).toMatchObject({ distinctCount: 1000, approximate: { distinctCount: null } });
  const more = await profileOf(engine, table, { useStatistics: true });
  expect(more.from).toBe('both');
  expect(columnOf(more, 'id')).toMatchObject({ min: 1, max: large, uniqueCount: large });
});

test('what was never looked at, or has changed since, is computed', async () => {
  await run('CREATE TABLE unseen AS SELECT 1 AS a');
  const profile = await profileOf(engine, tableOf('public', 'unseen', ['a']), { useStatistics: true });
  expect(profile).toMatchObject({ from: 'query', rowCount: 1 });
});

test('a table of 1,600 columns is profiled', async () => {
  const names = Array.from({ length: 1600 }, (_, at) => `c${at}`);
  await run(
    `CREATE TABLE wide (${names.map((name, at) => `${name} ${at % 2 === 0 ? 'smallint' : 'boolean'}`).join(', ')})`,
    `INSERT INTO wide (c0, c1599) VALUES (1, true), (2, NULL)`,
  );
  const before = engine.requestCount();
  const profile = await profileOf(engine, tableOf('public', 'wide', names));
  expect(profile.columns).toHaveLength(1600);
  expect(columnOf(profile, 'c0')).toMatchObject({ min: 1, max: 2, distinctCount: 2 });
  expect(columnOf(profile, 'c1599')).toMatchObject({ valuesCount: 1, nullCount: 1 });
  expect(engine.requestCount() - before).toBeLessThan(25);
});

test('numbers beyond what a double holds are left out with a reason, and nothing else is lost', async () => {
  await run(
    `CREATE TABLE beyond (n numeric, f float8, small numeric)`,
    `INSERT INTO beyond VALUES (('1' || repeat('0', 400))::numeric, 1.7e308, 1e-400), (5, 1.7e308, 2), (NULL, 1, 3)`,
  );
  const profile = await profileOf(engine, tableOf('public', 'beyond', ['n', 'f', 'small']));
  const n = columnOf(profile, 'n');
  expect(n).toMatchObject({ valuesCount: 2, distinctCount: 2, min: 5, max: `1${'0'.repeat(400)}` });
  expect(n.mean).toBeUndefined();
  expect(columnOf(profile, 'f')).toMatchObject({ min: 1, max: 1.7e308, valuesCount: 3 });
  expect(columnOf(profile, 'small')).toMatchObject({ max: 3, median: 2 });
  expect(profile.problems.map(({ column, reason }) => `${column} ${reason}`)).toEqual(['n not-finite', 'f not-finite']);
});

test('a column that the source has no more is told, and the others are profiled', async () => {
  const profile = await profileOf(engine, tableOf('public', 'keyed', ['id', 'gone']));
  expect(profile.columns.map(({ name }) => name)).toEqual(['id']);
  expect(profile.problems).toMatchObject([{ column: 'gone', reason: 'column-missing' }]);
});

test('only the rows are counted where no column is asked', async () => {
  const profile = await profileOf(engine, tableOf('public', 'keyed', ['id']), { columnMetrics: false });
  expect(profile).toMatchObject({ rowCount: 500, columnCount: 3, columns: [] });
});

test('a table that is gone, a database that is gone, and a table that may not be read, each say so', async () => {
  await run(`CREATE ROLE reader LOGIN PASSWORD 'reader-secret'`, 'REVOKE ALL ON keyed FROM PUBLIC');
  await expect(profileOf(engine, tableOf('public', 'nowhere', ['a']))).rejects.toMatchObject({
    code: 'profile.table-missing',
  });
  const reader = engineOf(server, 'reader', 'reader-secret');
  const refused = profileOf(reader, tableOf('public', 'keyed', ['id']));
  await expect(refused).rejects.toMatchObject({
    code: 'profile.query-refused',
    help: expect.stringContaining('SELECT'),
  });
  await reader.close();
});

test('a query that takes too long is ended by the server', async () => {
  await run('CREATE VIEW slow AS SELECT pg_sleep(60)::text AS a');
  const slow = profileOf(engine, tableOf('public', 'slow', ['a']), { queryTimeoutMs: 200 });
  await expect(slow).rejects.toMatchObject({ code: 'profile.timeout' });
});

test('a stop ends the statement that runs, and the engine goes on', async () => {
  await run('CREATE VIEW endless AS SELECT pg_sleep(600)::text AS a');
  const stop = new AbortController();
  const stopped = profileOf(engine, tableOf('public', 'endless', ['a']), {}, stop.signal);
  const running = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%endless%' AND query NOT LIKE '%pg_stat_activity%' AND query LIKE '%count("a")%'`;
  const isRunning = async (): Promise<boolean> => (await client.query<{ n: number }>(running)).rows[0]!.n > 0;
  while (!(await isRunning()));
  stop.abort(new Error('stopped by a person'));
  await expect(stopped).rejects.toThrow('stopped by a person');
  expect(await isRunning()).toBe(false);
  expect(await profileOf(engine, tableOf('public', 'keyed', ['id']))).toMatchObject({ rowCount: 500 });
});

test('nothing can be written: a function that tries is refused', async () => {
  await run(
    'CREATE TABLE trap (a int)',
    `CREATE FUNCTION spring() RETURNS int LANGUAGE plpgsql AS 'BEGIN INSERT INTO trap VALUES (1); RETURN 1; END'`,
    'CREATE VIEW trapped AS SELECT spring() AS a',
  );
  await expect(profileOf(engine, tableOf('public', 'trapped', ['a']))).rejects.toMatchObject({
    code: 'profile.query-refused',
  });
  expect((await client.query('SELECT FROM trap')).rowCount).toBe(0);
});

test('rows of a sample are JSON, long values shortened with a note', async () => {
  await run(
    `CREATE TABLE shown (n bigint, d numeric, f float8, t text, at timestamptz, b bytea, j jsonb, l bigint[], u uuid, y bool, big bytea)`,
    `INSERT INTO shown VALUES (9007199254740993, 0.10, 'NaN', repeat('é', 5000), '2024-05-01 10:00+02', '\\xdead',
       '{"n": 12345678901234567890, "a": [1.5]}', ARRAY[1, 9007199254740993], '6f1e0ab2-55a4-4d5b-9f6a-5d1f1c0c0a11', true,
       decode(repeat('ab', 4000), 'hex')), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  );
  const columns = ['n', 'd', 'f', 't', 'at', 'b', 'j', 'l', 'u', 'y', 'big'];
  const sample = await engine.sampleRows(
    tableOf('public', 'shown', columns),
    50,
    undefined,
    new AbortController().signal,
  );
  expect(sample.columns).toEqual(columns);
  expect(sample.rows).toHaveLength(2);
  const [n, d, f, t, at, b, j, l, u, y, big] = sample.rows[0]!;
  expect([n, d, f, at, b, u, y]).toEqual([
    '9007199254740993',
    0.1,
    'NaN',
    '2024-05-01T08:00:00Z',
    '\\xdead',
    '6f1e0ab2-55a4-4d5b-9f6a-5d1f1c0c0a11',
    true,
  ]);
  expect(t).toBe(`${'é'.repeat(1000)}… (5000 characters)`);
  expect(j).toEqual({ n: '12345678901234567890', a: [1.5] });
  expect(l).toEqual([1, '9007199254740993']);
  expect(big).toMatch(/^\\x(ab){500}… \(4000 bytes\)$/);
  expect(sample.rows[1]).toEqual(columns.map(() => null));
});

test('bytes that are no text of any encoding are read all the same', async () => {
  await client.query(`CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'`);
  const other = await clientOf(server, 'bytes');
  await other.query(`CREATE TABLE old AS SELECT convert_from('\\x616263ff', 'SQL_ASCII') AS t, 1 AS n`);
  await other.end();
  const table = tableOf('public', 'old', ['t', 'n'], 'bytes');
  expect(columnOf(await profileOf(engine, table), 't')).toMatchObject({ minLength: 4, distinctCount: 1 });
  const { rows } = await engine.sampleRows(table, 5, undefined, new AbortController().signal);
  expect(rows).toEqual([['abc�', 1]]);
});

test('a pooler that gives another connection for each transaction does no harm', async () => {
  const opened: pg.Client[] = [];
  const pooled = engineOf(server, undefined, undefined, (one) => opened.push(one));
  const table = tableOf('public', 'keyed', ['id']);
  await profileOf(pooled, table);
  // What the pooler's next connection would say of a statement that was planned on another one.
  await opened[0]!.query('DEALLOCATE ALL');
  expect(await profileOf(pooled, table)).toMatchObject({ rowCount: 500 });
  expect(await profileOf(pooled, table)).toMatchObject({ rowCount: 500 });
  await pooled.close();
});

test('a connection that was lost while nobody used it is not used again', async () => {
  const table = tableOf('public', 'keyed', ['id']);
  const opened: pg.Client[] = [];
  const other = engineOf(server, undefined, undefined, (one) => opened.push(one));
  await profileOf(other, table);
  const { processID } = opened[0] as unknown as { processID: number };
  const ended = new Promise((resolve) => opened[0]!.once('end', resolve));
  await client.query('SELECT pg_terminate_backend($1)', [processID]);
  await ended;
  expect(await profileOf(other, table)).toMatchObject({ rowCount: 500 });
  await other.close();
});

test('several tables at once share nothing', async () => {
  const profiles = await Promise.all(
    Array.from({ length: 8 }, () => profileOf(engine, tableOf('public', 'keyed', ['id', 'code']))),
  );
  expect(new Set(profiles.map((profile) => JSON.stringify(profile))).size).toBe(1);
});

test('the connection is checked without an exception', async () => {
  const checks = async (of: SqlProfilingEngine): Promise<unknown[]> => {
    const found: unknown[] = [];
    for await (const check of of.test(new AbortController().signal)) found.push(check);
    return found;
  };
  expect(await checks(engine)).toMatchObject([{ ok: true }]);
  const wrong = engineOf(server, 'owner', 'not-the-secret');
  const found = await checks(wrong);
  expect(found).toMatchObject([{ ok: false }]);
  expect(JSON.stringify(found)).not.toContain('not-the-secret');
  await wrong.close();
});
