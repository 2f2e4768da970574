import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { finishRun, ingestPartition, isWrite, type PartitionReport, planPartitions } from '../src/index.ts';
import { overJson, PartedBench, runParted, wholeContent } from './parted-bench.ts';
import { fetchEntity, openBench, recipeFor } from './recorded-atlas.ts';

let parted: PartedBench;
let generated: AtlasStandIn;
let sample: AtlasStandIn;
beforeAll(async () => {
  parted = await PartedBench.start();
  // Two databases, one of them twice as large as a partition should be.
  generated = await startAtlas({ generate: { tables: 270, columns: 3, lineageEvery: 3 } });
  sample = await startAtlas();
});
afterAll(async () => {
  await generated?.close();
  await sample?.close();
  await parted?.close();
});

describe('a run with its memory in SQLite', () => {
  it('is one partition, and ends as a plain run does', async () => {
    const [plain, other] = [await openBench('1.13.0'), await openBench('1.13.0')];
    const { report } = await plain.run(sample);
    const recipe = recipeFor(sample, other.openmetadata, { meridian: { partitions: { max: 4, minTables: 1 } } });
    const options = { env: { ...process.env, MERIDIAN_HOME: other.home } };
    const plan = overJson(await planPartitions(recipe, { ...options, runId: 'nightly 7' }));
    expect(plan.partitions).toMatchObject([{ runId: 'nightly 7', index: 0, of: 1 }]);
    expect(plan.reason).toContain('SQLite');
    const reports: PartitionReport[] = [];
    for (const partition of plan.partitions) reports.push(overJson(await ingestPartition(recipe, partition, options)));
    const finished = await finishRun(recipe, plan, reports, options);
    expect(finished).toMatchObject({ runId: 'nightly 7', state: 'success', failureCount: 0 });
    expect(finished.target.writes).toBe(report.target.writes);
    expect(await wholeContent(other.openmetadata, sample)).toEqual(await wholeContent(plain.openmetadata, sample));
    await plain.close();
    await other.close();
  });
});

