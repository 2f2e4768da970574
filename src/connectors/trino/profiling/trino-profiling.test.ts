import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CatalogSpec } from '../../../../sandbox/trino/catalog-tree.ts';
import { openPostgresData, type PostgresData } from '../../../../sandbox/trino/postgres-data.ts';
import { startTrino, type TrinoStandIn } from '../../../../sandbox/trino/start-trino.ts';
import { type MetricName, metricNames } from '../../../profiler/metric-names.ts';
import type { ProfiledTable, ProfileRequest, TableProfile } from '../../../profiler/profiling-engine.ts';
import { SqlProfilingEngine } from '../../../profiler/sql/sql-profiling-engine.ts';
import { type PostgresServer, startPostgres } from '../../../state/postgres/postgres-server.testing.ts';
import { TrinoClient } from '../trino-client.ts';
import { sampleValue } from './sample-value.ts';
import { TrinoProfilingSource } from './trino-profiling-source.ts';

const types = {
  small: 'smallint',
  whole: 'integer',
  huge: 'bigint',
  amount: 'decimal(12,2)',
  long_amount: 'decimal(38,10)',
  ratio: 'double',
  short_ratio: 'real',
  name: 'varchar',
  code: 'char(6)',
  day: 'date',
  at: 'timestamp(3)',
  seen: 'timestamp(6) with time zone',
  wake: 'time(3)',
  paid: 'boolean',
  photo: 'varbinary',
  id: 'uuid',
  items: 'array(row(a bigint))',
  'od"d name': 'integer',
} as const;
type Column = keyof typeof types;

const columns = Object.entries(types).map(([name, type]) => ({ name, type }));
const catalogs: readonly CatalogSpec[] = [
  {
    name: 'hive',
    schemas: [
      {
        name: 'lab',
        tables: [
          { name: 'many', columns },
          { name: 'empty', columns },
          { name: 'tall', columns: [{ name: 'n', type: 'integer' }] },
          { name: 'broken', columns: [{ name: 'x', type: 'double' }] },
          { name: 'wide', columns: Array.from({ length: 140 }, (_, i) => ({ name: `c${i}`, type: 'integer' })) },
        ],
      },
    ],
  },
];

const rowCount = 3_000;

/** Nulls, doublets and letters of several bytes; sums that a bigint cannot hold. */
const fill = `INSERT INTO "hive.lab".many
  SELECT i % 100, i * 7 - 9000, 9223372036854770000 - i, (i % 500) * 1.37 - 100, i * 123456789.0123456789 + 1e20::numeric,
    sin(i) * 1e6, (i % 90) / 8.0, CASE WHEN i % 7 > 0 THEN repeat('ä', i % 30) || i % 900 END, 'c' || i % 50,
    date '2020-01-01' + i % 1000, timestamp '2020-01-01 10:00:00.125' + i * interval '1 hour',
    timestamptz '2020-06-01 10:00:00+02' + i * interval '1 minute', time '10:00:00' + i % 60 * interval '1 minute',
    CASE WHEN i % 10 > 0 THEN i % 3 = 0 END, decode(md5((i % 40)::text), 'hex'), md5((i % 1500)::text)::uuid,
    '[1]'::json, CASE WHEN i % 2 = 0 THEN i END
  FROM generate_series(1, ${rowCount}) AS i`;

let postgres: PostgresServer;
let trino: TrinoStandIn;
let data: PostgresData;
let engine: SqlProfilingEngine;

beforeAll(async () => {
  postgres = await startPostgres();
  data = await openPostgresData(postgres.address('postgres'), catalogs);
  await data.run(fill);
  await data.run(`INSERT INTO "hive.lab".broken VALUES (1), (2), ('NaN'), (NULL)`);
  await data.run(`INSERT INTO "hive.lab".wide (c0, c139) VALUES (1, 2), (3, 2)`);
  trino = await startTrino({ catalogs, data });
  const client = new TrinoClient({
    address: trino.url,
    user: 'ada',
    source: 'meridian',
    headers: {},
    session: {},
    extraCredential: {},
    queryTimeoutMs: 60_000,
    redact: (text) => text,
  });
  engine = new SqlProfilingEngine(new TrinoProfilingSource(client, async function* () {}));
});
afterAll(async () => {
  await engine?.close();
  await trino?.close();
  await postgres?.stop();
});

const everything: ProfileRequest = {
  metrics: new Set(metricNames),
  tableMetrics: true,
  columnMetrics: true,
  sample: undefined,
  useStatistics: false,
  approximateAbove: 1_000_000,
  queryTimeoutMs: 60_000,
};
const signal = new AbortController().signal;

