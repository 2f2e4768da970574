import { describe, expect, it } from 'vitest';
import type { EdgeDetails, EdgePair } from './merge-lineage.ts';
import { undoEdge } from './undo-edge.ts';

const pair = (from: string, to: string, by?: string): EdgePair => ({
  fromColumns: [`s.a.${from}`],
  toColumn: `s.b.${to}`,
  ...(by !== undefined && { function: by }),
});
const edge = (pairs: readonly EdgePair[], over: Partial<EdgeDetails> = {}): EdgeDetails => ({
  columnsLineage: pairs,
  ...over,
});

describe('an edge that a run has made', () => {
  const after = edge([pair('x', 'y')], { sqlQuery: 'select 1' });

  it('is taken away while it is as the run left it, whatever the server adds', () => {
    expect(undoEdge({ before: undefined, after, now: { ...after, source: 'Manual' } }).action).toBe('delete');
  });

  it('stays when somebody has added to it', () => {
    const now = { ...after, description: 'by Ann' };
    expect(undoEdge({ before: undefined, after, now })).toMatchObject({ action: 'keep', fields: [{ action: 'keep' }] });
    expect(undoEdge({ before: undefined, after, now: edge([...after.columnsLineage, pair('z', 'z')]) }).action).toBe(
      'keep',
    );
  });

  it('that is gone already needs nothing', () => {
    expect(undoEdge({ before: undefined, after, now: undefined })).toEqual({ action: 'back', fields: [] });
  });
});

describe('an edge that a run has changed', () => {
  const before = edge([pair('x', 'y', 'sum'), pair('old', 'old')], { sqlQuery: 'select 1' });
  const after = edge([pair('x', 'y', 'avg'), pair('new', 'new')], { sqlQuery: 'select 2', description: 'Daily' });

  it('goes back in its query, its words and its pairs; the pairs of others stay', () => {
    const now = { ...after, columnsLineage: [...after.columnsLineage, pair('ann', 'ann')] };
    const { action, details } = undoEdge({ before, after, now });
    expect(action).toBe('put');
    expect(details).toEqual(
      edge([pair('x', 'y', 'sum'), pair('old', 'old'), pair('ann', 'ann')], { sqlQuery: 'select 1' }),
    );
  });

  it('keeps what somebody has changed since, and tells it', () => {
    const now = edge(before.columnsLineage, { sqlQuery: 'select 3' });
    expect(undoEdge({ before, after, now })).toEqual({
      action: 'keep',
      fields: [{ field: 'sqlQuery', action: 'keep', from: 'select 3', reason: 'changed since the run' }],
    });
  });

  it('that is back already needs nothing, and one that somebody has removed stays away', () => {
    expect(undoEdge({ before, after, now: before }).action).toBe('back');
    expect(undoEdge({ before, after, now: undefined }).action).toBe('keep');
  });
});

describe('an edge that a run has taken away', () => {
  const before = edge([pair('x', 'y')], { sqlQuery: 'select 1' });

  it('is put back, unless somebody has drawn it since', () => {
    expect(undoEdge({ before, after: undefined, now: undefined })).toMatchObject({ action: 'put', details: before });
    expect(undoEdge({ before, after: undefined, now: edge([]) }).action).toBe('back');
  });
});
