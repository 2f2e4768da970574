import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { dagFile } from '../../airflow/deploy/deploy-dag.ts';
import { ConfigurationError } from '../../errors.ts';
import type { Change } from '../../reconcile/change.ts';
import type { RunReport } from '../../workflow/report.ts';
import { maskedRecipe, withKeptSecrets } from '../embedded/masked-recipe.ts';
import { Schedule } from '../embedded/schedule.ts';
import type { PipelineDefinition, PipelineState } from '../engine.ts';
import { countsOf } from '../run-counts.ts';
import type { DeadLetterPage, PipelineDetails, RunEvent, RunHistory, RunKind, RunRecord } from '../run-history.ts';
import type { DagRunAnswer } from './airflow-answers.ts';
import type { AirflowRuns } from './airflow-runs.ts';
import { pieceOf } from './log-piece.ts';
import type { PipelineFiles } from './pipeline-files.ts';

type Recipe = PipelineDefinition['recipe'];

/** Airflow names its runs by DAG: together they are unique. No id of a DAG has it. */
const separator = '~';
const longestList = 500;
const ended: ReadonlySet<PipelineState> = new Set(['success', 'partialSuccess', 'failed', 'stopped']);

/** The id by which the history knows a run of a DAG. */
export function historyId(pipelineId: string, runId: string): string {
  return runId.startsWith(`${pipelineId}${separator}`) ? runId : `${pipelineId}${separator}${runId}`;
}

/** Airflow's own id of a run, whichever of the two is given. */
export function airflowId(pipelineId: string, runId: string): string {
  const prefix = `${pipelineId}${separator}`;
  return runId.startsWith(prefix) ? runId.slice(prefix.length) : runId;
}

/**
 * What Airflow knows of runs, as a console shows it: its list of runs, the logs of their tasks, and the report that the last
 * task has left. It keeps no refused requests where we could read them, and no plans.
 */
export class AirflowHistory implements RunHistory {
  readonly secretsElsewhere = true;
  readonly #runs: AirflowRuns;
  readonly #files: PipelineFiles;
  readonly #dags: string;
  readonly #pollMs: number;

  /** @param dags folder of the DAG files @param pollMs between two looks at a run that goes on */
  constructor(runs: AirflowRuns, files: PipelineFiles, dags: string, pollMs: number) {
    this.#runs = runs;
    this.#files = files;
    this.#dags = dags;
    this.#pollMs = pollMs;
  }

  idOf({ pipelineId, runId }: { readonly pipelineId: string; readonly runId: string }): string {
    return historyId(pipelineId, runId);
  }