function tableOf(table: string, names: readonly string[] = Object.keys(types)): ProfiledTable {
  return {
    id: table,
    fqn: `svc.hive.lab.${table}`,
    path: ['svc', 'hive', 'lab', table],
    place: { database: 'hive', schema: 'lab', table },
    tableType: 'Regular',
    columns: names.map((name) => ({ name, dataType: 'UNKNOWN', labels: [] })),
    labels: [],
  };
}

const profile = (table: string, more: Partial<ProfileRequest> = {}, names?: readonly string[]): Promise<TableProfile> =>
  engine.profile(tableOf(table, names), { ...everything, ...more }, signal);

/** What plain SQL of the database behind the stand-in says. */
async function plain(expression: string): Promise<number> {
  const [row] = await data.run(`SELECT (${expression})::text AS value FROM "hive.lab".many`);
  return Number(row?.['value']);
}

describe('profiles of a table in Trino', () => {
  let found: TableProfile;
  beforeAll(async () => {
    found = await profile('many');
  });
  const of = (name: Column) => found.columns.find((column) => column.name === name)!;

  it('count its rows and columns, and tell what it cannot know', () => {
    expect(found).toMatchObject({ rowCount, columnCount: columns.length, from: 'query', problems: [] });
  });

  const numbers: readonly (readonly [Column, string])[] = [
    ['small', 'small'],
    ['whole', 'whole'],
    ['huge', 'huge'],
    ['amount', 'amount'],
    ['long_amount', 'long_amount'],
    ['ratio', 'ratio'],
    ['short_ratio', 'short_ratio::float8'],
    ['od"d name', '"od""d name"'],
    // Of text, these are of its length.
    ['name', 'length(name)'],
  ];
  const moments: readonly (readonly [MetricName, (x: string) => string])[] = [
    ['sum', (x) => `sum(${x})`],
    ['mean', (x) => `avg(${x})`],
    ['stddev', (x) => `stddev_pop(${x})`],
    ['min', (x) => `min(${x})`],
    ['max', (x) => `max(${x})`],
  ];
  // Trino's deviations are of doubles: of numbers that differ in their last digits only, little is left.
  const ofDoubles = (column: string, metric: MetricName): boolean =>
    metric === 'stddev' && (column === 'huge' || column === 'long_amount');
  const cases = numbers
    .flatMap(([column, x]) => moments.map(([metric, sql]) => ({ column, metric, sql: sql(x) })))
    .filter(({ column, metric }) => !ofDoubles(column, metric));

  it.each(cases)('$metric of $column is what plain SQL says', async ({ column, metric, sql }) => {
    const expected = await plain(sql);
    const value = Number((of(column) as unknown as Record<string, unknown>)[metric]);
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(expected), 1));
  });

  it.each(Object.keys(types).filter((name) => name !== 'items'))(
    'values, nulls, distinct and single ones of %s',
    async (name) => {
      const column = of(name as Column);
      const quoted = `"${name.replaceAll('"', '""')}"`;
      const values = await plain(`count(${quoted})`);
      const distinct = await plain(`count(DISTINCT ${quoted})`);
      const [once] = await data.run(
        `SELECT count(*) AS n FROM (SELECT 1 FROM "hive.lab".many WHERE ${quoted} IS NOT NULL GROUP BY ${quoted} HAVING count(*) = 1) AS s`,
      );
      expect(column).toMatchObject({
        valuesCount: values,
        nullCount: rowCount - values,
        nullProportion: (rowCount - values) / rowCount,
        distinctCount: distinct,
        distinctProportion: distinct / values,
        uniqueCount: Number(once?.['n']),
        duplicateCount: values - distinct,
      });
    },
  );

  it('tell bounds of days and times in the words of ISO 8601', () => {
    expect(of('day')).toMatchObject({ min: '2020-01-01', max: '2022-09-26' });
    expect(of('at').min).toMatch(/^2020-01-01T11:00:00\.125/);
    expect(of('seen').min).toMatch(/^2020-06-01T08:01:00(\.0+)?Z$/);
    expect(of('wake')).toMatchObject({ min: '10:00:00', max: '10:59:00' });
  });

  it('tell numbers that JavaScript has not as text, with every digit', () => {
    expect(of('huge')).toMatchObject({ max: '9223372036854769999' });
    expect(of('amount')).toMatchObject({ min: -100, max: 583.63 });
  });

  it('say of quartiles that they are approximate', async () => {
    for (const [name, sql] of [
      ['whole', 'whole'],
      ['ratio', 'ratio'],
    ] as const) {
      const column = of(name);
      expect(column.approximate).toMatchObject({ median: 0.01, firstQuartile: 0.01 });
      // Within one percent of the ranks.
      const below = await plain(`avg((${sql} <= ${column.median})::int)`);
      expect(Math.abs(below - 0.5)).toBeLessThan(0.01);
    }
  });

  it('have a histogram of every number', () => {
    for (const name of ['small', 'amount', 'ratio'] as const) {
      const { histogram, valuesCount } = of(name);
      expect(histogram!.frequencies.reduce((sum, n) => sum + n, 0)).toBe(valuesCount);
      expect(histogram!.boundaries).toHaveLength(histogram!.frequencies.length);
    }
  });

  it('count nested values and no more', () => {
    expect(of('items')).toEqual({ name: 'items', valuesCount: rowCount, nullCount: 0, nullProportion: 0 });
  });

  it('take few queries, however many columns there are', async () => {
    const before = engine.requestCount();
    await profile('many');
    // Columns, statistics, all metrics, bins of histograms.
    expect(engine.requestCount() - before).toBe(4);
    const wide = await profile('wide', {}, ['c0', 'c139']);
    expect(wide.columns.map(({ sum }) => sum)).toEqual([4, 4]);
    const all = Array.from({ length: 140 }, (_, i) => `c${i}`);
    const counted = await profile('wide', { metrics: new Set(['distinctCount', 'max']) }, all);
    await data.run(`INSERT INTO "hive.lab".wide VALUES (${all.map((_, i) => i).join(', ')})`);
    const drawn = await profile('wide', { metrics: new Set(['histogram']) }, all);
    await data.run(`DELETE FROM "hive.lab".wide WHERE c1 = 1`);
    expect(drawn.columns.filter(({ histogram }) => histogram)).toHaveLength(140);
    // Queries of more than a million letters are refused.
    expect(Math.max(...trino.queries().map(({ sql }) => sql.length))).toBeLessThan(300_000);
    expect(counted.columns).toHaveLength(140);
    expect(counted.columns.at(-1)).toMatchObject({ name: 'c139', distinctCount: 1, max: 2 });
  });
});

