import { describe, expect, it } from 'vitest';
import { textHash } from '../reconcile/applied.ts';
import type { TargetAsset } from '../reconcile/target-asset.ts';
import type { AssetState } from '../state/state-store.ts';
import { explainAsset } from './explain-asset.ts';

const target: TargetAsset = {
  id: 't-1',
  fqn: 's.d.c.orders',
  name: 'orders',
  description: 'ours',
  version: 0.3,
  deleted: false,
  tags: [
    { tagFQN: 'Atlas.PII', source: 'Classification', labelType: 'Derived' },
    { tagFQN: 'Tier.Tier1', source: 'Classification', labelType: 'Manual' },
  ],
  owners: [{ id: 'u-1', type: 'user', name: 'anna' }],
  columns: [
    { name: 'email', dataType: 'STRING', description: 'theirs', tags: [] },
    { name: 'note', dataType: 'STRING', tags: [] },
  ],
};

const state: AssetState = {
  fqn: target.fqn,
  entityType: 'table',
  sourceId: 'g-1',
  applied: { texts: { description: textHash('ours') }, labels: { '': ['Atlas.PII'] } },
  kept: [
    { field: 'columns.email.description', action: 'keep', reason: 'a person changed it', to: 'from Atlas' },
    { field: 'columns.note.description', action: 'keep', reason: 'a person removed it', to: 'a note' },
  ],
};

const change = (name: string) => ({ fieldsAdded: [], fieldsUpdated: [{ name }], fieldsDeleted: [] });
const versions = [
  {
    version: 0.3,
    updatedBy: 'anna',
    updatedAt: 1_700_000_000_000,
    changeDescription: change('columns.email.description'),
  },
  { version: 0.2, updatedBy: 'ingestion-bot', changeDescription: change('description') },
];

describe('the explanation of an entity', () => {
  const { fields, sourceId } = explainAsset({ entityType: 'table', target, versions, state });
  const of = (field: string, value?: string) =>
    fields.find((each) => each.field === field && (value === undefined || each.value === value));

  it('tells our texts and labels from others', () => {
    expect(sourceId).toBe('g-1');
    expect(of('description')).toMatchObject({ origin: 'source', changedBy: 'ingestion-bot' });
    expect(of('tags', 'Atlas.PII')?.origin).toBe('source');
    expect(of('tags', 'Tier.Tier1')?.origin).toBe('openmetadata');
    expect(of('owner')).toMatchObject({ origin: 'openmetadata', value: 'anna' });
  });

  it('says that an undo keeps it as it is', () => {
    const undone = explainAsset({ entityType: 'table', target, versions, state: { ...state, undone: 'run-7' } });
    expect(undone.fields.find((each) => each.field === 'undone')?.reason).toContain('undone with run run-7');
    expect(of('undone')).toBeUndefined();
  });

  it('says what was kept for a person, who wrote it and when', () => {
    expect(of('columns.email.description')).toEqual({
      field: 'columns.email.description',
      origin: 'kept',
      value: 'theirs',
      reason: 'a person changed it',
      changedBy: 'anna',
      changedAt: '2023-11-14T22:13:20.000Z',
    });
    expect(of('columns.note.description')).toMatchObject({ origin: 'removed', value: 'a note' });
  });

  it('claims nothing of what it has never handled', () => {
    const unknown = explainAsset({ entityType: 'table', target, versions: [], state: undefined });
    expect(unknown).not.toHaveProperty('sourceId');
    expect(new Set(unknown.fields.map(({ origin }) => origin))).toEqual(new Set(['openmetadata']));
  });
});
