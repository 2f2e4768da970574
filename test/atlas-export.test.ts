import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isWrite } from '../src/reconcile/change.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { type Bench, haveRecordings, openBench, recordings, startRecorded } from './recorded-atlas.ts';
import { contentOf } from './target-content.ts';

const recipes = join(import.meta.dirname, '..', 'recipes');
if (!haveRecordings) console.warn('Skipped: the recorded export of a real Atlas is not beside the repository.');

/** Runs the recipe that we ship for exports. */
async function runExport(bench: Bench, zip: string): Promise<{ report: RunReport; writes: number }> {
  let writes = 0;
  const workflow = await Workflow.create(join(recipes, 'atlas-export.yaml'), {
    env: {
      ATLAS_EXPORT: zip,
      OPENMETADATA_URL: bench.openmetadata.url,
      OPENMETADATA_TOKEN: bench.openmetadata.botToken,
      MERIDIAN_HOME: bench.home,
    },
    onChange: (change) => {
      if (isWrite(change)) writes += 1;
    },
  });
  const report = await workflow.execute();
  await workflow.stop();
  return { report, writes };
}

/** Lines of a target about these entities, and about lineage between them. */
function about(lines: readonly string[], names: ReadonlySet<string>): string[] {
  return lines.filter((line) => {
    const { type, fullyQualifiedName, from, to } = JSON.parse(line) as Record<string, string>;
    if (type === 'lineage') return names.has(nameIn(from!)) && names.has(nameIn(to!));
    return names.has(fullyQualifiedName!);
  });
}

/** `table a.b.c` → `a.b.c`. */
const nameIn = (end: string): string => end.slice(end.indexOf(' ') + 1);

describe.skipIf(!haveRecordings)('an ingest from a real Atlas’ export, by the recipe that we ship', () => {
  const zip = join(recordings, 'recorded', 'export-sales.zip');
  let exported: Bench;
  let live: Bench;
  let first: RunReport;
  beforeAll(async () => {
    exported = await openBench();
    live = await openBench();
    first = (await runExport(exported, zip)).report;
    const atlas = await startRecorded('recorded');
    // One cluster is in the export, two on the server: the first is to be in the same place.
    const clusters = { prod: 'local_hive.default', dr: 'local_hive.dr' };
    await live.run(atlas, { services: ['local_hive'], meridian: { clusters } });
    await atlas.close();
  });
  afterAll(async () => {
    await exported?.close();
    await live?.close();
  });

  it('brings everything, without a request to Atlas', () => {
    expect(first).toMatchObject({
      state: 'success',
      failures: [],
      partial: [],
      source: { type: 'AtlasExport', requests: 0 },
    });
    expect(first.stages.table).toMatchObject({ created: 7, failed: 0 });
  });

  it('makes what the server itself would have made, to the letter', async () => {
    const mine = await contentOf(exported.openmetadata);
    const names = new Set(mine.map((line) => String(JSON.parse(line).fullyQualifiedName)));
    expect(names.size).toBeGreaterThan(10);
    expect(mine).toEqual(about(await contentOf(live.openmetadata), names));
    expect(mine.filter((line) => line.includes('"lineage"')).length).toBeGreaterThan(4);
  });

  it('sends nothing when it is read again', async () => {
    const { report, writes } = await runExport(exported, zip);
    expect(report.state).toBe('success');
    expect(writes).toBe(0);
  });
});