describe('what is not as it should be', () => {
  it('an empty table has counts of nought and nothing else', async () => {
    const { rowCount: rows, columns: found } = await profile('empty');
    expect(rows).toBe(0);
    expect(found.find(({ name }) => name === 'ratio')).toEqual({
      name: 'ratio',
      valuesCount: 0,
      nullCount: 0,
      distinctCount: 0,
      uniqueCount: 0,
      duplicateCount: 0,
    });
  });

  it('NaN leaves out what has no meaning with it, and says so', async () => {
    const { columns: found, problems } = await profile('broken', {}, ['x']);
    expect(found[0]).toMatchObject({ valuesCount: 3, nullCount: 1, distinctCount: 3 });
    expect(found[0]).not.toHaveProperty('mean');
    expect(found[0]).not.toHaveProperty('histogram');
    expect(problems).toMatchObject([{ column: 'x', reason: 'not-finite' }]);
  });

  it('names a table that is not there, and a query that takes too long', async () => {
    await expect(profile('gone')).rejects.toMatchObject({ code: 'profile.table-missing' });
    trino.failQueries(/SHOW COLUMNS/, 'PERMISSION_DENIED');
    await expect(profile('many')).rejects.toMatchObject({ code: 'profile.query-refused' });
    trino.failQueries(/count\(\*\)/, 'EXCEEDED_TIME_LIMIT');
    await expect(profile('many')).rejects.toMatchObject({ code: 'profile.timeout' });
    trino.failQueries(undefined);
  });

  it('goes on without statistics where the connector has none', async () => {
    trino.failQueries(/SHOW STATS/);
    expect((await profile('many')).rowCount).toBe(rowCount);
    trino.failQueries(undefined);
  });
});

