import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import {
  finishRun,
  ingestPartition,
  isWrite,
  loadRecipe,
  type Partition,
  type PartitionReport,
  planPartitions,
  UndoWorkflow,
  Workflow,
} from '../src/index.ts';
import { ingestInChild, overJson, PartedBench, runParted, wholeContent } from './parted-bench.ts';
import type { Bench } from './recorded-atlas.ts';

const shape = { tables: 240, columns: 3, lineageEvery: 3 };
/** Tables that are gone later on, of the last database, and others that tell something else. */
const fewer = { ...shape, tables: 224, changedEvery: 10 };

let parted: PartedBench;
let atlas: AtlasStandIn;
let clean: readonly string[];
beforeAll(async () => {
  parted = await PartedBench.start();
  atlas = await startAtlas({ generate: shape });
  const plain = await parted.open();
  await plain.run(atlas);
  clean = await wholeContent(plain.openmetadata, atlas);
});
afterEach(() => atlas.faults.clear());
afterAll(async () => {
  await atlas?.close();
  await parted?.close();
});

/** The same address with other tables behind it. */
async function exchange(generate: typeof fewer | typeof shape): Promise<void> {
  const { port } = atlas;
  await atlas.close();
  atlas = await startAtlas({ generate, port });
}

const writesOf = ({ openmetadata }: Bench): number =>
  openmetadata.requests().reduce((sum, { method, count }) => sum + (method === 'GET' ? 0 : count), 0);
const code = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  );
const gone = async (bench: Bench): Promise<number> =>
  (await wholeContent(bench.openmetadata, atlas)).filter((line) => line.includes('"deleted":true')).length;

describe('a partition', () => {
  it('that is killed is done again, and the run ends as an undisturbed one', async () => {
    const bench = await parted.open('1.1.0');
    const recipe = parted.recipe(atlas, bench, 3);
    const undisturbed = await parted.open('1.1.0');
    await undisturbed.run(atlas);
    const { report } = await runParted(recipe, {}, async (partition, usual) => {
      if (partition.index !== 1) return usual();
      const before = writesOf(bench);
      const killed = await ingestInChild(recipe, partition, () => writesOf(bench) > before + 30);
      expect(killed).toBeNull();
      return usual();
    });
    expect(report).toMatchObject({ state: 'success', failureCount: 0 });
    expect(await wholeContent(bench.openmetadata, atlas)).toEqual(await wholeContent(undisturbed.openmetadata, atlas));
    const again = await runParted(recipe);
    expect(again.changes.filter(isWrite)).toEqual([]);
  });

  it('that is done twice at once, and once more afterwards, is no harm', async () => {
    const bench = await parted.open();
    const recipe = parted.recipe(atlas, bench, 2);
    const { report, reports } = await runParted(recipe, {}, async (partition, usual) => {
      const [, told] = await Promise.all([usual(), usual()]);
      if (partition.index === 1) return told;
      const again = await usual();
      expect(again.report.target.writes).toBe(0);
      return again;
    });
    expect(reports).toHaveLength(2);
    expect(report).toMatchObject({ state: 'success', failureCount: 0, skipped: [] });
    expect(await wholeContent(bench.openmetadata, atlas)).toEqual(clean);
    const again = await runParted(recipe);
    expect(again.changes.filter(isWrite)).toEqual([]);
  });

  it('that is told to stop keeps what it has done, and goes on from there', async () => {
    const bench = await parted.open('1.1.0');
    const recipe = parted.recipe(atlas, bench, 2);
    const { report } = await runParted(recipe, {}, async (partition, usual) => {
      if (partition.index === 1) return usual();
      const stop = new AbortController();
      const stopped = await ingestPartition(recipe, partition, {
        signal: stop.signal,
        onChange: ({ entityType }) => entityType === 'table' && stop.abort(),
      });
      expect(stopped).toMatchObject({ state: 'stopped' });
      expect(stopped.done).toBeUndefined();
      expect(stopped.report.target.writes).toBeGreaterThan(0);
      const rest = await usual();
      expect(rest.report.stages.table!.unchanged).toBeGreaterThan(0);
      return rest;
    });
    expect(report.state).toBe('success');
  });
});

