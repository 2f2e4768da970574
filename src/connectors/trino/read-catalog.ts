import type { SourceContext } from '../source.ts';
import type { CatalogSpool, TextKind } from './catalog-spool.ts';
import { quoteName, quoteText } from './sql-text.ts';
import type { TrinoClient } from './trino-client.ts';
import { TrinoQueryError } from './trino-query-error.ts';

/** A schema of every catalog that only tells of the others. */
export const informationSchema = 'information_schema';

/** Schemas that Trino looks into one by one where a query names them; above so many it lists all of the catalog instead. */
const schemasAtOnce = 100;

export interface CatalogReading {
  readonly client: TrinoClient;
  readonly context: SourceContext;
  readonly catalog: string;
  /** The schemas to be read. */
  readonly schemas: readonly string[];
}

/**
 * Reads the tables of a catalog, by one query for each kind of thing: tables, columns, views, comments, materialized views.
 * No query a table, however many there are; of a catalog with hundreds of schemas, a part of them at a time.
 *
 * @returns each time a part of the schemas is in the spool
 * @throws TrinoQueryError when the catalog cannot be read; AuthenticationError, ConnectionError
 */
export async function* readCatalog(reading: CatalogReading, spool: CatalogSpool): AsyncIterable<void> {
  spool.clear();
  for (let i = 0; i < reading.schemas.length; i += schemasAtOnce) {
    if (i === 0) {
      await readComments(reading, spool);
      await readMaterializedViews(reading, spool);
    }
    await readSchemas(reading, reading.schemas.slice(i, i + schemasAtOnce), spool);
    yield;
    spool.clearTables();
  }
}

async function readSchemas(reading: CatalogReading, schemas: readonly string[], spool: CatalogSpool): Promise<void> {
  const { client, context, catalog } = reading;
  const { signal } = context;
  const from = (table: string): string => `FROM ${quoteName(catalog)}.${informationSchema}.${table}`;
  const where = `WHERE table_schema IN (${schemas.map(quoteText).join(', ')})`;
  const tables = `SELECT table_schema, table_name, table_type ${from('tables')} ${where}`;
  for await (const [schema, name, type] of client.rows(tables, { signal })) {
    spool.addTable(String(schema), String(name), String(type));
  }
  const columns = `SELECT table_schema, table_name, ordinal_position, column_name, data_type, is_nullable, comment, extra_info ${from('columns')} ${where}`;
  for await (const row of client.rows(columns, { signal })) {
    const [schema, table, position, name, type, nullable, comment, extra] = row;
    spool.addColumn(String(schema), String(table), Number(position), {
      name: String(name),
      type: String(type),
      nullable: nullable !== 'NO',
      comment: textOf(comment),
      extra: textOf(extra),
    });
  }
  await beside(reading, 'views', async () => {
    const views = `SELECT table_schema, table_name, view_definition ${from('views')} ${where}`;
    await readTexts(reading, views, ['view'], spool);
  });
}

function readComments(reading: CatalogReading, spool: CatalogSpool): Promise<void> {
  return beside(reading, 'comments', () => {
    const comments = `SELECT schema_name, table_name, comment FROM system.metadata.table_comments ${whereOf(reading)}`;
    return readTexts(reading, comments, ['comment'], spool);
  });
}

function readMaterializedViews(reading: CatalogReading, spool: CatalogSpool): Promise<void> {
  return beside(reading, 'materialized views', () => {
    // Not its freshness, which Trino would have to find out view by view.
    const views = `SELECT schema_name, name, definition, comment FROM system.metadata.materialized_views ${whereOf(reading)}`;
    return readTexts(reading, views, ['materializedView', 'materializedComment'], spool);
  });
}

/** Trino asks the catalog for a few schemas, or for all at once. */
function whereOf({ catalog, schemas }: CatalogReading): string {
  const where = `WHERE catalog_name = ${quoteText(catalog)}`;
  if (schemas.length > schemasAtOnce) return where;
  return `${where} AND schema_name IN (${schemas.map(quoteText).join(', ')})`;
}

async function readTexts(
  { client, context }: CatalogReading,
  sql: string,
  kinds: readonly TextKind[],
  spool: CatalogSpool,
): Promise<void> {
  for await (const [schema, name, ...texts] of client.rows(sql, { signal: context.signal })) {
    for (const [i, kind] of kinds.entries()) {
      const text = textOf(texts[i]);
      // That something is a view is told also where its text is empty.
      if (text !== undefined || kind === 'materializedView')
        spool.addText(kind, String(schema), String(name), text ?? '');
    }
  }
}

/**
 * Reads what tables may do without: an older Trino, or a user without rights in the catalog `system`, has no comments.
 * Where an earlier run could read them it is a failure, since texts would be taken away that are still there.
 */
async function beside({ context, catalog }: CatalogReading, what: string, read: () => Promise<void>): Promise<void> {
  const key = `trino.read.${catalog}.${what}`;
  try {
    await read();
    if (context.memory.get(key) !== 'yes') context.memory.set(key, 'yes');
  } catch (error) {
    if (!(error instanceof TrinoQueryError) || context.memory.get(key) === 'yes') throw error;
    const message = `${what} of the catalog could not be read: ${error.message}`;
    context.report({ outcome: 'skipped', kind: 'table', reason: 'not-readable', name: catalog, message });
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
