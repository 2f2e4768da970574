import { expect, it } from 'vitest';
import { parseDatabaseType } from './database-type.ts';

it.each([
  ['int8', { dataType: 'BIGINT' }],
  ['int unsigned', { dataType: 'INT' }],
  ['NUMBER(10,2)', { dataType: 'NUMBER', precision: 10, scale: 2 }],
  ['numeric(5, 9)', { dataType: 'NUMERIC', precision: 5, scale: 5 }],
  ['NUMBER', { dataType: 'NUMBER' }],
  ['VARCHAR2(40 CHAR)', { dataType: 'VARCHAR', dataLength: 40 }],
  ['nvarchar(max)', { dataType: 'VARCHAR', dataLength: 1 }],
  ['character varying(20)', { dataType: 'VARCHAR', dataLength: 20 }],
  ['bit varying', { dataType: 'BINARY', dataLength: 1 }],
  ['double precision', { dataType: 'DOUBLE' }],
  ['binary_float', { dataType: 'FLOAT' }],
  ['timestamp(6) with time zone', { dataType: 'TIMESTAMPZ' }],
  ['timestamp with local time zone', { dataType: 'TIMESTAMPZ' }],
  ['timestamp without time zone', { dataType: 'TIMESTAMP' }],
  ['time with time zone', { dataType: 'TIME' }],
  ['interval day to second', { dataType: 'INTERVAL' }],
  ['jsonb', { dataType: 'JSON' }],
  ['bytea', { dataType: 'BYTEA' }],
  ['text[]', { dataType: 'ARRAY', arrayDataType: 'TEXT' }],
  ['array(varchar(3))', { dataType: 'ARRAY', arrayDataType: 'VARCHAR' }],
  ['map(varchar, bigint)', { dataType: 'MAP' }],
  ['struct<a:int>', { dataType: 'STRUCT' }],
  ['geo_thing', { dataType: 'UNKNOWN', dataTypeDisplay: 'geo_thing' }],
  ['', { dataType: 'UNKNOWN', dataTypeDisplay: 'unknown' }],
  ['varchar((', { dataType: 'UNKNOWN' }],
  ['constructor', { dataType: 'UNKNOWN' }],
])('%s', (text, expected) => {
  expect(parseDatabaseType(text)).toMatchObject(expected);
});

it('a length that stands beside the type', () => {
  expect(parseDatabaseType('varchar', 255)).toMatchObject({
    dataType: 'VARCHAR',
    dataLength: 255,
    dataTypeDisplay: 'varchar',
  });
  expect(parseDatabaseType('varchar(20)', 255).dataLength).toBe(20);
  expect(parseDatabaseType('int', 4).dataLength).toBeUndefined();
});

it('rows within rows', () => {
  const shape = parseDatabaseType(
    'array(row(id bigint, "odd name" row(zip varchar(5), at timestamp(3) with time zone)))',
  );
  expect(shape).toMatchObject({ dataType: 'ARRAY', arrayDataType: 'STRUCT' });
  const [id, odd] = shape.children!;
  expect(id).toMatchObject({ name: 'id', dataType: 'BIGINT' });
  expect(odd).toMatchObject({ name: 'odd name', dataType: 'STRUCT' });
  expect(odd!.children).toMatchObject([
    { name: 'zip', dataType: 'VARCHAR', dataLength: 5 },
    { name: 'at', dataType: 'TIMESTAMPZ' },
  ]);
});

it.each(['array('.repeat(10_000), `row(${'a int,'.repeat(20_000)}`, '['.repeat(10_000), 'x '.repeat(50_000)])(
  'a hostile text is no type',
  (text) => {
    expect(parseDatabaseType(text).dataType).toMatch(/UNKNOWN|ARRAY|STRUCT/);
  },
);
