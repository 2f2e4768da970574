import { randomUUID } from 'node:crypto';
import type { LoadedRecipe } from '../../config/load-recipe.ts';
import { serviceName } from '../../reconcile/desired.ts';
import { assetFqn } from '../../reconcile/target-naming.ts';
import { RunLock } from '../../state/run-lock.ts';
import type { OpenRun } from '../open-run.ts';
import type { TablesWithin } from '../service-stage.ts';
import { loadedRecipe, Workflow } from '../workflow.ts';
import { PartProcess } from './part-process.ts';
import { RunPages } from './run-pages.ts';
import type { Partition, PartitionCut, PartitionDone, PartitionReport, PartOptions } from './run-plan.ts';
import { type Place, readAround, takeMet, writeShared } from './shared-lists.ts';
import { WorkerShare } from './worker-share.ts';

/**
 * Does one partition of a run. Killed, tried again, or done twice at once, it ends the same. What a partition of several
 * may ask of the servers at once is its share among those that work at the moment.
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
  options.signal?.throwIfAborted();
  const { cut } = partition;
  return cut ? ingestAssets(loaded, partition, cut, options) : ingestWhole(loaded, partition, options);
}

async function ingestWhole(
  recipe: LoadedRecipe,
  { runId, index, reading, allowDeletes }: Partition,
  { signal, ...options }: PartOptions,
): Promise<PartitionReport> {
  const wishes = { ...(reading && { reading }), ...(allowDeletes !== undefined && { allowDeletes }) };
  const workflow = await Workflow.create(recipe, { ...options, runId, ...wishes });
  const stop = (): void => void workflow.stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const report = await workflow.execute();
    return { runId, index, state: report.state, report };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function ingestAssets(
  recipe: LoadedRecipe,
  partition: Partition,
  cut: PartitionCut,
  options: PartOptions,
): Promise<PartitionReport> {
  const { runId, index, startedAt } = partition;
  const process = new PartProcess(recipe, { runId, startedAt, work: 'assets' }, options);
  let run: OpenRun | undefined;
  let done: PartitionDone | undefined;
  try {
    run = await process.open({
      hold: (lock) => RunLock.join(lock, runId, (message) => process.warn(message)),
      share: (state) => WorkerShare.join(state, runId),
      reading: 'full',
    });
    done = await readAssets(process, run, partition, cut);
    process.conclude(run);
  } catch (error) {
    process.conclude(run, { error });
  } finally {
    await run?.close();
    process.release();
  }
  const { report } = process;
  return { runId, index, state: report.state, report, ...(done && { done }) };
}

async function readAssets(
  process: PartProcess,
  run: OpenRun,
  partition: Partition,
  cut: PartitionCut,
): Promise<PartitionDone> {
  const pages = new RunPages(run.context.state, partition.runId);
  const around = await readAround(pages, cut.list, cut.pages.around);
  await takeMet(pages, cut.list, cut.pages.met, run.context);
  run.vocabulary.adopt(around.tags);
  run.services.adopt(around.services, await placesOf(pages, run, partition, cut));
  const list = randomUUID();
  let told = 0;
  run.source.readOnly?.({
    kind: 'assets',
    others: cut.others,
    columnLineage: cut.columnLineage,
    tables: (type) => pages.read<string>(`${cut.list}.tables.${partition.index}.${type}`, cut.tables[type] ?? 0),
    told: async (assets) => {
      told = await pages.write(`${list}.told`, assets);
    },
  });
  const stages = process.stages(run, { total: partition.tables ?? 0 });
  await stages.read();
  const dropped = await pages.write(`${list}.dropped`, stages.dropped.held());
  const shared = await writeShared(pages, list, run);
  return { list, pages: { ...shared, told, dropped }, parts: stages.dropped.read };
}

/** Where in each service the partition's tables are; all over it where there may be others beside them. */
async function placesOf(
  pages: RunPages,
  { context }: OpenRun,
  { index }: Partition,
  cut: PartitionCut,
): Promise<TablesWithin> {
  if (cut.others) return () => undefined;
  const { naming } = context.desired;
  const within = new Map<string, { fqn: string; count: number }[]>();
  for await (const places of pages.read<Place>(`${cut.list}.places.${index}`, cut.pages.places)) {
    for (const { path, count } of places) {
      const service = serviceName({ kind: 'databaseService', path: [path[0]!], serviceType: '' }, naming);
      const fqn = assetFqn({ kind: path.length > 2 ? 'databaseSchema' : 'database', path: path.slice(0, 3) }, naming);
      within.set(service, [...(within.get(service) ?? []), { fqn, count }]);
    }
  }
  return (service) => within.get(service) ?? [];
}
