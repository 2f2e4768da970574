import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mutation } from '../sandbox/atlas/mutations.ts';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { type Change, isWrite } from '../src/reconcile/change.ts';
import { openState } from '../src/state/open-state.ts';
import type { StateStore } from '../src/state/state-store.ts';
import { statePlaceOf } from '../src/workflow/identity.ts';
import { forgetUndo } from '../src/workflow/undo/undo-marks.ts';
import { type UndoOptions, UndoWorkflow } from '../src/workflow/undo/undo-workflow.ts';
import { type Bench, openBench, recipeFor } from './recorded-atlas.ts';
import { contentOf } from './target-content.ts';

const shop = 'local_hive.prod.shop';
const orders = `${shop}.orders`;
const tills = `${shop}.tills`;
const view = 'local_hive.prod.loyalty.v_active_customers';

const told = (changes: readonly Change[], ...actions: readonly string[]): string[] =>
  changes
    .filter(({ action }) => actions.includes(action))
    .map(({ entityType, fqn }) => `${entityType} ${fqn}`)
    .sort();
const writesOf = (changes: readonly Change[]): string[] => told(changes, 'create', 'update', 'restore', 'delete');

const setText = (name: string, value: string): Mutation => ({
  op: 'setAttribute',
  typeName: 'hive_table',
  qualifiedName: `shop.${name}@prod`,
  name: 'description',
  value,
});

