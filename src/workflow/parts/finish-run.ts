import type { LoadedRecipe } from '../../config/load-recipe.ts';
import type { ToldAsset } from '../../connectors/reading-part.ts';
import { MeridianError } from '../../errors.ts';
import { RunLock } from '../../state/run-lock.ts';
import type { Waiting } from '../dropped-parts.ts';
import type { OpenRun } from '../open-run.ts';
import { rememberRun } from '../remember-run.ts';
import { finishReport, type RunReport } from '../report.ts';
import { loadedRecipe } from '../workflow.ts';
import { addReport } from './merge-reports.ts';
import { PartProcess } from './part-process.ts';
import { RunPages } from './run-pages.ts';
import type { Partition, PartitionDone, PartitionReport, PartOptions, PlanCut, RunPlan } from './run-plan.ts';
import { readAround, takeMet } from './shared-lists.ts';
import { tellEnd } from './tell-end.ts';

/** The report of a run that has ended, for who asks again. */
const endList = 'report';
/** Kinds of assets that are no tables. */
const otherKinds = ['topic', 'container', 'pipeline', 'mlmodel'];

/**
 * Ends a run that was cut, whatever became of its partitions: lineage, what is gone at the source behind every guard, what
 * the next run rests on, the status at OpenMetadata. It gives the pipeline's lock back. Done again, it ends the same.
 *
 * @param reports those that there are; a partition without one has failed
 * @returns the report of the whole run, in the form of `Workflow`'s
 * @throws AuthenticationError, ConnectionError, ConfigurationError when it cannot be done; to be tried again then
 */
export async function finishRun(
  recipe: string | object | LoadedRecipe,
  plan: RunPlan,
  reports: readonly (PartitionReport | null | undefined)[],
  options: PartOptions = {},
): Promise<RunReport> {
  const loaded = await loadedRecipe(recipe, options.env);
  options.signal?.throwIfAborted();
  const own = reports.filter((told) => told !== null && told !== undefined).filter(({ runId }) => runId === plan.runId);
  if (!plan.cut) return own.find(({ index }) => index === 0)?.report ?? failedWhole(loaded, plan, options);
  const process = new PartProcess(loaded, { ...plan, work: 'end' }, options);
  try {
    return await finishCut(process, plan, plan.cut, own);
  } finally {
    process.release();
  }
}

/** The only partition has not come to its end: nobody has told OpenMetadata so. */
async function failedWhole(recipe: LoadedRecipe, plan: RunPlan, options: PartOptions): Promise<RunReport> {
  const report = structuredClone(plan.report);
  miss(report, plan.partitions[0]!);
  finishReport(report, { successThreshold: recipe.settings.successThreshold, ended: 'failed' });
  await tellEnd(recipe, report, (message) => {
    report.warnings.push(message);
    options.onWarning?.(message);
  });
  return report;
}

async function finishCut(
  process: PartProcess,
  plan: RunPlan,
  cut: PlanCut,
  reports: readonly PartitionReport[],
): Promise<RunReport> {
  const { runId } = plan;
  const run = await process.open({
    hold: (lock) => RunLock.join(lock, runId, (message) => process.warn(message)),
    reading: 'full',
  });
  const pages = new RunPages(run.context.state, runId);
  try {
    // Ended already: the answer had got lost.
    const before = await pages.find<RunReport>(endList);
    if (before) return before;
    await endRun(process, run, plan, cut, reports);
    return process.report;
  } finally {
    await run.lock?.end();
    await run.close();
  }
}

async function endRun(
  process: PartProcess,
  run: OpenRun,
  plan: RunPlan,
  cut: PlanCut,
  reports: readonly PartitionReport[],
): Promise<void> {
  const { report } = process;
  const pages = new RunPages(run.context.state, plan.runId);
  const { readingReason } = plan.report;
  if (readingReason !== undefined) report.readingReason = readingReason;
  addReport(report, plan.report);
  const done: PartitionDone[] = [];
  for (const partition of plan.partitions) {
    const tries = reports.filter(({ index }) => index === partition.index);
    const best = tries.find((one) => one.done) ?? tries.at(-1);
    if (best) addReport(report, best.report);
    if (best?.done) done.push(best.done);
    else miss(report, partition);
  }
  const isWhole = done.length === plan.partitions.length;
  try {
    await bringTogether(process, run, plan, cut, done);
    process.conclude(run, isWhole ? {} : { ended: 'failed' });
    await remember(process, run, cut, pages);
    // A partition that failed may be done yet, and the end again.
    if (isWhole) {
      await pages.forget();
      await pages.write(endList, [report]);
    }
  } catch (error) {
    process.conclude(run, { error });
  } finally {
    await run.status.ended(report);
  }
}

/** Takes what all processes have met, and does what needs all of it. */
async function bringTogether(
  process: PartProcess,
  run: OpenRun,
  plan: RunPlan,
  cut: PlanCut,
  done: readonly PartitionDone[],
): Promise<void> {
  const { context, services, vocabulary, source } = run;
  const pages = new RunPages(context.state, plan.runId);
  const message = 'another table of this run has the same place and name; both were written';
  const twice = (fqn: string): void => context.skipped('same-name', message, fqn);
  for (const { list, pages: count } of [cut, ...done]) {
    const around = await readAround(pages, list, count.around);
    services.markReady(around.services.ready);
    vocabulary.adopt(around.tags);
    await takeMet(pages, list, count.met, context, twice);
  }
  const stages = process.stages(run, { allowDeletes: plan.allowDeletes });
  for (const { list, pages: count, parts } of done) {
    stages.dropped.addRead(parts);
    for await (const waiting of pages.read<Waiting>(`${list}.dropped`, count.dropped)) {
      for (const one of waiting) stages.dropped.adopt(one);
    }
  }
  source.readOnly?.({
    kind: 'lineage',
    told: async (take) => {
      for (const { list, pages: count } of done) {
        for await (const assets of pages.read<ToldAsset>(`${list}.told`, count.told))
          for (const one of assets) take(one);
      }
    },
  });
  await stages.read();
  // Without a partition nobody knows what is gone, and the run has not come to its end.
  if (done.length === plan.partitions.length) await stages.conclude(cut.firstRun);
}

/** What the next run rests on. */
async function remember(process: PartProcess, run: OpenRun, cut: PlanCut, pages: RunPages): Promise<void> {
  const { context, notes, reading } = run;
  const saveNotes = async (): Promise<void> => {
    const kept = pages.read<readonly [key: string, value: string | null]>(`${cut.list}.after`, cut.pages.after);
    for await (const some of kept) for (const [key, value] of some) notes.setAfterSuccess(key, value ?? undefined);
    await notes.saveAfterSuccess();
  };
  const { settings } = process.recipe;
  const source = { clock: cut.clock };
  await rememberRun({ report: process.report, settings, context, reading, wish: undefined, source, saveNotes });
}

/** Counts a partition that has not come to its end. Nothing of its kinds may be missed for want of it. */
function miss(report: RunReport, { name, work, cut }: Partition): void {
  const error = new MeridianError('run.partition-missing', 'The partition has not come to its end.', {
    help: 'Its own task says why. Do it again and finish the run again, or begin a new one.',
  });
  report.failureCount += 1;
  report.failures.unshift({ stage: 'source', name, code: error.code, message: error.message });
  const kinds = work === 'assets' && !cut?.others ? ['table'] : [...otherKinds, 'table'];
  for (const kind of kinds) if (!report.partial.includes(kind)) report.partial.push(kind);
}
