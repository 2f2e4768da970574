import { describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { dumpTarget } from '../sandbox/openmetadata/digest.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { haveTypedefs, storeWith } from '../src/connectors/atlas/families/atlas-with.testing.ts';
import { everyFamily } from '../src/connectors/atlas/families/family-samples.testing.ts';
import { type Change, isWrite } from '../src/reconcile/change.ts';
import { openState } from '../src/state/open-state.ts';
import { statePlaceOf } from '../src/workflow/identity.ts';
import { forgetUndo } from '../src/workflow/undo/undo-marks.ts';
import { UndoWorkflow } from '../src/workflow/undo/undo-workflow.ts';
import { type Bench, haveRecordings, openBench, recipeFor, startRecorded } from './recorded-atlas.ts';

const everything = { entityType: 'DataSet', meridian: { pipelines: true } };

const recipeOf = (atlas: AtlasStandIn, { openmetadata, home }: Bench) =>
  loadRecipe(recipeFor(atlas, openmetadata, everything), { env: { ...process.env, MERIDIAN_HOME: home } });

async function undo(atlas: AtlasStandIn, bench: Bench, dryRun = false): Promise<Change[]> {
  const changes: Change[] = [];
  const workflow = new UndoWorkflow(await recipeOf(atlas, bench), {
    dryRun,
    env: { ...process.env, MERIDIAN_HOME: bench.home },
    onChange: (change) => changes.push(change),
  });
  await workflow.execute();
  expect(workflow.report.failures).toEqual([]);
  return changes;
}

const writes = (changes: readonly Change[]): string[] =>
  changes
    .filter(isWrite)
    .map(({ action, entityType, fqn }) => `${action} ${entityType} ${fqn}`)
    .sort();

/** All that the target holds but for definitions, which an undo leaves. */
async function content({ openmetadata: om }: Bench, ...atlases: readonly AtlasStandIn[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of dumpTarget(om.url, om.botToken)) {
    if (!/^\{"type":"user"/.test(line))
      lines.push(atlases.reduce((text, { url }) => text.replaceAll(url, 'atlas'), line));
  }
  return lines;
}

async function tried(atlases: readonly AtlasStandIn[], version: string, act: (bench: Bench) => Promise<void>) {
  const bench = await openBench(version);
  try {
    await act(bench);
  } finally {
    await Promise.all([bench.close(), ...atlases.map((atlas) => atlas.close())]);
  }
}

describe.skipIf(!haveTypedefs).each(['1.1.0', '1.13.0'])('something of every family, in OpenMetadata %s', (version) => {
  it('is taken back as the plan has shown, stays away, and comes back when the undo is forgotten', async () => {
    const atlas = await startAtlas({ store: storeWith(everyFamily) });
    await tried([atlas], version, async (bench) => {
      const first = await bench.run(atlas, everything);
      expect(first.report.failures).toEqual([]);
      const before = await content(bench, atlas);
      const plan = await undo(atlas, bench, true);
      expect(await content(bench, atlas)).toEqual(before);
      const changes = await undo(atlas, bench);
      expect(writes(changes)).toEqual(writes(plan));
      const made = first.changes.filter(({ action }) => action === 'create');
      const stays = new Set(['customProperty', 'pipelineRun']);
      const names = (some: readonly Change[]) => some.map(({ entityType, fqn }) => `${entityType} ${fqn}`).sort();
      expect(names(changes.filter(({ action }) => action === 'delete'))).toEqual(
        names(made.filter(({ entityType }) => !stays.has(entityType))),
      );
      expect(writes((await bench.run(atlas, everything)).changes)).toEqual([]);
      const recipe = await recipeOf(atlas, bench);
      const { store } = await openState(statePlaceOf(recipe, { ...process.env, MERIDIAN_HOME: bench.home }), 'keep');
      await forgetUndo(store, first.report.runId);
      await store.close();
      await bench.run(atlas, everything);
      expect((await content(bench, atlas)).map(withoutNestedLabels)).toEqual(before.map(withoutNestedLabels));
    });
  });
});

/** A server strips the labels of a deleted tag, and those of nested fields arrive only with a new asset. */
function withoutNestedLabels(line: string): string {
  const within = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(within);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, held]) => [
        key,
        key === 'children'
          ? (held as object[]).map((child) => ({ ...(within(child) as object), tags: [] }))
          : within(held),
      ]),
    );
  };
  return JSON.stringify(within(JSON.parse(line)));
}

describe.skipIf(!haveRecordings).each(['1.1.0', '1.13.0'])('a real Atlas’ changes, in OpenMetadata %s', (version) => {
  it('are taken back to what was there before, and stay so', async () => {
    const [atlas, changed] = await Promise.all([startRecorded('recorded'), startRecorded('recorded-after-changes')]);
    await tried([atlas, changed], version, async (bench) => {
      await bench.run(atlas, everything);
      const before = await content(bench, atlas, changed);
      const second = await bench.run(changed, everything);
      expect(second.report.failures).toEqual([]);
      expect(writes(second.changes).length).toBeGreaterThan(10);
      const plan = await undo(changed, bench, true);
      expect(writes(await undo(changed, bench))).toEqual(writes(plan));
      const live = (lines: readonly string[]) => lines.filter((line) => !line.includes('"deleted":true'));
      expect(live(await content(bench, atlas, changed))).toEqual(live(before));
      expect(writes((await bench.run(changed, everything)).changes)).toEqual([]);
      expect(live(await content(bench, atlas, changed))).toEqual(live(before));
    });
  });
});
