import type { MeridianError } from '../../errors.ts';
import { type TableRow, type ViewRow, type ViewSource, viewsQuery, viewsSearchPath } from './catalogue-queries.ts';
import type { PostgresSession } from './postgres-session.ts';

/** A view's text and what it reads. */
export interface ReadView {
  /** Its query, every name but those of pg_catalog with its schema. */
  readonly definition: string;
  /** The whole statement that makes the view, without a semicolon. */
  readonly statement: string;
  readonly sources: readonly ViewSource[];
}

/** Who changes a table mostly has its lock for a moment only; once somebody has kept it for longer, it is not waited for again. */
const patience = { first: '2s', again: '100ms' };
/** The server locks all that the views of one question read, for as long as that takes. */
const atOnce = 100;

/**
 * Texts of those of some tables that are views, by their oids. One that cannot be read (somebody changes a table of it and
 * holds its lock) leaves the others as they are.
 *
 * @param onFailure told of each view that could not be read
 */
export async function readViews(
  session: PostgresSession,
  tables: readonly TableRow[],
  onFailure: (table: TableRow, error: Error) => void,
): Promise<ReadonlyMap<number, ReadView>> {
  const views = tables.filter(({ kind }) => kind === 'v' || kind === 'm');
  const read = new Map<number, ReadView>();
  for (let i = 0; i < views.length; i += atOnce) {
    await readBatch(session, views.slice(i, i + atOnce), patience.first, read, onFailure);
  }
  return read;
}

async function readBatch(
  session: PostgresSession,
  views: readonly TableRow[],
  lockTimeout: string,
  read: Map<number, ReadView>,
  onFailure: (table: TableRow, error: Error) => void,
): Promise<void> {
  try {
    const rows = await session.apart(async () => {
      await session.rows(`SET LOCAL lock_timeout = '${lockTimeout}'`);
      await session.rows(viewsSearchPath);
      return session.rows<ViewRow>(viewsQuery, [views.map(({ oid }) => oid)]);
    });
    for (const { oid, definition, statement, sources } of rows) {
      // Dropped while we read.
      if (definition === null) continue;
      const query = definition.trim().replace(/;$/, '');
      read.set(oid, { definition: query, statement: `${statement} AS\n${query}`, sources: sources ?? [] });
    }
  } catch (error) {
    const { code } = error as MeridianError;
    if (code !== 'postgres.too-slow' && code !== 'postgres.refused') throw error;
    if (views.length === 1) return onFailure(views[0]!, error as Error);
    const middle = Math.ceil(views.length / 2);
    await readBatch(session, views.slice(0, middle), patience.again, read, onFailure);
    await readBatch(session, views.slice(middle), patience.again, read, onFailure);
  }
}
