import { badRequest } from './api-error.ts';
import type { Collection } from './collection.ts';
import type { Context } from './context.ts';
import type { Doc } from './doc.ts';
import { findEntity } from './entities.ts';
import { quoteName } from './fqn.ts';
import { askedFields, includeOf } from './query-parameters.ts';
import type { Request } from './reply.ts';
import { requireUuid } from './request-body.ts';
import { showEntity } from './show-entity.ts';
import type { EntityRow, Include } from './store.ts';

const MOST = 1_000_000;

/** Query parameters that hold the name of something above the listed entities. */
const PREFIX_FILTERS = ['service', 'database', 'databaseSchema', 'parent'];

/** A page of a listing, in byte order of the names. @throws {ApiError} 400 for parameters that are out of bounds. */
export function listEntities(collection: Collection, request: Request, context: Context): Doc {
  const { query } = request;
  const limit = limitOf(query.get('limit'));
  const [after, before] = [query.get('after'), query.get('before')];
  if (after !== null && before !== null) {
    throw badRequest('Only one of before or after query parameter allowed');
  }
  const fields = askedFields(collection, request);
  const include = includeOf(query);
  const show = (row: EntityRow): Doc => showEntity(row, context, { fields, address: true, actor: request.actor });
  const related = relatedRows(collection, query, include, context);
  if (related !== undefined) {
    return { data: related.slice(0, limit === 0 ? 0 : limit).map(show), paging: { total: related.length } };
  }
  const place = collection.type === 'glossaryTerm' ? termPlace(query, context) : placeOf(query, context);
  const filter = { type: collection.type, include, ...place };
  const total = context.store.count(filter);
  if (limit === 0) {
    return { data: [], paging: { total } };
  }
  const cursor = after ?? before;
  const name = cursor === null ? undefined : Buffer.from(cursor, 'base64url').toString('utf8');
  const backwards = before !== null;
  const rows = context.store.page({ ...filter, limit: limit + 1, ...(backwards ? { before: name } : { after: name }) });
  const more = rows.length > limit;
  const page = more ? (backwards ? rows.slice(1) : rows.slice(0, limit)) : rows;
  const paging: Doc = {};
  if (page.length > 0 && (backwards ? more : after !== null)) {
    paging['before'] = toCursor(page[0]!.fqn);
  }
  if (page.length > 0 && (backwards || more)) {
    paging['after'] = toCursor(page.at(-1)!.fqn);
  }
  return { data: page.map(show), paging: { ...paging, total } };
}

function toCursor(fqn: string): string {
  const text = Buffer.from(fqn, 'utf8').toString('base64url');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

function limitOf(text: string | null): number {
  const limit = text === null ? 10 : Number(text);
  if (!Number.isInteger(limit) || limit < 0) {
    throw badRequest('[query param limit must be greater than or equal to 0]');
  }
  if (limit > MOST) {
    throw badRequest(`[query param limit must be less than or equal to ${MOST}]`);
  }
  return limit;
}

/** Where to look: below a name, or directly below an entity. */
function placeOf(query: URLSearchParams, context: Context): { below?: string; parent?: string } {
  const values = PREFIX_FILTERS.map((key) => query.get(key)).filter((value) => value !== null);
  // A nested filter (a schema within a service) is the longer name.
  const below = values.sort((a, b) => b.length - a.length)[0];
  if (query.get('root') === 'true' && below !== undefined) {
    const service = context.store.byFqn('storageService', quoteName(below));
    return { parent: service?.id ?? '' };
  }
  return below === undefined ? {} : { below };
}

/**
 * Terms are listed by the ids of their glossary and of the term above. 1.1 takes the glossary's bare name for the
 * beginning of its terms' names, which it is not when there is a dot in it.
 * @throws {ApiError} 400 for what is no id, 404 for one that is unknown, or of a term that is deleted.
 */
function termPlace(query: URLSearchParams, context: Context): { below?: string } {
  const glossary = query.get('glossary');
  const parent = query.get('parent');
  if (parent !== null) {
    return { below: findEntity('glossaryTerm', { id: requireUuid(parent) }, 'non-deleted', context).fqn };
  }
  if (glossary === null) {
    return {};
  }
  if (!/^[0-9a-f-]{36}$/.test(glossary)) {
    throw badRequest(`Invalid UUID string: ${glossary}`);
  }
  const row = findEntity('glossary', { id: glossary }, 'all', context);
  return { below: context.version.atLeast(2) ? row.fqn : String(row.doc['name']) };
}

/** Listings by something that is no name: the members of a team, the queries on an entity. */
function relatedRows(
  collection: Collection,
  query: URLSearchParams,
  include: Include,
  context: Context,
): EntityRow[] | undefined {
  const team = collection.type === 'user' ? query.get('team') : null;
  const entity = collection.type === 'query' ? query.get('entityId') : null;
  if (team === null && entity === null) {
    return undefined;
  }
  const target = entity ?? context.store.byFqn('team', team!)?.id ?? '';
  const rows = context.store
    .prepare('SELECT source AS id FROM relations WHERE kind = ? AND target = ?')
    .all(team === null ? 'usedIn' : 'member', target);
  return rows
    .map((row) => context.store.byId(row['id'] as string))
    .filter((row) => row !== undefined)
    .filter((row) => include === 'all' || row.deleted === (include === 'deleted'))
    .sort((a, b) => (a.fqn < b.fqn ? -1 : 1));
}
