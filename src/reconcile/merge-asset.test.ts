import { describe, expect, it } from 'vitest';
import { type Applied, type Base, combinePending, textHash } from './applied.ts';
import { type EntityVersion, FieldHistory } from './history.ts';
import { type AssetMerge, type MergePolicy, mergeAsset } from './merge-asset.ts';
import type { DesiredAsset, Label, TargetAsset } from './target-asset.ts';

const label = (tagFQN: string, labelType: Label['labelType'] = 'Automated'): Label => ({
  tagFQN,
  source: 'Classification',
  labelType,
});

const desired = (over: Partial<DesiredAsset> = {}): DesiredAsset => ({
  entityType: 'table',
  fqn: 'hive.default.sales.orders',
  parentFqn: 'hive.default.sales',
  name: 'orders',
  description: 'from Atlas',
  tags: [],
  extension: {},
  tableType: 'Regular',
  columns: [{ name: 'id', dataType: 'INT', dataTypeDisplay: 'int', tags: [] }],
  structureComplete: true,
  ...over,
});

const target = (over: Partial<TargetAsset> = {}): TargetAsset => ({
  id: 't1',
  fqn: 'hive.default.sales.orders',
  name: 'orders',
  description: 'from Atlas',
  version: 0.2,
  deleted: false,
  tags: [],
  owners: [],
  tableType: 'Regular',
  columns: [{ name: 'id', dataType: 'INT', dataTypeDisplay: 'int', tags: [] }],
  ...over,
});

const applied = (over: Partial<Applied> = {}): Applied => ({ texts: {}, labels: {}, ...over });
const wrote = (text: string, field = 'description'): Applied => applied({ texts: { [field]: textHash(text) } });

const policy: MergePolicy = {
  mode: 'create',
  override: false,
  ownClassifications: ['Atlas'],
  takenOver: (tag: string) => (tag === 'Old.PII' ? 'Atlas.PII' : undefined),
};

function merge(
  want: DesiredAsset,
  held: TargetAsset | undefined,
  base: Base = {},
  history: FieldHistory | 'none' | 'unread' = 'none',
  over: Partial<MergePolicy> = {},
): AssetMerge {
  const merged = mergeAsset({ desired: want, target: held, base, history, policy: { ...policy, ...over } });
  if (merged === 'needs-history') throw new Error('needs history');
  return merged;
}

const version = (updatedBy: string, over: Partial<EntityVersion> = {}): EntityVersion => ({
  updatedBy,
  byBot: updatedBy.endsWith('-bot'),
  added: [],
  updated: [],
  deleted: [],
  ...over,
});

describe('a description', () => {
  it('is sent when the target has none', () => {
    const merged = merge(desired(), target({ description: '' }));
    expect(merged.patch).toEqual([{ op: 'add', path: '/description', value: 'from Atlas' }]);
  });

  it('of ours follows the source, guarded against a change in between', () => {
    const merged = merge(desired(), target({ description: 'old' }), { applied: wrote('old') });
    expect(merged.patch).toEqual([
      { op: 'test', path: '/description', value: 'old' },
      { op: 'replace', path: '/description', value: 'from Atlas' },
    ]);
  });

  it('is only sent where nothing has changed since the target was read', () => {
    const merged = merge(desired(), target({ description: '', updatedAt: 1_700_000_000_000 }));
    expect(merged.patch).toEqual([
      { op: 'test', path: '/updatedAt', value: 1_700_000_000_000 },
      { op: 'add', path: '/description', value: 'from Atlas' },
    ]);
    const same = target({ description: 'from Atlas', updatedAt: 1_700_000_000_000 });
    expect(merge(desired(), same).patch).toEqual([]);
  });

  it('that a person changed is kept and shown as kept', () => {
    const merged = merge(desired(), target({ description: 'by Ann' }), { applied: wrote('old') });
    expect(merged.action).toBe('kept');
    expect(merged.patch).toEqual([]);
    expect(merged.fields).toMatchObject([{ field: 'description', action: 'keep', from: 'by Ann', to: 'from Atlas' }]);
  });

  it('that a person changed stays kept when the source changes again, and again', () => {
    const first = merge(desired(), target({ description: 'by Ann' }), { applied: wrote('old') });
    const again = merge(desired({ description: 'newer' }), target({ description: 'by Ann' }), {
      applied: first.applied,
    });
    expect(again.action).toBe('kept');
  });

  it('that a person cleared stays empty', () => {
    expect(merge(desired(), target({ description: '' }), { applied: wrote('from Atlas') }).patch).toEqual([]);
  });

  it('of a person gives way to overrideMetadata', () => {
    const merged = merge(desired(), target({ description: 'by Ann' }), {}, 'none', { override: true });
    expect(merged.action).toBe('update');
  });

  it('goes when the source has dropped it and it was ours; a person’s stays', () => {
    const without = desired();
    delete (without as { description?: string }).description;
    expect(merge(without, target({ description: 'old' }), { applied: wrote('old') }).patch).toEqual([
      { op: 'test', path: '/description', value: 'old' },
      { op: 'remove', path: '/description' },
    ]);
    expect(merge(without, target({ description: 'by Ann' }), { applied: wrote('old') }).patch).toEqual([]);
  });
});

