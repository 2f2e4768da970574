import { describe, expect, it } from 'vitest';
import { type Builder, haveTypedefs, leftOut, pathsOf, readWith } from './atlas-with.testing.ts';

function sessions({ add, relate }: Builder): void {
  const space = add('hbase_namespace', { qualifiedName: 'web@prod', clusterName: 'prod', owner: 'hb' });
  const table = add('hbase_table', { qualifiedName: 'web:sessions@prod', name: 'sessions', uri: 'sessions' });
  relate('hbase_table_namespace', table, space);
  for (const name of ['d', 'a']) {
    const family = add('hbase_column_family', {
      qualifiedName: `web:sessions.${name}@prod`,
      name,
      description: `Family ${name}`,
    });
    relate('hbase_table_column_families', table, family);
    if (name === 'a') continue;
    for (const qualifier of ['user', 'at']) {
      const column = add('hbase_column', { qualifiedName: `web:sessions.d.${qualifier}@prod`, name: qualifier });
      relate('hbase_column_family_columns', family, column);
    }
  }
}

function guests({ add, relate }: Builder): void {
  const cluster = add('couchbase_cluster', { qualifiedName: 'cb1', name: 'cb1', url: 'couchbase://cb1' });
  const bucket = add('couchbase_bucket', { qualifiedName: 'cb1/hotel', name: 'hotel' });
  const scope = add('couchbase_scope', { qualifiedName: 'cb1/hotel/inventory', name: 'inventory' });
  const collection = add('couchbase_collection', { qualifiedName: 'cb1/hotel/inventory/guests', name: 'guests' });
  relate('couchbase_cluster_buckets', cluster, bucket);
  relate('couchbase_bucket_scopes', bucket, scope);
  relate('couchbase_scope_collections', scope, collection);
  const field = (name: string, fieldType: string) =>
    add('couchbase_field', { qualifiedName: `cb1/hotel/inventory/guests/${name}`, name, fieldType, fieldPath: name });
  const address = field('address', 'object');
  relate('couchbase_collection_fields', collection, address);
  relate('couchbase_collection_fields', collection, field('age', 'number'));
  for (const name of ['city', 'zip']) relate('couchbase_field_fields', address, field(name, 'string'));
}

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
