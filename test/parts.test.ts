import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import {
  type Change,
  finishRun,
  ingestPartition,
  isWrite,
  type PartitionReport,
  planPartitions,
  type RunPlan,
  type RunReport,
} from '../src/index.ts';
import { type PostgresServer, startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import { type Bench, openBench, type RunOptions, recipeFor } from './recorded-atlas.ts';
import { contentOf } from './target-content.ts';

/** As it comes out of another process. */
const overJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('a run with its memory in SQLite', () => {
  let atlas: AtlasStandIn;
  const benches: Bench[] = [];
  beforeAll(async () => {
    atlas = await startAtlas({ generate: { tables: 30, columns: 3 } });
    benches.push(await openBench('1.13.0'), await openBench('1.13.0'));
  });
  afterAll(async () => {
    await atlas?.close();
    for (const bench of benches) await bench.close();
  });

  it('is one partition, and ends as a plain run does', async () => {
    const [plain, parted] = benches as [Bench, Bench];
    const { report } = await plain.run(atlas);
    const recipe = recipeFor(atlas, parted.openmetadata, { meridian: { partitions: { max: 4, minTables: 1 } } });
    const options = { env: { ...process.env, MERIDIAN_HOME: parted.home } };
    const plan = overJson(await planPartitions(recipe, { ...options, runId: 'nightly 7' }));
    expect(plan.partitions).toMatchObject([{ runId: 'nightly 7', index: 0, of: 1 }]);
    expect(plan.reason).toContain('SQLite');
    const reports: PartitionReport[] = [];
    for (const partition of plan.partitions) {
      reports.push(overJson(await ingestPartition(recipe, partition, options)));
    }
    const finished = await finishRun(recipe, plan, reports, options);
    expect(finished).toMatchObject({ runId: 'nightly 7', state: 'success', failureCount: 0 });
    expect(finished.target.writes).toBe(report.target.writes);
    expect(await contentOf(parted.openmetadata)).toEqual(await contentOf(plain.openmetadata));
  });
});

describe('a run in several processes, with its memory in PostgreSQL', () => {
  let postgres: PostgresServer;
  let atlas: AtlasStandIn;
  let plain: Bench;
  const benches: Bench[] = [];
  const open = async (): Promise<Bench> => {
    const bench = await openBench('1.13.0');
    benches.push(bench);
    return bench;
  };
  const recipeOf = (bench: Bench, partitions: number, options: RunOptions = {}, from = atlas) =>
    recipeFor(from, bench.openmetadata, {
      ...options,
      meridian: {
        partitions: { max: partitions, minTables: 1 },
        state: { type: 'postgres', connectionString: postgres.address('postgres') },
        ...options.meridian,
      },
    });

  beforeAll(async () => {
    postgres = await startPostgres();
    atlas = await startAtlas({ generate: { tables: 900, columns: 3, lineageEvery: 3 } });
    plain = await open();
    await plain.run(atlas);
  });
  afterAll(async () => {
    for (const bench of benches) await bench.close();
    await atlas?.close();
    await postgres?.stop();
  });

  interface Outcome {
    readonly plan: RunPlan;
    readonly reports: readonly PartitionReport[];
    readonly report: RunReport;
    readonly changes: readonly Change[];
  }

  /** A whole run, its partitions at once. */
  const run = async (recipe: object): Promise<Outcome> => {
    const changes: Change[] = [];
    const options = { onChange: (change: Change) => void changes.push(change) };
    const plan = overJson(await planPartitions(recipe, options));
    const reports = overJson(
      await Promise.all(plan.partitions.map((partition) => ingestPartition(recipe, partition, options))),
    );
    return { plan, reports, report: await finishRun(recipe, plan, reports, options), changes };
  };

  it.each([1, 2, 4])('ends as a plain run does, and a second one writes nothing: %i', async (count) => {
    const bench = await open();
    const recipe = recipeOf(bench, count);
    const { plan, report } = await run(recipe);
    expect(report).toMatchObject({ state: 'success', failureCount: 0, warnings: [], skipped: [] });
    expect(plan.partitions).toHaveLength(count);
    expect(await contentOf(bench.openmetadata)).toEqual(await contentOf(plain.openmetadata));
    const again = await run(recipe);
    expect(again.report).toMatchObject({ state: 'success', target: { writes: 0 } });
    expect(again.changes.filter(isWrite)).toEqual([]);
  });
});
