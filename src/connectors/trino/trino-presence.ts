import type { GoneCandidate, Presence } from '../source.ts';
import { quoteName, quotePath } from './sql-text.ts';
import type { TrinoClient } from './trino-client.ts';
import { TrinoQueryError } from './trino-query-error.ts';
import { namesOf } from './trino-records.ts';

/** Queries at once: each is small, and the cluster has others to serve. */
const atOnce = 4;

const goneErrors = new Set(['TABLE_NOT_FOUND', 'SCHEMA_NOT_FOUND', 'CATALOG_NOT_FOUND', 'NOT_FOUND']);

/**
 * Asks Trino for things by their names. `information_schema` leaves out without a word what a user may not see; a statement
 * that names the thing tells the two apart.
 */
export async function confirmGone(
  client: TrinoClient,
  candidates: readonly GoneCandidate[],
  signal: AbortSignal,
): Promise<readonly Presence[]> {
  return inTurns(candidates, async ({ id }) => {
    const columns = await columnsOf(client, namesOf(id), signal);
    return typeof columns === 'string' ? columns : 'there';
  });
}

/** The columns of tables, by their ids; a table that cannot be read is missing. */
export async function liveParts(
  client: TrinoClient,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await inTurns(ids, (id) => columnsOf(client, namesOf(id), signal));
  return new Map(ids.flatMap((id, i) => (typeof found[i] === 'string' ? [] : [[id, found[i]!] as const])));
}

/** What is within a thing, by name. */
async function columnsOf(
  client: TrinoClient,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[] | 'gone' | 'unknown'> {
  const [catalog = '', schema, table] = names;
  const within =
    schema === undefined
      ? `SHOW SCHEMAS FROM ${quoteName(catalog)}`
      : `SHOW ${table === undefined ? 'TABLES' : 'COLUMNS'} FROM ${quotePath(names)}`;
  try {
    const inner: string[] = [];
    for await (const [name] of client.rows(within, { signal })) inner.push(String(name));
    return inner;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof TrinoQueryError && goneErrors.has(error.errorName) ? 'gone' : 'unknown';
  }
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += atOnce) {
    results.push(...(await Promise.all(items.slice(i, i + atOnce).map(work))));
  }
  return results;
}
