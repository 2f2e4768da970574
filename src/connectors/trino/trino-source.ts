import { ConfigurationError, MeridianError } from '../../errors.ts';
import type { NamePath, SourceRecord } from '../../model/records.ts';
import type { GoneCandidate, Presence, Source, SourceCheck, SourceContext } from '../source.ts';
import { CatalogSpool } from './catalog-spool.ts';
import { informationSchema, readCatalog } from './read-catalog.ts';
import { quoteName, quoteText } from './sql-text.ts';
import type { TrinoClient } from './trino-client.ts';
import { confirmGone, liveParts } from './trino-presence.ts';
import { TrinoQueryError } from './trino-query-error.ts';
import { provenanceOf, tableRecord } from './trino-records.ts';
import { trinoSpec } from './trino-spec.ts';

export interface TrinoSourceOptions {
  /** Closed with the source. */
  readonly client: TrinoClient;
  /** The database service in OpenMetadata. */
  readonly serviceName: string;
  /** The connection that it gets there when it is made. */
  readonly service: Readonly<Record<string, unknown>>;
  /** The only catalog that is read; all that hold data unless set. */
  readonly catalog: string | undefined;
  /** The only schema that is read, in each catalog. */
  readonly databaseSchema: string | undefined;
  /** Whether the recipe's filters let a catalog or a schema through. */
  readonly reads: (kind: 'database' | 'databaseSchema', path: NamePath) => boolean;
}

/** Connectors that tell of the cluster itself and hold nobody's data. */
const ownConnectors = new Set(['system', 'jmx']);

/** A Trino cluster as a source: its catalogs become databases. */
export class TrinoSource implements Source {
  readonly emits = trinoSpec.emits;
  readonly #options: TrinoSourceOptions;
  readonly #client: TrinoClient;
  /** Version of the server, once it is known. */
  version: string | undefined;

  constructor(options: TrinoSourceOptions) {
    this.#options = options;
    this.#client = options.client;
  }

  async *test(signal: AbortSignal): AsyncIterable<SourceCheck> {
    let name = 'Trino';
    try {
      yield { name, ok: true, message: `version ${await this.#client.version(signal)}` };
      name = 'sign in and list catalogs';
      const catalogs = await this.#catalogs(signal);
      yield { name, ok: catalogs.length > 0, message: catalogs.join(', ') || 'no catalog that holds data' };
      for (const catalog of catalogs) {
        name = `read catalog ${catalog}`;
        yield await this.#testCatalog(name, catalog, signal);
      }
    } catch (error) {
      yield failedCheck(name, error);
    }
  }

  async *records(context: SourceContext): AsyncIterable<SourceRecord> {
    const { serviceName, service, reads } = this.#options;
    this.version = await this.#client.version(context.signal);
    const catalogs = await this.#catalogs(context.signal);
    yield { kind: 'databaseService', path: [serviceName], serviceType: 'Trino', connection: service };
    for (const catalog of catalogs) {
      yield { kind: 'database', path: [serviceName, catalog], provenance: provenanceOf([catalog]), tags: [] };
    }
    context.progress('database', catalogs.length, catalogs.length);
    const schemas = new Map<string, readonly string[]>();
    for (const catalog of catalogs) {
      if (!reads('database', [serviceName, catalog])) continue;
      const found = await this.#schemas(catalog, context);
      if (!found) continue;
      // What the filters keep out is told, so that they can count it, and not read.
      const wanted = found.filter((schema) => reads('databaseSchema', [serviceName, catalog, schema]));
      schemas.set(catalog, wanted);
      for (const schema of found) {
        const provenance = provenanceOf([catalog, schema]);
        yield { kind: 'databaseSchema', path: [serviceName, catalog, schema], provenance, tags: [] };
      }
    }
    const spool = new CatalogSpool();
    try {
      for (const [catalog, found] of schemas) yield* this.#tables(catalog, found, spool, context);
    } finally {
      spool.close();
    }
  }

  /** What this recipe does not read may well be there. */
  covers(_typeName: string, path: NamePath = []): boolean {
    const { catalog, databaseSchema } = this.#options;
    const isRead = (only: string | undefined, name: string | undefined): boolean =>
      only === undefined || name === undefined || only.toLowerCase() === name.toLowerCase();
    return isRead(catalog, path[1]) && isRead(databaseSchema, path[2]);
  }

