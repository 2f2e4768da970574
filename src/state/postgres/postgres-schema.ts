import { ConfigurationError } from '../../errors.ts';
import type { PostgresDatabase } from './postgres-database.ts';
import { keyOf } from './postgres-state-store.ts';

const schemaVersion = 1;

/** Any number that others are unlikely to lock: two first runs make the tables one after the other. */
const creationLock = 7_402_318_115;

/**
 * Names may be longer than an index of PostgreSQL can hold (about 2,700 bytes). So rows are found by a hash of their
 * name (`key`), and listed by its first 200 characters and then the whole.
 */
const tables = [
  'CREATE SCHEMA IF NOT EXISTS meridian',
  'CREATE TABLE IF NOT EXISTS meridian.schema_version (version int PRIMARY KEY)',
  `CREATE TABLE IF NOT EXISTS meridian.pipelines (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key bytea NOT NULL UNIQUE, name text NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS meridian.meta (
    pipeline bigint, key bytea, name text COLLATE "C" NOT NULL, value text NOT NULL, PRIMARY KEY (pipeline, key))`,
  'CREATE INDEX IF NOT EXISTS meta_name ON meridian.meta (pipeline, left(name, 200))',
  `CREATE TABLE IF NOT EXISTS meridian.assets (
    pipeline bigint, key bytea, entity_type text COLLATE "C" NOT NULL, fqn text COLLATE "C" NOT NULL,
    source_id text NOT NULL, target_id text, target_version float8, source_hash text, data text NOT NULL,
    PRIMARY KEY (pipeline, key))`,
  'CREATE INDEX IF NOT EXISTS assets_name ON meridian.assets (pipeline, entity_type, left(fqn, 200))',
  'CREATE INDEX IF NOT EXISTS assets_source ON meridian.assets (pipeline, left(source_id, 200))',
  `CREATE TABLE IF NOT EXISTS meridian.edges (
    pipeline bigint, key bytea, to_type text COLLATE "C" NOT NULL, to_fqn text COLLATE "C" NOT NULL,
    from_type text COLLATE "C" NOT NULL, from_fqn text COLLATE "C" NOT NULL, source_hash text, data text NOT NULL,
    PRIMARY KEY (pipeline, key))`,
  'CREATE INDEX IF NOT EXISTS edges_to ON meridian.edges (pipeline, to_type, left(to_fqn, 200))',
  'CREATE INDEX IF NOT EXISTS edges_from ON meridian.edges (pipeline, from_type, left(from_fqn, 200))',
  `CREATE TABLE IF NOT EXISTS meridian.journal_runs (
    pipeline bigint, run_id text, started_at text COLLATE "C" NOT NULL, undone_at text, PRIMARY KEY (pipeline, run_id))`,
  `CREATE TABLE IF NOT EXISTS meridian.journal (
    pipeline bigint, run_id text, sequence bigint, data text NOT NULL, PRIMARY KEY (pipeline, run_id, sequence))`,
  `CREATE TABLE IF NOT EXISTS meridian.locks (
    pipeline bigint PRIMARY KEY, token text NOT NULL, holder text NOT NULL, beats bigint NOT NULL,
    beat_at timestamptz NOT NULL)`,
  `INSERT INTO meridian.schema_version VALUES (${schemaVersion}) ON CONFLICT DO NOTHING`,
];

/** True when the tables are there. @throws ConfigurationError `state.other-version`, `state.encoding` */
export async function hasSchema(database: PostgresDatabase, place: string): Promise<boolean> {
  const [server] = await database.rows<{ encoding: string; there: boolean }>(
    `SELECT current_setting('server_encoding') AS encoding, to_regclass('meridian.schema_version') IS NOT NULL AS there`,
  );
  if (server!.encoding !== 'UTF8') {
    throw new ConfigurationError(
      'state.encoding',
      `The state store ${place} is in ${server!.encoding}, not in UTF-8.`,
      {
        help: 'Create a database for Meridian: CREATE DATABASE meridian ENCODING ‘UTF8’ TEMPLATE template0.',
      },
    );
  }
  if (!server!.there) return false;
  const [row] = await database.rows<{ version: number }>('SELECT max(version) AS version FROM meridian.schema_version');
  const version = row!.version;
  if (version === schemaVersion) return true;
  throw new ConfigurationError('state.other-version', `The state store ${place} is of another version (${version}).`, {
    help: 'It was written by another release of Meridian. Use that release, or name another database.',
  });
}

/** Makes schema and tables where they are missing. */
export async function ensureSchema(database: PostgresDatabase, place: string): Promise<void> {
  if (await hasSchema(database, place)) return;
  await database.transaction(`SELECT pg_advisory_xact_lock(${creationLock})`, ...tables);
  await hasSchema(database, place);
}

/** Id of a pipeline's row; undefined where nothing was ever remembered of it. */
export async function findPipeline(database: PostgresDatabase, name: string): Promise<string | undefined> {
  const [row] = await database.rows<{ id: string }>('SELECT id FROM meridian.pipelines WHERE key = $1', keyOf(name));
  return row?.id;
}

export async function makePipeline(database: PostgresDatabase, name: string): Promise<string> {
  await database.rows(
    'INSERT INTO meridian.pipelines (key, name) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    ...[keyOf(name), name],
  );
  return (await findPipeline(database, name))!;
}
