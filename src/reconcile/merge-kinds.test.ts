import { describe, expect, it } from 'vitest';
import { type Applied, type Base, textHash } from './applied.ts';
import { type EntityVersion, FieldHistory } from './history.ts';
import { type AssetMerge, type AssetMergeInput, mergeAsset } from './merge-asset.ts';
import type { DesiredAsset, DesiredColumn, Label, TargetAsset, TargetColumn } from './target-asset.ts';

const base = (over: Partial<DesiredAsset>): DesiredAsset => ({
  entityType: 'topic',
  fqn: 'events.orders',
  parentFqn: 'events',
  name: 'orders',
  tags: [],
  extension: {},
  structureComplete: true,
  ...over,
});
const held = (over: Partial<TargetAsset> = {}): TargetAsset => ({
  id: 'a1',
  fqn: 'events.orders',
  name: 'orders',
  version: 0.2,
  deleted: false,
  tags: [],
  owners: [],
  ...over,
});
const term = (tagFQN: string): Label => ({ tagFQN, source: 'Glossary', labelType: 'Automated' });
const part = (name: string, over: Partial<DesiredColumn & TargetColumn> = {}) => ({
  name,
  dataType: 'STRING',
  tags: [],
  ...over,
});
const applied = (over: Partial<Applied> = {}): Base => ({ applied: { texts: {}, labels: {}, ...over } });

function merge(
  desired: DesiredAsset,
  target: TargetAsset | undefined,
  known: Base = {},
  over: Partial<AssetMergeInput> = {},
): AssetMerge {
  const policy = {
    mode: 'create',
    override: false,
    ownClassifications: ['Atlas'],
    takenOver: () => undefined,
  } as const;
  const merged = mergeAsset({ desired, target, base: known, history: 'none', policy, ...over });
  if (merged === 'needs-history') throw new Error('needs history');
  return merged;
}

describe('attributes of a topic', () => {
  it('follow the source, and those that it does not know are left alone', () => {
    const merged = merge(
      base({ attributes: { partitions: 12, cleanupPolicies: ['delete'] } }),
      held({ attributes: { partitions: 3, cleanupPolicies: ['delete'], replicationFactor: 2 } }),
    );
    expect(merged.fields.map(({ field, from, to }) => [field, from, to])).toEqual([['partitions', '3', '12']]);
    expect(merged.put?.attributes).toEqual({ partitions: 12, cleanupPolicies: ['delete'], replicationFactor: 2 });
  });

  it('stay as they are in enrich mode', () => {
    const desired = base({ description: 'Orders', attributes: { partitions: 12 } });
    const policy = { mode: 'enrich', override: false, ownClassifications: [], takenOver: () => undefined } as const;
    const merged = merge(desired, held({ attributes: { partitions: 3 } }), {}, { policy });
    expect(merged.put).toBeUndefined();
    expect(merged.fields.map(({ field }) => field)).toEqual(['description']);
  });

  it('carry a person’s words on a field along when its structure changes', () => {
    const merged = merge(
      base({ columns: [part('id', { dataType: 'LONG', description: 'from Atlas' })] }),
      held({ columns: [part('id', { description: 'by Ann' })] }),
      applied({ texts: { 'messageSchema.schemaFields.id.description': textHash('older') } }),
    );
    expect(merged.put?.columns?.[0]).toMatchObject({ dataType: 'LONG', description: 'by Ann' });
    expect(merged.fields).toContainEqual(
      expect.objectContaining({ field: 'messageSchema.schemaFields.id.description', action: 'keep' }),
    );
  });
});

describe('glossary terms on an asset', () => {
  it('are put there once, beside a tag of the same name', () => {
    const tag: Label = { tagFQN: 'Business.Customer', source: 'Classification', labelType: 'Manual' };
    const merged = merge(base({ tags: [term('Business.Customer')] }), held({ tags: [tag] }));
    expect(merged.patch).toEqual([
      { op: 'add', path: '/tags/-', value: { ...term('Business.Customer'), state: 'Confirmed' } },
    ]);
  });

  it('go with the source’s only when we had put them there', () => {
    const both = held({ tags: [term('Business.Ours'), term('Business.Theirs')] });
    const merged = merge(base({}), both, applied({ labels: { '': ['Glossary:Business.Ours'] } }));
    expect(merged.patch).toEqual([
      { op: 'test', path: '/tags/0/tagFQN', value: 'Business.Ours' },
      { op: 'remove', path: '/tags/0' },
    ]);
  });
});

