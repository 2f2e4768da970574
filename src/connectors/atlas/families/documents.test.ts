import { describe, expect, it } from 'vitest';
import { haveTypedefs, leftOut, pathsOf, readWith } from './atlas-with.testing.ts';
import { guests, sessions } from './family-samples.testing.ts';

describe.skipIf(!haveTypedefs).each([
  ['searched', {}],
  ['read with their tables', { columnsBySearchLimit: 0 }],
])('columns %s', (_, options) => {
  it('HBase: families are columns, and qualifiers such as are known of them', async () => {
    const reading = await readWith(sessions, options);
    expect(pathsOf(reading, 'databaseSchema')).toEqual(['atlas_hbase/default/web']);
    const [table] = reading.tables;
    expect(table!.path).toEqual(['atlas_hbase', 'default', 'web', 'sessions']);
    expect(table!.columns.map(({ name, dataType, dataTypeDisplay }) => [name, dataType, dataTypeDisplay])).toEqual([
      ['a', 'MAP', 'column family'],
      ['d', 'MAP', 'column family'],
      ['d:at', 'BYTES', 'bytes'],
      ['d:user', 'BYTES', 'bytes'],
    ]);
    expect(table!.columns[0]!.description).toBe('Family a');
    expect(leftOut(reading)).toEqual([]);
  });

  it('Couchbase: cluster, bucket, scope and collection, fields within fields', async () => {
    const reading = await readWith(guests, options);
    expect(pathsOf(reading, 'databaseService')).toEqual(['cb1']);
    expect(pathsOf(reading, 'database')).toEqual(['cb1/hotel']);
    expect(pathsOf(reading, 'databaseSchema')).toEqual(['cb1/hotel/inventory']);
    const [table] = reading.tables;
    expect(table!.path).toEqual(['cb1', 'hotel', 'inventory', 'guests']);
    const [address, age] = table!.columns;
    expect(address).toMatchObject({ name: 'address', dataType: 'STRUCT', dataTypeDisplay: 'object' });
    expect(address!.children!.map(({ name, dataType }) => [name, dataType])).toEqual([
      ['city', 'STRING'],
      ['zip', 'STRING'],
    ]);
    expect(age).toMatchObject({ name: 'age', dataType: 'NUMBER' });
    expect(leftOut(reading)).toEqual([]);
  });
});
