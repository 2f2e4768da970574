import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { finishRun, ingestPartition, type PartitionReport, planPartitions } from '../src/index.ts';
import { type Bench, openBench, recipeFor } from './recorded-atlas.ts';
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
