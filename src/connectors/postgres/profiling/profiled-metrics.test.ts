import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MetricName } from '../../../profiler/metric-names.ts';
import type { ColumnProfile } from '../../../profiler/profiling-engine.ts';
import type { SqlProfilingEngine } from '../../../profiler/sql/sql-profiling-engine.ts';
import { type PostgresServer, startPostgres } from '../../../state/postgres/postgres-server.testing.ts';
import { type KnownTable, knownTables, knownTypes } from './known-tables.testing.ts';
import { type PlainColumn, plainHistogram, plainMetric, plainMetrics } from './plain-sql.testing.ts';
import { clientOf, engineOf, profileOf, tableOf } from './profiled-tables.testing.ts';

let server: PostgresServer;
let client: pg.Client;
let engine: SqlProfilingEngine;
/** Has the database measure small tables, too. */
let pushing: SqlProfilingEngine;

beforeAll(async () => {
  server = await startPostgres();
  client = await clientOf(server);
  engine = engineOf(server);
  pushing = engineOf(server, undefined, undefined, undefined, false);
  for (const sql of [...knownTypes, ...knownTables.map((table) => table.sql)]) await client.query(sql);
  await client.query(`SET datestyle = ISO; SET timezone = 'UTC'`);
});

afterAll(async () => {
  await Promise.all([engine.close(), pushing.close()]);
  await client.end();
  await server.stop();
});

test('there are fifty tables', () => {
  expect(knownTables).toHaveLength(50);
});

describe.each(knownTables)('$name', ({ name, rows, columns }: KnownTable) => {
  test.each(['as it comes', 'by queries alone'])('each metric is what plain SQL says: %s', async (way) => {
    const profile = await profileOf(
      way === 'as it comes' ? engine : pushing,
      tableOf(
        'known',
        name,
        columns.map((column) => column.name),
      ),
    );
    expect(profile.rowCount).toBe(rows);
    expect(profile.columns.map((column) => column.name)).toEqual(columns.map((column) => column.name));
    for (const [at, column] of columns.entries()) {
      await compare(client, `known."${name}"`, column, profile.columns[at]!);
    }
  });
});

/** Every metric of a column that its kind has, and none besides. */
async function compare(client: pg.Client, table: string, column: PlainColumn, profile: ColumnProfile): Promise<void> {
  const metrics = plainMetrics[column.kind];
  for (const metric of metrics) {
    const where = `${table} ${column.name} ${metric}`;
    const plain = await plainMetric(client, table, column, metric);
    // What is a difference of doubles is as exact as these are.
    const isDifference = metric === 'interQuartileRange' || metric === 'nonParametricSkew';
    const scale = isDifference
      ? Number(profile.thirdQuartile ?? 0) / Number((metric === 'nonParametricSkew' && profile.stddev) || 1)
      : 0;
    expectSame(profile[metric as keyof ColumnProfile], plain, column, metric, { where, scale: Math.abs(scale) });
  }
  const extra = Object.keys(profile).filter((key) => !['name', 'histogram', ...metrics].includes(key));
  expect(extra, `${table} ${column.name}`).toEqual([]);
  if (column.kind !== 'number') {
    expect(profile.histogram).toBeUndefined();
    return;
  }
  const inBounds = [profile.min, profile.max].every((bound) => Number.isFinite(Number(bound ?? Number.NaN)));
  const counts = inBounds ? await plainHistogram(client, table, column.name) : null;
  expect(profile.histogram?.frequencies ?? null, `${table} ${column.name} histogram`).toEqual(counts);
  expect(profile.histogram?.boundaries.length).toBe(counts?.length);
}

function expectSame(
  ours: unknown,
  plain: unknown,
  column: PlainColumn,
  metric: MetricName,
  { where, scale }: { where: string; scale: number },
): void {
  if (metric === 'min' || metric === 'max') {
    expectBound(ours, plain, column, where);
    return;
  }
  const number = plain === null ? Number.NaN : Number(plain);
  if (!Number.isFinite(number)) {
    expect(ours, where).toBeUndefined();
    return;
  }
  expect(ours, where).toBeTypeOf('number');
  const difference = Math.abs((ours as number) - number);
  expect(difference, `${where}: ${String(ours)} and ${String(plain)}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, scale, Math.abs(number)),
  );
}

function expectBound(ours: unknown, plain: unknown, column: PlainColumn, where: string): void {
  if (plain === null) expect(ours, where).toBeUndefined();
  else if (column.kind === 'dateTime')
    expect(
      String(ours)
        .replace(/T(?=\d)/, ' ')
        .replace('Z', '+00'),
      where,
    ).toBe(plain);
  else if (typeof ours === 'number') expect(ours, where).toBe(Number(plain) + 0);
  else expect(ours, where).toBe(plain);
}
