import { describe, expect, it } from 'vitest';
import { mergeAsset } from './merge-asset.ts';
import type { DesiredAsset, Label, TargetAsset, TargetColumn } from './target-asset.ts';
import { type AssetUndo, undoAsset } from './undo-asset.ts';
import { type AssetAfter, writtenAsset } from './written-asset.ts';

const tag = (tagFQN: string): Label => ({ tagFQN, source: 'Classification', labelType: 'Automated' });
const column = (name: string, over: Partial<TargetColumn> = {}): TargetColumn => ({
  name,
  dataType: 'STRING',
  dataTypeDisplay: 'string',
  tags: [],
  ...over,
});
const table = (over: Partial<TargetAsset> = {}): TargetAsset => ({
  id: 'a1',
  fqn: 'hive.default.shop.orders',
  name: 'orders',
  version: 0.2,
  deleted: false,
  tags: [],
  owners: [],
  tableType: 'Regular',
  columns: [column('id'), column('total')],
  ...over,
});
const source = (over: Partial<DesiredAsset> = {}): DesiredAsset => ({
  entityType: 'table',
  fqn: 'hive.default.shop.orders',
  parentFqn: 'hive.default.shop',
  name: 'orders',
  tags: [],
  extension: {},
  structureComplete: true,
  ...over,
});

/** A run's write of a table, as its journal has it. */
function write(before: TargetAsset, desired: DesiredAsset, takenOver: Record<string, string> = {}): AssetAfter {
  const policy = {
    mode: 'create',
    override: true,
    ownClassifications: ['Atlas'],
    takenOver: (name: string) => takenOver[name],
  } as const;
  const merged = mergeAsset({ desired, target: before, base: {}, history: 'none', policy });
  if (merged === 'needs-history') throw new Error('needs history');
  return writtenAsset(desired, merged, 'hash');
}

const undo = (before: TargetAsset, after: AssetAfter, now: TargetAsset): AssetUndo =>
  undoAsset({ entityType: 'table', before, after, now });
const told = ({ fields }: AssetUndo): unknown => fields.map(({ field, action, from, to }) => [field, action, from, to]);

describe('texts', () => {
  const before = table({ description: 'Orders', columns: [column('id', { description: 'Key' }), column('total')] });
  const desired = source({
    description: 'All orders',
    columns: [column('id', { description: 'Number' }), column('total', { description: 'In euro' })],
  });
  const after = write(before, desired);

  it('that still are ours go back to what they were', () => {
    const now = table({ description: 'All orders', columns: desired.columns as TargetColumn[] });
    const undone = undo(before, after, now);
    expect(told(undone)).toEqual([
      ['description', 'replace', 'All orders', 'Orders'],
      ['columns.id.description', 'replace', 'Number', 'Key'],
      ['columns.total.description', 'remove', 'In euro', undefined],
    ]);
    expect(undone.patch).toEqual([
      { op: 'test', path: '/description', value: 'All orders' },
      { op: 'replace', path: '/description', value: 'Orders' },
      { op: 'test', path: '/columns/0/description', value: 'Number' },
      { op: 'replace', path: '/columns/0/description', value: 'Key' },
      { op: 'test', path: '/columns/1/description', value: 'In euro' },
      { op: 'remove', path: '/columns/1/description' },
    ]);
    expect(undone.put).toBeUndefined();
  });

  it('that somebody changed since stay, and are told', () => {
    const now = table({ description: 'Orders, by Ann', columns: [column('id'), column('total')] });
    const undone = undo(before, after, now);
    expect(told(undone)).toEqual([
      ['description', 'keep', 'Orders, by Ann', undefined],
      ['columns.id.description', 'keep', undefined, undefined],
    ]);
    expect(undone.patch).toEqual([]);
  });

  it('that are back already need nothing', () => {
    expect(undo(before, after, before)).toEqual({ fields: [], patch: [] });
  });
});

describe('labels', () => {
  it('that were put there go, those taken away come back, a person’s stay', () => {
    const before = table({ tags: [tag('Tier.Tier1'), tag('AtlasMetadata.PII')] });
    const after = write(before, source({ tags: [tag('Atlas.PII')] }), { 'AtlasMetadata.PII': 'Atlas.PII' });
    const now = table({ tags: [tag('Tier.Tier1'), tag('Atlas.PII'), tag('Team.Ann')] });
    const undone = undo(before, after, now);
    expect(told(undone)).toEqual([
      ['tags', 'remove', 'Atlas.PII', undefined],
      ['tags', 'add', undefined, 'AtlasMetadata.PII'],
    ]);
    expect(undone.patch.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'test /tags/1/tagFQN',
      'remove /tags/1',
      'add /tags/-',
    ]);
  });

  it('that somebody took away since are not missed', () => {
    const before = table();
    const after = write(before, source({ tags: [tag('Atlas.PII')] }));
    expect(undo(before, after, table())).toEqual({ fields: [], patch: [] });
  });
});

