import type { LoadedRecipe } from '../../config/load-recipe.ts';
import { finishReport, type RunReport } from '../report.ts';
import { loadedRecipe } from '../workflow.ts';
import type { PartitionReport, PartOptions, RunPlan } from './run-plan.ts';

/**
 * Ends a run that was cut, whatever became of its partitions: what needs all of them is done, and the whole is summed up.
 *
 * @param reports those that there are; a partition without one has failed
 * @returns the report of the whole run, in the form of `Workflow`'s
 */
export async function finishRun(
  recipe: string | object | LoadedRecipe,
  plan: RunPlan,
  reports: readonly (PartitionReport | null | undefined)[],
  options: PartOptions = {},
): Promise<RunReport> {
  const loaded = await loadedRecipe(recipe, options.env);
  const own = reports.find((told) => told?.runId === plan.runId);
  if (own) return own.report;
  const report = structuredClone(plan.report);
  report.warnings.push('The run’s only partition has not come to its end.');
  finishReport(report, { successThreshold: loaded.settings.successThreshold, ended: 'failed' });
  return report;
}