describe('a run in several processes', () => {
  const everything = { entityType: 'Referenceable', meridian: { pipelines: true } };

  it.each([
    ['generated tables', 1, '1.13.0', {}],
    ['generated tables', 2, '1.13.0', {}],
    ['generated tables', 4, '1.13.0', {}],
    ['the sample warehouse', 3, '1.13.0', everything],
    ['the sample warehouse', 2, '1.1.0', everything],
  ] as const)(
    'ends as a plain run does, and a second one writes nothing: %s, %i partitions, OpenMetadata %s',
    async (from, count, version, options) => {
      const atlas = from === 'generated tables' ? generated : sample;
      const plain = await parted.open(version);
      const { report: told } = await plain.run(atlas, options);
      const bench = await parted.open(version);
      const recipe = parted.recipe(atlas, bench, count, options);
      const { plan, reports, report } = await runParted(recipe);
      expect(plan.partitions).toHaveLength(count);
      expect(report).toMatchObject({ state: 'success', failureCount: 0, warnings: [], partial: [] });
      expect(await wholeContent(bench.openmetadata, atlas)).toEqual(await wholeContent(plain.openmetadata, atlas));
      // The counts of the whole are those of one process; only free words, with what they stand in, and properties are met by
      // several, which may make them in the same moment.
      const counts = ({
        tag: _,
        classification: _around,
        customProperty: _made,
        ...stages
      }: (typeof report)['stages']) =>
        Object.entries(stages).map(([kind, { read, created, skipped }]) => [kind, { read, created, skipped }]);
      expect(Object.fromEntries(counts(report.stages))).toEqual(Object.fromEntries(counts(told.stages)));
      const all = reports.reduce((sum, one) => sum + one.report.target.requests, 0);
      expect(report.target.requests).toBeGreaterThan(count > 1 ? all : 0);
      const again = await runParted(recipe);
      expect(again.changes.filter(isWrite)).toEqual([]);
      expect(again.report).toMatchObject({ state: 'success', target: { writes: 0 } });
      // What it has left is what a plain run needs.
      const after = await plainRun(recipe);
      expect(after).toMatchObject({ state: 'success', target: { writes: 0 } });
    },
  );

  it.each(['create', 'enrich'])(
    'knows what others have brought as a plain run without a memory does: %s',
    async (mode) => {
      const bench = await parted.open();
      await bench.run(sample, everything);
      const before = await wholeContent(bench.openmetadata, sample);
      const recipe = parted.recipe(sample, bench, 3, { ...everything, meridian: { ...everything.meridian, mode } });
      const { report, changes, plan } = await runParted(recipe);
      expect(plan.partitions).toHaveLength(3);
      // Without a memory, runs of pipelines are told anew; the target keeps one for a time.
      const others = changes.filter(({ entityType }) => entityType !== 'pipelineRun');
      expect(others.filter(isWrite)).toEqual([]);
      expect(report).toMatchObject({ state: 'success', failureCount: 0 });
      expect(await wholeContent(bench.openmetadata, sample)).toEqual(before);
    },
  );

  it('is cut into partitions of about as many tables, each in one of them, whatever databases they are in', async () => {
    const recipe = parted.recipe(generated, await parted.open(), 4);
    const plan = await planPartitions(recipe);
    const tables = plan.partitions.map((partition) => partition.tables!);
    expect(tables.reduce((sum, count) => sum + count, 0)).toBe(270);
    for (const count of tables) expect(Math.abs(count - 270 / 4)).toBeLessThan(270 / 10);
    expect(JSON.stringify(plan.partitions).length).toBeLessThan(4000);
    await finishRun(recipe, plan, []);
  });

  it('stays one partition while there are few tables, when only one is wanted, and when only changes are read', async () => {
    const bench = await parted.open();
    const of = (meridian: object, more: object = {}) =>
      planPartitions(parted.recipe(sample, bench, 4, { meridian: meridian as Record<string, unknown>, ...more }));
    expect(await of({ partitions: { max: 4, minTables: 5000 } })).toMatchObject({ partitions: [{ work: 'whole' }] });
    expect(await of({ partitions: { max: 1, minTables: 1 } })).toMatchObject({ partitions: [{ work: 'whole' }] });
    expect(await of({ concurrency: 1 })).toMatchObject({ partitions: [{ work: 'whole' }] });
    const recipe = parted.recipe(sample, bench, 2, { sourceConfig: { incremental: { enabled: true } } });
    const first = await runParted(recipe);
    expect(first.plan.partitions).toHaveLength(2);
    expect(first.report).toMatchObject({ state: 'success', reading: 'full' });
    const second = await runParted(recipe);
    expect(second.plan.partitions).toHaveLength(1);
    expect(second.report).toMatchObject({ state: 'success', reading: 'incremental', target: { writes: 0 } });
  });

  it('tells OpenMetadata that it runs, and once how it ended', async () => {
    const bench = await parted.open();
    const runId = '11111111-2222-3333-4444-555555555555';
    const more = { ingestionPipelineFQN: 'local_atlas.nightly' };
    const recipe = parted.recipe(generated, bench, 2, { more });
    const status = () =>
      fetchEntity(bench.openmetadata, `services/ingestionPipelines/local_atlas.nightly/pipelineStatus/${runId}`);
    await runParted(recipe);
    const states: unknown[] = [];
    const { report } = await runParted(recipe, { runId }, async (_partition, usual) => {
      states.push((await status())?.['pipelineState']);
      return usual();
    });
    expect(states).toEqual(['running', 'running']);
    expect(await status()).toMatchObject({
      ...{ runId, pipelineState: 'success' },
      startDate: Date.parse(report.startedAt),
      endDate: Date.parse(report.endedAt),
    });
  });
});

async function plainRun(recipe: object) {
  const { Workflow } = await import('../src/index.ts');
  return (await Workflow.create(recipe, { reading: 'full' })).execute();
}