describe('owner and custom properties', () => {
  const ann = { id: 'u1', type: 'user', name: 'ann' } as const;
  const team = { id: 't1', type: 'team', name: 'data' } as const;

  it('go back to those before, all of them', () => {
    const before = table({ owners: [ann, team], extension: { retention: 10 } });
    const after = write(
      before,
      source({ owner: { id: 'u2', type: 'user' }, extension: { retention: 20, cost: 'A1' } }),
    );
    const now = table({ owners: [{ id: 'u2', type: 'user' }], extension: { retention: 20, cost: 'A1' } });
    expect(undo(before, after, now).patch).toEqual([
      {
        op: 'add',
        path: '/owners',
        value: [
          { id: 'u1', type: 'user' },
          { id: 't1', type: 'team' },
        ],
      },
      { op: 'test', path: '/extension/cost', value: 'A1' },
      { op: 'remove', path: '/extension/cost' },
      { op: 'add', path: '/extension/retention', value: 10 },
    ]);
  });

  it('stay when somebody set others since', () => {
    const after = write(table(), source({ owner: ann, extension: { cost: 'A1' } }));
    const undone = undo(table(), after, table({ owners: [team], extension: { cost: 'B2' } }));
    expect(undone.patch).toEqual([]);
    expect(undone.fields.map(({ field, action }) => `${action} ${field}`)).toEqual([
      'keep owner',
      'keep extension.cost',
    ]);
  });

  it('of nobody is nobody again', () => {
    const after = write(table(), source({ owner: ann }));
    const undone = undo(table(), after, table({ owners: [ann] }));
    expect(undone.patch).toEqual([
      { op: 'test', path: '/owners/0/id', value: 'u1' },
      { op: 'remove', path: '/owners' },
    ]);
  });
});

describe('structure', () => {
  const before = table({
    description: 'Orders',
    columns: [column('id'), column('total', { description: 'By Ann', tags: [tag('PII.None')] }), column('old')],
  });
  const desired = source({
    tableType: 'External',
    columns: [column('id'), column('total', { dataType: 'DOUBLE', dataTypeDisplay: 'double' }), column('fresh')],
  });
  const after = write(before, desired);
  const written = table({
    description: 'Orders',
    tableType: 'External',
    columns: [
      column('id'),
      column('total', { dataType: 'DOUBLE', dataTypeDisplay: 'double', description: 'In euro, by Ben' }),
      column('fresh'),
    ],
  });

  it('goes back with the words of now; a column that comes back brings its own', () => {
    const undone = undo(before, after, written);
    expect(told(undone)).toEqual([
      ['columns.total', 'replace', 'double', 'string'],
      ['columns.fresh', 'remove', 'string', undefined],
      ['columns.old', 'add', undefined, 'string'],
      ['tableType', 'replace', 'External', 'Regular'],
    ]);
    expect(undone.put).toMatchObject({
      fqn: 'hive.default.shop.orders',
      parentFqn: 'hive.default.shop',
      description: 'Orders',
      tableType: 'Regular',
      columns: [{ name: 'id' }, { name: 'total', dataType: 'STRING', description: 'In euro, by Ben' }, { name: 'old' }],
    });
  });

  it('keeps a new column that somebody has described, and a type that was changed again', () => {
    const now = table({
      ...written,
      tableType: 'Partitioned',
      columns: [
        column('id'),
        column('total', { dataType: 'INT', dataTypeDisplay: 'int' }),
        column('fresh', { description: 'By Ann' }),
      ],
    });
    const undone = undo(before, after, now);
    expect(undone.fields.filter(({ action }) => action === 'keep').map(({ field }) => field)).toEqual([
      'columns.total',
      'columns.fresh',
      'tableType',
    ]);
    expect(undone.put?.columns?.map(({ name, dataType }) => `${name} ${dataType}`)).toEqual([
      'id STRING',
      'total INT',
      'old STRING',
      'fresh STRING',
    ]);
  });

  it('that is back already needs nothing', () => {
    expect(undo(before, after, before)).toEqual({ fields: [], patch: [] });
  });

  it('of a view loses the text that it did not have', () => {
    const plain = table({ tableType: 'View', carried: { viewDefinition: 'select 1', retentionPeriod: 'P1D' } });
    const wrote = write(plain, source({ tableType: 'View', viewDefinition: 'select 1' }));
    const undone = undo(plain, wrote, { ...plain, viewDefinition: 'select 1' });
    expect(undone.put).not.toHaveProperty('viewDefinition');
    expect(undone.put?.carried).toEqual({ retentionPeriod: 'P1D' });
  });

  it('in another order goes back to the order before', () => {
    const turned = source({ columns: [column('total'), column('id')] });
    const wrote = write(table(), turned);
    const undone = undo(table(), wrote, table({ columns: [column('total'), column('id')] }));
    expect(undone.put?.columns?.map(({ name }) => name)).toEqual(['id', 'total']);
  });
});

describe('a term', () => {
  const term = (over: Partial<TargetAsset>): TargetAsset => {
    const { columns: _c, tableType: _t, ...rest } = table({ fqn: 'Sales.Order', name: 'Order' });
    return { ...rest, ...over };
  };

  it('gets its synonyms and references back by a patch', () => {
    const references = [{ name: 'Wiki', endpoint: 'https://wiki.example' }];
    const before = term({ lists: { synonyms: ['purchase', 'deal'] }, attributes: { references: [] } });
    const desired = source({
      entityType: 'glossaryTerm',
      fqn: 'Sales.Order',
      lists: { synonyms: ['purchase', 'deal', 'sale'] },
      attributes: { references },
    });
    const after = write(before, desired);
    const now = term({ lists: { synonyms: ['purchase', 'deal', 'sale', 'by Ann'] }, attributes: { references } });
    const undone = undoAsset({ entityType: 'glossaryTerm', before, after, now });
    expect(undone.put).toBeUndefined();
    expect(undone.patch).toEqual([
      { op: 'replace', path: '/synonyms', value: ['purchase', 'deal', 'by Ann'] },
      { op: 'replace', path: '/references', value: [] },
    ]);
  });
});
