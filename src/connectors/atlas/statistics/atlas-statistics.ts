import { ConnectionError } from '../../../errors.ts';
import type { NamePath } from '../../../model/records.ts';
import { ProfileError } from '../../../profiler/profile-error.ts';
import type {
  ProfiledTable,
  ProfileRequest,
  ProfilingEngine,
  TableProfile,
} from '../../../profiler/profiling-engine.ts';
import { TemporaryDatabase } from '../../../sqlite/temporary-database.ts';
import type { SourceCheck, SourceContext, SourceMemory } from '../../source.ts';
import { AtlasRun } from '../atlas-run.ts';
import type { AtlasSource, AtlasSourceOptions } from '../atlas-source.ts';
import { statisticsProfile, type TableStatistics } from './hive-statistics.ts';

const attributes = ['parameters', 'createTime'] as const;

/**
 * Profiles from what Atlas holds: the statistics that Hive, Impala and Spark keep with a table. All tables are read once, in
 * pages, into a file that goes with the run, under the names that metadata runs give them; a profile is then a look-up.
 */
export class AtlasStatistics implements ProfilingEngine {
  readonly #options: AtlasSourceOptions;
  readonly #source: AtlasSource;
  readonly #memory: SourceMemory;
  #index: TemporaryDatabase | undefined;

  /**
   * @param source over the same reader: it tests the connection, and closes it
   * @param memory what metadata runs have chosen, such as which cluster is which database
   */
  constructor(options: AtlasSourceOptions, source: AtlasSource, memory: SourceMemory | undefined) {
    this.#options = options;
    this.#source = source;
    this.#memory = memory ?? noMemory();
  }

  async prepare(signal: AbortSignal): Promise<void> {
    if (this.#index) return;
    const index = new TemporaryDatabase(
      'CREATE TABLE tables (path TEXT PRIMARY KEY, statistics TEXT) WITHOUT ROWID; BEGIN',
    );
    this.#index = index;
    const insert = index.run('INSERT OR IGNORE INTO tables VALUES (?, ?)');
    const failures: string[] = [];
    const context: SourceContext = {
      signal,
      report: ({ outcome, message }) => {
        if (outcome === 'failed') failures.push(message);
      },
      progress: () => undefined,
      memory: this.#memory,
    };
    const run = await AtlasRun.open(this.#options, context);
    try {
      for await (const { path, entity } of run.placedTables(attributes)) {
        const { parameters, createTime } = entity.attributes;
        const statistics: TableStatistics = {
          parameters: isTexts(parameters) ? parameters : {},
          ...(typeof createTime === 'number' && { createTime }),
        };
        insert.run(keyOf(path), JSON.stringify(statistics));
      }
    } finally {
      run.close();
    }
    if (failures.length > 0) {
      throw new ConnectionError('profile.statistics-unread', `Apache Atlas did not give all tables: ${failures[0]}`, {
        help: 'Run again; tables that were not read would seem not to be there.',
      });
    }
  }

  async profile(table: ProfiledTable, request: ProfileRequest, signal: AbortSignal): Promise<TableProfile> {
    await this.prepare(signal);
    const { path, place } = table;
    const key = keyOf([path[0]!, path[1]!, place.schema, place.table]);
    const row = this.#index!.run('SELECT statistics FROM tables WHERE path = ?').get(key);
    if (!row) {
      throw new ProfileError('profile.table-missing', 'Apache Atlas has no live table of this name.', {
        help: 'It may be gone there, or have come from another source.',
      });
    }
    return statisticsProfile(JSON.parse(String(row['statistics'])) as TableStatistics, table.columns, request);
  }

  requestCount(): number {
    return this.#source.requestCount();
  }

  test(signal: AbortSignal): AsyncIterable<SourceCheck> {
    return this.#source.test(signal);
  }

  async close(): Promise<void> {
    this.#index?.close();
    await this.#source.close();
  }
}

const keyOf = (path: NamePath): string => JSON.stringify(path);

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function noMemory(): SourceMemory {
  const notes = new Map<string, string>();
  return {
    get: (key) => notes.get(key),
    set: (key, value) => void notes.set(key, value),
    setAfterSuccess: () => undefined,
  };
}
