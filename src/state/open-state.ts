import { existsSync } from 'node:fs';
import { RehearsedStateStore } from './rehearsed-state-store.ts';
import type { LockTable } from './run-lock.ts';
import { openDatabase } from './sqlite/open-database.ts';
import { SqliteLockTable } from './sqlite/sqlite-lock-table.ts';
import { SqliteStateStore } from './sqlite/sqlite-state-store.ts';
import { meridianHome, type PipelineIdentity, pipelineName, stateFile } from './state-location.ts';
import type { StateStore } from './state-store.ts';

/** What of a recipe's settings says where its memory is. */
export interface StateSettings {
  readonly stateType: 'sqlite' | 'postgres';
  readonly stateConnection: string | undefined;
  readonly statePath: string | undefined;
}

export interface StatePlace {
  readonly settings: StateSettings;
  readonly identity: PipelineIdentity;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface OpenedState {
  readonly store: StateStore;
  /** The lock that keeps two runs of the pipeline apart; to be released before the store is closed. */
  readonly lock: LockTable;
  /** Where it is, for people. */
  readonly place: string;
  /** Aborted, with the error, when the store fails for good: a run that cannot remember what it writes must end. */
  readonly broken: AbortSignal;
  /** False when nothing was there before. */
  readonly existed: boolean;
}

/** Path of a pipeline's SQLite file, also where its dead letters go whatever the store is. */
export function statePath({ settings, identity, env }: StatePlace): string {
  return settings.statePath ?? stateFile(meridianHome(env), identity);
}

/** Where a pipeline's memory is, for people. @throws ConfigurationError `state.bad-address` */
export async function describeState(place: StatePlace): Promise<string> {
  if (place.settings.stateType === 'sqlite') return statePath(place);
  const { postgresAddress } = await import('./postgres/postgres-address.ts');
  return `${postgresAddress(place.settings.stateConnection).place} (${pipelineName(place.identity)})`;
}

/**
 * Opens a pipeline's memory.
 *
 * @param use `rehearse` for a plan, and for looking: what is written is shown to the plan only, and nothing is made or locked
 * @throws ConfigurationError, ConnectionError, AuthenticationError
 */
export async function openState(place: StatePlace, use: 'keep' | 'rehearse'): Promise<OpenedState> {
  return place.settings.stateType === 'sqlite' ? openSqlite(statePath(place), use) : openPostgres(place, use);
}

function openSqlite(path: string, use: 'keep' | 'rehearse'): OpenedState {
  const existed = existsSync(path);
  const database = openDatabase(use === 'rehearse' && !existed ? ':memory:' : path);
  const store = new SqliteStateStore(database);
  return {
    store: rehearsedIf(use === 'rehearse' && existed, store),
    lock: new SqliteLockTable(database),
    place: path,
    broken: store.broken,
    existed,
  };
}

function rehearsedIf(rehearse: boolean, store: StateStore): StateStore {
  return rehearse ? new RehearsedStateStore(store, new SqliteStateStore(openDatabase(':memory:'))) : store;
}

async function openPostgres(place: StatePlace, use: 'keep' | 'rehearse'): Promise<OpenedState> {
  const [
    { postgresAddress },
    { PostgresDatabase },
    { ensureSchema, findPipeline, hasSchema, makePipeline },
    stores,
    locks,
  ] = await Promise.all([
    import('./postgres/postgres-address.ts'),
    import('./postgres/postgres-database.ts'),
    import('./postgres/postgres-schema.ts'),
    import('./postgres/postgres-state-store.ts'),
    import('./postgres/postgres-lock-table.ts'),
  ]);
  const address = postgresAddress(place.settings.stateConnection);
  const name = pipelineName(place.identity);
  const shown = `${address.place} (${name})`;
  const database = new PostgresDatabase(address);
  try {
    if (use === 'keep') await ensureSchema(database, address.place);
    const known = (await hasSchema(database, address.place)) ? await findPipeline(database, name) : undefined;
    if (known === undefined && use === 'rehearse') {
      // Nothing is remembered and nothing may be made: a plan is a first run then.
      await database.close();
      return { ...openSqlite(':memory:', 'rehearse'), place: shown, existed: false };
    }
    const pipeline = known ?? (await makePipeline(database, name));
    return {
      store: rehearsedIf(use === 'rehearse', new stores.PostgresStateStore(database, pipeline)),
      lock: new locks.PostgresLockTable(database, pipeline),
      place: shown,
      broken: database.broken,
      existed: known !== undefined,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
