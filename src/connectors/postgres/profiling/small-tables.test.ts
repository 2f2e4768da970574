import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TableProfile } from '../../../profiler/profiling-engine.ts';
import type { SqlProfilingEngine } from '../../../profiler/sql/sql-profiling-engine.ts';
import { type PostgresServer, startPostgres } from '../../../state/postgres/postgres-server.testing.ts';
import { clientOf, engineOf, profileOf, tableOf } from './profiled-tables.testing.ts';

let server: PostgresServer;
let client: pg.Client;
let engine: SqlProfilingEngine;
let pushing: SqlProfilingEngine;

beforeAll(async () => {
  server = await startPostgres();
  client = await clientOf(server);
  engine = engineOf(server);
  pushing = engineOf(server, undefined, undefined, undefined, false);
});

afterAll(async () => {
  await Promise.all([engine.close(), pushing.close()]);
  await client.end();
  await server.stop();
});

/** A schema of small tables `t00` …, each with a number and a word. */
async function smallTables(schema: string, count: number): Promise<void> {
  const tables = Array.from(
    { length: count },
    (_, at) =>
      `CREATE TABLE ${schema}.t${String(at).padStart(2, '0')} AS SELECT g AS n, 'w' || g % 3 AS w FROM generate_series(1, ${at + 1}) AS g`,
  );
  await client.query([`CREATE SCHEMA ${schema}`, ...tables].join(';'));
}

const profileAt = (schema: string, at: number): Promise<TableProfile> =>
  profileOf(engine, tableOf(schema, `t${String(at).padStart(2, '0')}`, ['n', 'w']));

test('the more small tables of a schema are profiled, the fewer statements each takes', async () => {
  await smallTables('many', 60);
  const before = engine.requestCount();
  for (let at = 0; at < 60; at += 1) {
    const { rowCount, columns } = await profileAt('many', at);
    expect(rowCount).toBe(at + 1);
    expect(columns[0]).toMatchObject({ name: 'n', max: at + 1, distinctCount: at + 1 });
    expect(columns[1]).toMatchObject({ distinctCount: Math.min(3, at + 1) });
  }
  expect(engine.requestCount() - before).toBeLessThan(90);
});

test('what has changed since it was read ahead is profiled as it is', async () => {
  await smallTables('changing', 12);
  for (let at = 0; at < 6; at += 1) await profileAt('changing', at);
  await client.query('ALTER TABLE changing.t06 DROP COLUMN n');
  await client.query('DROP TABLE changing.t07');
  const dropped = await profileAt('changing', 6);
  expect(dropped.columns.map(({ name }) => name)).toEqual(['w']);
  expect(dropped.problems).toEqual([expect.objectContaining({ column: 'n' })]);
  await expect(profileAt('changing', 7)).rejects.toMatchObject({ code: 'profile.table-missing' });
  expect((await profileAt('changing', 9)).rowCount).toBe(10);
});

test('values that only PostgreSQL can order, add or tell apart are left to it', async () => {
  await client.query(
    `CREATE SCHEMA hard;
     CREATE COLLATION hard.careless (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
     CREATE TABLE hard.nan AS SELECT (ARRAY['NaN', '1.50', '1.5'])[g]::numeric AS n FROM generate_series(1, 3) AS g;
     CREATE TABLE hard.eras AS SELECT (ARRAY['0044-03-15 BC', 'infinity', '12000-01-01'])[g]::timestamp AS n FROM generate_series(1, 3) AS g;
     CREATE TABLE hard.spans AS SELECT (ARRAY['1 month', '30 days'])[g]::interval AS n FROM generate_series(1, 2) AS g;
     CREATE TABLE hard.words AS SELECT (ARRAY['a', 'A', 'á'])[g] COLLATE hard.careless AS n FROM generate_series(1, 3) AS g;
     CREATE TABLE hard.zeros AS SELECT (ARRAY['0', '-0', '1e-320', 'NaN', 'NaN'])[g]::float8 AS n FROM generate_series(1, 5) AS g;
     CREATE TABLE hard.blanks AS SELECT (ARRAY['a', 'a ', ' a'])[g]::char(4) AS n FROM generate_series(1, 3) AS g;
     CREATE TABLE hard.parts AS SELECT 0.1::real * g AS n FROM generate_series(1, 50) AS g;
     CREATE TABLE hard.vast AS SELECT 1e308::float8 AS n FROM generate_series(1, 4)`,
  );
  for (const name of ['nan', 'eras', 'spans', 'words', 'zeros', 'blanks', 'parts', 'vast']) {
    const table = tableOf('hard', name, ['n']);
    const [here, there] = [await profileOf(engine, table), await profileOf(pushing, table)];
    const close = (value: unknown): unknown => (typeof value === 'number' ? expect.closeTo(value, 9) : value);
    const expected = there.columns.map((column) =>
      Object.fromEntries(Object.entries(column).map(([key, value]) => [key, close(value)])),
    );
    expect(here.columns, name).toEqual(expected);
    expect(here.problems, name).toEqual(there.problems);
  }
});

test('a table that has grown since PostgreSQL last looked is measured by PostgreSQL', async () => {
  await client.query(
    `CREATE SCHEMA grown; CREATE TABLE grown.t (n int) WITH (autovacuum_enabled = off, fillfactor = 100);
     INSERT INTO grown.t SELECT 1 FROM generate_series(1, 10); ANALYZE grown.t;
     INSERT INTO grown.t SELECT g FROM generate_series(1, 5000) AS g`,
  );
  const { rowCount, columns } = await profileOf(engine, tableOf('grown', 't', ['n']));
  expect(rowCount).toBe(5010);
  expect(columns[0]).toMatchObject({ valuesCount: 5010, distinctCount: 5000, max: 5000 });
});
