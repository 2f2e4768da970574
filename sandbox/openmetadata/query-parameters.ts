import { badRequest, unknownPath } from './api-error.ts';
import type { Collection } from './collection.ts';
import type { Request } from './reply.ts';
import type { Include } from './store.ts';

/** @throws {ApiError} 400 for a property that the type does not have. */
export function askedFields(collection: Collection, request: Request): Set<string> {
  return fieldsOf(request.query.get('fields'), collection.keys, (name) => badRequest(`Invalid field name ${name}`));
}

export function includeOf(query: URLSearchParams): Include {
  const include = query.get('include') ?? 'non-deleted';
  if (include !== 'non-deleted' && include !== 'deleted' && include !== 'all') {
    throw unknownPath();
  }
  return include;
}

/** The properties of a comma-separated list that the type has. `*` stands for all of them. */
function fieldsOf(list: string | null, known: ReadonlySet<string>, unknown: (name: string) => Error): Set<string> {
  if (list === null || list === '') {
    return new Set();
  }
  const names = list.split(',').map((name) => name.trim());
  if (names.includes('*')) {
    return new Set(known);
  }
  const stranger = names.find((name) => !known.has(name));
  if (stranger !== undefined) {
    throw unknown(stranger);
  }
  return new Set(names);
}
