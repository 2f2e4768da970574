import { expect, it } from 'vitest';
import { pageOf } from './change-routes.ts';
import type { Change } from './console-types.ts';

const change = (action: Change['action'], entityType: Change['entityType'], fqn: string, to?: string): Change => ({
  action,
  entityType,
  fqn,
  reason: 'source changed',
  fields: to === undefined ? [] : [{ field: 'description', action: 'replace', from: 'old', to, reason: 'new words' }],
});

const plan = [
  change('create', 'table', 'hive.shop.loaves'),
  change('update', 'table', 'hive.shop.tills', 'All tills of the BAKERY'),
  change('update', 'topic', 'kafka.orders', 'Orders'),
  change('unchanged', 'table', 'hive.shop.ovens'),
];

async function* changes(): AsyncIterable<Change> {
  yield* plan;
}

it('counts what each filter would find, and gives the page', async () => {
  expect(await pageOf(changes(), { limit: 1, skip: 1 })).toEqual({
    changes: [plan[1]],
    total: 4,
    actions: { create: 1, update: 2, unchanged: 1 },
    entityTypes: { table: 3, topic: 1 },
  });
});

it('filters by what happens and to what, and leaves out what is in step', async () => {
  expect((await pageOf(changes(), { action: 'update', entityType: 'table' })).changes).toEqual([plan[1]]);
  const changing = await pageOf(changes(), { action: 'changes' });
  expect(changing.changes).toEqual(plan.slice(0, 3));
  expect(changing.entityTypes).toEqual({ table: 2, topic: 1 });
});

it('searches names, fields, values and reasons, in any case', async () => {
  expect((await pageOf(changes(), { search: 'bakery' })).changes).toEqual([plan[1]]);
  expect((await pageOf(changes(), { search: ' LOAVES ' })).changes).toEqual([plan[0]]);
  expect((await pageOf(changes(), { search: 'new words' })).total).toBe(2);
  expect((await pageOf(changes(), { search: 'nowhere' })).total).toBe(0);
});
