import { unknownPath } from './api-error.ts';
import type { Collection } from './collection.ts';
import type { Context } from './context.ts';
import { findEntity } from './entities.ts';
import { entityRoute } from './entity-routes.ts';
import { ingestionRoute } from './ingestion-routes.ts';
import { lineageRoute } from './lineage-routes.ts';
import { permissionsRoute } from './permissions-route.ts';
import { ok, type Reply, type Request, type Route } from './reply.ts';
import { searchRoute } from './search-routes.ts';
import { showEntity } from './show-entity.ts';
import { followRoute, pipelineRunRoute, tableDataRoute } from './side-data-routes.ts';
import { suggestionRoute } from './suggestion-routes.ts';
import { testConnectionRoute } from './test-connection-routes.ts';
import { typeRoute } from './type-routes.ts';

/** Paths that are no collection of entities. */
const FIXED: ReadonlyArray<readonly [path: readonly string[], route: Route]> = [
  [['lineage'], lineageRoute],
  [['search'], searchRoute],
  [['permissions'], permissionsRoute],
  [['suggestions'], suggestionRoute],
  [['metadata', 'types'], typeRoute],
  [['services', 'testConnectionDefinitions'], testConnectionRoute],
];

/** What some collections answer beyond what all do. */
const EXTRAS: Readonly<Record<string, Route>> = {
  table: tableDataRoute,
  pipeline: pipelineRunRoute,
  ingestionPipeline: ingestionRoute,
  user: (rest, request, context) =>
    rest[0] === 'loggedInUser' && rest.length === 1 ? loggedIn(request, context) : undefined,
};

/**
 * Answers a signed-in request.
 * @throws {ApiError} for everything that a server refuses, unknown paths included.
 */
export function route(request: Request, context: Context): Reply {
  const { path } = request;
  for (const [fixed, answer] of FIXED) {
    if (fixed.every((part, index) => path[index] === part)) {
      return answer(path.slice(fixed.length), request, context) ?? notThere();
    }
  }
  const found = findCollection(path, context);
  if (found === undefined) {
    return notThere();
  }
  const { collection, rest } = found;
  return (
    EXTRAS[collection.type]?.(rest, request, context) ??
    followRoute(rest, request, context) ??
    entityRoute(collection, rest, request, context) ??
    notThere()
  );
}

function notThere(): never {
  throw unknownPath();
}

function findCollection(
  path: readonly string[],
  context: Context,
): { collection: Collection; rest: readonly string[] } | undefined {
  for (const length of [1, 2]) {
    const collection = context.collections.byPath(path.slice(0, length).join('/'));
    if (collection !== undefined && path.length >= length) {
      return { collection, rest: path.slice(length) };
    }
  }
  return undefined;
}

function loggedIn(request: Request, context: Context): Reply {
  const row = findEntity('user', { fqn: request.actor.name }, 'non-deleted', context);
  return ok(showEntity(row, context, { fields: new Set(), address: true, actor: request.actor }));
}

/** True for requests that write an entity or an edge, and so take the time of a write. */
export function isWrite(method: string, path: readonly string[], context: Context): boolean {
  if (method === 'GET' || method === 'HEAD') {
    return false;
  }
  return path[0] === 'lineage' || findCollection(path, context) !== undefined;
}

const FIXED_WORDS =
  /^(name|bulk|restore|versions|async|[a-z]+[A-Z][A-Za-z]*|followers|status|latest|logs|progress|metrics|deploy|trigger|kill|query|suggest|types|metadata|lineage|search|system|version)$/;

/** The path with names and ids replaced, such as `/v1/tables/name/{fqn}`: what requests are counted by. */
export function pathTemplate(path: readonly string[], context: Context): string {
  const found = findCollection(path, context);
  const kept = found === undefined ? 0 : path.length - found.rest.length;
  const parts = path.map((part, index) => {
    if (index < kept || FIXED_WORDS.test(part)) {
      return path[index - 1] === 'name' ? '{fqn}' : part;
    }
    if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(part)) {
      return '{id}';
    }
    if (path[index - 1] === 'name') {
      return '{fqn}';
    }
    return path[0] === 'lineage' && context.collections.has(part) ? part : '{fqn}';
  });
  return `/v1/${parts.join('/')}`;
}
