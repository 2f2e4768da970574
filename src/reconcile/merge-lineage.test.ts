import { describe, expect, it } from 'vitest';
import { type EdgeDetails, mergeEdge, pairKey } from './merge-lineage.ts';

const pair = (from: string, to: string) => ({ fromColumns: [`s.d.h.a.${from}`], toColumn: `s.d.h.b.${to}` });
const edge = (columnsLineage: EdgeDetails['columnsLineage'], sqlQuery?: string): EdgeDetails => ({
  columnsLineage,
  ...(sqlQuery !== undefined && { sqlQuery }),
});

describe('an edge', () => {
  it('is created where there is none', () => {
    const merged = mergeEdge(edge([pair('x', 'y')], 'insert'), undefined, { pairs: [] });
    expect(merged).toMatchObject({ action: 'create', write: edge([pair('x', 'y')], 'insert') });
  });

  it('keeps the column pairs that others put there', () => {
    const merged = mergeEdge(edge([pair('x', 'y')]), edge([pair('p', 'q')]), { pairs: [] });
    expect(merged.write?.columnsLineage).toEqual([pair('x', 'y'), pair('p', 'q')]);
  });

  it('drops a pair of ours that the source dropped', () => {
    const merged = mergeEdge(edge([]), edge([pair('x', 'y')]), { hash: 'h', pairs: [pairKey(pair('x', 'y'))] });
    expect(merged).toMatchObject({ action: 'update', write: { columnsLineage: [] } });
  });

  it('is not sent when the target has it all', () => {
    expect(mergeEdge(edge([pair('x', 'y')]), edge([pair('x', 'y')]), { pairs: [] }).action).toBe('unchanged');
  });

  it('that a person removed is not put back', () => {
    expect(mergeEdge(edge([pair('x', 'y')]), undefined, { hash: 'h', pairs: [] }).action).toBe('kept');
  });
});
