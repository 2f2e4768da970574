import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { type Bench, fetchEntity, openBench } from './recorded-atlas.ts';

describe.each(['1.1.0', '1.13.0'])('the status of a run, told to OpenMetadata %s', (version) => {
  const runId = '11111111-2222-3333-4444-555555555555';
  const more = { ingestionPipelineFQN: 'local_atlas.nightly', pipelineRunId: runId };
  let atlas: AtlasStandIn;
  let bench: Bench;

  beforeAll(async () => {
    atlas = await startAtlas({ generate: { tables: 5, columns: 2, seed: 1 } });
    bench = await openBench(version);
  });
  afterAll(async () => {
    await atlas?.close();
    await bench?.close();
  });

  const status = () =>
    fetchEntity(bench.openmetadata, `services/ingestionPipelines/local_atlas.nightly/pipelineStatus/${runId}`);

  it('makes the pipeline on a first run and ends as success', async () => {
    const { report } = await bench.run(atlas, { more });
    expect(report.warnings).toEqual([]);
    expect(report.runId).toBe(runId);
    expect(await status()).toMatchObject({ runId, pipelineState: 'success', endDate: expect.any(Number) });
  });

  it('ends as failed when the source fails', async () => {
    atlas.faults.set([{ match: 'typedefs', kind: '500' }]);
    const meridian = { atlas: { retries: 0 } };
    await expect(bench.run(atlas, { more, meridian })).rejects.toThrow();
    atlas.faults.clear();
    expect(await status()).toMatchObject({ pipelineState: 'failed' });
  });

  it('says nothing about a plan', async () => {
    await bench.run(atlas, { more: { ...more, pipelineRunId: '99999999-2222-3333-4444-555555555555' }, dryRun: true });
    expect(await status()).toMatchObject({ runId });
  });
});