  async pipeline({ pipelineId }: { readonly pipelineId: string }): Promise<PipelineDetails> {
    const known = this.#files.known(pipelineId);
    const { recipe, settings, engine = known.engine } = await this.#files.deploymentOf(known);
    const { fqn, pipelineType, displayName, schedule, enabled } = engine;
    const { birthtime, mtime } = statSync(dagFile(this.#dags, pipelineId));
    const next = enabled ? new Schedule(schedule).next(Date.now()) : undefined;
    return {
      id: pipelineId,
      ...(fqn !== undefined && { fqn }),
      pipelineType,
      ...(displayName !== undefined && { displayName }),
      description: settings.description,
      owner: settings.owner,
      email: settings.email,
      tags: settings.tags,
      recipe: maskedRecipe(recipe),
      schedule,
      retries: settings.retries,
      retryDelaySeconds: settings.retryDelaySeconds,
      timeoutSeconds: settings.executionTimeoutSeconds,
      maxActiveRuns: settings.maxActiveRuns,
      enabled,
      createdAt: birthtime.toISOString(),
      updatedAt: mtime.toISOString(),
      ...(next !== undefined && { nextRun: new Date(next).toISOString() }),
    };
  }

  /** Secrets are references to Airflow's connections: there is nothing of theirs to be filled in. */
  async withKeptSecrets(params: { readonly pipelineId: string; readonly recipe: Recipe }): Promise<Recipe> {
    const { recipe } = await this.#files.deploymentOf(this.#files.known(params.pipelineId));
    return withKeptSecrets(params.recipe, recipe);
  }

  async runs(params: {
    readonly pipelineId: string;
    readonly limit?: number;
    readonly before?: string;
    readonly kinds?: readonly RunKind[];
  }): Promise<readonly RunRecord[]> {
    const { pipelineId, before, kinds } = params;
    this.#files.known(pipelineId);
    if (kinds && !kinds.includes('run')) return [];
    const limit = Math.min(params.limit ?? 50, longestList);
    const page = await this.#page(pipelineId, limit, before && airflowId(pipelineId, before));
    return Promise.all(page.map((run) => this.#record(pipelineId, run)));
  }

  async run({ runId }: { readonly runId: string }): Promise<RunRecord> {
    const { pipelineId, run } = await this.#find(runId);
    return this.#record(pipelineId, run);
  }

  async report({ runId }: { readonly runId: string }): Promise<RunReport | undefined> {
    const { pipelineId, run } = await this.#find(runId);
    return this.#runs.report(pipelineId, run.dag_run_id);
  }

  /** The files of refused requests are with Airflow's workers. */
  async deadLetters({ runId }: { readonly runId: string }): Promise<DeadLetterPage> {
    await this.#find(runId);
    return { letters: [], total: 0 };
  }

  /** There are no plans, so that no run has any. */
  async *changes({ runId }: { readonly runId: string }): AsyncGenerator<Change> {
    await this.#find(runId);
    yield* [];
  }

  async logFile({ runId }: { readonly runId: string }) {
    const { pipelineId, run } = await this.#find(runId);
    const text = await this.#runs.log(pipelineId, run.dag_run_id);
    return { fileName: `${pipelineId}-${run.dag_run_id}.log`, open: () => Readable.from([text]) };
  }

  async plan(): Promise<never> {
    throw onlyEmbedded('A plan');
  }

  async replay(): Promise<never> {
    throw onlyEmbedded('A replay');
  }

  async *follow(params: {
    readonly runId: string;
    readonly after?: string;
    readonly signal?: AbortSignal;
  }): AsyncGenerator<RunEvent> {
    const { signal } = params;
    let after = params.after;
    let shown = '';
    while (!signal?.aborted) {
      // Asked before the log is read: of a run that has ended, the log has ended too.
      const record = await this.run(params);
      const isOver = ended.has(record.state);
      if (!isOver && record.state !== shown) yield { type: 'state', run: record };
      shown = record.state;
      const { pipelineId } = record;
      const text = await this.#runs.log(pipelineId, airflowId(pipelineId, record.runId));
      const piece = pieceOf(text, after, Number.MAX_SAFE_INTEGER);
      const whole = isOver ? piece.text : piece.text.slice(0, piece.text.lastIndexOf('\n') + 1);
      if (whole !== '') {
        after = String(Number(after ?? 0) + whole.length);
        yield { type: 'log', text: whole, after };
      }
      if (isOver) {
        yield { type: 'state', run: record };
        return;
      }
      await sleep(this.#pollMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }

  async #page(pipelineId: string, limit: number, before: string | undefined): Promise<readonly DagRunAnswer[]> {
    for (let size = limit; ; size *= 2) {
      const rows = await this.#runs.list(pipelineId, size);
      const at = before === undefined ? -1 : rows.findIndex(({ dag_run_id: id }) => id === before);
      const isAll = rows.length < size;
      if (before !== undefined && at < 0) {
        if (isAll) return [];
        continue;
      }
      const page = rows.slice(at + 1, at + 1 + limit);
      if (page.length === limit || isAll) return page;
    }
  }

  /** @throws ConfigurationError `engine.unknown-run` */
  async #find(runId: string): Promise<{ readonly pipelineId: string; readonly run: DagRunAnswer }> {
    const at = runId.indexOf(separator);
    const pipelineId = runId.slice(0, Math.max(0, at));
    this.#files.known(pipelineId);
    const run = await this.#runs.get(pipelineId, runId.slice(at + 1));
    if (run) return { pipelineId, run };
    throw new ConfigurationError('engine.unknown-run', `${pipelineId} has no run ${runId.slice(at + 1)}.`, {
      help: 'Only so many runs of a pipeline are kept.',
    });
  }

  async #record(pipelineId: string, run: DagRunAnswer): Promise<RunRecord> {
    const described = await this.#runs.describe(pipelineId, run);
    const { startedAt, endedAt, state } = described;
    const report = ended.has(state) ? await this.#runs.report(pipelineId, run.dag_run_id) : undefined;
    return {
      ...described,
      runId: historyId(pipelineId, run.dag_run_id),
      kind: 'run',
      ...(startedAt !== undefined &&
        endedAt !== undefined && { seconds: (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 }),
      ...(report && { counts: countsOf(report, 0) }),
    };
  }
}

function onlyEmbedded(what: string): ConfigurationError {
  return new ConfigurationError(
    'engine.only-embedded',
    `${what} needs the embedded engine: an Airflow runs this pipeline.`,
    {
      help: '“meridian plan” and “meridian replay” do it where the recipe and its secrets are at hand.',
    },
  );
}
