import type { LoadedRecipe } from '../../config/load-recipe.ts';
import { loadedRecipe, Workflow } from '../workflow.ts';
import type { Partition, PartitionReport, PartOptions } from './run-plan.ts';

/**
 * Does one partition of a run. Killed, tried again, or done twice at once, it ends the same.
 *
 * @param partition as `planPartitions` gave it
 * @throws AuthenticationError, ConnectionError, ConfigurationError when it cannot be done; to be tried again then
 */
export async function ingestPartition(
  recipe: string | object | LoadedRecipe,
  partition: Partition,
  options: PartOptions = {},
): Promise<PartitionReport> {
  const loaded = await loadedRecipe(recipe, options.env);
  const { runId, index, reading, allowDeletes } = partition;
  const { signal, ...rest } = options;
  const workflow = await Workflow.create(loaded, {
    ...rest,
    runId,
    ...(reading && { reading }),
    ...(allowDeletes !== undefined && { allowDeletes }),
  });
  const stop = (): void => void workflow.stop();
  signal?.throwIfAborted();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const report = await workflow.execute();
    return { runId, index, state: report.state, report };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
