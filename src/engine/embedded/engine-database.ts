import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ConfigurationError } from '../../errors.ts';

/** Kept in the file's `user_version`. */
const schemaVersion = 1;

const tables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE pipelines (
  id TEXT PRIMARY KEY, definition TEXT NOT NULL, recipe BLOB NOT NULL, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, handled_until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE runs (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, pipeline_id TEXT NOT NULL, kind TEXT NOT NULL,
  state TEXT NOT NULL, trigger TEXT NOT NULL, attempt INTEGER NOT NULL, losses INTEGER NOT NULL,
  logical_date INTEGER, queued_at INTEGER NOT NULL, not_before INTEGER, started_at INTEGER, ended_at INTEGER, reason TEXT,
  follows TEXT, counts TEXT, conf BLOB, process_id INTEGER, process_start TEXT, stopping INTEGER
);
CREATE INDEX runs_of_pipeline ON runs (pipeline_id, sequence);
CREATE INDEX runs_unfinished ON runs (state) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX runs_of_tick ON runs (pipeline_id, logical_date) WHERE trigger IN ('schedule', 'catchup');
PRAGMA user_version = ${schemaVersion};
`;

/**
 * Opens the file of an engine, made when missing. It is this process's alone until it is closed or the process dies: two
 * engines of one home would run everything twice.
 *
 * @throws ConfigurationError `engine.home-in-use`, `engine.unusable`, `engine.other-version`
 */
export function openEngineDatabase(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec('PRAGMA busy_timeout = 1000; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;');
    // Every promise that an engine has kept is on disk.
    database.exec('PRAGMA synchronous = FULL; BEGIN EXCLUSIVE;');
    const version = versionOf(database);
    if (version === 0) database.exec(tables);
    database.exec('COMMIT');
    if (version !== 0 && version !== schemaVersion) {
      throw new ConfigurationError('engine.other-version', `${file} is of another version (${version}).`, {
        help: 'It was written by another release of Meridian. Use that release, or name another MERIDIAN_HOME.',
      });
    }
    chmodSync(file, 0o600);
    return database;
  } catch (cause) {
    database?.close();
    throw cause instanceof ConfigurationError ? cause : unusable(file, cause);
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()!['user_version']);
}

function unusable(file: string, cause: unknown): ConfigurationError {
  if (cause instanceof Error && /database is locked/.test(cause.message)) {
    return new ConfigurationError('engine.home-in-use', `Another Meridian runs its pipelines from ${file}.`, {
      help: 'Stop it, or name another folder with MERIDIAN_HOME.',
      cause,
    });
  }
  return new ConfigurationError('engine.unusable', `The pipelines and runs in ${file} cannot be opened.`, {
    help: 'Check that its folder is there and can be written, or name another one with MERIDIAN_HOME.',
    cause,
  });
}
