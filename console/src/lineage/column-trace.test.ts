import { describe, expect, it } from 'vitest';
import type { LineageLink } from '../../../src/server/console-api/catalogue/catalogue-types.ts';
import { columnKey, linkedColumns, traceColumn } from './column-trace.ts';

const links: readonly LineageLink[] = [
  {
    from: 'raw',
    to: 'orders',
    columns: [
      { from: ['payload', 'at'], to: 'id' },
      { from: ['payload'], to: 'note' },
    ],
  },
  { from: 'orders', to: 'daily', columns: [{ from: ['id'], to: 'count' }] },
  { from: 'orders', to: 'loop', columns: [{ from: ['id'], to: 'id' }] },
  { from: 'loop', to: 'orders', columns: [{ from: ['id'], to: 'id' }] },
];

describe('columns of a lineage', () => {
  it('are those that some connection names', () => {
    const columns = linkedColumns(links);
    expect(columns.get('raw')).toEqual(['at', 'payload']);
    expect(columns.get('orders')).toEqual(['id', 'note']);
  });

  it('are followed both ways, through a cycle once, and not back down another way', () => {
    const traced = traceColumn(links, columnKey('daily', 'count'));
    expect([...traced].toSorted()).toEqual(
      ['daily\ncount', 'loop\nid', 'orders\nid', 'raw\nat', 'raw\npayload'].toSorted(),
    );
    expect(traced.has(columnKey('orders', 'note'))).toBe(false);
  });
});
