import { expect, it } from 'vitest';
import { metricNames } from '../../../profiler/metric-names.ts';
import { statisticsProfile } from './hive-statistics.ts';

const everything = { metrics: new Set(metricNames), tableMetrics: true, columnMetrics: true };
const columns = [
  { name: 'id', dataType: 'BIGINT' },
  { name: 'mail', dataType: 'STRING' },
  { name: 'day', dataType: 'DATE' },
  { name: 'total', dataType: 'DECIMAL' },
];
const profile = (parameters: Record<string, string>, wanted = everything) =>
  statisticsProfile({ parameters, createTime: 1_700_000_000_000 }, columns, wanted);

it('rows, size and age come from the metastore’s parameters', () => {
  expect(
    profile({ numRows: '120', totalSize: '4096', rawDataSize: '9000', transient_lastDdlTime: '1700000000' }),
  ).toEqual({
    rowCount: 120,
    sizeInByte: 4096,
    createdAt: 1_700_000_000_000,
    columns: [],
    from: 'statistics',
    problems: [],
  });
});

it.each([
  ['nobody has counted', { numRows: '-1', totalSize: '4096' }],
  ['files were added without counting', { numRows: '0', totalSize: '4096' }],
  ['the count is no number', { numRows: 'many', totalSize: '4096' }],
  ['there is none', { totalSize: '4096' }],
])('there is no row count where %s', (_, parameters) => {
  expect(profile(parameters)).not.toHaveProperty('rowCount');
  expect(profile(parameters)).toHaveProperty('sizeInByte', 4096);
});

it('an empty table has no rows and no bytes', () => {
  expect(profile({ numRows: '0', totalSize: '0', rawDataSize: '0' })).toMatchObject({ rowCount: 0, sizeInByte: 0 });
});

it.each([
  ['{"BASIC_STATS":"false"}', 1],
  ['false', 1],
  ['{"COLUMN_STATS":{"id":"true"}}', 1],
  ['{"BASIC_STATS":"true","COLUMN_STATS":{"id":"true"}}', 0],
  ['true', 0],
])('COLUMN_STATS_ACCURATE %s makes %i problem', (accurate, count) => {
  const { problems } = profile({ numRows: '5', totalSize: '1', COLUMN_STATS_ACCURATE: accurate });
  expect(problems.map(({ reason }) => reason)).toEqual(Array(count).fill('stale-statistics'));
});

it('columns have what Spark has counted, approximate counts marked, numbers as numbers', () => {
  const of = (column: string, values: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [`spark.sql.statistics.colStats.${column}.${key}`, value]),
    );
  const found = profile({
    'spark.sql.statistics.numRows': '1000',
    numRows: '7',
    ...of('id', { distinctCount: '1000', nullCount: '0', min: '1', max: '9007199254740993', version: '2' }),
    ...of('mail', { distinctCount: '700', nullCount: '200', avgLen: '20', maxLen: '64' }),
    ...of('day', { min: '2024-01-01', max: '2024-12-31', maxLen: '4' }),
    ...of('total', { min: '-3.50', max: 'NaN' }),
  });
  expect(found.rowCount).toBe(1000);
  expect(found.columns).toEqual([
    {
      name: 'id',
      valuesCount: 1000,
      nullCount: 0,
      nullProportion: 0,
      distinctCount: 1000,
      distinctProportion: 1,
      min: 1,
      max: '9007199254740993',
      approximate: { distinctCount: 0.05, distinctProportion: 0.05 },
    },
    {
      name: 'mail',
      valuesCount: 800,
      nullCount: 200,
      nullProportion: 0.2,
      distinctCount: 700,
      distinctProportion: 0.875,
      maxLength: 64,
      approximate: { distinctCount: 0.05, distinctProportion: 0.05 },
    },
    { name: 'day', min: '2024-01-01', max: '2024-12-31' },
    { name: 'total', min: -3.5, max: 'NaN' },
  ]);
});

it('only what was asked for is told', () => {
  const parameters = { numRows: '5', totalSize: '1', 'spark.sql.statistics.colStats.id.nullCount': '1' };
  expect(profile(parameters, { ...everything, columnMetrics: false }).columns).toEqual([]);
  expect(profile(parameters, { ...everything, tableMetrics: false })).not.toHaveProperty('rowCount');
  const some = { ...everything, metrics: new Set(['nullCount'] as const) };
  expect(profile(parameters, some).columns).toEqual([{ name: 'id', nullCount: 1 }]);
});
