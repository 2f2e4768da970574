import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TypeDefs } from '../atlas-types.ts';
import { TypeRegistry } from '../type-registry.ts';
import { OwnerAttributes } from './owner-attributes.ts';

const file = join(import.meta.dirname, '../../../../../shared/atlas/recorded/typedefs.json');

describe.skipIf(!existsSync(file))('the types that Atlas ships (skipped without ../shared)', () => {
  const defs = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TypeDefs) : {};
  const owners = new OwnerAttributes(new TypeRegistry(defs));

  it.each([
    ['hive_column', ['table']],
    ['rdbms_column', ['table']],
    ['rdbms_index', ['table']],
    ['rdbms_foreign_key', ['table']],
    ['hbase_column_family', ['table']],
    ['hive_column_lineage', ['query']],
    ['hive_process_execution', ['process']],
    ['spark_process', ['application']],
    ['hive_table', ['db']],
    ['kafka_topic', []],
    ['hive_db', []],
  ])('%s belongs by %j', (type, attributes) => {
    expect(owners.of(type)).toEqual(expect.arrayContaining(attributes));
    if (attributes.length === 0) expect(owners.of(type).filter((name) => !/trino/.test(name))).toEqual([]);
  });

  it('tells what stands around others from what is content', () => {
    const holders = owners.holders();
    for (const type of ['hive_db', 'spark_db', 'rdbms_db', 'rdbms_instance', 'trino_schema', 'hbase_namespace']) {
      expect(holders, type).toContain(type);
    }
    for (const type of [
      'hive_table',
      'hive_column',
      'hive_process',
      'hive_process_execution',
      'kafka_topic',
      'fs_path',
    ]) {
      expect(holders, type).not.toContain(type);
    }
  });
});

describe('types of one’s own', () => {
  const entityDefs = [
    { name: 'DataSet' },
    { name: 'Process' },
    { name: 'shelf', attributeDefs: [] },
    {
      name: 'crate',
      superTypes: ['DataSet'],
      attributeDefs: [
        { name: 'shelf', typeName: 'shelf' },
        { name: 'fruits', typeName: 'array<fruit>' },
        { name: 'next', typeName: 'crate' },
      ],
    },
    { name: 'fruit', superTypes: ['DataSet'], attributeDefs: [{ name: 'inside', typeName: 'crate' }] },
    { name: 'apple', superTypes: ['fruit'] },
  ];
  const owners = new OwnerAttributes(new TypeRegistry({ entityDefs }));

  it('belong where they are listed, their subtypes included', () => {
    expect(owners.of('fruit')).toEqual(['inside']);
    expect(owners.of('apple')).toEqual(['inside']);
    // Neither a neighbour nor something that lists nothing is an owner.
    expect(owners.of('crate')).toEqual([]);
    expect([...owners.holders()]).toEqual([]);
  });
});
