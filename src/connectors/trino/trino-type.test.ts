import { describe, expect, it } from 'vitest';
import { parseTrinoType } from './trino-type.ts';

describe('types of Trino in OpenMetadata’s words', () => {
  it.each([
    ['bigint', { dataType: 'BIGINT' }],
    ['integer', { dataType: 'INT' }],
    ['real', { dataType: 'FLOAT' }],
    ['double', { dataType: 'DOUBLE' }],
    ['decimal(38,10)', { dataType: 'DECIMAL', precision: 38, scale: 10 }],
    ['varchar(20)', { dataType: 'VARCHAR', dataLength: 20 }],
    // A length is demanded where Trino has none.
    ['varchar', { dataType: 'VARCHAR', dataLength: 1 }],
    ['char(2)', { dataType: 'CHAR', dataLength: 2 }],
    ['varbinary', { dataType: 'VARBINARY', dataLength: 1 }],
    ['timestamp(3)', { dataType: 'TIMESTAMP' }],
    ['timestamp(12) with time zone', { dataType: 'TIMESTAMPZ' }],
    ['time(6)', { dataType: 'TIME' }],
    ['time(6) with time zone', { dataType: 'TIME' }],
    ['interval day to second', { dataType: 'INTERVAL' }],
    ['interval year to month', { dataType: 'INTERVAL' }],
    ['json', { dataType: 'JSON' }],
    ['uuid', { dataType: 'UUID' }],
    ['ipaddress', { dataType: 'INET' }],
    ['HyperLogLog', { dataType: 'HLLSKETCH' }],
    ['Geometry', { dataType: 'GEOMETRY' }],
    ['SphericalGeography', { dataType: 'GEOGRAPHY' }],
    ['unknown', { dataType: 'NULL' }],
    ['qdigest(double)', { dataType: 'UNKNOWN' }],
    ['setdigest', { dataType: 'UNKNOWN' }],
    ['map(varchar, array(row(x bigint)))', { dataType: 'MAP' }],
  ])('%s', (text, shape) => {
    expect(parseTrinoType(text)).toEqual({ ...shape, dataTypeDisplay: text.toLowerCase() });
  });

  it('reads rows within arrays, with names in quotes and without', () => {
    const shape = parseTrinoType(
      'array(row(plain bigint, "say ""hi"", now" varchar(5), "a.b" row(c timestamp(3) with time zone, d decimal(4,1))))',
    );
    expect(shape).toMatchObject({ dataType: 'ARRAY', arrayDataType: 'STRUCT' });
    expect(shape.children).toEqual([
      { name: 'plain', dataType: 'BIGINT', dataTypeDisplay: 'bigint' },
      { name: 'say "hi", now', dataType: 'VARCHAR', dataLength: 5, dataTypeDisplay: 'varchar(5)' },
      {
        name: 'a.b',
        dataType: 'STRUCT',
        dataTypeDisplay: 'row(c timestamp(3) with time zone, d decimal(4,1))',
        children: [
          { name: 'c', dataType: 'TIMESTAMPZ', dataTypeDisplay: 'timestamp(3) with time zone' },
          { name: 'd', dataType: 'DECIMAL', precision: 4, scale: 1, dataTypeDisplay: 'decimal(4,1)' },
        ],
      },
    ]);
  });

  it('gives fields without a name one, also where their type has several words', () => {
    const types =
      'bigint, timestamp(3) with time zone, interval day to second, map(varchar, bigint), time interval day to second';
    expect(parseTrinoType(`row(${types})`).children?.map(({ name, dataType }) => [name, dataType])).toEqual([
      ['field0', 'BIGINT'],
      ['field1', 'TIMESTAMPZ'],
      ['field2', 'INTERVAL'],
      ['field3', 'MAP'],
      ['time', 'INTERVAL'],
    ]);
  });

  it('names a field once, since the target refuses a table that names one twice', () => {
    expect(parseTrinoType('row(a bigint, "A" varchar)').children?.map(({ name }) => name)).toEqual(['a']);
  });

  it.each(['', 'row(', 'array()', 'row(a bigint', 'bigint bigint', '(((', `${'array('.repeat(5_000)}x`])(
    'keeps the text of what is no type: %.20s',
    (text) => {
      expect(parseTrinoType(text)).toEqual({ dataType: 'UNKNOWN', dataTypeDisplay: text || 'unknown' });
    },
  );
});