describe('what is gone at the source', () => {
  let bench: Bench;
  let recipe: object;
  beforeAll(async () => {
    bench = await parted.open();
    recipe = parted.recipe(atlas, bench, 3);
    expect((await runParted(recipe)).report.state).toBe('success');
    await exchange(fewer);
  });
  afterAll(() => exchange(shape));

  it('stays while a partition has failed; what the others did stands, and the report says so', async () => {
    const outcome = await runParted(recipe, {}, async (partition, usual) =>
      partition.index === 2 ? undefined : usual(),
    );
    const { report, plan } = outcome;
    expect(report).toMatchObject({ state: 'failed', failureCount: 1, partial: ['table'] });
    expect(report.failures).toMatchObject([{ code: 'run.partition-missing', name: plan.partitions[2]!.name }]);
    expect(report.stages.table!.updated).toBeGreaterThan(0);
    expect(report.stages.table).toMatchObject({ deleted: 0, gone: 0 });
    expect(await gone(bench)).toBe(0);
    // Only that partition has to be done again, and the end.
    const missing = await ingestPartition(recipe, plan.partitions[2]!);
    const reports = [...outcome.reports, missing];
    const ended = await finishRun(recipe, plan, reports);
    expect(ended).toMatchObject({ state: 'success', failureCount: 0, partial: [] });
    expect(ended.stages.table!.deleted).toBe(16);
    expect(await gone(bench)).toBeGreaterThan(15);
    // The end of a run that has ended is that of the first time.
    expect(await finishRun(recipe, plan, reports)).toEqual(ended);
    expect(await code(ingestPartition(recipe, plan.partitions[0]!))).toBe('run.plan-gone');
    await runParted(recipe);
  });

  it('goes in the run of all partitions, as in one of a single process', async () => {
    const other = await parted.open();
    await exchange(shape);
    const single = await parted.open();
    const [several, plain] = [parted.recipe(atlas, other, 3), parted.recipe(atlas, single, 1)];
    await runParted(several);
    await (await Workflow.create(plain)).execute();
    await exchange(fewer);
    const { report } = await runParted(several);
    const told = await (await Workflow.create(plain)).execute();
    expect(report.stages.table).toMatchObject({ deleted: 16, read: 224 });
    expect(report.stages.lineage!.deleted).toBe(told.stages.lineage!.deleted);
    expect(report.guards).toEqual([]);
    expect(await wholeContent(other.openmetadata, atlas)).toEqual(await wholeContent(single.openmetadata, atlas));
  });

  it('stays when too much of all partitions would go, unless the plan allows it', async () => {
    const other = await parted.open();
    await exchange(shape);
    const strict = parted.recipe(atlas, other, 3, { meridian: { deletes: { maxSharePercent: 5 } } });
    await runParted(strict);
    await exchange(fewer);
    const { report } = await runParted(strict);
    expect(report.guards.find(({ entityType }) => entityType === 'table')).toMatchObject({ guard: 'share', count: 16 });
    expect(await gone(other)).toBe(0);
    const allowed = await runParted(strict, { allowDeletes: 10 });
    expect(allowed.report.stages.table!.deleted).toBe(16);
  });
});

