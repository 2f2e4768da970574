import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadedRecipe } from '../../config/load-recipe.ts';
import { heapThrift } from '../../workflow/heap-thrift.ts';
import type { Partition, PartitionReport, PartOptions, RunPlan } from '../../workflow/parts/run-plan.ts';
import type { RunReport } from '../../workflow/report.ts';
import type { AirflowDeployment, AirflowStep, AirflowTaskInput } from '../deployment.ts';
import { layOverConf, type RunWishes } from './lay-over-conf.ts';
import { ProgressNotes } from './progress-notes.ts';
import type { StepLog } from './step-log.ts';
import { isLocked, noPlan, TaskStopped } from './task-error.ts';

export interface StepContext {
  readonly step: AirflowStep;
  readonly deployment: AirflowDeployment;
  readonly input: AirflowTaskInput;
  /** Holds the connections and variables that the recipe refers to, as Airflow names them in an environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: StepLog;
  /** Its reason is the error that the task ends with. */
  readonly signal: AbortSignal;
  /** Told before anything is contacted: from here on its secrets are to be masked. */
  readonly onRecipe?: (recipe: LoadedRecipe) => void;
}

/** What a step leaves to Airflow. */
export interface StepResult {
  /** Return value: of `plan` a list that `ingest` is mapped over. */
  readonly value?: unknown;
  /** Further XComs by key. */
  readonly xcoms?: Readonly<Record<string, unknown>>;
  /** What happened to the asset, once all is done. */
  readonly event?: Readonly<Record<string, unknown>>;
  /** Why it failed. There may be a value all the same: the report of a partition that failed. */
  readonly error?: unknown;
}

const shownFailures = 20;
/**
 * Milliseconds. Airflow begins the next run as soon as somebody has ended one, whose task has 5 s yet, and learns of its
 * end with its next heartbeat.
 */
const predecessorMs = 30_000;
/** Milliseconds: three signs of life of a process that works are missing. */
const endedMs = 90_000;

/** Runs one of the tasks of a DAG: the same in each form. Never rejects: why it failed is part of the result. */
export async function runStep(context: StepContext): Promise<StepResult> {
  const notes = new ProgressNotes(context.log);
  try {
    context.signal.throwIfAborted();
    return await onceFree(context, () => steps[context.step](context, notes));
  } catch (error) {
    return { error: context.signal.aborted ? context.signal.reason : error };
  } finally {
    notes.end();
  }
}

/** Waits a moment for a run that is about to end: nothing has been contacted for writing before the lock is had. */
async function onceFree({ log, signal }: StepContext, work: () => Promise<StepResult>): Promise<StepResult> {
  const until = Date.now() + predecessorMs;
  for (let told = false; ; told = true) {
    try {
      return await work();
    } catch (error) {
      if (!isLocked(error) || Date.now() >= until) throw error;
      if (!told) log('info', `${error.message} Waiting up to ${predecessorMs / 1000} s for its end.`);
      await sleep(1000, undefined, { signal });
    }
  }
}

type Step = (context: StepContext, notes: ProgressNotes) => Promise<StepResult>;

const steps: Readonly<Record<AirflowStep, Step>> = {
  async plan(context, notes) {
    const { recipe, reading, allowDeletes } = await recipeOf(context);
    const { planPartitions } = await import('../../workflow/parts/plan-partitions.ts');
    const plan = await planPartitions(recipe, {
      ...partOptions(context, notes),
      runId: runIdOf(context),
      supersedes: (run, silentMs) => wasEnded(context, run, silentMs),
      ...(reading && { reading }),
      ...(allowDeletes !== undefined && { allowDeletes }),
    });
    const { partitions } = plan;
    context.log('info', `Partitions: ${partitions.length}. ${plan.reason}`, {
      partitions: partitions.length,
      run: plan.runId,
    });
    return { value: partitions, xcoms: { plan: { ...plan, report: withoutSecrets(plan.report, recipe) } } };
  },

  async ingest(context, notes) {
    const partition = context.input.part as Partition | undefined;
    if (typeof partition?.runId !== 'string') throw noPlan('ingest');
    context.log('info', `Partition ${partition.index + 1} of ${partition.of}: ${partition.name}`, {
      run: partition.runId,
    });
    const { recipe } = await recipeOf(context);
    const { ingestPartition } = await import('../../workflow/parts/ingest-partition.ts');
    const told = await ingestPartition(recipe, partition, partOptions(context, notes));
    await say(told.report, recipe, context.log);
    return {
      value: { ...told, report: withoutSecrets(told.report, recipe) },
      ...(await failureOf(told, recipe, context.signal)),
    };
  },

  async finish(context, notes) {
    const plan = context.input.plan?.['plan'] as RunPlan | undefined;
    if (typeof plan?.runId !== 'string') throw noPlan('finish');
    const { recipe } = await recipeOf(context);
    const { finishRun } = await import('../../workflow/parts/finish-run.ts');
    const reports = (context.input.reports ?? []) as readonly (PartitionReport | null)[];
    const report = withoutSecrets(await finishRun(recipe, plan, reports, partOptions(context, notes)), recipe);
    await say(report, recipe, context.log);
    const summary = summaryOf(report);
    return {
      value: summary,
      xcoms: { report },
      event: summary,
      ...(await failureOf({ report, state: report.state }, recipe, context.signal)),
    };
  },

  async profile(context, notes) {
    const { recipe } = await recipeOf(context);
    const { Workflow } = await import('../../workflow/workflow.ts');
    const { signal: _, ...options } = partOptions(context, notes);
    const workflow = await Workflow.create(recipe, { ...options, runId: runIdOf(context) });
    const stop = (): void => void workflow.stop();
    context.signal.addEventListener('abort', stop, { once: true });
    try {
      const report = withoutSecrets(await workflow.execute(), recipe);
      await say(report, recipe, context.log);
      const summary = summaryOf(report);
      const failure = await failureOf({ report, state: report.state }, recipe, context.signal);
      return { value: summary, xcoms: { report }, event: summary, ...failure };
    } finally {
      context.signal.removeEventListener('abort', stop);
    }
  },
};

