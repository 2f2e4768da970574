import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '../../errors.ts';
import type { DeployOutcome, Engine, LogChunk, PipelineDefinition, PipelineRun, PipelineSummary } from '../engine.ts';
import { EmbeddedHistory } from './embedded-history.ts';
import { openEngineDatabase } from './engine-database.ts';
import { type EngineSettings, engineSettings } from './engine-settings.ts';
import { EngineStore } from './engine-store.ts';
import { openSecretBox } from './open-secret-box.ts';
import { PipelineRegistry } from './pipeline-registry.ts';
import { removeExpired } from './retention.ts';
import { RunQueue } from './run-queue.ts';
import { Scheduler } from './scheduler.ts';

export interface EmbeddedEngineOptions {
  /** Folder of everything that Meridian remembers (`MERIDIAN_HOME`). */
  readonly home: string;
  /** Has `MERIDIAN_KEY`, and is what runs get as their environment. Defaults to `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly settings?: Partial<EngineSettings>;
  /** The clock on the wall, epoch milliseconds. */
  readonly now?: () => number;
}

const tidyEveryMs = 60 * 60_000;
const dispatchEveryMs = 500;
/** What OpenMetadata's pages take at once. */
const charactersAtOnce = 2_000_000;

/** Runs pipelines in processes of their own on this machine; all that it knows is in one folder. */
export class EmbeddedEngine implements Engine {
  readonly name = 'embedded';
  /** For a console, metrics and notices. */
  readonly history: EmbeddedHistory;
  readonly #home: string;
  readonly #now: () => number;
  readonly #store: EngineStore;
  readonly #registry: PipelineRegistry;
  readonly #queue: RunQueue;
  readonly #scheduler: Scheduler;
  readonly #settings: EngineSettings;
  readonly #timers: readonly NodeJS.Timeout[];
  #closed: Promise<void> | undefined;

  private constructor(options: EmbeddedEngineOptions, store: EngineStore) {
    const { home, env = process.env, now = Date.now } = options;
    this.#home = home;
    this.#now = now;
    this.#store = store;
    this.#settings = engineSettings(options.settings);
    this.#registry = new PipelineRegistry(store, now);
    this.#queue = new RunQueue({
      store,
      home,
      env,
      now,
      settings: this.#settings,
      pipeline: (id) => this.#registry.pipelines.get(id)?.definition,
      onEnded: (pipelineId) => this.#tidy([pipelineId]),
    });
    this.history = new EmbeddedHistory({
      store,
      registry: this.#registry,
      queue: this.#queue,
      now,
      settings: this.#settings,
    });
    this.#scheduler = new Scheduler({
      pipelines: this.#registry.pipelines,
      now,
      open: (pipelineId) => this.#queue.scheduledOf(pipelineId),
      queue: (runs, handled) => {
        this.#queue.add(runs, () => {
          for (const [id, until] of handled) store.setHandledUntil(id, until);
        });
      },
    });
    this.#timers = [
      setInterval(() => this.#queue.dispatch(), dispatchEveryMs),
      setInterval(() => this.#tidy([...this.#registry.pipelines.keys()]), tidyEveryMs),
    ];
  }

  /**
   * Opens an engine, made when it is not there, and takes up what an earlier one left: what waited goes on, what ran is tried
   * again.
   *
   * @throws ConfigurationError `engine.home-in-use`, `engine.unusable`, `engine.other-version`, `engine.bad-key`,
   *   `engine.key-file`, `engine.wrong-key`
   */
  static async open(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
    const folder = join(options.home, 'engine');
    makeFolder(folder);
    const database = openEngineDatabase(join(folder, 'engine.db'));
    try {
      const box = openSecretBox(database, join(folder, 'key'), options.env ?? process.env);
      const engine = new EmbeddedEngine(options, new EngineStore(database, box));
      engine.#queue.recover();
      engine.#scheduler.start();
      return engine;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  async deploy({ pipeline }: { readonly pipeline: PipelineDefinition }): Promise<DeployOutcome> {
    return this.#registry.deploy(pipeline);
  }

  async trigger(params: {
    readonly pipelineId: string;
    readonly conf?: Readonly<Record<string, unknown>>;
  }): Promise<{ readonly runId: string }> {
    const { pipelineId, conf } = params;
    this.#registry.get(pipelineId);
    const runId = randomUUID();
    this.#queue.add([
      { runId, pipelineId, kind: 'run', trigger: 'manual', attempt: 1, losses: 0, queuedAt: this.#now(), conf },
    ]);
    return { runId };
  }

  async stop({ pipelineId, runId }: { readonly pipelineId: string; readonly runId?: string }): Promise<number> {
    this.#registry.get(pipelineId);
    return this.#queue.stop((run) => run.pipelineId === pipelineId && (runId === undefined || run.runId === runId));
  }

  async enable({ pipelineId }: { readonly pipelineId: string }): Promise<void> {
    this.#registry.setEnabled(pipelineId, true);
  }

  async disable({ pipelineId }: { readonly pipelineId: string }): Promise<void> {
    this.#registry.setEnabled(pipelineId, false);
  }

  async status(params: {
    readonly pipelineId: string;
    readonly limit?: number;
    readonly onlyQueued?: boolean;
  }): Promise<readonly PipelineRun[]> {
    const { pipelineId, limit = 10, onlyQueued } = params;
    this.#registry.get(pipelineId);
    return this.#store.runs({ pipelineId, limit, onlyQueued, kinds: ['run'] });
  }

  async logs(params: {
    readonly pipelineId: string;
    readonly runId?: string;
    readonly after?: string;
    readonly maxCharacters?: number;
  }): Promise<LogChunk> {
    const { pipelineId, after, maxCharacters = charactersAtOnce } = params;
    this.#registry.get(pipelineId);
    const runId = params.runId ?? this.#store.runs({ pipelineId, limit: 1, kinds: ['run'] })[0]?.runId;
    if (runId === undefined) return { text: '', total: 0 };
    return this.history.readLog(pipelineId, runId, after, Math.max(1, maxCharacters));
  }

  async delete({ pipelineId }: { readonly pipelineId: string }): Promise<void> {
    this.#registry.get(pipelineId);
    // Its schedule queues nothing more while its runs end.
    this.#registry.setEnabled(pipelineId, false);
    await this.#queue.stop((run) => run.pipelineId === pipelineId);
    this.#registry.remove(pipelineId);
    await rm(join(this.#home, 'runs', pipelineId), { recursive: true, force: true });
  }

  async list(): Promise<readonly PipelineSummary[]> {
    return this.#registry.summaries();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#scheduler.stop();
    await this.#queue.close();
    this.#store.close();
  }

  #tidy(pipelineIds: readonly string[]): void {
    if (this.#closed) return;
    removeExpired({ pipelineIds, store: this.#store, settings: this.#settings, now: this.#now(), queue: this.#queue });
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new ConfigurationError('engine.unusable', `The folder ${folder} cannot be made.`, {
      help: 'Check that it can be written, or name another one with MERIDIAN_HOME.',
      cause,
    });
  }
}
