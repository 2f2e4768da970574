import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AtlasStandIn, type AtlasStandInOptions, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { type Change, isWrite } from '../src/reconcile/change.ts';
import { openState } from '../src/state/open-state.ts';
import type { Mark, ReadingWish } from '../src/workflow/choose-reading.ts';
import { statePlaceOf } from '../src/workflow/identity.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { type RunOptions, recipeFor } from './recorded-atlas.ts';
import { contentOf } from './target-content.ts';

/** Atlas' clock just before the recorded changes (CHANGES.md). */
export const beforeChanges = 1_795_479_251_716;

/** An Atlas whose content may be exchanged behind its address, and an OpenMetadata. */
export class Pair {
  readonly om: OpenMetadataStandIn;
  readonly env: NodeJS.ProcessEnv;
  readonly #home: string;
  #atlas: AtlasStandIn;

  private constructor(atlas: AtlasStandIn, om: OpenMetadataStandIn, home: string) {
    this.#atlas = atlas;
    this.om = om;
    this.env = { ...process.env, MERIDIAN_HOME: home };
    this.#home = home;
  }

  static async open(options: AtlasStandInOptions): Promise<Pair> {
    const home = await mkdtemp(join(tmpdir(), 'meridian-incremental-'));
    return new Pair(await startAtlas(options), await startOpenMetadata({ version: '1.1.0' }), home);
  }

  get atlas(): AtlasStandIn {
    return this.#atlas;
  }

  async exchange(options: AtlasStandInOptions): Promise<void> {
    const port = Number(new URL(this.#atlas.url).port);
    await this.#atlas.close();
    this.#atlas = await startAtlas({ ...options, port });
  }

  async run(reading?: ReadingWish, options: RunOptions = {}): Promise<{ report: RunReport; changes: Change[] }> {
    const changes: Change[] = [];
    const workflow = await Workflow.create(recipeFor(this.#atlas, this.om, options), {
      onChange: (change) => changes.push(change),
      env: this.env,
      dryRun: options.dryRun ?? false,
      ...(reading !== undefined && { reading }),
    });
    const report = await workflow.execute();
    return { report, changes };
  }

  /** Makes believe that the last run was at another time. */
  async remember(mark: Partial<Mark>): Promise<void> {
    const place = statePlaceOf(await loadRecipe(recipeFor(this.#atlas, this.om)), this.env);
    const { store } = await openState(place, 'keep');
    const now = JSON.parse((await store.getMeta('reading.mark')) ?? '{}') as Mark;
    await store.setMeta('reading.mark', JSON.stringify({ ...now, ...mark }));
    await store.close();
  }

  content(): Promise<string[]> {
    return contentOf(this.om);
  }

  async close(): Promise<void> {
    await this.#atlas.close();
    await this.om.close();
    await rm(this.#home, { recursive: true, force: true });
  }
}

/** What was sent, in words. */
export const writes = (changes: readonly Change[]): string[] =>
  changes
    .filter(isWrite)
    .map(({ action, entityType, fqn }) => `${action} ${entityType} ${fqn}`)
    .sort();

/** Of the recorded changes, the one that Atlas writes nothing about. */
export const silent = ['create tag AtlasLabels.audited', 'update table local_hive.prod.finance.ledger'];