describe.each(['1.1.0', '1.13.0'])('undo, with OpenMetadata %s', (version) => {
  let atlas: AtlasStandIn;
  let bench: Bench;
  let bot: Client;
  let person: Client;

  const env = () => ({ ...process.env, MERIDIAN_HOME: bench.home });
  const recipe = () => loadRecipe(recipeFor(atlas, bench.openmetadata), { env: env() });
  const run = async () => {
    const outcome = await bench.run(atlas);
    expect(outcome.report.failures).toEqual([]);
    return outcome;
  };
  const undo = async (options: UndoOptions = {}) => {
    const changes: Change[] = [];
    const onChange = (change: Change) => changes.push(change);
    const workflow = new UndoWorkflow(await recipe(), { ...options, env: env(), onChange });
    const outcome = await workflow.execute();
    expect(workflow.report.failures).toEqual([]);
    return { changes, outcome, report: workflow.report };
  };
  const inState = async <T>(use: (store: StateStore) => Promise<T>): Promise<T> => {
    const { store } = await openState(statePlaceOf(await recipe(), env()), 'keep');
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  };
  const forget = (runId: string): Promise<number> => inState((store) => forgetUndo(store, runId));
  const table = async (fqn: string) => {
    const fields = version === '1.1.0' ? 'tags,owner' : 'tags,owners';
    return (await bot.get(`/tables/name/${encodeURIComponent(fqn)}?include=all&fields=${fields}`)).body;
  };
  const labels = async (fqn: string): Promise<string[]> =>
    (await table(fqn)).tags.map(({ tagFQN }: { tagFQN: string }) => tagFQN).sort();
  const edit = async (fqn: string, operation: object): Promise<void> => {
    const { body } = await person.get(`/tables/name/${fqn}`);
    expect((await person.patch(`/tables/${body.id}`, [operation])).status).toBe(200);
  };
  const describeAs = (fqn: string, value: string) => edit(fqn, { op: 'add', path: '/description', value });
  const content = () => contentOf(bench.openmetadata);
  const drop = (...names: string[]): void =>
    atlas.mutate(names.map((qualifiedName) => ({ op: 'deleteEntity', qualifiedName }) as const));

  beforeEach(async () => {
    atlas = await startAtlas();
    bench = await openBench(version);
    bot = clientOf(bench.openmetadata, 'bot');
    person = clientOf(bench.openmetadata, 'admin');
  });
  afterEach(async () => {
    await atlas.close();
    await bench.close();
  });

  describe('of a first run', () => {
    it('takes everything of it away, softly, as the plan has shown; the next runs send nothing', async () => {
      const first = await run();
      // Every write was noted.
      const [noted] = await inState((store) => store.listJournalRuns());
      expect(noted).toMatchObject({ runId: first.report.runId, writes: writesOf(first.changes).length });
      const before = await content();
      const plan = await undo({ dryRun: true });
      expect(await content()).toEqual(before);
      const { changes, report } = await undo();
      expect(report).toMatchObject({ command: 'undo', state: 'success', undoes: first.report.runId });
      expect(writesOf(changes)).toEqual(writesOf(plan.changes));
      const isDefinition = (name: string): boolean => name.startsWith('customProperty ');
      expect(told(changes, 'delete')).toEqual(told(first.changes, 'create').filter((name) => !isDefinition(name)));
      // Definitions may be in use by others: they are named, not passed over.
      expect(told(changes, 'kept')).toEqual(told(first.changes, 'create').filter(isDefinition));
      expect((await table(orders)).deleted).toBe(true);
      const next = await run();
      expect(writesOf(next.changes)).toEqual([]);
      const { reason, action } = next.changes.find(({ fqn }) => fqn === orders)!;
      expect([action, reason]).toEqual(['kept', expect.stringContaining(`undone with run ${first.report.runId}`)]);
    });

    it('leaves what people have touched, and what holds it', async () => {
      await run();
      await describeAs(tills, 'by Ann');
      const own = { name: 'own', databaseSchema: 'local_hive.prod.loyalty', columns: [] };
      expect((await person.put('/tables', own)).status).toBe(201);
      const label = {
        tagFQN: 'Atlas.PII.PII_HEALTH',
        source: 'Classification',
        labelType: 'Manual',
        state: 'Confirmed',
      };
      await edit('local_hive.prod.loyalty.own', { op: 'add', path: '/tags/0', value: label });
      const plan = await undo({ dryRun: true });
      const { changes } = await undo();
      expect(writesOf(changes)).toEqual(writesOf(plan.changes));
      const stays = [
        'classification Atlas',
        'database local_hive.prod',
        'databaseSchema local_hive.prod.loyalty',
        `databaseSchema ${shop}`,
        'databaseService local_hive',
        'tag Atlas.PII',
        'tag Atlas.PII.PII_HEALTH',
        `table ${tills}`,
      ];
      expect(told(changes, 'kept')).toEqual(expect.arrayContaining(stays));
      expect(await table(tills)).toMatchObject({ description: 'by Ann', deleted: false });
      expect(await labels('local_hive.prod.loyalty.own')).toEqual(['Atlas.PII.PII_HEALTH']);
      expect((await table(orders)).deleted).toBe(true);
    });

    it('leaves what somebody has made anew under the same name', async () => {
      await run();
      const { id } = await table(tills);
      expect((await person.delete(`/tables/${id}?hardDelete=true`)).status).toBe(200);
      expect((await person.put('/tables', { name: 'tills', databaseSchema: shop, columns: [] })).status).toBe(201);
      const { changes } = await undo();
      expect(told(changes, 'kept')).toEqual(expect.arrayContaining([`table ${tills}`, `databaseSchema ${shop}`]));
      expect((await table(tills)).deleted).toBe(false);
    });

    it('brings back with a change at the source what it changes, and nothing else', async () => {
      await run();
      await describeAs(tills, 'by Ann');
      await undo();
      atlas.mutate([setText('orders', 'told anew')]);
      expect(told((await run()).changes, 'create', 'update', 'restore')).toContain(`table ${orders}`);
      expect(await table(orders)).toMatchObject({ description: 'told anew', deleted: false });
      expect((await table(`${shop}.shops`)).deleted).toBe(true);
      expect(writesOf((await run()).changes)).toEqual([]);
    });

    it.each([
      ['everything', {}],
      ['changes only', { sourceConfig: { incremental: { enabled: true } } }],
    ])('keeps what lies in something undone away in a run that reads %s, whatever the source does', async (_, how) => {
      const { report } = await bench.run(atlas, how);
      await undo();
      atlas.mutate([setText('orders', 'told anew')]);
      const { changes } = await bench.run(atlas, how);
      expect(writesOf(changes)).toEqual([]);
      expect(changes.find(({ fqn }) => fqn === orders)).toMatchObject({
        action: 'kept',
        reason: `what holds it was undone with run ${report.runId}`,
      });
    });

    it('is forgotten on demand: the next run makes everything anew', async () => {
      const { report } = await run();
      const before = await content();
      await undo();
      expect(await forget(report.runId)).toBeGreaterThan(0);
      await run();
      expect(await content()).toEqual(before);
      expect(writesOf((await run()).changes)).toEqual([]);
    });
  });

  describe('of a run that changed things', () => {
    const changes: readonly Mutation[] = [
      setText('orders', 'orders, told anew'),
      setText('tills', 'tills, told anew'),
      setText('shops', 'shops, told anew'),
      {
        op: 'addColumn',
        typeName: 'hive_table',
        qualifiedName: 'shop.orders@prod',
        column: { name: 'refunded', type: 'boolean', comment: 'Money back', position: 2 },
      },
      { op: 'deleteEntity', qualifiedName: 'shop.orders.note@prod' },
      { op: 'setAttribute', qualifiedName: 'shop.orders.total@prod', name: 'comment', value: 'total, told anew' },
      { op: 'removeClassification', typeName: 'hive_table', qualifiedName: 'shop.orders@prod', classification: 'Fact' },
      {
        op: 'addClassification',
        typeName: 'hive_table',
        qualifiedName: 'shop.orders@prod',
        classification: { typeName: 'Metric', propagate: false },
      },
    ];

    it('puts texts, labels and columns back, and keeps what a person changed in between', async () => {
      await run();
      const before = await content();
      atlas.mutate(changes);
      expect(writesOf((await run()).changes)).toContain(`table ${orders}`);
      await describeAs(tills, 'by Ann');
      const plan = await undo({ dryRun: true });
      const { changes: undone } = await undo();
      expect(writesOf(undone)).toEqual(writesOf(plan.changes));
      const after = await content();
      const isTills = (line: string): boolean => line.includes(`"${tills}"`);
      expect(after.filter((line) => !isTills(line))).toEqual(before.filter((line) => !isTills(line)));
      expect((await table(tills)).description).toBe('by Ann');
      expect(undone.find(({ fqn }) => fqn === tills)).toMatchObject({
        action: 'kept',
        fields: [{ field: 'description', action: 'keep', from: 'by Ann' }],
      });
      expect(writesOf((await run()).changes)).toEqual([]);
      expect(await content()).toEqual(after);
    });

    it('takes the words that are back for a person’s when the source changes the table again', async () => {
      await run();
      const { description } = await table(orders);
      atlas.mutate([setText('orders', 'second'), setText('shops', 'second')]);
      await run();
      await undo();
      atlas.mutate([setText('orders', 'third')]);
      const { changes: next } = await run();
      expect(writesOf(next)).toEqual([]);
      expect((await table(orders)).description).toBe(description);
      expect(told(next, 'kept')).toEqual(expect.arrayContaining([`table ${orders}`, `table ${shop}.shops`]));
    });

    it('reverts of an older run only what no newer one has written over', async () => {
      await run();
      const { description } = await table(`${shop}.shops`);
      atlas.mutate([setText('orders', 'second'), setText('shops', 'second')]);
      const second = await run();
      atlas.mutate([setText('orders', 'third')]);
      await run();
      await undo({ run: second.report.runId.slice(0, 13) });
      expect((await table(orders)).description).toBe('third');
      expect((await table(`${shop}.shops`)).description).toBe(description);
    });

    it('goes back run by run, and ends where there is nothing left', async () => {
      const first = await run();
      atlas.mutate(changes);
      const second = await run();
      expect((await undo()).outcome).toMatchObject({ kind: 'done', run: { runId: second.report.runId } });
      const again = await undo({ run: second.report.runId });
      expect(again.outcome).toMatchObject({ kind: 'nothing', run: { runId: second.report.runId } });
      expect(again.changes).toEqual([]);
      expect((await undo()).outcome).toMatchObject({ kind: 'done', run: { runId: first.report.runId } });
      expect((await table(orders)).deleted).toBe(true);
      expect((await undo()).outcome).toEqual({ kind: 'nothing' });
    });

    it('is forgotten on demand: the next run writes it again', async () => {
      await run();
      atlas.mutate(changes);
      const { report } = await run();
      const before = await content();
      await undo();
      await forget(report.runId);
      await run();
      expect(await content()).toEqual(before);
    });
  });

  it('puts the descriptions of tags back, but for those that a person has written since', async () => {
    await run();
    const path = join(bench.home, 'tell-anew.mjs');
    await writeFile(path, "export default (r) => (r.kind === 'tag' ? { ...r, description: 'told anew' } : r);");
    const anew = { more: { processor: { type: 'module', config: { path } } } };
    const text = async (fqn: string) => (await bot.get(`/tags/name/${fqn}`)).body.description as string;
    const before = await text('Atlas.Fact');
    const { changes: updates, report } = await bench.run(atlas, anew);
    expect(told(updates, 'update')).toContain('tag Atlas.Fact');
    const { body } = await person.get('/tags/name/Atlas.Metric');
    await person.patch(`/tags/${body.id}`, [{ op: 'replace', path: '/description', value: 'by Ann' }]);
    const { changes } = await undo();
    expect(told(changes, 'kept')).toEqual(['tag Atlas.Metric']);
    expect([await text('Atlas.Fact'), await text('Atlas.Metric')]).toEqual([before, 'by Ann']);
    const next = await bench.run(atlas, anew);
    expect(writesOf(next.changes)).toEqual([]);
    await forget(report.runId);
    await bench.run(atlas, anew);
    expect([await text('Atlas.Fact'), await text('Atlas.Metric')]).toEqual(['told anew', 'by Ann']);
  });

  describe('of a run that deleted things', () => {
    it('restores them with their edges, and the next runs leave them there', async () => {
      await run();
      const before = await content();
      drop('loyalty.v_active_customers@prod');
      const { changes: deleted } = await run();
      expect(told(deleted, 'delete')).toContain(`table ${view}`);
      const plan = await undo({ dryRun: true });
      const { changes } = await undo();
      expect(writesOf(changes)).toEqual(writesOf(plan.changes));
      expect(told(changes, 'restore')).toEqual([`table ${view}`]);
      expect(told(changes, 'create')).toEqual(told(deleted, 'delete').filter((name) => name.startsWith('lineage ')));
      expect(await content()).toEqual(before);
      const next = await run();
      expect(next.changes.filter(isWrite)).toEqual([]);
      expect(next.changes.find(({ fqn }) => fqn === view)).toMatchObject({
        action: 'kept',
        reason: expect.stringContaining('its deletion was undone'),
      });
      expect(await content()).toEqual(before);
    });

    it('brings a schema back with what the run has deleted in it, and without what a person had', async () => {
      const withSchemas = {
        sourceConfig: { markDeletedSchemas: true },
        meridian: { deletes: { maxSharePercent: 100 } },
      };
      await bench.run(atlas, withSchemas);
      const loyalty = 'local_hive.prod.loyalty';
      const { id } = await table(`${loyalty}.segments`);
      expect((await person.delete(`/tables/${id}`)).status).toBe(200);
      await bench.run(atlas, withSchemas);
      const { body } = await bot.get(`/tables?databaseSchema=${loyalty}&include=all&limit=100`);
      const tables = body.data as { name: string; displayName?: string }[];
      drop(...tables.map(({ name, displayName }) => `loyalty.${displayName ?? name}@prod`), 'loyalty@prod');
      const { changes: deleted } = await bench.run(atlas, withSchemas);
      expect(told(deleted, 'delete')).toContain(`databaseSchema ${loyalty}`);
      const { changes } = await undo();
      const assets = (names: readonly string[]) => names.filter((name) => !name.startsWith('lineage '));
      expect(told(changes, 'restore', 'unchanged')).toEqual(assets(told(deleted, 'delete')));
      expect((await table(view)).deleted).toBe(false);
      expect((await table(`${loyalty}.segments`)).deleted).toBe(true);
      expect(writesOf((await bench.run(atlas, withSchemas)).changes)).toEqual([]);
    });

    it('leaves deleted what a person has deleted since', async () => {
      await run();
      drop('loyalty.v_active_customers@prod');
      await run();
      const { id } = await table(view);
      await person.put('/tables/restore', { id });
      await person.delete(`/tables/${id}`);
      const { changes } = await undo();
      expect(told(changes, 'kept')).toContain(`table ${view}`);
      expect((await table(view)).deleted).toBe(true);
    });
  });
});
