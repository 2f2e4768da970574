import type { ProfilerSettings } from '../../config/profiler-settings.ts';
import { AuthenticationError, ConnectionError, MeridianError } from '../../errors.ts';
import type { StoredProfile } from '../../openmetadata/profile-body.ts';
import type { ProfiledTables } from '../../openmetadata/profiled-tables.ts';
import type {
  ColumnProfile,
  ProfileSample,
  ProfilingEngine,
  SampleRows,
  TableProfile,
} from '../../profiler/profiling-engine.ts';
import { count } from '../format-numbers.ts';
import type { LabelProposer } from './label-proposer.ts';
import { maskedProfile, maskedRows } from './mask-values.ts';
import type { ProfileLedger } from './profile-ledger.ts';
import { maskedColumns, requestOf, sampleFor, type TablePlan } from './table-plan.ts';

/** What the engine said of one table. */
export interface FoundOut {
  readonly profile: TableProfile | undefined;
  readonly sample: ProfileSample | undefined;
  readonly rows: SampleRows | undefined;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

interface Parts {
  readonly settings: ProfilerSettings;
  readonly engine: ProfilingEngine;
  readonly ledger: ProfileLedger;
  readonly tables: ProfiledTables;
  /** Undefined where nothing is to be proposed. */
  readonly proposer: LabelProposer | undefined;
}

/** Asks the engine about one table, and stores what it said. */
export class TableProfiler {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async ask(plan: TablePlan, signal: AbortSignal): Promise<FoundOut> {
    const { engine, settings } = this.#parts;
    const timestamp = Date.now();
    const sample = await this.#sample(plan, signal);
    const wants = plan.tableMetrics || (plan.columnMetrics && plan.table.columns.length > 0);
    const profile = wants ? await engine.profile(plan.table, requestOf(plan, settings, sample), signal) : undefined;
    const rows = await this.#rows(plan, sample, signal);
    return { profile, sample, rows, timestamp };
  }

  async store(plan: TablePlan, found: FoundOut): Promise<void> {
    const { ledger } = this.#parts;
    const { fqn } = plan.listed;
    for (const key of plan.notFollowed) {
      ledger.problem(fqn, key, `${key} is not followed: the whole table is profiled`);
    }
    const { proposer } = this.#parts;
    const personal = proposer?.look(plan, found.rows) ?? [];
    // What has just been found out is hidden as what people have said.
    const masked = new Set([...plan.masked, ...(proposer?.hidden(personal) ?? [])]);
    if (found.profile) await this.#storeProfile(plan, found.profile, masked, found);
    else {
      const looked = `${count(found.rows?.rows.length ?? 0)} rows of ${count(plan.table.columns.length)} columns`;
      const reason = `looked at ${looked}`;
      ledger.done({ action: 'unchanged', entityType: 'tableProfile', fqn, reason, fields: [] });
    }
    await proposer?.propose(plan, personal);
    if (found.rows && plan.sampleRows !== undefined) await this.#storeRows(plan, found.rows, masked);
  }

  /** DYNAMIC: the number of rows comes first, from the source's statistics where it has some. */
  async #sample(plan: TablePlan, signal: AbortSignal): Promise<ProfileSample | undefined> {
    const { engine, settings } = this.#parts;
    if (plan.sample.kind === 'static' || plan.sample.thresholds.length === 0) return sampleFor(plan.sample, undefined);
    const first = requestOf({ ...plan, columnMetrics: false, tableMetrics: true }, settings, undefined);
    const asked = { ...first, metrics: new Set(['rowCount'] as const), useStatistics: true };
    const { rowCount } = await engine.profile(plan.table, asked, signal);
    return sampleFor(plan.sample, rowCount);
  }

