import { randomUUID } from 'node:crypto';
import type { LoadedRecipe } from '../../config/load-recipe.ts';
import { newReport } from '../report.ts';
import { loadedRecipe } from '../workflow.ts';
import type { PartOptions, RunPlan } from './run-plan.ts';

export interface PlanOptions extends PartOptions {
  /** The run's id; a plan that is tried again should have that of its first try. The recipe's, or a new one, unless set. */
  readonly runId?: string;
  /** What shall be read; the recipe's choice unless set. */
  readonly reading?: 'full' | 'incremental';
  /** Percent of the entities of a kind that may be deleted in this run, in place of the recipe's. */
  readonly allowDeletes?: number;
}

const inSqlite = 'one partition: the state store is SQLite, which several machines cannot share';

/**
 * Begins a run that several processes do together, and cuts its work into partitions: each is done by `ingestPartition`,
 * in any order and at once, and `finishRun` ends the run.
 *
 * @param recipe a file's path, a recipe as an object, or one that is loaded already
 * @throws RecipeError, AuthenticationError, ConnectionError, ConfigurationError
 */
export async function planPartitions(
  recipe: string | object | LoadedRecipe,
  options: PlanOptions = {},
): Promise<RunPlan> {
  const loaded = await loadedRecipe(recipe, options.env);
  options.signal?.throwIfAborted();
  const runId = options.runId ?? loaded.settings.pipelineRunId ?? randomUUID();
  const report = newReport(loaded, 'ingest', runId);
  const { startedAt } = report;
  const { reading, allowDeletes } = options;
  const wishes = { ...(reading && { reading }), ...(allowDeletes !== undefined && { allowDeletes }) };
  return {
    planVersion: 1,
    runId,
    startedAt,
    partitions: [{ runId, index: 0, of: 1, work: 'whole', name: 'everything', startedAt, ...wishes }],
    reason: loaded.settings.stateType === 'sqlite' ? inSqlite : 'everything in one partition',
    ...(allowDeletes !== undefined && { allowDeletes }),
    report,
  };
}