describe('without a base', () => {
  const held = target({ description: 'something else' });

  it('asks for the history before it decides whose text it is', () => {
    expect(mergeAsset({ desired: desired(), target: held, base: {}, history: 'unread', policy })).toBe('needs-history');
  });

  it('takes a bot’s text as ours', () => {
    const history = new FieldHistory([version('other-bot', { updated: [{ name: 'description' }] }), version('ann')]);
    expect(merge(desired(), held, {}, history).action).toBe('update');
  });

  it('keeps a person’s text', () => {
    const history = new FieldHistory([version('ann', { updated: [{ name: 'description' }] }), version('x-bot')]);
    expect(merge(desired(), held, {}, history).action).toBe('kept');
  });

  it('asks the creator where no version mentions the field', () => {
    expect(merge(desired(), held, {}, new FieldHistory([version('x-bot')])).action).toBe('update');
    expect(merge(desired(), held, {}, new FieldHistory([version('ann')])).action).toBe('kept');
  });

  it('does not put back a label or a text that a person removed', () => {
    const history = new FieldHistory([
      version('ann', {
        deleted: [
          { name: 'description', oldValue: 'from Atlas' },
          { name: 'tags', oldValue: '[{"tagFQN":"Atlas.PII"}]' },
        ],
      }),
      version('x-bot'),
    ]);
    const merged = merge(desired({ tags: [label('Atlas.PII')] }), target({ description: '' }), {}, history);
    expect(merged.action).toBe('kept');
    expect(merged.fields.map((field) => field.action)).toEqual(['keep', 'keep']);
  });

  it('takes off a label of our classification that a bot put there, not one that a person did', () => {
    const held = target({ tags: [label('Atlas.PII')] });
    const put = { name: 'tags', newValue: '[{"tagFQN":"Atlas.PII"}]' };
    expect(merge(desired(), held, {}, new FieldHistory([version('x-bot', { added: [put] })])).action).toBe('update');
    expect(merge(desired(), held, {}, new FieldHistory([version('ann', { added: [put] })])).action).toBe('unchanged');
  });
});

describe('after a kill between send and answer', () => {
  it('takes the text that was about to be sent as ours', () => {
    const merged = merge(desired({ description: 'third' }), target({ description: 'second' }), {
      applied: wrote('first'),
      pending: wrote('second'),
    });
    expect(merged.action).toBe('update');
  });

  it('knows every text that was ever about to be sent', () => {
    const pending = combinePending(wrote('second'), wrote('third'));
    for (const text of ['second', 'third']) {
      const merged = merge(desired(), target({ description: text }), { applied: wrote('first'), pending });
      expect(merged.action).toBe('update');
    }
  });

  it('sends again what never arrived', () => {
    const merged = merge(desired({ tags: [label('Atlas.PII')] }), target({ description: '' }), {
      pending: { texts: { description: textHash('from Atlas') }, labels: { '': ['Atlas.PII'] } },
    });
    expect(merged.patch.map((op) => op.path)).toEqual(['/description', '/tags']);
  });
});