async function recipeOf({ deployment, input, env, log, onRecipe }: StepContext) {
  const { recipe: written, ...wishes } = layOverConf(deployment.recipe, input.conf);
  const { loadRecipe } = await import('../../config/load-recipe.ts');
  const { problemText } = await import('../../config/recipe-error.ts');
  const cut = withPartitions(written, deployment.settings.partitions);
  const recipe = await loadRecipe(cut, { env, cwd: deployment.folder, allowExec: mayRunCommands(env) });
  onRecipe?.(recipe);
  for (const warning of recipe.warnings) log('warning', problemText(warning));
  return { recipe, ...wishes };
}

/** As for a recipe that its user runs: who may deploy has written it, and who triggers a run gives no references. */
function mayRunCommands(env: StepContext['env']): boolean {
  return !/^(0|false|no|off)$/i.test(env['MERIDIAN_ALLOW_EXEC']?.trim() ?? '');
}

/** `airflow.partitions`, where the recipe does not say itself how it is cut. */
function withPartitions(recipe: RunWishes['recipe'], max: number): object {
  const { meridian } = recipe as { meridian?: { partitions?: object } };
  return { ...recipe, meridian: { ...meridian, partitions: { max, ...meridian?.partitions } } };
}

function partOptions({ env, log, signal }: StepContext, notes: ProgressNotes) {
  const thrift = heapThrift();
  return {
    env,
    signal,
    onWarning: (text) => log('warning', text),
    onProgress: (progress) => {
      thrift();
      notes.update(progress);
    },
  } satisfies PartOptions;
}

/** The same for each try of a DAG run's tasks, and for nothing else. In the form of a UUID; it begins with what is the DAG's. */
function runIdOf({ deployment: { dagId }, input }: StepContext): string {
  const hex = hashOf([dagId, input.runId]);
  return `${dagPartOf(dagId)}-8${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}

function dagPartOf(dagId: string): string {
  const hex = hashOf([dagId]);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}`;
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * A run that somebody has ended in Airflow never comes to its task finish, which would give its lock back. Where Airflow
 * runs one of a DAG at a time, it would not have begun this one before that was over; silence tells it from a backfill.
 */
function wasEnded({ deployment: { dagId, settings } }: StepContext, run: string, silentMs: number): boolean {
  return settings.maxActiveRuns === 1 && silentMs > endedMs && run.startsWith(`${dagPartOf(dagId)}-`);
}

/**
 * The report with its texts masked once more. What only programs read stays as it is: a password may be a word such as `table`, and
 * the next task has to find its way in what this one leaves.
 */
function withoutSecrets(report: RunReport, { redactor }: LoadedRecipe): RunReport {
  const masked = <T extends { readonly message: string }>(each: T): T => ({
    ...each,
    message: redactor.redact(each.message),
  });
  return {
    ...report,
    warnings: report.warnings.map((text) => redactor.redact(text)),
    failures: report.failures.map(masked),
    skipped: report.skipped.map(masked),
    guards: report.guards.map(masked),
  };
}

/** Counts and failures, into the task's log. */
async function say(report: RunReport, recipe: LoadedRecipe, log: StepLog): Promise<void> {
  const { formatStatus } = await import('../../workflow/format-status.ts');
  const { failures, failureCount } = report;
  for (const { stage, name, code, message } of failures.slice(0, shownFailures)) {
    log('error', `${name}: ${message}`, { code, entity_type: stage });
  }
  if (failureCount > shownFailures)
    log('error', `${failureCount - shownFailures} more have failed; the report has them.`);
  for (const line of recipe.redactor.redact(formatStatus(report)).split('\n')) log('info', line);
}

async function failureOf(
  { report, state }: Pick<PartitionReport, 'report' | 'state'>,
  recipe: LoadedRecipe,
  signal: AbortSignal,
): Promise<{ error?: unknown }> {
  if (signal.aborted) return { error: signal.reason };
  if (state === 'stopped') return { error: new TaskStopped() };
  const { raiseFromReport } = await import('../../workflow/raise-from-report.ts');
  try {
    raiseFromReport(report, recipe.settings);
    return {};
  } catch (error) {
    return { error };
  }
}

function summaryOf(report: RunReport): Readonly<Record<string, unknown>> {
  const { runId, state, pipeline, successPercent, failureCount, stages, reading } = report;
  const totals = { created: 0, updated: 0, restored: 0, deleted: 0, unchanged: 0 };
  for (const counts of Object.values(stages)) {
    for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += counts[key];
  }
  return { runId, pipeline, state, reading, ...totals, failed: failureCount, successPercent };
}