describe('of a warehouse that changes', () => {
  it('columns of all partitions go or stay together: the share of all of them decides', async () => {
    const warehouse = await startAtlas();
    try {
      const [several, strict, plain] = [await parted.open(), await parted.open(), await parted.open()];
      const recipes = [
        parted.recipe(warehouse, several, 3),
        parted.recipe(warehouse, strict, 3, { meridian: { deletes: { maxSharePercent: 0.5 } } }),
      ] as const;
      for (const recipe of recipes) expect((await runParted(recipe)).report.state).toBe('success');
      await plain.run(warehouse);
      const columns = (await columnsOf(several)).filter((name) => /^local_hive\.prod\.[\w.]+$/.test(name));
      const some = columns.filter((_, i) => i % 9 === 0).slice(0, 4);
      expect(new Set(some.map((name) => name.split('.').slice(0, 4).join('.'))).size).toBeGreaterThan(1);
      warehouse.mutate(
        some.map((fqn) => ({
          op: 'deleteEntity',
          typeName: 'hive_column',
          qualifiedName: `${fqn.split('.').slice(2).join('.')}@prod`,
        })),
      );
      await plain.run(warehouse);
      const { report } = await runParted(recipes[0]);
      expect(report).toMatchObject({ state: 'success', guards: [] });
      expect(await wholeContent(several.openmetadata, warehouse)).toEqual(
        await wholeContent(plain.openmetadata, warehouse),
      );
      const kept = await runParted(recipes[1]);
      expect(kept.report.guards).toMatchObject([{ guard: 'share', entityType: 'table', count: some.length }]);
      expect(await columnsOf(strict)).toEqual(expect.arrayContaining(some));
    } finally {
      await warehouse.close();
    }
  });

  /** FQNs of all columns at the top of a table. */
  async function columnsOf({ openmetadata }: Bench): Promise<string[]> {
    const lines = await wholeContent(openmetadata, atlas);
    const tables = lines.map(
      (line) => JSON.parse(line) as { type: string; fullyQualifiedName: string; columns?: { name: string }[] },
    );
    return tables
      .filter(({ type }) => type === 'table')
      .flatMap(({ fullyQualifiedName, columns = [] }) => columns.map(({ name }) => `${fullyQualifiedName}.${name}`));
  }

  it('a run of several processes is undone as one of a single process', async () => {
    const [several, single] = [await parted.open(), await parted.open()];
    const [cut, plain] = [parted.recipe(atlas, several, 2), parted.recipe(atlas, single, 1)];
    const { report } = await runParted(cut, {}, async (partition, usual) => {
      if (partition.index === 0) await usual();
      return usual();
    });
    await (await Workflow.create(plain)).execute();
    for (const recipe of [cut, plain]) {
      const undo = new UndoWorkflow(await loadRecipe(recipe));
      await undo.execute();
      expect(undo.report).toMatchObject({ state: 'success', failures: [] });
      if (recipe === cut) expect(undo.report.undoes).toBe(report.runId);
    }
    expect(await wholeContent(several.openmetadata, atlas)).toEqual(await wholeContent(single.openmetadata, atlas));
    expect(await gone(several)).toBeGreaterThan(shape.tables);
  });
});

describe('two runs of one pipeline', () => {
  it('are kept apart from the plan to the end, also from a run in one process', async () => {
    const bench = await parted.open();
    const recipe = parted.recipe(atlas, bench, 2);
    const plan = overJson(await planPartitions(recipe, { runId: 'first' }));
    expect(await code(planPartitions(recipe, { runId: 'second' }))).toBe('state.locked');
    expect(await code((await Workflow.create(recipe)).execute())).toBe('state.locked');
    const first = await ingestPartition(recipe, plan.partitions[0]!);
    expect(await code(planPartitions(recipe, { runId: 'second' }))).toBe('state.locked');
    // The plan itself may be made again: its answer may have got lost.
    const again = overJson(await planPartitions(recipe, { runId: 'first' }));
    expect(again.partitions).toHaveLength(2);
    expect(await code(finishRun(recipe, plan, [first]))).toBe('run.plan-gone');
    const reports: PartitionReport[] = [];
    for (const partition of again.partitions) reports.push(await ingestPartition(recipe, partition));
    expect(await finishRun(recipe, again, reports)).toMatchObject({ state: 'success', runId: 'first' });
    const next = await runParted(recipe, { runId: 'second' });
    expect(next.report).toMatchObject({ state: 'success', target: { writes: 0 } });
  });

  it('come after each other when the first could not be begun', async () => {
    const recipe = parted.recipe(atlas, await parted.open(), 2, { meridian: { atlas: { retries: 0 } } });
    atlas.faults.set([{ kind: '500', match: 'search/basic', after: 2 }]);
    expect(await code(planPartitions(recipe))).not.toBe('none');
    atlas.faults.clear();
    expect((await runParted(recipe)).report.state).toBe('success');
  });

  it('leave no secret and no list behind in the memory', async () => {
    const bench = await parted.open();
    const recipe = parted.recipe(atlas, bench, 2);
    const plan = await planPartitions(recipe);
    expect(JSON.stringify(plan)).not.toContain('owner-secret');
    const { openState } = await import('../src/state/open-state.ts');
    const { statePlaceOf } = await import('../src/workflow/identity.ts');
    const keys = async (): Promise<string[]> => {
      const { store } = await openState(statePlaceOf(await loadRecipe(recipe), {}), 'keep');
      const found: string[] = [];
      for await (const [key] of store.listMeta('parts.')) found.push(key);
      await store.close();
      return found;
    };
    expect((await keys()).length).toBeGreaterThan(2);
    const reports = await Promise.all(plan.partitions.map((one: Partition) => ingestPartition(recipe, one)));
    await finishRun(recipe, plan, reports);
    expect(await keys()).toEqual([`parts.${plan.runId}/report/0`]);
  });
});
