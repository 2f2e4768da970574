import { mkdir, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { GuardError } from '../src/errors.ts';
import type { Change } from '../src/reconcile/change.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { type Bench, openBench, type RunOptions, recipeFor } from './recorded-atlas.ts';

const view = 'loyalty.v_active_customers@prod';
const viewFqn = 'local_hive.prod.loyalty.v_active_customers';

describe.each(['1.1.0', '1.13.0'])('what is gone from Atlas, with OpenMetadata %s', (version) => {
  let atlas: AtlasStandIn;
  let bench: Bench;
  let bot: Client;
  let person: Client;

  const run = (options?: RunOptions) => bench.run(atlas, options);
  const isDeleted = async (fqn = viewFqn): Promise<boolean> => {
    const { status, body } = await bot.get(`/tables/name/${encodeURIComponent(fqn)}?include=all`);
    expect(status).toBe(200);
    return body.deleted === true;
  };
  const gone = (changes: readonly Change[], fqn = viewFqn) =>
    changes.filter((change) => change.fqn === fqn && change.entityType === 'table');
  const forget = async (): Promise<void> => {
    await rm(bench.home, { recursive: true, force: true });
    await mkdir(bench.home);
  };
  const drop = (...names: string[]): void =>
    atlas.mutate(names.map((qualifiedName) => ({ op: 'deleteEntity', qualifiedName }) as const));
  /** The view is made again: Atlas gives it another guid. */
  const bringBack = (): void =>
    atlas.mutate([
      {
        op: 'addTable',
        typeName: 'hive_db',
        qualifiedName: 'loyalty@prod',
        name: 'v_active_customers',
        columns: [{ name: 'customer_id', type: 'bigint' }],
        attributes: { tableType: 'VIRTUAL_VIEW', viewOriginalText: 'select 1' },
      },
    ]);
  /** The guard's reason for the one candidate; it must not have been deleted. */
  const keptBecause = async (changes: readonly Change[]): Promise<string> => {
    expect(await isDeleted()).toBe(false);
    const [change, ...more] = gone(changes);
    expect(more).toEqual([]);
    expect(change?.action).toBe('gone');
    return change!.reason;
  };

  beforeEach(async () => {
    atlas = await startAtlas();
    bench = await openBench(version);
    bot = clientOf(bench.openmetadata, 'bot');
    person = clientOf(bench.openmetadata, 'admin');
    expect((await run()).report.state).toBe('success');
  });
  afterEach(async () => {
    await atlas.close();
    await bench.close();
  });

  it('is deleted softly with its edges, shown in the plan first, and a next run sends nothing', async () => {
    drop(view);
    const plan = await run({ dryRun: true });
    expect(gone(plan.changes).map(({ action }) => action)).toEqual(['delete']);
    expect(await isDeleted()).toBe(false);
    const ingest = await run();
    expect(await isDeleted()).toBe(true);
    const deletes = (changes: readonly Change[]) =>
      changes.filter(({ action }) => action === 'delete').map(({ entityType, fqn }) => `${entityType} ${fqn}`);
    expect(deletes(ingest.changes)).toEqual(deletes(plan.changes));
    expect(deletes(ingest.changes).some((name) => name.startsWith('lineage '))).toBe(true);
    expect(ingest.report.guards).toEqual([]);
    expect((await run()).changes.filter(isWrite)).toEqual([]);
  });

  it('waits until its edges could be taken away, which nobody can do later', async () => {
    drop(view);
    bench.openmetadata.faults.set([{ kind: '500', match: '^DELETE /api/v1/lineage' }]);
    const { changes, report } = await run();
    expect(report.stages.lineage?.failed).toBeGreaterThan(0);
    expect(await keptBecause(changes)).toContain('an edge of it');
    bench.openmetadata.faults.clear();
    const deleted = (await run()).changes.filter(({ action }) => action === 'delete');
    expect(deleted.map(({ entityType }) => entityType)).toEqual(expect.arrayContaining(['lineage', 'table']));
    expect(await isDeleted()).toBe(true);
  });

  it('is restored when it is back in Atlas', async () => {
    drop(view);
    await run();
    bringBack();
    const { changes } = await run();
    expect(gone(changes).map(({ action }) => action)).toEqual(['restore']);
    expect(await isDeleted()).toBe(false);
  });

  it('stays away when a person has deleted it as well', async () => {
    const { body } = await bot.get(`/tables/name/${viewFqn}`);
    expect((await person.delete(`/tables/${body.id}`)).status).toBe(200);
    drop(view);
    await run();
    bringBack();
    await run();
    expect(await isDeleted()).toBe(true);
  });

  it('is only listed when markDeletedTables is off', async () => {
    drop(view);
    const { changes } = await run({ sourceConfig: { markDeletedTables: false } });
    expect(await keptBecause(changes)).toContain('markDeletedTables is off');
  });

  it('is not known to a first run, nor to one whose memory is lost', async () => {
    drop(view);
    await forget();
    const { changes } = await run();
    expect(gone(changes)).toEqual([]);
    expect(await isDeleted()).toBe(false);
  });

  it('stays when anything failed', async () => {
    drop(view);
    atlas.mutate([
      { op: 'setAttribute', typeName: 'hive_table', qualifiedName: 'shop.tills@prod', name: 'comment', value: 'x' },
    ]);
    bench.openmetadata.faults.set([{ kind: '500', match: '^(PATCH|PUT) /api/v1/tables' }]);
    const { changes, report } = await run();
    expect(report.failureCount).toBeGreaterThan(0);
    expect(await keptBecause(changes)).toContain('something failed');
  });

  it('stays when a part of the listing failed: nobody knows what was in it', async () => {
    drop(view);
    atlas.faults.set([{ kind: '500', match: '^POST /api/atlas/v2/search/basic', after: 6 }]);
    const { changes } = await run({ meridian: { atlas: { retries: 0, pageSize: 10 } } }).catch(() => ({ changes: [] }));
    expect(await isDeleted()).toBe(false);
    expect(changes.filter(({ action }) => action === 'delete')).toEqual([]);
  });

  it('stays when Atlas shows nothing at all', async () => {
    const databases = ['shop', 'loyalty', 'finance', 'kitchen'].map((name) => `${name}@prod`);
    const found = await bot.get('/databaseSchemas?database=local_hive&limit=1000');
    const names = (found.body.data as { fullyQualifiedName: string }[]).map(({ fullyQualifiedName }) => {
      const [, cluster, schema] = fullyQualifiedName.split('.');
      return `${schema}@${cluster}`;
    });
    expect(names).toEqual(expect.arrayContaining(databases.slice(0, 2)));
    atlas.mutate(names.map((qualifiedName) => ({ op: 'hideFromSearch', typeName: 'hive_db', qualifiedName }) as const));
    const { report, changes } = await run();
    expect(report.state).toBe('failed');
    expect(changes.filter(({ action }) => action === 'delete')).toEqual([]);
    expect(await isDeleted()).toBe(false);
  });

  it('stays when the recipe’s filters do not reach it, and another recipe’s tables with it', async () => {
    drop(view);
    const only = { sourceConfig: { schemaFilterPattern: { includes: ['^shop$'] } } };
    const { changes, report } = await run(only);
    expect(await keptBecause(changes)).toContain('outside of what this recipe reads');
    expect(changes.filter(({ action }) => action === 'delete')).toEqual([]);
    expect(report.guards).toEqual([]);
  });

  it('stays when too large a share would go; --allow-deletes lets it go and tells the list first', async () => {
    const { body } = await bot.get('/tables?database=local_hive&limit=1000');
    const names = (body.data as { fullyQualifiedName: string }[]).map((table) => table.fullyQualifiedName);
    const share = names.filter((name) => name.includes('.prod.')).slice(0, Math.ceil(names.length * 0.4));
    drop(...share.map((name) => `${name.split('.').slice(2).join('.').replaceAll('"', '')}@prod`));
    const workflow = await Workflow.create(recipeFor(atlas, bench.openmetadata), {
      env: { ...process.env, MERIDIAN_HOME: bench.home },
    });
    const report = await workflow.execute();
    expect(report.guards).toMatchObject([
      { guard: 'share', entityType: 'lineage' },
      { guard: 'share', entityType: 'table' },
    ]);
    expect(() => workflow.raiseFromStatus()).toThrow(GuardError);
    expect(await isDeleted(share[0])).toBe(false);

    const told: string[] = [];
    const allowed = await Workflow.create(recipeFor(atlas, bench.openmetadata), {
      env: { ...process.env, MERIDIAN_HOME: bench.home },
      allowDeletes: 90,
      onDeletion: (_kind, name) => told.push(name),
      onChange: (change) => {
        if (change.action === 'delete') expect(told).toContain(change.fqn);
      },
    });
    const second = await allowed.execute();
    expect(() => allowed.raiseFromStatus()).not.toThrow();
    expect(second.stages.table?.deleted).toBe(share.length);
    expect(await isDeleted(share[0])).toBe(true);
  });

  it('takes its edges out of sight: a guard that has kept them objects once, not in every run after that', async () => {
    const names = ['orders', 'shops', 'tills', 'products', 'returns', 'couriers', 'deliveries', 'promotions'];
    const more = ['order_lines', 'baskets_raw', 'mv_sales_by_hour'];
    drop(...[...names, ...more].map((name) => `shop.${name}@prod`));
    const once = { meridian: { deletes: { maxSharePercent: 30 } } };
    const first = await run(once);
    expect(first.report.guards).toMatchObject([{ guard: 'share', entityType: 'lineage' }]);
    expect(first.report.guards[0]!.share).toBeGreaterThan(30);
    expect(await isDeleted('local_hive.prod.shop.orders')).toBe(true);
    const next = await run(once);
    expect(next.report.guards).toEqual([]);
    expect(next.changes.filter(isWrite)).toEqual([]);
  });

  it('stays when Atlas still has it, asked by its id: the listing was wrong', async () => {
    atlas.mutate([{ op: 'hideFromSearch', qualifiedName: view }]);
    const { changes, report } = await run();
    expect(await keptBecause(changes)).toContain('did not confirm');
    expect(report.guards).toMatchObject([
      { guard: 'unconfirmed', entityType: 'lineage' },
      { guard: 'unconfirmed', entityType: 'table', count: 1 },
    ]);
  });

  it('takes an edge that a person drew, or another one’s columns, never with it', async () => {
    const ids = await Promise.all(
      ['shop.tills', 'loyalty.v_active_customers'].map(
        async (name) => (await bot.get(`/tables/name/local_hive.prod.${name}`)).body.id as string,
      ),
    );
    const edge = { fromEntity: { id: ids[0], type: 'table' }, toEntity: { id: ids[1], type: 'table' } };
    expect((await person.put('/lineage', { edge })).status).toBe(200);
    drop(view);
    const { changes } = await run();
    const tills = 'local_hive.prod.shop.tills → local_hive.prod.loyalty.v_active_customers';
    expect(changes.filter(({ fqn }) => fqn === tills)).toEqual([]);
  });
});

describe('columns that are gone from Atlas', () => {
  it('stay when too many would go at once', async () => {
    const atlas = await startAtlas();
    const bench = await openBench('1.1.0');
    try {
      await bench.run(atlas);
      const bot = clientOf(bench.openmetadata, 'bot');
      const columns = async () =>
        ((await bot.get('/tables/name/local_hive.prod.shop.tills')).body.columns as { name: string }[]).map(
          ({ name }) => name,
        );
      const before = await columns();
      atlas.mutate(
        before.slice(1).map((name) => ({ op: 'deleteEntity', qualifiedName: `shop.tills.${name}@prod` }) as const),
      );
      const strict = { meridian: { deletes: { maxSharePercent: 0 } } };
      const { report } = await bench.run(atlas, strict);
      expect(await columns()).toEqual(before);
      expect(report.guards).toMatchObject([{ guard: 'share', count: before.length - 1 }]);
      await bench.run(atlas);
      expect(await columns()).toEqual(before.slice(0, 1));
    } finally {
      await atlas.close();
      await bench.close();
    }
  });

  it('stay when Atlas still has them, asked for their table by its id', async () => {
    const atlas = await startAtlas();
    const bench = await openBench('1.1.0');
    try {
      await bench.run(atlas);
      const bot = clientOf(bench.openmetadata, 'bot');
      const read = async () => (await bot.get('/tables/name/local_hive.prod.shop.tills')).body.columns.length as number;
      const before = await read();
      atlas.mutate([{ op: 'hideFromSearch', typeName: 'hive_column', qualifiedName: 'shop.tills.model@prod' }]);
      const { report } = await bench.run(atlas);
      expect(await read()).toBe(before);
      expect(report.guards).toMatchObject([{ guard: 'unconfirmed', entityType: 'table', count: 1 }]);
    } finally {
      await atlas.close();
      await bench.close();
    }
  });
});
