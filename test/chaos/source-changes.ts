import type { Mutation, Target } from '../../sandbox/atlas/mutations.ts';

const table = (name: string): Target => ({ typeName: 'hive_table', qualifiedName: `shop.${name}@prod` });
const described = (name: string): Mutation => ({
  op: 'setAttribute',
  ...table(name),
  name: 'description',
  value: `${name}, told anew`,
});

/** Tables that the source loses; nothing else may ever be missing from the target. */
export const lostTables: readonly string[] = ['v_open_orders', 'promotion_hits'];

/** What changes at the source half-way: texts, labels, columns, a new table, and two tables that go. */
export const sourceChanges: readonly Mutation[] = [
  ...['orders', 'shops', 'products', 'tills', 'returns', 'deliveries', 'couriers'].map(described),
  {
    op: 'addColumn',
    ...table('orders'),
    column: { name: 'refunded', type: 'boolean', comment: 'Money back' },
  },
  { op: 'removeClassification', ...table('orders'), classification: 'Fact' },
  { op: 'addClassification', ...table('returns'), classification: { typeName: 'Metric', propagate: false } },
  {
    op: 'addTable',
    typeName: 'hive_db',
    qualifiedName: 'shop@prod',
    name: 'vouchers',
    columns: [{ name: 'code', type: 'string' }],
  },
  ...lostTables.map((name): Mutation => ({ op: 'deleteEntity', ...table(name) })),
];
