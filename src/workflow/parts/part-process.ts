import { randomInt } from 'node:crypto';
import type { LoadedRecipe } from '../../config/load-recipe.ts';
import { type OpenRun, openRun, type RunInput } from '../open-run.ts';
import { finishReport, newReport, type RunReport } from '../report.ts';
import type { RunPart } from '../run-context.ts';
import { RunStages } from '../run-stages.ts';
import type { PartOptions } from './run-plan.ts';

/** Entries that one process of a run may write into its journal, and processes that may write at one stage of it. */
const entries = 2 ** 28;
const processes = 2 ** 22;
const stageOf: Readonly<Record<RunPart['work'], number>> = { around: 0, assets: 1, end: 2 };

/** What one process of a shared run is made of: its report, its end by a signal, and the run's parts once opened. */
export class PartProcess {
  readonly report: RunReport;
  readonly recipe: LoadedRecipe;
  readonly #options: PartOptions;
  readonly #part: RunPart;
  readonly #abort = new AbortController();
  readonly #stop: () => void;
  #lost: { readonly error: unknown } | undefined;

  /** @param startedAt ISO 8601, when the run began */
  constructor(
    recipe: LoadedRecipe,
    run: { runId: string; startedAt: string; work: RunPart['work'] },
    options: PartOptions,
  ) {
    const { runId, startedAt, work } = run;
    this.recipe = recipe;
    this.#options = options;
    this.report = newReport(recipe, 'ingest', runId, work === 'end' ? startedAt : undefined);
    // Later stages of a run have higher numbers, so that an undo goes backwards through them.
    const journalFrom = (stageOf[work] * processes + randomInt(processes)) * entries;
    this.#part = { work, startedAt, journalFrom };
    this.#stop = () => this.#abort.abort(options.signal?.reason);
    if (options.signal?.aborted) this.#stop();
    options.signal?.addEventListener('abort', this.#stop, { once: true });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  open(more: Pick<RunInput, 'hold' | 'share' | 'reading'>): Promise<OpenRun> {
    const { deadLetters, env = process.env, onChange = () => undefined } = this.#options;
    const input: RunInput = {
      recipe: this.recipe,
      report: this.report,
      write: true,
      signal: this.signal,
      env,
      onChange,
      onWarning: (message) => this.warn(message),
      onStateLost: (error) => {
        this.#lost = { error };
        this.#abort.abort(error);
      },
      part: this.#part,
      ...(deadLetters !== undefined && { deadLetters }),
      ...more,
    };
    return openRun(input);
  }

  warn(told: string): void {
    const message = this.recipe.redactor.redact(told);
    this.report.warnings.push(message);
    this.#options.onWarning?.(message);
  }

  /** @param total tables that there will be, where the source cannot tell */
  stages(run: OpenRun, more: { readonly allowDeletes?: number | undefined; readonly total?: number } = {}): RunStages {
    const { onProgress = () => undefined } = this.#options;
    const { allowDeletes, total } = more;
    return new RunStages({
      ...run,
      recipe: this.recipe,
      ...(allowDeletes !== undefined && { allowDeletes }),
      onProgress: (progress) =>
        onProgress(total !== undefined && progress.entityType === 'table' ? { ...progress, total } : progress),
    });
  }

  /**
   * Closes the report of this process.
   *
   * @param outcome.error what has ended it, if something has
   * @throws that error, unless it came of being told to stop
   */
  conclude(run: OpenRun | undefined, outcome: { readonly error?: unknown; readonly ended?: 'failed' } = {}): void {
    const requests = run?.requests() ?? { source: 0, target: 0 };
    this.report.source.requests += requests.source;
    this.report.target.requests += requests.target;
    const hasFailed = 'error' in outcome;
    const isStopped = hasFailed && this.signal.aborted && !this.#lost;
    const ended = isStopped ? 'stopped' : hasFailed ? 'failed' : outcome.ended;
    const isPart = this.#part.work !== 'end';
    // Whether too much has failed is seen when all parts are in.
    const successThreshold = isPart ? 0 : this.recipe.settings.successThreshold;
    const sourceTitle = this.recipe.settings.source.spec.title;
    finishReport(this.report, { successThreshold, sourceTitle, isPart, ...(ended && { ended }) });
    if (this.#lost) throw this.#lost.error;
    if (hasFailed && !isStopped) throw outcome.error;
  }

  /** To be called whatever happened. */
  release(): void {
    this.#options.signal?.removeEventListener('abort', this.#stop);
  }
}