describe('samples and approximations', () => {
  it.each([
    { size: 50, type: 'PERCENTAGE', randomized: false },
    { size: 50, type: 'PERCENTAGE', method: 'BERNOULLI', randomized: false },
    { size: 100, type: 'PERCENTAGE', method: 'SYSTEM', randomized: false },
    { size: 500, type: 'ROWS', randomized: true },
    { size: 500, type: 'ROWS', randomized: false },
  ] as const)('%j', async (sample) => {
    const found = await profile('many', { sample });
    expect(found.rowCount).toBe(rowCount);
    const expected = sample.type === 'ROWS' ? sample.size : (rowCount * sample.size) / 100;
    // Eight standard deviations.
    expect(Math.abs(found.sampledRows! - expected)).toBeLessThanOrEqual(8 * Math.sqrt(rowCount / 4));
    const small = found.columns.find(({ name }) => name === 'small')!;
    expect(small.distinctCount).toBeGreaterThan(80);
    expect(small.distinctCount).toBeLessThanOrEqual(100);
    expect(small.duplicateCount).toBeGreaterThan(0);
    // Each part of a query has a sample of its own: of single values there must not seem to be more than there are rows.
    for (const { distinctProportion = 0, uniqueProportion = 0, duplicateCount = 0 } of found.columns) {
      expect(Math.max(distinctProportion, uniqueProportion)).toBeLessThanOrEqual(1);
      expect(duplicateCount).toBeGreaterThanOrEqual(0);
    }
  });

  it('counts distinct values by Trino’s sketch above a size, and says so', async () => {
    await data.run(`INSERT INTO "hive.lab".tall SELECT generate_series(1, 200000)`);
    const metrics = new Set<MetricName>(['distinctCount', 'uniqueCount', 'valuesCount']);
    const found = await profile('tall', { metrics, approximateAbove: 100_000 }, ['n']);
    const sent = trino.queries().filter(({ sql }) => sql.includes('approx_distinct')).length;
    expect(sent).toBeGreaterThan(0);
    const [column] = found.columns;
    expect(column?.approximate?.distinctCount).toBeCloseTo(0.069);
    expect(Math.abs(column!.distinctCount! - 200_000)).toBeLessThan(0.069 * 200_000);
    const error = column!.approximate!.uniqueCount!;
    expect(Math.abs(column!.uniqueCount! - 200_000)).toBeLessThan(error * 200_000);
  });
});

describe('what a table’s own statistics say', () => {
  it('is taken from there, and the rest is computed', async () => {
    const before = trino.queries().length;
    const some = new Set<MetricName>(['rowCount', 'nullCount', 'max']);
    const found = await profile('tall', { useStatistics: true, metrics: some }, ['n']);
    expect(found).toMatchObject({ from: 'both', rowCount: 200_000 });
    const [column] = (await profile('tall', { useStatistics: true }, ['n'])).columns;
    expect(column).toMatchObject({ valuesCount: 200_000, distinctCount: 200_000, max: 200_000 });
    expect(column?.approximate).toMatchObject({ distinctCount: null, median: 0.01 });
    const counted = new Set<MetricName>(['nullCount', 'distinctCount', 'rowCount']);
    const known = await profile('tall', { useStatistics: true, metrics: counted }, ['n']);
    expect(known).toMatchObject({ from: 'statistics', columns: [{ nullCount: 0, distinctCount: 200_000 }] });
    // Nothing but the columns and the statistics was asked for the last one.
    expect(trino.queries().slice(before).at(-1)?.sql).toMatch(/^SHOW STATS FOR "hive"\."lab"\."tall"$/);
  });
});

describe('sample rows', () => {
  it('are text where JSON would lose something, and short', async () => {
    await data.run(`INSERT INTO "hive.lab".empty (huge, name, photo, items, at, day, paid, ratio)
      VALUES (9223372036854770000, repeat('ä', 1500), decode(repeat('ab', 900), 'hex'), '[{"a": 1}]',
        '2020-01-01 10:00:00', '2020-01-01', true, 'NaN')`);
    const names = ['huge', 'name', 'photo', 'items', 'at', 'day', 'paid', 'ratio', 'id'];
    const { columns: found, rows } = await engine.sampleRows(tableOf('empty', names), 5, undefined, signal);
    await data.run(`DELETE FROM "hive.lab".empty`);
    expect(found).toEqual(names);
    expect(rows).toEqual([
      [
        expect.anything(),
        `${'ä'.repeat(1000)}… (1500 characters)`,
        `\\x${'ab'.repeat(500)}… (900 bytes)`,
        [{ a: 1 }],
        expect.stringMatching(/^2020-01-01T10:00:00/),
        '2020-01-01',
        true,
        'NaN',
        null,
      ],
    ]);
    expect(Number(rows[0]?.[0])).toBe(9223372036854770000);
  });

  it.each([
    ['array(row(a bigint, "b c" varchar))', true],
    ['map(varchar, array(double))', true],
    ['row(photo varbinary)', false],
    ['array(timestamp(3) with time zone)', false],
    ['array(uuid)', false],
  ])('of %s are JSON where Trino can make it', (type, isJson) => {
    const sql = sampleValue({ name: 'c', type, baseType: 'array', typeClass: 'nested', comparable: false }, 1000);
    expect(sql.includes('AS json')).toBe(isJson);
  });
});
