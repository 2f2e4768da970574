import type { Context } from './context.ts';
import type { Doc } from './doc.ts';

/** Things that happen at a moment: runs, profiles, states. The same key and moment replace each other. */
export function putMoment(entity: string, kind: string, key: string, moment: number, doc: Doc, context: Context): void {
  context.store
    .prepare('INSERT OR REPLACE INTO series (entity, kind, key, moment, doc) VALUES (?, ?, ?, ?, ?)')
    .run(entity, kind, key, moment, JSON.stringify(doc));
}

/** The newest of a kind; of all keys when none is given. */
export function latestOf(entity: string, kind: string, key: string | undefined, context: Context): Doc | undefined {
  const sql =
    `SELECT doc FROM series WHERE entity = ? AND kind = ?${key === undefined ? '' : ' AND key = ?'} ` +
    'ORDER BY moment DESC LIMIT 1';
  const row = context.store.prepare(sql).get(entity, kind, ...(key === undefined ? [] : [key]));
  return row === undefined ? undefined : (JSON.parse(row['doc'] as string) as Doc);
}

/** Everything of a kind between two moments (inclusive), newest first, in the form of a listing. */
export function momentsBetween(
  entity: string,
  kind: string,
  key: string | undefined,
  range: { readonly from: number; readonly to: number },
  context: Context,
): Doc {
  const sql =
    `SELECT doc FROM series WHERE entity = ? AND kind = ? AND moment BETWEEN ? AND ?` +
    `${key === undefined ? '' : ' AND key = ?'} ORDER BY moment DESC`;
  const rows = context.store.prepare(sql).all(entity, kind, range.from, range.to, ...(key === undefined ? [] : [key]));
  const cursor = (moment: number): string => Buffer.from(String(moment)).toString('base64');
  return {
    data: rows.map((row) => JSON.parse(row['doc'] as string) as Doc),
    paging: { before: cursor(range.from), after: cursor(range.to), total: rows.length },
  };
}
