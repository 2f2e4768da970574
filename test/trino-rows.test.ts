import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CatalogSpec } from '../sandbox/trino/catalog-tree.ts';
import { openPostgresData } from '../sandbox/trino/postgres-data.ts';
import { startTrino, type TrinoStandIn } from '../sandbox/trino/start-trino.ts';
import { type PostgresServer, startPostgres } from '../src/state/postgres/postgres-server.testing.ts';

const catalogs: readonly CatalogSpec[] = [
  {
    name: 'hive',
    schemas: [
      {
        name: 'sales',
        tables: [
          {
            name: 'orders',
            columns: [
              { name: 'id', type: 'bigint' },
              { name: 'customer', type: 'varchar(80)' },
              { name: 'amount', type: 'decimal(12,2)' },
              { name: 'ratio', type: 'double' },
              { name: 'placed_at', type: 'timestamp(3)' },
              { name: 'seen_at', type: 'timestamp(6) with time zone' },
              { name: 'ds', type: 'date' },
              { name: 'photo', type: 'varbinary' },
              { name: 'paid', type: 'boolean' },
              { name: 'items', type: 'array(bigint)' },
            ],
          },
        ],
      },
    ],
  },
];

let postgres: PostgresServer;
let trino: TrinoStandIn;
beforeAll(async () => {
  postgres = await startPostgres();
  const data = await openPostgresData(postgres.address('postgres'), catalogs);
  await data.insert('hive.sales.orders', [
    [
      1,
      'ada',
      '10.50',
      0.5,
      '2026-01-01 10:00:00',
      '2026-01-01 10:00:00+00',
      '2026-01-01',
      Buffer.from('hi'),
      true,
      '[1]',
    ],
    [2, 'bob', '12345678.90', 'NaN', '2026-01-02 10:00:00', null, '2026-01-02', null, false, null],
    [3, 'ada', null, 'Infinity', null, null, null, null, null, null],
  ]);
  trino = await startTrino({ catalogs, data });
});
afterAll(async () => {
  await trino?.close();
  await postgres?.stop();
});

interface Page {
  readonly nextUri?: string;
  readonly data?: readonly unknown[];
  readonly error?: { readonly errorName: string; readonly message: string };
}

async function rows(sql: string): Promise<unknown> {
  const headers = { 'X-Trino-User': 'ada' };
  let page = (await (await fetch(`${trino.url}/v1/statement`, { method: 'POST', body: sql, headers })).json()) as Page;
  const found: unknown[] = [];
  while (page.nextUri) {
    page = (await (await fetch(page.nextUri)).json()) as Page;
    found.push(...(page.data ?? []));
  }
  return page.error ? `${page.error.errorName}: ${page.error.message}` : found;
}

it('tells values as the protocol has them', async () => {
  expect(
    await rows(
      'SELECT id, customer, amount, ratio, placed_at, seen_at, ds, photo, paid FROM hive.sales.orders WHERE id < 3 ORDER BY id',
    ),
  ).toEqual([
    [1, 'ada', '10.50', 0.5, '2026-01-01 10:00:00', '2026-01-01 10:00:00 UTC', '2026-01-01', 'aGk=', true],
    [2, 'bob', '12345678.90', 'NaN', '2026-01-02 10:00:00', null, '2026-01-02', null, false],
  ]);
});

it('runs what Trino’s SQL has beside the standard', async () => {
  const sql = `SELECT count(*), approx_distinct(customer), approx_percentile(CAST(id AS double), ARRAY[0.25E0, 0.5E0, 0.75E0]),
    CAST(max(amount) AS varchar), to_iso8601(min(placed_at)), to_iso8601(max(ds)), stddev_pop(CAST(id AS double)),
    (SELECT array_agg(ARRAY[g, n]) FROM (SELECT grouping(customer, paid) AS g, count(*) AS n FROM "hive"."sales"."orders"
      GROUP BY GROUPING SETS ((customer), (paid))) AS q WHERE g = 1)
    FROM "hive"."sales"."orders"`;
  expect(await rows(sql)).toEqual([
    [3, 2, [1, 2, 3], '12345678.90', '2026-01-01T10:00:00.000000', '2026-01-02', Math.sqrt(2 / 3), expect.any(Array)],
  ]);
  expect(await rows('SELECT count(*) FROM hive.sales.orders TABLESAMPLE BERNOULLI (100)')).toEqual([[3]]);
  const hashed = 'bitwise_and(from_big_endian_64(xxhash64(to_utf8(CAST(amount AS varchar)))), 0)';
  const counted = `SELECT max(${hashed}), count(*) FILTER (WHERE is_nan(ratio)) FROM hive.sales.orders`;
  expect(await rows(counted)).toEqual([[0, 1]]);
});

it('tells what a table’s statistics are', async () => {
  const found = (await rows('SHOW STATS FOR "hive"."sales"."orders"')) as unknown[][];
  expect(found.find(([name]) => name === 'customer')).toEqual(['customer', null, 2, 0, null, null, null]);
  expect(found.find(([name]) => name === 'amount')?.[3]).toBeCloseTo(1 / 3);
  expect(found.at(-1)).toEqual([null, null, null, null, 3, null, null]);
});

it('names what is wrong as Trino does', async () => {
  expect(await rows('SELECT 1 FROM hive.sales.none')).toMatch(/^TABLE_NOT_FOUND/);
  expect(await rows('SELECT none FROM hive.sales.orders')).toMatch(/^COLUMN_NOT_FOUND/);
  expect(await rows('SELECT CAST(customer AS bigint) FROM hive.sales.orders')).toMatch(/^GENERIC_INTERNAL_ERROR/);
});
