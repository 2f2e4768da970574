import { randomUUID } from 'node:crypto';
import type { LoadedRecipe } from '../../config/load-recipe.ts';
import { ConfigurationError } from '../../errors.ts';
import { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import { OpenMetadataUndoTarget } from '../../openmetadata/openmetadata-undo-target.ts';
import type { Change } from '../../reconcile/change.ts';
import { openState, type StatePlace, statePath } from '../../state/open-state.ts';
import { RunLock } from '../../state/run-lock.ts';
import type { JournalRun, StateStore } from '../../state/state-store.ts';
import { DeadLetterFile } from '../dead-letters.ts';
import { statePlaceOf } from '../identity.ts';
import { RunFailedError } from '../raise-from-report.ts';
import { finishReport, newReport, type RunReport } from '../report.ts';
import { RunContext } from '../run-context.ts';
import { Scratch } from '../scratch.ts';
import { TaskPool } from '../task-pool.ts';
import { UndoContext } from './undo-context.ts';
import { UndoStage } from './undo-stage.ts';
import type { UndoTarget } from './undo-target.ts';

export interface UndoOptions {
  /** Id of the run, or its beginning; unless set, the last run that wrote something and was not undone. */
  readonly run?: string;
  /** Decide everything, send nothing but reads. */
  readonly dryRun?: boolean;
  /** Each change as it is decided (dry run) or once it has been sent. */
  readonly onChange?: (change: Change) => void;
  readonly onWarning?: (message: string) => void;
  /** Where failures go; by default beside the state store. */
  readonly deadLetters?: string;
  /** Defaults to `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What an undo came to. */
export type UndoOutcome =
  | { readonly kind: 'done'; readonly run: JournalRun }
  /** No run has written anything (that was not undone), or the run that was asked for was undone already. */
  | { readonly kind: 'nothing'; readonly run?: JournalRun };

/**
 * Reverts what one run wrote and nobody has touched since. Killed at any point, it is simply run again.
 *
 * ```ts
 * const undo = new UndoWorkflow(recipe, { dryRun: true, onChange: show });
 * await undo.execute();
 * ```
 */
export class UndoWorkflow {
  readonly report: RunReport;
  readonly #recipe: LoadedRecipe;
  readonly #options: UndoOptions;
  readonly #abort = new AbortController();
  #running: Promise<UndoOutcome> | undefined;
  #lost: { readonly error: unknown } | undefined;

  constructor(recipe: LoadedRecipe, options: UndoOptions = {}) {
    this.#recipe = recipe;
    this.#options = options;
    this.report = newReport(recipe, 'undo', randomUUID());
  }

  /**
   * Runs to the end. One entity's failure never ends it.
   *
   * @throws ConfigurationError `undo.unknown-run`, `state.locked`
   * @throws AuthenticationError, ConnectionError when the target cannot be had at all
   */
  execute(): Promise<UndoOutcome> {
    this.#running ??= this.#execute();
    return this.#running;
  }

  /** @throws RunFailedError when something could not be undone */
  raiseFromStatus(): void {
    const { failureCount, state } = this.report;
    if (state === 'stopped' || failureCount === 0) return;
    throw new RunFailedError('run.failed', `${failureCount} of the writes could not be undone.`, {
      help: 'The report says why. Run the same command again: what is undone already is left as it is.',
    });
  }

  /** Stops a running `execute` after what is under way; resolves when everything is closed. */
  async stop(): Promise<void> {
    this.#abort.abort(new DOMException('The undo was stopped.', 'AbortError'));
    await this.#running?.catch(() => undefined);
  }

  async #execute(): Promise<UndoOutcome> {
    const place = statePlaceOf(this.#recipe, this.#options.env ?? process.env);
    const opened: (() => unknown)[] = [];
    try {
      const run = await lookFor(place, this.#options.run);
      if (!run || run.undoneAt !== undefined) {
        finishReport(this.report, { successThreshold: 0 });
        return { kind: 'nothing', ...(run && { run }) };
      }
      this.report.undoes = run.runId;
      const { store: state, lock } = await openState(place, this.#options.dryRun ? 'rehearse' : 'keep');
      opened.push(() => state.close());
      if (!this.#options.dryRun) {
        const held = await RunLock.take(lock, (message) => this.#warn(message));
        opened.push(() => held.release());
        held.lost.addEventListener('abort', () => {
          this.#lost = { error: held.lost.reason };
          this.#abort.abort(held.lost.reason);
        });
      }
      await this.#undo(run, state, `${statePath(place)}.dead-letters.jsonl`, opened);
      return { kind: 'done', run };
    } finally {
      for (const release of opened.reverse()) await release();
    }
  }

  async #undo(run: JournalRun, state: StateStore, besideState: string, opened: (() => unknown)[]): Promise<void> {
    const { settings, redactor } = this.#recipe;
    const redact = (text: string): string => redactor.redact(text);
    const { signal } = this.#abort;
    const client = new OpenMetadataClient(settings.openMetadata, {
      redact,
      learn: (secret) => redactor.learn(secret),
      concurrency: settings.concurrency,
    });
    opened.push(() => client.close());
    const deadLetters = new DeadLetterFile(
      this.#options.deadLetters ?? settings.deadLettersPath ?? besideState,
      redact,
    );
    try {
      await client.connect(signal);
      const target = new OpenMetadataUndoTarget(client, signal);
      this.report.target.version = target.version;
      const scratch = new Scratch();
      opened.push(() => scratch.close());
      const context = this.#context({ target, state, scratch, deadLetters, redact });
      await new UndoStage(new UndoContext(context, target, run.runId)).run();
      this.#finish(client.requestCount);
    } catch (error) {
      this.#finish(client.requestCount, true);
      if (this.#lost) throw this.#lost.error;
      if (!signal.aborted) throw error;
    } finally {
      if (deadLetters.count > 0) this.report.deadLetters = deadLetters.path;
    }
  }

  #context(parts: {
    readonly target: UndoTarget;
    readonly state: StateStore;
    readonly scratch: Scratch;
    readonly deadLetters: DeadLetterFile;
    readonly redact: (text: string) => string;
  }): RunContext {
    const { settings } = this.#recipe;
    const { dryRun, onChange } = this.#options;
    return new RunContext({
      ...parts,
      pool: new TaskPool(() => settings.concurrency),
      report: this.report,
      // An undo takes nothing from the source, so that neither its rules nor its names are asked.
      policy: { mode: settings.mode, override: false, ownClassifications: [], takenOver: () => undefined },
      desired: {
        naming: parts.target.naming,
        classification: settings.classificationName,
        labelClassification: settings.labelClassificationName,
        includeTags: settings.sourceConfig.includeTags,
        usable: () => false,
        usableTerm: () => false,
        includeViewText: true,
      },
      includeOwners: false,
      write: !dryRun,
      lazy: true,
      signal: this.#abort.signal,
      deadLetters: dryRun ? undefined : parts.deadLetters,
      onChange: onChange ?? (() => undefined),
    });
  }

  #finish(requests: number, failed = false): void {
    this.report.target.requests = requests;
    finishReport(this.report, {
      successThreshold: this.#recipe.settings.successThreshold,
      ...(failed && { ended: this.#abort.signal.aborted && !this.#lost ? 'stopped' : 'failed' }),
    });
    if (this.#options.dryRun) this.report.target.writes = 0;
  }

  #warn(message: string): void {
    this.report.warnings.push(message);
    this.#options.onWarning?.(message);
  }
}

/** Looks for the run without leaving a trace: where nothing was remembered, nothing is made. */
async function lookFor(place: StatePlace, wanted: string | undefined): Promise<JournalRun | undefined> {
  const { store } = await openState(place, 'rehearse');
  try {
    return await findRun(store, wanted);
  } finally {
    await store.close();
  }
}

/**
 * The run that shall be undone: by its id or the beginning of it, else the last one that wrote something and was not undone.
 *
 * @returns undefined when none was asked for and there is none
 * @throws ConfigurationError `undo.unknown-run`
 */
export async function findRun(state: StateStore, wanted: string | undefined): Promise<JournalRun | undefined> {
  const runs = await state.listJournalRuns();
  if (wanted === undefined) return runs.find(({ undoneAt, writes }) => undoneAt === undefined && writes > 0);
  const exact = runs.find(({ runId }) => runId === wanted);
  const found = exact ? [exact] : runs.filter(({ runId }) => wanted !== '' && runId.startsWith(wanted));
  if (found.length === 1) return found[0];
  const message =
    found.length === 0 ? `No run “${wanted}” is remembered.` : `“${wanted}” is the beginning of ${found.length} runs.`;
  throw new ConfigurationError('undo.unknown-run', message, {
    help: '“meridian undo --list” shows the runs that can be undone: the last 20 that wrote something.',
  });
}
