import { setTimeout as delay } from 'node:timers/promises';
import { type LoadedRecipe, loadRecipe } from '../config/load-recipe.ts';
import type { ChangeBatch, ChangeFeed } from '../connectors/change-feed.ts';
import { createChangeFeed } from '../connectors/create-change-feed.ts';
import { AuthenticationError, ConnectionError, MeridianError, ResponseError } from '../errors.ts';
import { pipelineName } from '../state/state-location.ts';
import type { ReadingWish } from './choose-reading.ts';
import { identityOf } from './identity.ts';
import type { Progress } from './progress.ts';
import type { RunReport } from './report.ts';
import { addCounts, addRun, newWatchReport, type WatchReport } from './watch-report.ts';
import { Workflow } from './workflow.ts';

export interface WatcherOptions {
  /** Something that a person should know: where the feed stands, what is tried again. */
  readonly onNote?: (message: string) => void;
  /** A run has brought the target in step. `changes` is undefined when it was not the feed that asked for it. */
  readonly onRun?: (run: RunReport, changes: number | undefined) => void;
  /** Where the run at hand stands. */
  readonly onProgress?: (progress: Progress) => void;
  readonly deadLetters?: string;
  /** Defaults to `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** In place of the recipe's own. */
  readonly feed?: ChangeFeed;
  /** Milliseconds between looks at what the feed does not tell; the recipe's unless set. */
  readonly lookEveryMs?: number;
  /** Milliseconds to wait before a run is tried again, by how often it was; the last one stays. */
  readonly backOffMs?: readonly number[];
}

const backOffMs = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000];
/** So often the changes of a batch are tried by themselves; then an incremental run looks for all of them. */
const triesByEntity = 3;

/**
 * Follows a source's change feed for as long as it may: each batch becomes a run that reads just the entities that it
 * names. Behind a gap, and at the start, an incremental run takes its place, which decides by itself whether everything
 * must be read. A batch is committed at the feed once it has been applied, or its refused requests are in the dead letters.
 *
 * The pipeline's lock is held by each run and not between them: so a scheduled full run, or a plan, finds its turn while the
 * watcher waits, and the watcher waits while another one runs.
 */
export class Watcher {
  readonly report: WatchReport;
  readonly #recipe: LoadedRecipe;
  readonly #options: WatcherOptions;
  readonly #abort = new AbortController();
  #run: Workflow | undefined;
  #running: Promise<WatchReport> | undefined;
  #lastLook = Date.now();
  /** After a look that had to read everything (something fails again and again): so that it takes a twentieth of the time. */
  #pauseMs = 0;
  /** A run has gone well: what is refused from now on is no mistake of the recipe. */
  #begun = false;

  private constructor(recipe: LoadedRecipe, options: WatcherOptions) {
    this.#recipe = recipe;
    this.#options = options;
    this.report = newWatchReport(pipelineName(identityOf(recipe)));
  }

  /**
   * Checks a recipe. Nothing is contacted.
   *
   * @throws RecipeError with every mistake of the recipe
   */
  static async create(recipe: string | object | LoadedRecipe, options: WatcherOptions = {}): Promise<Watcher> {
    const isLoaded = typeof recipe === 'object' && 'settings' in recipe && 'config' in recipe;
    const loaded = isLoaded ? (recipe as LoadedRecipe) : await loadRecipe(recipe, { env: options.env ?? process.env });
    return new Watcher(loaded, options);
  }

  /**
   * Follows the feed until `stop`.
   *
   * @throws ConfigurationError `watch.not-configured`; AuthenticationError when a server does not let us in; at the start
   *   also ConnectionError. Later on, what cannot be reached is tried again.
   */
  execute(): Promise<WatchReport> {
    this.#running ??= this.#execute();
    return this.#running;
  }

  /** Ends after what is under way: the run at hand stops cleanly, and what it has not applied comes again. */
  async stop(): Promise<void> {
    this.#abort.abort(new DOMException('The watch was stopped.', 'AbortError'));
    await this.#run?.stop();
    await this.#running?.catch(() => undefined);
  }

