import { randomUUID } from 'node:crypto';
import type { LoadedRecipe } from '../../config/load-recipe.ts';
import { canDo } from '../../connectors/connector-spec.ts';
import { RunLock } from '../../state/run-lock.ts';
import type { OpenRun } from '../open-run.ts';
import { newReport, type RunReport } from '../report.ts';
import { isFirstRun } from '../run-stages.ts';
import { loadedRecipe } from '../workflow.ts';
import { type CutPartition, CutTables } from './cut-tables.ts';
import { PartProcess } from './part-process.ts';
import { RunPages } from './run-pages.ts';
import type { Partition, PartOptions, RunPlan } from './run-plan.ts';
import { writeShared } from './shared-lists.ts';

export interface PlanOptions extends PartOptions {
  /** The run's id; a plan that is tried again should have that of its first try. The recipe's, or a new one, unless set. */
  readonly runId?: string;
  /** What shall be read; the recipe's choice unless set. */
  readonly reading?: 'full' | 'incremental';
  /** Percent of the entities of a kind that may be deleted in this run, in place of the recipe's. */
  readonly allowDeletes?: number;
  /**
   * Whether another run of several processes, silent for so many milliseconds, is known to have been ended without
   * `finishRun`, as a scheduler may: its lock is taken over then, which otherwise goes stale after half an hour.
   */
  readonly supersedes?: (runId: string, silentMs: number) => boolean;
}

const inSqlite = 'one partition: the state store is SQLite, which several machines cannot share';

/**
 * Begins a run that several processes do together, and cuts its work into partitions: each is done by `ingestPartition`,
 * in any order and at once, and `finishRun` ends the run. Where it is cut, what all partitions need is written here, and
 * the pipeline's lock is the run's until `finishRun`, or until half an hour without a sign of life from any of its processes.
 *
 * @param recipe a file's path, a recipe as an object, or one that is loaded already
 * @throws RecipeError, AuthenticationError, ConnectionError, ConfigurationError (`state.locked` when another run is under
 *   way); the signal's reason when it is stopped
 */
export async function planPartitions(
  recipe: string | object | LoadedRecipe,
  options: PlanOptions = {},
): Promise<RunPlan> {
  const loaded = await loadedRecipe(recipe, options.env);
  options.signal?.throwIfAborted();
  const runId = options.runId ?? loaded.settings.pipelineRunId ?? randomUUID();
  const startedAt = new Date().toISOString();
  const plan: Begun = { runId, startedAt, options, report: newReport(loaded, 'ingest', runId, startedAt) };
  if (loaded.settings.stateType === 'sqlite') return uncut(plan, inSqlite);
  const process = new PartProcess(loaded, { runId, startedAt, work: 'around' }, options);
  try {
    return await cutRun(process, plan);
  } finally {
    process.release();
  }
}

interface Begun {
  readonly runId: string;
  readonly startedAt: string;
  readonly options: PlanOptions;
  readonly report: RunReport;
}

async function cutRun(process: PartProcess, plan: Begun): Promise<RunPlan> {
  const { runId, options } = plan;
  const run = await process.open({
    hold: (lock) => RunLock.take(lock, (message) => process.warn(message), undefined, runId, options.supersedes),
    ...(options.reading && { reading: options.reading }),
  });
  try {
    await run.status.started();
    return await cutOpened(process, run, plan);
  } catch (error) {
    await failed(process, run, error);
    throw error;
  } finally {
    await run.close();
  }
}

async function cutOpened(process: PartProcess, run: OpenRun, plan: Begun): Promise<RunPlan> {
  const { partitions: wanted, concurrency } = process.recipe.settings;
  if (run.reading.kind === 'incremental') return uncut(plan, 'one partition: only what has changed is read');
  // A file would have to be at hand everywhere, and each process would unpack it.
  if (!canDo(process.recipe.settings.source.spec, 'partitions') || !run.source.countTables) {
    return uncut(plan, 'one partition: this kind of source is read by one process');
  }
  const tables = await run.source.countTables(process.signal);
  const most = Math.min(wanted.max, concurrency);
  const count = Math.min(most, Math.floor(tables / wanted.minTables));
  if (count < 2) {
    const why = most < 2 ? 'the recipe asks for one (meridian.partitions.max, concurrency)' : `${tables} tables`;
    return uncut(plan, `one partition: ${why}`);
  }
  return cutAssets(process, run, plan, count);
}

async function cutAssets(process: PartProcess, run: OpenRun, plan: Begun, count: number): Promise<RunPlan> {
  const { runId, startedAt, options } = plan;
  const { state } = run.context;
  const found = new CutTables();
  const list = randomUUID();
  const pages = new RunPages(state, runId);
  try {
    const firstRun = await isFirstRun(state);
    await RunPages.forgetAll(state);
    run.source.readOnly?.({ kind: 'around', found });
    await process.stages(run).read();
    const shared = await writeShared(pages, list, run);
    const after = await pages.write(`${list}.after`, run.notes.afterSuccess);
    const cut = found.cut(count);
    const partitions: Partition[] = [];
    for (const [index, part] of cut.entries()) {
      process.signal.throwIfAborted();
      const tables: Record<string, number> = {};
      for (const { type, ids } of found.tablesOf(index)) {
        tables[type] = await pages.write(`${list}.tables.${index}.${type}`, ids);
      }
      const places = await pages.write(`${list}.places.${index}`, part.places);
      partitions.push({
        ...{ runId, index, of: cut.length, work: 'assets', name: nameOf(part, index, cut.length), startedAt },
        tables: part.tables,
        cut: { list, pages: { ...shared, places }, tables, others: part.others, columnLineage: found.hasColumnLineage },
      });
    }
    await run.lock?.handOver(runId);
    process.conclude(run);
    const { allowDeletes } = options;
    const { clock } = run.source;
    return {
      planVersion: 1,
      runId,
      startedAt,
      partitions,
      reason: `${found.tables} tables in ${cut.length} partitions`,
      ...(allowDeletes !== undefined && { allowDeletes }),
      report: process.report,
      cut: { list, pages: { ...shared, after }, firstRun, ...(clock !== undefined && { clock }) },
    };
  } finally {
    found.close();
  }
}

/** A run that could not be begun is over. */
async function failed(process: PartProcess, run: OpenRun, error: unknown): Promise<void> {
  try {
    process.conclude(run, { error });
  } finally {
    await run.status.ended(process.report);
  }
}

/** Everything in one partition. */
function uncut({ runId, startedAt, options, report }: Begun, reason: string): RunPlan {
  const { reading, allowDeletes } = options;
  const allowed = allowDeletes === undefined ? {} : { allowDeletes };
  const whole = { runId, index: 0, of: 1, work: 'whole', name: 'everything', startedAt } as const;
  const partitions = [{ ...whole, ...(reading && { reading }), ...allowed }];
  return { planVersion: 1, runId, startedAt, partitions, reason, ...allowed, report };
}

function nameOf({ tables, others }: CutPartition, index: number, of: number): string {
  const what = tables === 0 ? 'other assets' : others ? 'tables and other assets' : 'tables';
  return `${what}, ${index + 1} of ${of}`;
}
