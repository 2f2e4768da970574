import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Mutation } from '../sandbox/atlas/mutations.ts';
import type { AtlasStandInOptions } from '../sandbox/atlas/start-atlas.ts';
import { beforeChanges, Pair, writes } from './exchangeable-pair.ts';
import { haveRecordings, type RunOptions, recordings } from './recorded-atlas.ts';

const closing: Pair[] = [];
afterEach(async () => {
  for (const pair of closing.splice(0)) await pair.close();
});
async function open(options: AtlasStandInOptions): Promise<Pair> {
  const pair = await Pair.open(options);
  closing.push(pair);
  return pair;
}

describe.skipIf(!haveRecordings)('from recorded to recorded-after-changes (skipped without ../shared)', () => {
  const folder = (name: string): AtlasStandInOptions => ({ dataDir: join(recordings, name) });
  const meridian = { incremental: { marginMinutes: 0 }, deletes: { maxSharePercent: 50 } };

  it.each<[string, RunOptions]>([
    ['Hive alone', { meridian }],
    ['every family, with pipelines', { meridian: { ...meridian, pipelines: true }, entityType: 'Referenceable' }],
  ])('an incremental run makes exactly the changes that a full run makes: %s', async (_what, options) => {
    const [some, all] = [await open(folder('recorded')), await open(folder('recorded'))];
    for (const pair of [some, all]) {
      const { report } = await pair.run(undefined, options);
      expect(report).toMatchObject({ state: 'success', reading: 'full' });
      await pair.exchange(folder('recorded-after-changes'));
    }
    await some.remember({ at: beforeChanges });
    const incremental = await some.run('incremental', options);
    const full = await all.run('full', options);
    expect(incremental.report).toMatchObject({ state: 'success', reading: 'incremental', failures: [], guards: [] });
    expect(full.report).toMatchObject({ state: 'success', reading: 'full', failures: [], guards: [] });
    expect(writes(incremental.changes)).toEqual(writes(full.changes));
    expect(writes(full.changes)).toContain('delete table local_hive.prod.sales.v_active_customers');
    expect(await some.content()).toEqual(await all.content());
    const again = await some.run('full', options);
    expect(writes(again.changes)).toEqual([]);
  });
});

/** One change after another of a warehouse: what people and hooks do. */
const steps: readonly (readonly [string, Mutation])[] = [
  ['a text', { op: 'setAttribute', qualifiedName: 'shop.orders@prod', name: 'description', value: 'Told anew' }],
  ['a label', { op: 'setLabels', qualifiedName: 'shop.orders@prod', labels: ['audited', 'core'] }],
  [
    'the text of a column',
    { op: 'setAttribute', qualifiedName: 'shop.orders.order_id@prod', name: 'comment', value: 'Its number' },
  ],
  ['a column', { op: 'addColumn', qualifiedName: 'shop.orders@prod', column: { name: 'refunded', type: 'boolean' } }],
  ['a column that goes', { op: 'deleteEntity', qualifiedName: 'shop.orders.refunded@prod' }],
  [
    'a classification that spreads along the lineage',
    { op: 'addClassification', qualifiedName: 'shop.orders@prod', classification: { typeName: 'Metric' } },
  ],
  [
    'the same taken away again',
    { op: 'removeClassification', qualifiedName: 'shop.orders@prod', classification: 'Metric' },
  ],
  [
    'a table',
    {
      op: 'addTable',
      typeName: 'hive_db',
      qualifiedName: 'shop@prod',
      name: 'vouchers',
      columns: [{ name: 'code', type: 'string' }],
    },
  ],
  ['a schema', { op: 'setAttribute', qualifiedName: 'shop@prod', name: 'description', value: 'All shops' }],
  ['a table that goes, with what it fed', { op: 'deleteEntity', qualifiedName: 'shop.orders@prod' }],
];

describe('one change after another', () => {
  it('comes to the same by incremental runs as by full runs, with the same writes', async () => {
    const options: RunOptions = { entityType: 'Referenceable', meridian: { deletes: { maxSharePercent: 50 } } };
    const [some, all] = [await open({}), await open({})];
    for (const pair of [some, all]) expect((await pair.run('full', options)).report.failures).toEqual([]);
    for (const [what, mutation] of steps) {
      const made: string[][] = [];
      for (const [pair, wish] of [
        [some, 'incremental'],
        [all, 'full'],
      ] as const) {
        pair.atlas.mutate([mutation]);
        const { report, changes } = await pair.run(wish, options);
        expect(report, what).toMatchObject({ state: 'success', reading: wish, guards: [] });
        made.push(writes(changes));
      }
      expect(made[0], what).toEqual(made[1]);
      expect(made[0]!.length, what).toBeGreaterThan(0);
    }
    expect(await some.content()).toEqual(await all.content());
  });

  it('costs a handful of requests where nothing has changed', async () => {
    const pair = await open({});
    const options: RunOptions = { entityType: 'Referenceable' };
    await pair.run('full', options);
    const { report, changes } = await pair.run('incremental', options);
    expect(report).toMatchObject({ state: 'success', reading: 'incremental' });
    expect(writes(changes)).toEqual([]);
    expect(report.source.requests).toBeLessThanOrEqual(16);
    expect(report.target.requests).toBeLessThanOrEqual(10);
    expect(report.stages.table).toBeUndefined();
  });
});