  async #execute(): Promise<WatchReport> {
    const { settings } = this.#recipe;
    const onNote = (message: string): void => this.#options.onNote?.(message);
    const feed = this.#options.feed ?? (await createChangeFeed(settings, { pipeline: this.report.pipeline, onNote }));
    try {
      await this.#follow(feed);
      this.report.state = 'stopped';
    } finally {
      await feed.close();
      this.report.endedAt = new Date().toISOString();
    }
    return this.report;
  }

  async #follow(feed: ChangeFeed): Promise<void> {
    const { signal } = this.#abort;
    // However this ends, the feed must end with it.
    const ended = new AbortController();
    const batches = feed.batches(AbortSignal.any([signal, ended.signal]))[Symbol.asyncIterator]();
    let next: Promise<IteratorResult<ChangeBatch>> | undefined;
    let first = true;
    try {
      while (!signal.aborted) {
        next ??= batches.next();
        next.catch(() => undefined);
        const timer = new AbortController();
        const due = this.#lookDue(timer.signal);
        const result = await Promise.race([next, due]).finally(() => timer.abort());
        if (result === undefined) {
          await this.#inStep('incremental', undefined);
          continue;
        }
        next = undefined;
        if (result.done) return;
        await this.#apply(result.value, first);
        first = false;
      }
    } finally {
      ended.abort();
      await batches.return?.(undefined);
    }
  }

  async #apply(batch: ChangeBatch, first: boolean): Promise<void> {
    const { report } = this;
    const { notices, gaps } = batch;
    addCounts(report.unreadable, batch.unreadable);
    addCounts(
      report.gaps,
      gaps.map(({ reason }) => [reason, 1] as const),
    );
    for (const { message } of gaps) this.#options.onNote?.(`${message} Reading what has changed instead.`);
    // Several notices of one entity are one reading: it is read as it is now, whatever their order.
    const entities = [...new Set(notices.map(({ guid }) => guid))];
    if (first || gaps.length > 0) await this.#inStep('incremental', undefined);
    else if (entities.length > 0) await this.#inStep({ entities }, notices.length);
    if (this.#abort.signal.aborted) return;
    report.messages += batch.messages;
    report.changes += notices.length;
    try {
      await batch.commit();
    } catch (error) {
      // Applied it is all the same; at worst it comes again.
      this.#options.onNote?.(messageOf(error));
    }
  }

  /** Runs until it has gone well enough, or until it is stopped. */
  async #inStep(wish: ReadingWish, changes: number | undefined): Promise<void> {
    const waits = this.#options.backOffMs ?? backOffMs;
    for (let tries = 0; !this.#abort.signal.aborted; tries += 1) {
      const now = tries < triesByEntity ? wish : 'incremental';
      let why: string | undefined;
      try {
        const run = await this.#runOnce(now);
        if (run.state === 'stopped') return;
        why = unreached(run);
        if (why === undefined) {
          if (now === 'incremental') {
            this.#lastLook = Date.now();
            this.#pauseMs = run.reading === 'full' ? 20_000 * run.seconds : 0;
          }
          this.#begun = true;
          addRun(this.report, run, typeof now === 'object');
          for (const { message, count, entityType } of run.guards) {
            this.#options.onNote?.(`A guard keeps ${count} of kind ${entityType} from being deleted: ${message}.`);
          }
          this.#options.onRun?.(run, typeof now === 'object' ? changes : undefined);
          return;
        }
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        if (!mayPass(error, this.#begun || tries > 0)) throw error;
        why = messageOf(error);
      }
      this.report.retries += 1;
      const wait = waits[Math.min(tries, waits.length - 1)]!;
      this.#options.onNote?.(`${why} Trying again in ${wait / 1000} s.`);
      await delay(wait, undefined, { signal: this.#abort.signal }).catch(() => undefined);
    }
  }

  async #runOnce(reading: ReadingWish): Promise<RunReport> {
    const { env, deadLetters, onNote, onProgress } = this.#options;
    const run = await Workflow.create(this.#recipe, {
      reading,
      ...(onNote && { onWarning: onNote }),
      ...(onProgress && { onProgress }),
      ...(env && { env }),
      ...(deadLetters !== undefined && { deadLetters }),
    });
    this.#run = run;
    try {
      if (this.#abort.signal.aborted) await run.stop();
      return await run.execute();
    } finally {
      this.#run = undefined;
    }
  }

  /**
   * Resolves, with nothing, when it is time for an incremental run. Atlas' feed is silent about labels, business metadata,
   * assigned terms and purges: the first three show by time and by comparison, the last in the full run that an incremental
   * one becomes by schedule. It also keeps the mark young from which a watcher that starts again reads on.
   */
  async #lookDue(signal: AbortSignal): Promise<undefined> {
    const every = this.#options.lookEveryMs ?? this.#recipe.settings.watch?.lookEveryMs ?? 0;
    if (every === 0) return new Promise(() => undefined);
    const wait = Math.max(0, this.#lastLook + Math.max(every, this.#pauseMs) - Date.now());
    await delay(wait, undefined, { signal }).catch(() => new Promise(() => undefined));
  }
}

/** Why a run has not applied what it was asked for: something was out of reach, which will pass. */
function unreached(run: RunReport): string | undefined {
  const failure = run.failures.find(({ stage, code }) => stage === 'source' || outOfReach.has(code));
  return failure?.message;
}

const outOfReach: ReadonlySet<string> = new Set(['http.unreachable', 'http.half-answer', 'http.web-page']);

/** Whether waiting may help. At the start only a busy pipeline is waited for: everything else may be a mistake of the recipe. */
function mayPass(error: unknown, started: boolean): boolean {
  if (!(error instanceof MeridianError)) return false;
  if (error.code === 'state.locked') return true;
  if (error instanceof AuthenticationError) return false;
  return started && (error instanceof ConnectionError || error instanceof ResponseError);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