  confirmGone(candidates: readonly GoneCandidate[], signal: AbortSignal): Promise<readonly Presence[]> {
    return confirmGone(this.#client, candidates, signal);
  }

  liveParts(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
    return liveParts(this.#client, ids, signal);
  }

  requestCount(): number {
    return this.#client.requestCount;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** The catalogs that are read, in the order of their names. @throws ConfigurationError `trino.no-catalog` */
  async #catalogs(signal: AbortSignal): Promise<readonly string[]> {
    const all = await this.#allCatalogs(signal);
    const { catalog } = this.#options;
    if (catalog === undefined) {
      const own = all.filter(({ connector, name }) => !ownConnectors.has(connector ?? name));
      return own.map(({ name }) => name).sort();
    }
    const found = all.find(({ name }) => name.toLowerCase() === catalog.toLowerCase());
    if (found) return [found.name];
    const names = all.map(({ name }) => name).sort();
    throw new ConfigurationError('trino.no-catalog', `Trino at ${this.#client.place} shows no catalog ${catalog}.`, {
      help: `It shows ${names.join(', ')}; a user sees only those that it has rights in.`,
    });
  }

  async #allCatalogs(
    signal: AbortSignal,
  ): Promise<readonly { readonly name: string; readonly connector: string | undefined }[]> {
    try {
      // Later versions also tell the connector behind each.
      const rows = await this.#client.objects('SELECT * FROM system.metadata.catalogs', { signal });
      return rows.map((row) => ({ name: String(row['catalog_name']), connector: textOf(row['connector_name']) }));
    } catch (error) {
      // A user may see catalogs, and not this one of the cluster's own.
      if (!(error instanceof TrinoQueryError) || error.errorName !== 'PERMISSION_DENIED') throw error;
      const rows = await this.#client.objects('SHOW CATALOGS', { signal });
      return rows.map((row) => ({ name: String(row['Catalog']), connector: undefined }));
    }
  }

  async #schemasOf(catalog: string, signal: AbortSignal): Promise<readonly string[]> {
    const { databaseSchema } = this.#options;
    const only = databaseSchema === undefined ? '' : ` AND schema_name = ${quoteText(databaseSchema.toLowerCase())}`;
    const sql = `SELECT schema_name FROM ${quoteName(catalog)}.${informationSchema}.schemata WHERE schema_name <> '${informationSchema}'${only}`;
    const names: string[] = [];
    for await (const [name] of this.#client.rows(sql, { signal })) names.push(String(name));
    return names.sort();
  }

  /** Undefined where the catalog cannot be read: what is in it counts as partial, and the others go on. */
  async #schemas(catalog: string, context: SourceContext): Promise<readonly string[] | undefined> {
    try {
      return await this.#schemasOf(catalog, context.signal);
    } catch (error) {
      reportUnreadable(catalog, ['databaseSchema', 'table'], error, context);
      return undefined;
    }
  }

  async *#tables(
    catalog: string,
    schemas: readonly string[],
    spool: CatalogSpool,
    context: SourceContext,
  ): AsyncIterable<SourceRecord> {
    let read = 0;
    const parts = readCatalog({ client: this.#client, context, catalog, schemas }, spool)[Symbol.asyncIterator]();
    for (;;) {
      try {
        if ((await parts.next()).done) return;
      } catch (error) {
        reportUnreadable(catalog, ['table'], error, context);
        return;
      }
      const total = read + spool.tableCount;
      for (const table of spool.tables()) {
        context.signal.throwIfAborted();
        const record = tableRecord(this.#options.serviceName, catalog, table, spool);
        context.progress('table', ++read, total);
        if (record.columns.length > 0) yield record;
        else reportWithoutColumns(record.provenance.qualifiedName, context);
      }
    }
  }

  async #testCatalog(name: string, catalog: string, signal: AbortSignal): Promise<SourceCheck> {
    try {
      const schemas = await this.#schemasOf(catalog, signal);
      const sql = `SELECT count(*) FROM ${quoteName(catalog)}.${informationSchema}.tables WHERE table_schema <> '${informationSchema}'`;
      for await (const [count] of this.#client.rows(sql, { signal })) {
        return { name, ok: true, message: `${schemas.length} schemas, ${String(count)} tables and views` };
      }
      return { name, ok: true, message: `${schemas.length} schemas` };
    } catch (error) {
      signal.throwIfAborted();
      return failedCheck(name, error);
    }
  }
}

function reportUnreadable(
  catalog: string,
  kinds: readonly ('databaseSchema' | 'table')[],
  error: unknown,
  { report, signal }: SourceContext,
): void {
  signal.throwIfAborted();
  // A server that is gone is gone for all of them.
  if (!(error instanceof TrinoQueryError)) throw error;
  for (const kind of kinds) {
    report({ outcome: 'failed', kind, reason: 'catalog-unreadable', name: catalog, message: error.message });
  }
}

/** Trino leaves out in silence the columns of a table that it cannot read. */
function reportWithoutColumns(name: string, { report }: SourceContext): void {
  const message = 'Trino lists it, and shows no columns of it: it probably cannot read what its metastore has';
  report({ outcome: 'failed', kind: 'table', reason: 'no-columns', name, message });
}

function failedCheck(name: string, error: unknown): SourceCheck {
  const help = error instanceof MeridianError ? error.help : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { name, ok: false, message, ...(help !== undefined && { help }) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