describe('synonyms of a term', () => {
  const wanted = (synonyms: string[]) => base({ entityType: 'glossaryTerm', lists: { synonyms } });

  it('are merged one by one', () => {
    const merged = merge(
      wanted(['CUST', 'Buyer']),
      held({ lists: { synonyms: ['Kunde', 'Old'] } }),
      applied({ labels: { 'list:synonyms': ['Old', 'Buyer'] } }),
    );
    expect(merged.patch).toEqual([{ op: 'replace', path: '/synonyms', value: ['Kunde', 'CUST'] }]);
    expect(merged.fields.filter(({ action }) => action === 'keep').map(({ to }) => to)).toEqual(['Buyer']);
    expect(merged.applied.labels['list:synonyms']).toEqual(['Buyer', 'CUST']);
  });

  it('that are in step send nothing', () => {
    expect(merge(wanted(['CUST']), held({ lists: { synonyms: ['CUST'] } })).patch).toEqual([]);
  });

  it('are written in enrich mode too: a vocabulary is ours to carry', () => {
    const policy = { mode: 'enrich', override: false, ownClassifications: [], takenOver: () => undefined } as const;
    const references = [{ name: 'wiki', endpoint: 'https://wiki.example/1' }];
    const merged = merge(base({ entityType: 'glossaryTerm', attributes: { references } }), held(), {}, { policy });
    expect(merged.patch).toEqual([{ op: 'add', path: '/references', value: references }]);
    expect(merged.put).toBeUndefined();
  });
});

describe('custom properties', () => {
  const withCost = base({ extension: { stewardship_costCentre: 42 } });
  const costs = (value: unknown) => held({ extension: { stewardship_costCentre: value } });
  const wrote42 = applied({ texts: { 'extension.stewardship_costCentre': textHash('42') } });

  it('are compared as values and written as their type wants', () => {
    expect(merge(withCost, costs(42)).patch).toEqual([]);
    expect(merge(withCost, held()).patch).toEqual([
      { op: 'add', path: '/extension', value: { stewardship_costCentre: 42 } },
    ]);
  });

  it('that a person changed are kept', () => {
    const merged = merge(base({ extension: { stewardship_costCentre: 43 } }), costs(7), wrote42);
    expect(merged.action).toBe('kept');
    expect(merged.patch).toEqual([]);
  });

  it('that the source dropped go if they are still ours', () => {
    expect(merge(base({}), costs(42), wrote42).patch).toEqual([
      { op: 'test', path: '/extension/stewardship_costCentre', value: 42 },
      { op: 'remove', path: '/extension/stewardship_costCentre' },
    ]);
    expect(merge(base({}), costs(7), wrote42).patch).toEqual([]);
  });

  it('without a memory are a person’s if a person set them last', () => {
    const version = (updatedBy: string, byBot: boolean): EntityVersion => ({
      updatedBy,
      byBot,
      added: [],
      updated: [{ name: 'extension.stewardship_costCentre', oldValue: '1', newValue: '7' }],
      deleted: [],
    });
    const by = (name: string, byBot: boolean) => ({ history: new FieldHistory([version(name, byBot)]) });
    expect(merge(withCost, costs(7), {}, by('ann', false)).action).toBe('kept');
    expect(merge(withCost, costs(7), {}, by('ingestion-bot', true)).action).toBe('update');
  });
});

describe('an owner', () => {
  const ann = { id: 'u1', type: 'user', name: 'ann' } as const;
  const bob = { id: 'u2', type: 'user', name: 'bob' } as const;

  it('that the source has no more goes if it is the one that we had set', () => {
    const merged = merge(base({ ownerless: true }), held({ owners: [ann] }), applied({ owner: 'user:u1' }));
    expect(merged.patch).toEqual([
      { op: 'test', path: '/owners/0/id', value: 'u1' },
      { op: 'remove', path: '/owners' },
    ]);
  });

  it.each([
    ['a person set another one', base({ ownerless: true }), [bob]],
    ['nothing is known of the source’s', base({}), [ann]],
  ])('stays when %s', (_, desired, owners) => {
    expect(merge(desired, held({ owners }), applied({ owner: 'user:u1' })).patch).toEqual([]);
  });
});

describe('columns that the source has dropped', () => {
  const table = (columns: DesiredColumn[]) => base({ entityType: 'table', columns });
  const two = held({ columns: [part('id'), part('tiny', { description: 'by Ann', tags: [term('Business.Tiny')] })] });

  it('are told apart, so that they can be asked for before they go', () => {
    const merged = merge(table([part('id')]), two);
    expect(merged.dropped).toEqual(['tiny']);
    expect(merged.put?.columns?.map(({ name }) => name)).toEqual(['id']);
  });

  it('stay with all their words when a guard says so, while the rest is written', () => {
    const merged = merge(table([part('id', { dataType: 'LONG' })]), two, {}, { keepParts: true });
    expect(merged.dropped).toBeUndefined();
    expect(merged.put?.columns).toMatchObject([
      { name: 'id', dataType: 'LONG' },
      { name: 'tiny', description: 'by Ann' },
    ]);
  });

  it('get a person’s words back when they return', () => {
    const before = applied({ texts: { 'columns.tiny.description': textHash('from Atlas') } });
    const gone = merge(table([part('id')]), two, before);
    const lost = { tiny: { description: 'by Ann', tags: [term('Business.Tiny')] } };
    const back = table([part('id'), part('tiny', { description: 'from Atlas' })]);
    const merged = merge(back, held({ columns: [part('id')] }), { applied: gone.applied }, { lost });
    expect(merged.put?.columns?.[1]).toMatchObject({ description: 'by Ann', tags: [term('Business.Tiny')] });
    const again = merge(back, held({ columns: merged.put!.columns! }), { applied: gone.applied });
    expect(again.action).toBe('kept');
  });
});
