import { MeridianError } from '../../errors.ts';
import type { NamePath, ServiceRecord, SourceRecord } from '../../model/records.ts';
import type { GoneCandidate, Presence, Source, SourceCheck, SourceContext } from '../source.ts';
import { CataloguePresence } from './catalogue-presence.ts';
import { type CountsRow, countsQuery, type DatabaseRow, databasesQuery } from './catalogue-queries.ts';
import { CatalogueSpool } from './catalogue-spool.ts';
import { databaseRecord } from './database-records.ts';
import { PostgresSession } from './postgres-session.ts';
import type { PostgresSettings } from './postgres-settings.ts';
import { postgresSpec } from './postgres-spec.ts';
import { readDatabase } from './read-database.ts';

export interface PostgresSourceOptions {
  readonly serviceName: string;
  /** Whether the recipe’s patterns let a database pass. */
  readonly reads: (database: string) => boolean;
}

/** In the order in which they depend on each other. */
const kinds = ['tag', 'database', 'databaseSchema', 'table', 'lineage'] as const;
/** What is missing of a database that could not be read. */
const heldByDatabases = ['databaseSchema', 'table', 'lineage'] as const;
const policyDescription = 'A row-level security policy of this name stands on the table in PostgreSQL.';

/**
 * A PostgreSQL server as a source. Every database is read in one go into a file on disk, and told from there: the server’s
 * session is as short as it can be, however long the target takes.
 */
export class PostgresSource implements Source {
  readonly emits = postgresSpec.emits;
  readonly #settings: PostgresSettings;
  readonly #options: PostgresSourceOptions;
  #spool: CatalogueSpool | undefined;
  /** All that the server has, once they are known. */
  #databases: readonly DatabaseRow[] = [];
  #requests = 0;
  /** Version of the server, once it is known. */
  version: string | undefined;

  constructor(settings: PostgresSettings, options: PostgresSourceOptions) {
    this.#settings = settings;
    this.#options = options;
  }

