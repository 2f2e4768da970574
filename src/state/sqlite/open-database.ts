import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigurationError } from '../../errors.ts';

/** Kept in the file's `user_version`. 1 was never released, and has none. */
const schemaVersion = 2;

const tables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE assets (
  entity_type TEXT NOT NULL, fqn TEXT NOT NULL, source_id TEXT NOT NULL, target_id TEXT, target_version REAL,
  source_hash TEXT, data TEXT NOT NULL,
  PRIMARY KEY (entity_type, fqn)
) WITHOUT ROWID;
CREATE INDEX assets_source ON assets (source_id);
CREATE TABLE edges (
  to_type TEXT NOT NULL, to_fqn TEXT NOT NULL, from_type TEXT NOT NULL, from_fqn TEXT NOT NULL,
  source_hash TEXT, data TEXT NOT NULL,
  PRIMARY KEY (to_type, to_fqn, from_type, from_fqn)
) WITHOUT ROWID;
CREATE INDEX edges_from ON edges (from_type, from_fqn);
CREATE TABLE journal_runs (run_id TEXT PRIMARY KEY, started_at TEXT NOT NULL, undone_at TEXT) WITHOUT ROWID;
CREATE TABLE lock (
  one INTEGER PRIMARY KEY CHECK (one = 1), token TEXT NOT NULL, holder TEXT NOT NULL, beats INTEGER NOT NULL,
  beat_at REAL NOT NULL
);
CREATE TABLE journal (
  run_id TEXT NOT NULL, sequence INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (run_id, sequence)
) WITHOUT ROWID;
PRAGMA user_version = ${schemaVersion};
`;

/**
 * Opens the file of a state store, made when missing with its folder, readable by its owner only.
 *
 * @throws ConfigurationError `state.unusable`, `state.other-version`
 */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ':memory:') makeFolder(path);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // The file is memory of ours, not a ledger: it must survive the death of the process (WAL does), not a power cut.
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
    const version = makeTables(database);
    if (version !== schemaVersion) throw otherVersion(path, version);
    if (path !== ':memory:') chmodSync(path, 0o600);
    return database;
  } catch (cause) {
    database?.close();
    throw cause instanceof ConfigurationError ? cause : unusable(path, cause);
  }
}

/** Makes the tables of a new file; returns the version that the file is of. */
function makeTables(database: DatabaseSync): number {
  const versionOf = (): number => Number(database.prepare('PRAGMA user_version').get()!['user_version']);
  if (versionOf() !== 0) return versionOf();
  // Another process may be about to make them as well.
  database.exec('BEGIN IMMEDIATE');
  try {
    const isNew = versionOf() === 0 && !database.prepare('SELECT 1 FROM sqlite_schema').get();
    if (isNew) database.exec(tables);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
  return versionOf() || 1;
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw unusable(path, cause);
  }
}

function unusable(path: string, cause: unknown): ConfigurationError {
  return new ConfigurationError('state.unusable', `The state store ${path} cannot be opened.`, {
    help: 'Check that the folder can be written, or name another one with MERIDIAN_HOME or meridian.state.path.',
    cause,
  });
}

function otherVersion(path: string, version: number): ConfigurationError {
  return new ConfigurationError('state.other-version', `The state store ${path} is of another version (${version}).`, {
    help: 'It was written by another release of Meridian. Use that release, or clear it with "meridian state clear".',
  });
}
