import { describe, expect, it } from 'vitest';
import type { SourceRecord, TagUse } from '../../model/records.ts';
import { DescriptionProcessor } from './description-processor.ts';
import { TagMappingProcessor } from './tag-mapping-processor.ts';

const description = 'x<script>1</script>';
const tags: TagUse[] = [
  { path: ['PII'], propagated: false },
  { vocabulary: 'label', path: ['PII'], propagated: false },
];
const provenance = { id: 'g', typeName: 't', qualifiedName: 'q' };
const common = { path: ['s', 'a'], provenance, description, tags };
const part = { name: 'p', description, tags };
const type = { dataType: 'STRUCT', dataTypeDisplay: 'struct' };

const records: SourceRecord[] = [
  { kind: 'table', ...common, tableType: 'Regular', columns: [{ ...part, ...type, children: [{ ...part, ...type }] }] },
  { kind: 'container', ...common, columns: [{ ...part, ...type }] },
  {
    kind: 'topic',
    ...common,
    schemaFields: [{ ...part, dataType: 'RECORD', children: [{ ...part, dataType: 'INT' }] }],
  },
  { kind: 'pipeline', ...common, tasks: [part] },
  { kind: 'mlmodel', ...common, algorithm: 'tree', features: [part], hyperParameters: [{ name: 'h', description }] },
  { kind: 'glossary', ...common },
  { kind: 'glossaryTerm', ...common },
];

/** Every value under a key, however deep. */
function all(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(name === key ? [inner] : []), ...all(inner, key)]);
}

describe.each(records.map((record) => [record.kind, record] as const))('%s', (_kind, record) => {
  it('has the descriptions of all its parts made safe', () => {
    const cleaned = new DescriptionProcessor('safe').process(record);
    expect(all(record, 'description').length).toBe(all(cleaned, 'description').length);
    expect(new Set(all(cleaned, 'description'))).toEqual(new Set(['x']));
  });

  it('has the tags of all its parts mapped, its labels left', () => {
    const mapped = new TagMappingProcessor({ includeTags: true, mapping: { PII: 'Risk.High' } }).process(record);
    const uses = all(mapped, 'tags').flat() as TagUse[];
    expect(uses.length).toBe(all(record, 'tags').flat().length);
    for (const { vocabulary, mappedTo } of uses) expect(mappedTo).toBe(vocabulary ? undefined : 'Risk.High');
    const bare = new TagMappingProcessor({ includeTags: false, mapping: {} }).process(record);
    expect(all(bare, 'tags').flat()).toEqual([]);
  });
});

it('descriptions of tags, properties and edges are made safe too', () => {
  const others: SourceRecord[] = [
    { kind: 'tag', path: ['a'], description },
    { kind: 'customProperty', path: ['a'], description, propertyType: 'string', appliesTo: ['table'] },
    {
      kind: 'lineage',
      from: { kind: 'table', path: ['a'] },
      to: { kind: 'table', path: ['b'] },
      columns: [],
      description,
      provenance,
    },
  ];
  for (const record of others)
    expect(new DescriptionProcessor('safe').process(record)).toMatchObject({ description: 'x' });
});