describe('labels', () => {
  it('that the source dropped go only where we had put them', () => {
    const held = target({ tags: [label('Atlas.PII'), label('Team.Mine', 'Manual')] });
    const merged = merge(desired(), held, { applied: applied({ labels: { '': ['Atlas.PII'] } }) });
    expect(merged.patch).toEqual([
      { op: 'test', path: '/tags/0/tagFQN', value: 'Atlas.PII' },
      { op: 'remove', path: '/tags/0' },
    ]);
  });

  it('that a person removed stay removed', () => {
    const base = { applied: applied({ labels: { '': ['Atlas.PII'] } }) };
    const first = merge(desired({ tags: [label('Atlas.PII')] }), target(), base);
    expect(first.action).toBe('kept');
    const second = merge(desired({ tags: [label('Atlas.PII')] }), target(), { applied: first.applied });
    expect(second.patch).toEqual([]);
  });

  it('of the earlier connector are taken over, not doubled', () => {
    const held = target({ tags: [label('Old.PII')] });
    const merged = merge(desired({ tags: [label('Atlas.PII')] }), held);
    expect(merged.patch.map((op) => `${op.op} ${op.path}`)).toEqual([
      'test /tags/0/tagFQN',
      'remove /tags/0',
      'add /tags/-',
    ]);
  });

  it('are taken off from the end, so that positions hold', () => {
    const held = target({ tags: [label('Atlas.A'), label('Atlas.B')] });
    const merged = merge(desired(), held, { applied: applied({ labels: { '': ['Atlas.A', 'Atlas.B'] } }) });
    expect(merged.patch.filter((op) => op.op === 'remove').map((op) => op.path)).toEqual(['/tags/1', '/tags/0']);
  });
});

describe('structure', () => {
  const columns = [
    { name: 'id', dataType: 'BIGINT', dataTypeDisplay: 'bigint', tags: [] },
    { name: 'mail', dataType: 'STRING', dataTypeDisplay: 'string', tags: [], description: 'where to write' },
  ];
  const held = target({
    columns: [
      {
        name: 'ID',
        dataType: 'INT',
        dataTypeDisplay: 'int',
        description: 'Ann’s words',
        tags: [label('T.x', 'Manual')],
      },
      { name: 'gone', dataType: 'INT', dataTypeDisplay: 'int', tags: [] },
    ],
  });

  it('is left alone in enrich mode', () => {
    expect(merge(desired({ columns }), held, {}, 'none', { mode: 'enrich' }).put).toBeUndefined();
  });

  it('is left alone where the source knows only part of it', () => {
    expect(merge(desired({ columns, structureComplete: false }), held).put).toBeUndefined();
  });

  it('changes by one PUT that carries a person’s words and labels along', () => {
    const merged = merge(desired({ columns }), held);
    expect(merged.fields.map((field) => `${field.action} ${field.field}`)).toEqual([
      'replace columns.id',
      'add columns.mail',
      'remove columns.gone',
    ]);
    expect(merged.put?.columns).toEqual([
      {
        name: 'ID',
        dataType: 'BIGINT',
        dataTypeDisplay: 'bigint',
        description: 'Ann’s words',
        tags: [label('T.x', 'Manual')],
      },
      columns[1],
    ]);
  });

  it('does not differ by letter case of the display or a nested field’s missing display', () => {
    const source = [
      {
        name: 's',
        dataType: 'STRUCT',
        dataTypeDisplay: 'struct<a:int>',
        children: [{ name: 'a', dataType: 'INT', dataTypeDisplay: 'int' }],
        tags: [],
      },
    ];
    const stored = [{ ...source[0]!, children: [{ name: 'a', dataType: 'INT' }] }];
    expect(merge(desired({ columns: source }), target({ columns: stored })).action).toBe('unchanged');
  });
});

describe('a soft-deleted entity', () => {
  it('is restored by a PUT, its fields merged afterwards', () => {
    const merged = merge(desired(), target({ deleted: true, description: 'by Ann' }), { applied: wrote('old') });
    expect(merged.action).toBe('restore');
    expect(merged.put?.description).toBe('by Ann');
    expect(merged.patch).toEqual([]);
  });
});

describe('an owner', () => {
  const ann = { id: 'u1', type: 'user' as const, name: 'ann' };
  const bob = { id: 'u2', type: 'user' as const, name: 'bob' };

  it('is set where there is none, and a person’s choice is kept', () => {
    expect(merge(desired({ owner: ann }), target()).patch).toEqual([
      { op: 'add', path: '/owners', value: [{ id: 'u1', type: 'user' }] },
    ]);
    expect(merge(desired({ owner: ann }), target({ owners: [bob] })).action).toBe('kept');
  });

  it('of ours follows the source; one that a person removed stays removed', () => {
    const base = { applied: applied({ owner: 'user:u2' }) };
    expect(merge(desired({ owner: ann }), target({ owners: [bob] }), base).action).toBe('update');
    expect(merge(desired({ owner: ann }), target({ owners: [] }), base).action).toBe('kept');
  });
});
