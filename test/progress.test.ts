import { expect, it } from 'vitest';
import { startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import type { Progress } from '../src/workflow/progress.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { recipeFor } from './recorded-atlas.ts';

it('a run tells where it stands from its first moment to its last', async () => {
  const atlas = await startAtlas({ generate: { tables: 300, columns: 30, seed: 1 }, latencyMs: 120 });
  const openmetadata = await startOpenMetadata({});
  try {
    const seen: Progress[] = [];
    const workflow = await Workflow.create(recipeFor(atlas, openmetadata), {
      dryRun: true,
      onProgress: (progress) => seen.push(progress),
    });
    await workflow.execute();
    expect(seen[0]).toMatchObject({ stage: 'connecting', done: 0 });
    expect([...new Set(seen.map(({ stage }) => stage))]).toEqual(
      expect.arrayContaining(['connecting', 'reading', 'writing', 'finishing']),
    );
    // While columns are read, no table can be told yet: the run says so instead of seeming to hang.
    const reading = seen.findIndex(({ stage, entityType }) => stage === 'reading' && entityType === 'table');
    expect(reading).toBeGreaterThan(0);
    expect(seen.slice(0, reading).some(({ entityType }) => entityType === 'table')).toBe(false);
  } finally {
    await atlas.close();
    await openmetadata.close();
  }
});
