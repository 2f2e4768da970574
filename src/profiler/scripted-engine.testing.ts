import type { SourceCheck } from '../connectors/source.ts';
import { ProfileError } from './profile-error.ts';
import type {
  ProfiledTable,
  ProfileRequest,
  ProfileSample,
  ProfilingEngine,
  SampleRows,
  TableProfile,
} from './profiling-engine.ts';

type Answer<T> = (table: ProfiledTable, signal: AbortSignal) => T | Promise<T>;

/** An engine of tests: says what it was told to say, and remembers what it was asked. No database stands behind it. */
export class ScriptedEngine implements ProfilingEngine {
  readonly asked: { readonly table: ProfiledTable; readonly request: ProfileRequest }[] = [];
  readonly sampled: { readonly table: ProfiledTable; readonly count: number; readonly sample?: ProfileSample }[] = [];
  readonly maxConcurrency?: number;
  closed = false;
  /** The most tables that were under way at once. */
  busiest = 0;
  #busy = 0;
  readonly #profile: Answer<Partial<TableProfile>>;
  readonly #rows: Answer<SampleRows> | undefined;

  constructor(script: {
    readonly profile?: Answer<Partial<TableProfile>>;
    readonly rows?: Answer<SampleRows>;
    readonly maxConcurrency?: number;
  }) {
    this.#profile = script.profile ?? (() => ({ rowCount: 1 }));
    this.#rows = script.rows;
    if (script.maxConcurrency !== undefined) this.maxConcurrency = script.maxConcurrency;
  }

  async profile(table: ProfiledTable, request: ProfileRequest, signal: AbortSignal): Promise<TableProfile> {
    this.asked.push({ table, request });
    this.#busy += 1;
    this.busiest = Math.max(this.busiest, this.#busy);
    try {
      return { columns: [], from: 'query', problems: [], ...(await this.#profile(table, signal)) };
    } finally {
      this.#busy -= 1;
    }
  }

  async sampleRows(
    table: ProfiledTable,
    count: number,
    sample: ProfileSample | undefined,
    signal: AbortSignal,
  ): Promise<SampleRows> {
    this.sampled.push({ table, count, ...(sample && { sample }) });
    if (!this.#rows) throw new ProfileError('profile.table-missing', 'There are no rows.');
    return this.#rows(table, signal);
  }

  requestCount(): number {
    return this.asked.length + this.sampled.length;
  }

  async *test(): AsyncGenerator<SourceCheck> {
    yield { name: 'an engine of tests', ok: true, message: 'scripted' };
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
