import type { LoadedRecipe } from '../../config/load-recipe.ts';
import type { ProfilerSettings } from '../../config/profiler-settings.ts';
import { AuthenticationError, ConfigurationError, ConnectionError } from '../../errors.ts';
import type { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import { type ListedTable, ProfiledTables } from '../../openmetadata/profiled-tables.ts';
import type { ProfilingEngine } from '../../profiler/profiling-engine.ts';
import type { StateStore } from '../../state/state-store.ts';
import { counted } from '../format-numbers.ts';
import { FilterProcessor } from '../processors/filter-processor.ts';
import type { Progress } from '../progress.ts';
import { noteFailure, stageOf } from '../report.ts';
import { TaskPool } from '../task-pool.ts';
import { LabelProposer } from './label-proposer.ts';
import { LabelFilter } from './label-rules.ts';
import type { ProfileLedger } from './profile-ledger.ts';
import { type ProfiledService, profiledServices } from './profiled-services.ts';
import { planTable } from './table-plan.ts';
import { isMissing, TableProfiler } from './table-profiler.ts';
import { longestTimer, outOfTime, withinTime } from './time-limit.ts';

export interface ProfileRunParts {
  readonly recipe: LoadedRecipe;
  readonly settings: ProfilerSettings;
  readonly client: OpenMetadataClient;
  readonly engine: ProfilingEngine;
  readonly ledger: ProfileLedger;
  /** Remembers what was proposed. */
  readonly state: StateStore;
  /** False: decide, ask the engine nothing, send nothing. */
  readonly write: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onWarning: (message: string) => void;
}

const progressEveryMs = 100;

/** One run over the tables of a recipe's services: lists, filters, profiles several at once, stores. */
export class ProfileRun {
  readonly #parts: ProfileRunParts;
  readonly #tables: ProfiledTables;
  readonly #profiler: TableProfiler;
  readonly #filter: FilterProcessor;
  readonly #labels: LabelFilter;
  readonly #over = new AbortController();
  readonly #startedAt = Date.now();
  #done = 0;
  #total: number | undefined;
  #lastProgress = 0;

  constructor(parts: ProfileRunParts) {
    this.#parts = parts;
    const { recipe, settings, client, engine, ledger, signal } = parts;
    this.#tables = new ProfiledTables(client, signal, (key) =>
      parts.onWarning(`This OpenMetadata server does not know ${key}: profiles are stored without it.`),
    );
    const { classify, maskedTags } = settings;
    const proposer =
      classify && new LabelProposer({ classify, maskedTags, tables: this.#tables, ledger, state: parts.state });
    this.#profiler = new TableProfiler({ settings, engine, ledger, tables: this.#tables, proposer });
    this.#filter = new FilterProcessor({ ...recipe.settings, includeTables: true });
    this.#labels = new LabelFilter(settings.classificationFilter ?? {});
  }

  /** @throws AuthenticationError, ConnectionError, ConfigurationError when nothing can be had at all */
  async run(): Promise<void> {
    const { settings, engine, ledger, signal, onWarning } = this.#parts;
    if (settings.otherMetrics.length > 0) {
      onWarning(`Metrics of OpenMetadata’s tests are not computed by a profile: ${settings.otherMetrics.join(', ')}.`);
    }
    const services = await this.#services();
    if (this.#parts.write) await engine.prepare?.(signal);
    this.#total = 0;
    for (const { fqn } of services) this.#total += await this.#tables.count(fqn);
    this.#progress(true);
    const atOnce = Math.max(1, Math.min(settings.threadCount, engine.maxConcurrency ?? Number.POSITIVE_INFINITY));
    const pool = new TaskPool(() => atOnce);
    const limit = this.#limit();
    const timer = setTimeout(() => this.#over.abort(outOfTime(limit)), Math.min(limit.ms, longestTimer));
    try {
      for (const service of services) {
        for await (const table of this.#tables.list(service.fqn)) {
          signal.throwIfAborted();
          if (this.#over.signal.aborted) break;
          ledger.read();
          if (this.#isKeptOut(table)) ledger.filtered();
          else await pool.add(() => this.#one(table, service));
          this.#progress();
        }
      }
      await pool.drain();
    } finally {
      clearTimeout(timer);
      // One that failed for good may have left others under way.
      this.#over.abort(new DOMException('The run has ended.', 'AbortError'));
      await pool.drain().catch(() => undefined);
      ledger.close();
      const stage = stageOf(ledger.report, 'tableProfile');
      stage.seconds = (Date.now() - this.#startedAt) / 1000;
      stage.requests = engine.requestCount() + this.#parts.client.requestCount;
    }
    this.#tellUnreached();
  }

  #limit() {
    const ms = this.#parts.settings.timeoutMs;
    return { ms, what: 'The run', key: 'sourceConfig’s timeoutSeconds' };
  }

  /** @throws ConfigurationError `target.service-missing` when none of them is there */
  async #services(): Promise<readonly ProfiledService[]> {
    const { recipe, client, signal, onWarning } = this.#parts;
    const wanted = profiledServices(recipe.settings);
    const found: ProfiledService[] = [];
    for (const place of wanted) {
      if (await client.getByName('databaseService', place.service, {}, signal)) found.push(place);
      else if (!place.maybe)
        onWarning(`There is no database service called ${place.service}: nothing of it is profiled.`);
    }
    if (found.length > 0) return found;
    const names = [...new Set(wanted.map(({ service }) => service))].join(', ');
    throw new ConfigurationError('target.service-missing', `There is no database service called ${names}.`, {
      help: 'Profiles belong to tables that OpenMetadata holds: ingest their metadata first, or name their service in meridian.profiler.services.',
    });
  }

  #isKeptOut(table: ListedTable): boolean {
    return (
      this.#filter.rejectsTable(table.sourcePath, table.tableType) !== undefined ||
      this.#labels.rejects(table.labels) !== undefined
    );
  }

  async #one(listed: ListedTable, { engineDatabase }: ProfiledService): Promise<void> {
    const { settings, ledger, signal, write } = this.#parts;
    const { fqn } = listed;
    const limit = { ms: settings.tableTimeoutMs, what: 'The table', key: 'meridian.profiler.tableTimeoutSeconds' };
    try {
      const plan = planTable(listed, settings, engineDatabase);
      if (!write) {
        ledger.done({ action: 'create', entityType: 'tableProfile', fqn, reason: 'would be profiled', fields: [] });
        return;
      }
      const running = AbortSignal.any([signal, this.#over.signal]);
      const found = await withinTime(limit, running, (either) => this.#profiler.ask(plan, either));
      await this.#profiler.store(plan, found);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (this.#over.signal.reason instanceof DOMException) throw error;
      if (error instanceof AuthenticationError || error instanceof ConnectionError) throw error;
      if (isMissing(error)) {
        ledger.skipped(fqn, 'not-at-source', 'tables that the source does not have');
      } else ledger.failed('tableProfile', fqn, error);
    } finally {
      this.#done += 1;
      this.#progress();
    }
  }

  /** Tables that the time did not suffice for count as failed: the run has not done what it was asked for. */
  #tellUnreached(): void {
    const { ledger, recipe } = this.#parts;
    const { reason } = this.#over.signal;
    const unreached = (this.#total ?? 0) - stageOf(ledger.report, 'tableProfile').read;
    if (reason instanceof DOMException || unreached <= 0) return;
    const name = counted(unreached, 'table that was not reached', 'tables that were not reached');
    noteFailure(ledger.report, 'tableProfile', name, reason, (text) => recipe.redactor.redact(text));
    ledger.report.failureCount += unreached - 1;
    ledger.report.partial.push('tableProfile');
  }

  #progress(always = false): void {
    const now = Date.now();
    if (!always && now - this.#lastProgress < progressEveryMs) return;
    this.#lastProgress = now;
    const { report } = this.#parts.ledger;
    const { created, updated, unchanged, filtered } = stageOf(report, 'tableProfile');
    this.#parts.onProgress({
      stage: 'writing',
      entityType: 'tableProfile',
      done: this.#done + filtered,
      ...(this.#total !== undefined && { total: this.#total }),
      created,
      updated,
      unchanged,
      failed: report.failureCount,
      elapsedSeconds: (now - this.#startedAt) / 1000,
    });
  }
}