  async *test(signal: AbortSignal): AsyncIterable<SourceCheck> {
    const { place, username, database, allDatabases } = this.#settings;
    let name = 'sign in at PostgreSQL';
    try {
      const session = await this.#open(database, signal);
      let databases: readonly DatabaseRow[];
      try {
        yield { name, ok: true, message: `PostgreSQL ${session.version} at ${place} as ${username}` };
        name = 'read databases';
        databases = await session.rows<DatabaseRow>(databasesQuery);
        if (allDatabases) {
          const closed = databases.filter((row) => this.#isWanted(row) && !row.readable).map((row) => row.name);
          yield { name, ok: true, message: `${databases.length} databases${notRead(closed)}` };
        }
      } finally {
        await session.close();
      }
      for (const row of databases.filter((each) => this.#isWanted(each) && each.readable)) {
        name = `read ${row.name}`;
        yield await this.#testDatabase(row.name, name, signal);
      }
    } catch (error) {
      yield failedCheck(name, error);
    }
  }

  async #testDatabase(database: string, name: string, signal: AbortSignal): Promise<SourceCheck> {
    try {
      const session = await this.#open(database, signal);
      try {
        const [counts] = await session.rows<CountsRow>(countsQuery);
        const { schemas, tables, views, closed } = counts!;
        const rights =
          closed > 0 ? `; rows of ${closed} of them are closed to this user, which only profiles need` : '';
        return {
          name,
          ok: true,
          message: `${schemas} schemas, ${tables} tables, ${views} views${rights}`,
        };
      } finally {
        await session.close();
      }
    } catch (error) {
      signal.throwIfAborted();
      return failedCheck(name, error);
    }
  }

  async *records(context: SourceContext): AsyncIterable<SourceRecord> {
    const spool = new CatalogueSpool();
    this.#spool = spool;
    context.progress('table', 0);
    await this.#read(spool, context);
    yield this.#service();
    for (const kind of kinds) {
      const total = spool.count(kind);
      let told = 0;
      if (total > 0) context.progress(kind, 0, total);
      for (const record of spool.records(kind)) {
        context.signal.throwIfAborted();
        yield record;
        told += 1;
        context.progress(kind, told, total);
      }
    }
  }

  async #read(spool: CatalogueSpool, context: SourceContext): Promise<void> {
    const { database, allDatabases } = this.#settings;
    const { signal, report } = context;
    const policies = new Set<string>();
    let tables = 0;
    const readInto = (session: PostgresSession, row: DatabaseRow): Promise<void> =>
      readDatabase(session, {
        service: this.#options.serviceName,
        row,
        spool,
        report,
        onTables: (read) => {
          tables += read;
          context.progress('table', tables);
        },
        onPolicy: (name) => {
          if (policies.has(name)) return;
          policies.add(name);
          spool.add({ kind: 'tag', path: [name], description: policyDescription });
        },
      });
    const first = await this.#open(database, signal);
    this.version = first.version;
    let others: readonly DatabaseRow[];
    try {
      const all = await first.rows<DatabaseRow>(databasesQuery);
      this.#databases = all;
      const own = all.find(({ name }) => name === database);
      if (own) spool.add(databaseRecord(own, this.#options.serviceName));
      if (own && this.#options.reads(database)) await readInto(first, own);
      others = allDatabases ? all.filter(({ name }) => name !== database) : [];
    } finally {
      await first.close();
    }
    for (const row of others) await this.#readOther(row, spool, context, readInto);
  }

  async #readOther(
    row: DatabaseRow,
    spool: CatalogueSpool,
    { signal, report }: SourceContext,
    readInto: (session: PostgresSession, row: DatabaseRow) => Promise<void>,
  ): Promise<void> {
    const isRead = this.#options.reads(row.name);
    if (isRead && !row.readable) {
      report({
        outcome: 'skipped',
        kind: 'database',
        reason: 'no-right-to-connect',
        name: row.name,
        message: 'the user may not connect to this database',
      });
      return;
    }
    spool.add(databaseRecord(row, this.#options.serviceName));
    // What the patterns keep out is not connected to; the filter counts it.
    if (!isRead) return;
    try {
      const session = await this.#open(row.name, signal);
      try {
        await readInto(session, row);
      } finally {
        await session.close();
      }
    } catch (error) {
      signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      for (const kind of heldByDatabases) {
        report({ outcome: 'failed', kind, reason: 'database-unreadable', name: row.name, message });
      }
    }
  }

  #service(): ServiceRecord {
    const { place, username, database, allDatabases } = this.#settings;
    return {
      kind: 'databaseService',
      path: [this.#options.serviceName],
      serviceType: 'Postgres',
      connection: { hostPort: place, username, database, ingestAllDatabases: allDatabases },
    };
  }

  #isWanted({ name }: DatabaseRow): boolean {
    return (this.#settings.allDatabases || name === this.#settings.database) && this.#options.reads(name);
  }

  /** What lies in a database that is not read cannot be missed; one that is no longer there can. */
  covers(_typeName: string, path?: NamePath): boolean {
    const name = path?.[1];
    if (name === undefined) return true;
    const row = this.#databases.find((each) => each.name === name);
    if (row) return this.#isWanted(row) && row.readable;
    return this.#settings.allDatabases && this.#options.reads(name);
  }

  confirmGone(candidates: readonly GoneCandidate[], signal: AbortSignal): Promise<readonly Presence[]> {
    return this.#presence.confirmGone(candidates, signal);
  }

  liveParts(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.#presence.liveParts(ids, signal);
  }

  get #presence(): CataloguePresence {
    return new CataloguePresence({
      database: this.#settings.database,
      open: (database, signal) => this.#open(database, signal),
      spool: this.#spool,
    });
  }

  requestCount(): number {
    return this.#requests;
  }

  async close(): Promise<void> {
    this.#spool?.close();
  }

  #open(database: string, signal: AbortSignal): Promise<PostgresSession> {
    const onRequest = (): void => {
      this.#requests += 1;
    };
    return PostgresSession.open(this.#settings, database, { signal, onRequest });
  }
}

function notRead(closed: readonly string[]): string {
  return closed.length > 0 ? `; the user may not connect to ${closed.join(', ')}` : '';
}

function failedCheck(name: string, error: unknown): SourceCheck {
  const help = error instanceof MeridianError ? error.help : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { name, ok: false, message, ...(help !== undefined && { help }) };
}