  async #rows(
    plan: TablePlan,
    sample: ProfileSample | undefined,
    signal: AbortSignal,
  ): Promise<SampleRows | undefined> {
    const { engine, ledger } = this.#parts;
    const wanted = Math.max(plan.sampleRows ?? 0, this.#parts.settings.classify?.rows ?? 0);
    if (wanted === 0 || plan.table.columns.length === 0) return undefined;
    if (!engine.sampleRows) {
      const message = 'no sample rows: this source gives none, so that only names can tell what columns hold';
      ledger.problem(plan.listed.fqn, 'no-sample-rows', message);
      return undefined;
    }
    try {
      return await engine.sampleRows(plan.table, wanted, sample, signal);
    } catch (error) {
      if (signal.aborted || isLost(error) || isMissing(error)) throw error;
      // The profile is there already.
      ledger.failed('sampleData', plan.listed.fqn, error);
      return undefined;
    }
  }

  async #storeProfile(
    plan: TablePlan,
    profile: TableProfile,
    masked: ReadonlySet<string>,
    { sample, timestamp }: FoundOut,
  ): Promise<void> {
    const { ledger, tables } = this.#parts;
    const { fqn } = plan.listed;
    for (const { column, reason, message } of profile.problems) {
      ledger.problem(column === undefined ? fqn : `${fqn}.${column}`, reason, message);
    }
    const columns = this.#columns(plan, profile.columns, masked);
    const { rowCount, sizeInByte, createdAt, operations } = profile;
    const counts = plan.tableMetrics && plan.metrics.has('columnCount');
    const columnCount = profile.columnCount ?? (counts ? plan.listed.columns.length : undefined);
    // When it was made says nothing of what is in it.
    const saysNothing = rowCount === undefined && sizeInByte === undefined;
    if (saysNothing && columns.every(hasNoMetric) && (operations ?? []).length === 0) {
      ledger.skipped(fqn, 'no-statistics', 'tables that the source says nothing of');
      return;
    }
    const stored: StoredProfile = {
      timestamp,
      columns,
      ...(sample && { sample }),
      ...(rowCount !== undefined && { rowCount }),
      ...(columnCount !== undefined && { columnCount }),
      ...(sizeInByte !== undefined && { sizeInByte }),
      ...(createdAt !== undefined && { createdAt }),
      ...(operations && { operations }),
    };
    try {
      const { unfit } = await tables.putProfile(plan.listed, stored);
      for (const { column, metric } of unfit) {
        ledger.problem(
          `${fqn}.${column}`,
          'not-a-number',
          `metrics that are no number, such as ${metric} over NaN or infinity`,
        );
      }
    } catch (error) {
      if (isLost(error)) throw error;
      ledger.failed('tableProfile', fqn, error, tables.describeProfile(plan.listed, stored));
      return;
    }
    const rows = rowCount === undefined ? '' : `, ${count(rowCount)} rows`;
    const reason = `from ${words[profile.from]}${rows}, ${count(columns.length)} columns`;
    ledger.done({ action: 'create', entityType: 'tableProfile', fqn, reason, fields: [] });
  }

  /** By the target's names, only with what was asked for, and without the values of masked columns. */
  #columns(plan: TablePlan, columns: readonly ColumnProfile[], masked: ReadonlySet<string>): ColumnProfile[] {
    const { ledger } = this.#parts;
    return columns.flatMap((column) => {
      const name = plan.targetNames.get(column.name);
      if (name === undefined) return [];
      if (column.approximate) ledger.approximated(column.approximate);
      const wanted = plan.metricsOf.get(column.name);
      const asked = wanted ? onlyMetrics(column, wanted) : column;
      return [{ ...(masked.has(column.name) ? maskedProfile(asked) : asked), name }];
    });
  }

  async #storeRows(plan: TablePlan, { columns, rows }: SampleRows, hidden: Set<string>): Promise<void> {
    const { ledger, tables, settings } = this.#parts;
    const { fqn } = plan.listed;
    // What leaves does not come back: labels are looked at once more, right before.
    const now = await tables.again(plan.listed);
    if (!now) return;
    for (const name of maskedColumns(now, settings.maskedTags)) hidden.add(name);
    const masked = maskedRows({ columns, rows: rows.slice(0, plan.sampleRows) }, hidden);
    const named = { ...masked, columns: masked.columns.map((name) => plan.targetNames.get(name) ?? name) };
    try {
      await tables.putSampleData(plan.listed, named);
      const how = hidden.size === 0 ? '' : `, ${count(hidden.size)} columns masked`;
      const reason = `${count(masked.rows.length)} rows${how}`;
      ledger.done({ action: 'create', entityType: 'sampleData', fqn, reason, fields: [] });
    } catch (error) {
      if (isLost(error)) throw error;
      ledger.failed('sampleData', fqn, error, tables.describeSampleData(plan.listed, named));
    }
  }
}

const words: Readonly<Record<TableProfile['from'], string>> = {
  query: 'a query',
  statistics: 'statistics',
  both: 'a query and statistics',
};

/** The target cannot be had any more: going on would fail every other table too. */
function isLost(error: unknown): boolean {
  return error instanceof AuthenticationError || error instanceof ConnectionError;
}

/** The source has no such table: that is no failure of its rows alone. */
export function isMissing(error: unknown): boolean {
  return error instanceof MeridianError && error.code === 'profile.table-missing';
}

function onlyMetrics(column: ColumnProfile, wanted: ReadonlySet<string>): ColumnProfile {
  const kept = Object.entries(column).filter(([key]) => key === 'name' || wanted.has(key));
  return Object.fromEntries(kept) as unknown as ColumnProfile;
}

function hasNoMetric({ name: _, approximate: __, ...metrics }: ColumnProfile): boolean {
  return Object.values(metrics).every((value) => value === undefined);
}
