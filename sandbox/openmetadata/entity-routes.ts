import { ApiError, badRequest, unknownPath } from './api-error.ts';
import type { Collection } from './collection.ts';
import type { Context } from './context.ts';
import { type Doc, isDoc } from './doc.ts';
import { findEntity, idIn, patchEntity, writeEntity } from './entities.ts';
import { listEntities } from './list-entities.ts';
import { askedFields, includeOf } from './query-parameters.ts';
import { removeEntity, restoreEntity } from './remove-entity.ts';
import { ok, type Reply, type Request } from './reply.ts';
import { readBody, readJson, readPatch, requireUuid, wrongMethod } from './request-body.ts';
import { checkShape } from './shape.ts';
import { patchFields, showEntity } from './show-entity.ts';
import type { EntityRow } from './store.ts';

/** The requests that every kind of entity answers; undefined for a path that only some know. */
export function entityRoute(
  collection: Collection,
  rest: readonly string[],
  request: Request,
  context: Context,
): Reply | undefined {
  const [first, second] = rest;
  if (first === undefined) {
    return collectionRoute(collection, request, context);
  }
  if (rest.length === 1 && first === 'restore' && request.method === 'PUT') {
    return restore(collection, request, context);
  }
  if (rest.length === 1 && first === 'bulk' && request.method === 'PUT') {
    return bulk(collection, request, context);
  }
  if (first === 'name' && second !== undefined && rest.length === 2) {
    return oneRoute(collection, { fqn: second }, request, context);
  }
  if (rest.length === 1) {
    return oneRoute(collection, { id: requireUuid(first) }, request, context);
  }
  if (second === 'versions' && request.method === 'GET') {
    return versions(collection, requireUuid(first), rest[2], context);
  }
  return undefined;
}

function collectionRoute(collection: Collection, request: Request, context: Context): Reply {
  if (request.method === 'GET') {
    return ok(listEntities(collection, request, context));
  }
  if (request.method !== 'PUT' && request.method !== 'POST') {
    throw wrongMethod();
  }
  const createOnly = request.method === 'POST';
  const body = readBody(request, collection.create, context);
  const written = writeEntity(collection, body, context, { actor: request.actor, createOnly });
  return { status: written.status, body: written.body, ...(createOnly ? {} : { change: written.change }) };
}

type Key = { readonly id: string } | { readonly fqn: string };

function oneRoute(collection: Collection, key: Key, request: Request, context: Context): Reply {
  const { type } = collection;
  const { actor, query } = request;
  switch (request.method) {
    case 'GET': {
      const fields = askedFields(collection, request);
      const row = findEntity(type, key, includeOf(query), context);
      return ok(showEntity(row, context, { fields, address: true, actor }));
    }
    case 'PATCH': {
      if ('fqn' in key && !context.version.atLeast(7)) {
        throw wrongMethod();
      }
      const patch = readPatch(request);
      const written = patchEntity(collection, findEntity(type, key, 'non-deleted', context), patch, context, actor);
      return { status: 200, body: written.body, change: written.change };
    }
    case 'DELETE': {
      const hard = query.get('hardDelete') === 'true';
      const recursive = query.get('recursive') === 'true';
      const row = removeEntity(findEntity(type, key, 'all', context), { recursive, hard }, context, actor);
      const change = hard ? 'entityDeleted' : 'entitySoftDeleted';
      return { status: 200, body: withoutAddress(row, request, context), change };
    }
    default:
      throw wrongMethod();
  }
}

function withoutAddress(row: EntityRow, request: Request, context: Context): Doc {
  return showEntity(row, context, { fields: patchFields(context), address: false, actor: request.actor });
}

function restore(collection: Collection, request: Request, context: Context): Reply {
  const row = findEntity(collection.type, { id: idIn(readJson(request)) }, 'all', context);
  const restored = restoreEntity(row, context, request.actor);
  return { status: 200, body: withoutAddress(restored, request, context), change: 'entityUpdated' };
}

function versions(collection: Collection, id: string, version: string | undefined, context: Context): Reply {
  const row = findEntity(collection.type, { id }, 'all', context);
  const older = context.store.prepare('SELECT doc FROM versions WHERE entity = ? ORDER BY version DESC').all(id);
  const actor = { name: 'ingestion-bot', isBot: true } as const;
  const current = showEntity(row, context, { fields: patchFields(context), address: false, actor });
  delete current['followers'];
  const texts = [JSON.stringify(current), ...older.map((entry) => entry['doc'] as string)];
  if (version === undefined) {
    return ok({ entityType: collection.type, versions: texts });
  }
  const found = texts.map((text) => JSON.parse(text) as Doc).find((doc) => doc['version'] === Number(version));
  if (found === undefined) {
    throw new ApiError(404, `${collection.type} instance for ${id} and version ${version} not found`);
  }
  return ok(found);
}

/** Many creates or updates in one call; each counts for itself, and the answer is 200 whatever became of them. */
function bulk(collection: Collection, request: Request, context: Context): Reply {
  if (!collection.bulk) {
    throw unknownPath();
  }
  const items = readJson(request);
  if (!Array.isArray(items)) {
    throw badRequest('Cannot deserialize value of type `java.util.ArrayList` from something that is no list');
  }
  const done: Doc[] = [];
  const failed: Doc[] = [];
  for (const item of items) {
    try {
      const body = checkShape(item, collection.create, { strict: context.strict });
      const { actor } = request;
      const written = writeEntity(collection, body, context, { actor, createOnly: false });
      done.push({ request: written.body['fullyQualifiedName'], status: 200 });
    } catch (error) {
      failed.push(failedRow(item, error));
    }
  }
  if (request.query.get('async') === 'true') {
    return {
      status: 202,
      body: { status: 'running', numberOfRowsProcessed: items.length, numberOfRowsPassed: 0, numberOfRowsFailed: 0 },
    };
  }
  return ok({
    dryRun: false,
    status: failed.length === 0 ? 'success' : done.length === 0 ? 'failure' : 'partialSuccess',
    numberOfRowsProcessed: items.length,
    numberOfRowsPassed: done.length,
    numberOfRowsFailed: failed.length,
    successRequest: done,
    failedRequest: failed,
  });
}

function failedRow(item: unknown, error: unknown): Doc {
  if (!(error instanceof ApiError)) {
    throw error;
  }
  const status = error.status === 500 ? error.laterStatus : error.status;
  return { request: isDoc(item) ? item : { value: item }, message: error.message, status };
}
