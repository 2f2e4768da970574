import { randomUUID } from 'node:crypto';
import { type LoadedRecipe, loadRecipe } from '../config/load-recipe.ts';
import type { AssetKind } from '../model/records.ts';
import type { ProfilingEngine } from '../profiler/profiling-engine.ts';
import type { Change } from '../reconcile/change.ts';
import type { ReadingWish } from './choose-reading.ts';
import { formatStatus } from './format-status.ts';
import { type OpenRun, openRun } from './open-run.ts';
import type { OpenProfile } from './profile/open-profile.ts';
import type { Progress } from './progress.ts';
import { raiseFromReport } from './raise-from-report.ts';
import { rememberRun } from './remember-run.ts';
import { finishReport, newReport, type RunReport } from './report.ts';
import { RunStages } from './run-stages.ts';

export interface WorkflowOptions {
  /** Decide everything, send nothing but reads (`meridian plan`). */
  readonly dryRun?: boolean;
  /** Each change as it is decided (plan) or once it has been sent (ingest). */
  readonly onChange?: (change: Change) => void;
  /** At most about ten times a second. */
  readonly onProgress?: (progress: Progress) => void;
  readonly onWarning?: (message: string) => void;
  /** Where refused requests go; by default beside the state store. */
  readonly deadLetters?: string;
  /** Percent of the entities of a kind that may be deleted in this run, in place of the recipe's. */
  readonly allowDeletes?: number;
  /** Told of everything that will be deleted before anything is; only with `allowDeletes`. */
  readonly onDeletion?: (kind: AssetKind | 'lineage', name: string) => void;
  /** What shall be read: everything, what has changed, or certain entities. The recipe's choice unless set. */
  readonly reading?: ReadingWish;
  /** For a recipe that profiles: where the numbers come from, in place of the source's own; closed with the run. */
  readonly engine?: ProfilingEngine;
  /** The run's id; the recipe's `pipelineRunId`, or a new one, unless set. */
  readonly runId?: string;
  /** Defaults to `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * One ingestion, or one run over the tables that a recipe of type Profiler or AutoClassification names: `create`, `execute`, `raiseFromStatus`, `printStatus`, `stop`, as in OpenMetadata's own workflow.
 *
 * ```ts
 * const workflow = await Workflow.create('recipe.yaml');
 * await workflow.execute();
 * workflow.raiseFromStatus();
 * workflow.printStatus();
 * await workflow.stop();
 * ```
 */
export class Workflow {
  readonly report: RunReport;
  readonly #recipe: LoadedRecipe;
  readonly #options: WorkflowOptions;
  readonly #abort = new AbortController();
  #running: Promise<RunReport> | undefined;
  #lost: { readonly error: unknown } | undefined;

  private constructor(recipe: LoadedRecipe, options: WorkflowOptions) {
    this.#recipe = recipe;
    this.#options = options;
    const runId = options.runId ?? recipe.settings.pipelineRunId ?? randomUUID();
    const work = recipe.settings.profiler ? 'profile' : options.dryRun ? 'plan' : 'ingest';
    this.report = newReport(recipe, work, runId);
  }

  /**
   * Checks a recipe and readies a run. Nothing is contacted.
   *
   * @param recipe a file's path, a recipe as an object, or one that is loaded already
   * @throws RecipeError with every mistake of the recipe
   */
  static async create(recipe: string | object | LoadedRecipe, options: WorkflowOptions = {}): Promise<Workflow> {
    return new Workflow(await loadedRecipe(recipe, options.env), options);
  }

  /**
   * Runs to the end and returns the report. One entity's failure never ends the run.
   *
   * @throws AuthenticationError, ConnectionError, ConfigurationError when a run cannot be had at all
   */
  execute(): Promise<RunReport> {
    this.#running ??= this.#execute();
    return this.#running;
  }

