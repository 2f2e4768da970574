import { describe, expect, it } from 'vitest';
import type { FieldShape } from '../../model/records.ts';
import { parseHiveType } from './hive-type.ts';

const names = (fields: readonly FieldShape[] | undefined): string[] => (fields ?? []).map((field) => field.name);

describe('Hive types in OpenMetadata’s words', () => {
  it.each([
    ['tinyint', 'TINYINT'],
    ['smallint', 'SMALLINT'],
    ['int', 'INT'],
    ['INTEGER', 'INT'],
    ['BigInt', 'BIGINT'],
    ['float', 'FLOAT'],
    ['double', 'DOUBLE'],
    ['double precision', 'DOUBLE'],
    ['boolean', 'BOOLEAN'],
    ['string', 'STRING'],
    ['date', 'DATE'],
    ['timestamp', 'TIMESTAMP'],
    ['timestamp with local time zone', 'TIMESTAMPZ'],
    ["TIMESTAMP  with LOCAL time zone('UTC')", 'TIMESTAMPZ'],
    ['interval_year_month', 'INTERVAL'],
    ['interval_day_time', 'INTERVAL'],
    ['uniontype<int,string,struct<a:int>>', 'UNION'],
    ['map<string,array<struct<a:int,b:string>>>', 'MAP'],
    ['void', 'NULL'],
  ])('%s', (text, dataType) => {
    expect(parseHiveType(text)).toMatchObject({ dataType });
  });

  it('keeps the text in lower case for display', () => {
    expect(parseHiveType(' Map<String,INT> ').dataTypeDisplay).toBe('map<string,int>');
  });

  it('precision and scale, length, and 1 where a length is needed and unknown', () => {
    expect(parseHiveType('decimal(38, 10)')).toMatchObject({ dataType: 'DECIMAL', precision: 38, scale: 10 });
    expect(parseHiveType('DECIMAL(10)')).toMatchObject({ dataType: 'DECIMAL', precision: 10 });
    expect(parseHiveType('decimal')).toEqual({ dataType: 'DECIMAL', dataTypeDisplay: 'decimal' });
    expect(parseHiveType('varchar(65535)')).toMatchObject({ dataType: 'VARCHAR', dataLength: 65535 });
    expect(parseHiveType('char( 3 )')).toMatchObject({ dataType: 'CHAR', dataLength: 3 });
    expect(parseHiveType('varchar')).toMatchObject({ dataType: 'VARCHAR', dataLength: 1 });
    expect(parseHiveType('binary')).toMatchObject({ dataType: 'BINARY', dataLength: 1 });
  });

  it('structs with their fields, at any depth', () => {
    const shape = parseHiveType('struct<street:string,geo:struct<lat:double,lon:decimal(9,6)>,tags:array<string>>');
    expect(shape.dataType).toBe('STRUCT');
    expect(names(shape.children)).toEqual(['street', 'geo', 'tags']);
    expect(shape.children?.[1]?.children?.[1]).toMatchObject({
      name: 'lon',
      dataType: 'DECIMAL',
      precision: 9,
      scale: 6,
      dataTypeDisplay: 'decimal(9,6)',
    });
    expect(shape.children?.[2]).toMatchObject({ dataType: 'ARRAY', arrayDataType: 'STRING' });
  });

  it('arrays with the fields of their structs', () => {
    const lines = parseHiveType('array<struct<sku:string,qty:int>>');
    expect(lines).toMatchObject({ dataType: 'ARRAY', arrayDataType: 'STRUCT' });
    expect(names(lines.children)).toEqual(['sku', 'qty']);
    expect(parseHiveType('array<array<int>>')).toMatchObject({ dataType: 'ARRAY', arrayDataType: 'ARRAY' });
  });

  it('odd field names: dots, spaces, colons, back-quotes, names of types', () => {
    expect(names(parseHiveType('struct<`a:b,c>`:int,`say ``hi```:string>').children)).toEqual(['a:b,c>', 'say `hi`']);
    expect(names(parseHiveType('struct<net.amount:int,first name:string,@id:int,größe:int>').children)).toEqual([
      'net.amount',
      'first name',
      '@id',
      'größe',
    ]);
    expect(names(parseHiveType('struct<xs:type:string,map:map<string,int>,b:int>').children)).toEqual([
      'xs:type',
      'map',
      'b',
    ]);
  });

  it('comments of fields become descriptions', () => {
    const fine = parseHiveType("struct<a:int, b:string COMMENT 'with, comma > and \\'quote\\''>");
    expect(fine.children?.[1]).toMatchObject({ name: 'b', description: "with, comma > and 'quote'" });
  });

  it('nested types without their parts', () => {
    expect(parseHiveType('array')).toMatchObject({ dataType: 'ARRAY', arrayDataType: 'UNKNOWN' });
    expect(parseHiveType('map').dataType).toBe('MAP');
    expect(parseHiveType('struct')).toMatchObject({ dataType: 'STRUCT', children: [] });
    expect(parseHiveType('struct<>')).toMatchObject({ dataType: 'STRUCT', children: [] });
  });
});

describe('text that is no Hive type', () => {
  it.each([
    '',
    'geometry',
    'constructor',
    'array<',
    'array<int',
    'struct<a int>',
    'struct<a:>',
    'map<string>',
    'int int',
    'decimal(10',
    '<<<>>>',
    ':',
    '`',
    '🙂',
  ])('“%s” is kept as display', (text) => {
    const shape = parseHiveType(text);
    expect(shape).toEqual({ dataType: 'UNKNOWN', dataTypeDisplay: text || 'unknown' });
  });

  it('deep nesting neither fails nor takes for ever', () => {
    const deep = `${'array<'.repeat(100_000)}int${'>'.repeat(100_000)}`;
    expect(parseHiveType(deep).dataType).toBe('UNKNOWN');
    const twenty = `${'struct<a:'.repeat(20)}int${'>'.repeat(20)}`;
    expect(parseHiveType(twenty).dataType).toBe('STRUCT');
    const colons = `struct<${':'.repeat(50_000)}>`;
    expect(parseHiveType(colons).dataType).toBe('UNKNOWN');
  });

  it('a struct of thousands of fields is read whole', () => {
    const fields = Array.from({ length: 5_000 }, (_, i) => `f${i}:array<struct<a:int,b:varchar(${i + 1})>>`);
    expect(parseHiveType(`struct<${fields.join(',')}>`).children).toHaveLength(5_000);
  });
});