  /**
   * @throws RunFailedError when the run failed more than the recipe allows, or read nothing
   * @throws GuardError when a guard kept entities from being deleted
   */
  raiseFromStatus(raiseWarnings = false): void {
    raiseFromReport(this.report, { raiseOnError: this.#recipe.settings.raiseOnError, raiseWarnings });
  }

  /** Prints the summary to standard output. */
  printStatus(): void {
    process.stdout.write(`${this.#recipe.redactor.redact(formatStatus(this.report))}\n`);
  }

  /** Stops a running `execute` after what is under way; resolves when everything is closed. */
  async stop(): Promise<void> {
    this.#abort.abort(new DOMException('The run was stopped.', 'AbortError'));
    await this.#running?.catch(() => undefined);
  }

  async #execute(): Promise<RunReport> {
    const options = this.#options;
    const onProgress = options.onProgress ?? (() => undefined);
    const none = { done: 0, created: 0, updated: 0, unchanged: 0, failed: 0, elapsedSeconds: 0 };
    onProgress({ stage: 'connecting', ...none });
    let run: OpenRun | OpenProfile;
    try {
      run = await (this.#recipe.settings.profiler ? this.#openProfile() : this.#open());
    } catch (error) {
      if (!this.#abort.signal.aborted || this.#lost) throw error;
      // Stopped before there was anything to close.
      this.#finish({ source: 0, target: 0 }, error);
      return this.report;
    }
    try {
      if (this.#isWhole) await run.status.started();
      if ('work' in run) await run.work();
      else await this.#stages(run).run();
      this.#finish(run.requests());
      if (!('work' in run)) await this.#remember(run);
    } catch (error) {
      this.#finish(run.requests(), error);
      if (this.#lost) throw this.#lost.error;
      if (!this.#abort.signal.aborted) throw error;
    } finally {
      if (this.#isWhole) await run.status.ended(this.report);
      await run.close();
    }
    return this.report;
  }

  #stages(run: OpenRun): RunStages {
    const { allowDeletes, onDeletion, onProgress = () => undefined } = this.#options;
    return new RunStages({
      ...run,
      recipe: this.#recipe,
      onProgress,
      ...(allowDeletes !== undefined && { allowDeletes }),
      ...(allowDeletes !== undefined && onDeletion && { onDeletion }),
    });
  }

  async #openProfile(): Promise<OpenProfile> {
    const { onProgress = () => undefined, engine } = this.#options;
    const { openProfile } = await import('./profile/open-profile.ts');
    return openProfile({ ...this.#input(), onProgress, ...(engine && { engine }) });
  }

  #open(): Promise<OpenRun> {
    const { reading } = this.#options;
    return openRun({ ...this.#input(), ...(reading !== undefined && { reading }) });
  }

  /** What both kinds of runs are opened with. */
  #input() {
    const options = this.#options;
    return {
      recipe: this.#recipe,
      report: this.report,
      write: !options.dryRun,
      signal: this.#abort.signal,
      env: options.env ?? process.env,
      onChange: options.onChange ?? (() => undefined),
      onWarning: (told: string) => {
        const message = this.#recipe.redactor.redact(told);
        this.report.warnings.push(message);
        options.onWarning?.(message);
      },
      onStateLost: (error: unknown) => {
        this.#lost = { error };
        this.#abort.abort(error);
      },
      ...(options.deadLetters !== undefined && { deadLetters: options.deadLetters }),
    };
  }

  /** A few entities of a change feed are no run that the pipeline's history should show. */
  get #isWhole(): boolean {
    return typeof this.#options.reading !== 'object';
  }

  async #remember({ reading, notes, source, context }: OpenRun): Promise<void> {
    const { reading: wish, dryRun } = this.#options;
    if (dryRun) return;
    const { settings } = this.#recipe;
    const saveNotes = (): Promise<void> => notes.saveAfterSuccess();
    await rememberRun({ report: this.report, settings, context, reading, wish, source, saveNotes });
  }

  #finish(requests: { source: number; target: number }, error?: unknown): void {
    this.report.source.requests = requests.source;
    this.report.target.requests = requests.target;
    const { successThreshold } = this.#recipe.settings;
    finishReport(this.report, {
      successThreshold,
      sourceTitle: this.#recipe.settings.source.spec.title,
      ...(error !== undefined && { ended: this.#abort.signal.aborted && !this.#lost ? 'stopped' : 'failed' }),
    });
  }
}

/** A recipe in any of the forms that the library takes, loaded. @throws RecipeError with every mistake of it */
export async function loadedRecipe(
  recipe: string | object | LoadedRecipe,
  env: WorkflowOptions['env'] = process.env,
): Promise<LoadedRecipe> {
  return isLoaded(recipe) ? recipe : loadRecipe(recipe, { env });
}

function isLoaded(recipe: string | object): recipe is LoadedRecipe {
  return typeof recipe === 'object' && 'settings' in recipe && 'config' in recipe;
}
