import { ApiError, badRequest, unknownPath } from './api-error.ts';
import type { Context } from './context.ts';
import { type Doc, isDoc } from './doc.ts';
import { findEntity } from './entities.ts';
import { applyPatch } from './json-patch.ts';
import { deleteEdge, findEdge, lineageOf, putEdge } from './lineage.ts';
import type { Reply, Request, Route } from './reply.ts';
import { ok } from './reply.ts';
import { readBody, readPatch, requireUuid } from './request-body.ts';
import { checkShape } from './shape.ts';
import type { EntityRow } from './store.ts';

/** `/lineage`: edges between entities. */
export const lineageRoute: Route = (rest, request, context) => {
  const { method } = request;
  if (rest.length === 0 && method === 'PUT') {
    const body = readBody(request, context.collections.shared.lineage, context);
    context.store.transaction(() => putEdge(body['edge'] as Doc, context));
    return { status: 200 };
  }
  if (rest[0] === 'getLineageEdge' && rest.length === 3 && method === 'GET' && context.version.atLeast(4)) {
    const { lineageDetails } = findEdge(requireUuid(rest[1]!), requireUuid(rest[2]!), context);
    if (lineageDetails === undefined) {
      // An edge that was put without details is there, but not to be found in this way.
      throw new ApiError(404, `Lineage edge not found between ${rest[1]} and  ${rest[2]}`);
    }
    return ok({ edge: lineageDetails });
  }
  if (rest[0] === 'getLineage' && method === 'GET' && context.version.atLeast(9)) {
    return surroundings(byName(request.query.get('type'), request.query.get('fqn'), context), request, context);
  }
  if (rest.length === 4 && (method === 'DELETE' || (method === 'PATCH' && context.version.atLeast(4)))) {
    return rest[2] === 'type' ? deleteBySource(rest, context) : oneEdge(rest as Ends, request, context);
  }
  if (
    rest.length === 6 &&
    method === 'DELETE' &&
    rest[1] === 'name' &&
    rest[4] === 'name' &&
    context.version.atLeast(9)
  ) {
    deleteEdge(byName(rest[0], rest[2], context).id, byName(rest[3], rest[5], context).id, context);
    return { status: 200 };
  }
  return method === 'GET' ? read(rest, request, context) : undefined;
};

type Ends = readonly [fromType: string, from: string, toType: string, to: string];

function read(rest: readonly string[], request: Request, context: Context): Reply | undefined {
  const [type, key, fqn] = rest;
  if (type === undefined || key === undefined || !context.collections.has(type)) {
    return undefined;
  }
  if (key === 'name' && rest.length === 3) {
    return surroundings(byName(type, fqn, context), request, context);
  }
  return rest.length === 2
    ? surroundings(findEntity(type, { id: requireUuid(key) }, 'non-deleted', context), request, context)
    : undefined;
}

function byName(type: string | null | undefined, fqn: string | null | undefined, context: Context): EntityRow {
  if (!type || !fqn || !context.collections.has(type)) {
    throw unknownPath();
  }
  return findEntity(type, { fqn }, 'non-deleted', context);
}

function surroundings(row: EntityRow, request: Request, context: Context): Reply {
  const depth = (key: string): number => {
    const value = Number(request.query.get(key) ?? 1);
    if (!Number.isInteger(value) || value < 0 || value > 3) {
      throw badRequest(`[query param ${key} must be less than or equal to 3]`);
    }
    return value;
  };
  return ok(lineageOf(row, depth('upstreamDepth'), depth('downstreamDepth'), context));
}

function oneEdge(ends: Ends, request: Request, context: Context): Reply {
  const from = findEntity(ends[0], { id: requireUuid(ends[1]) }, 'non-deleted', context);
  const to = findEntity(ends[2], { id: requireUuid(ends[3]) }, 'non-deleted', context);
  if (request.method === 'DELETE') {
    deleteEdge(from.id, to.id, context);
    return { status: 200 };
  }
  const edge = findEdge(from.id, to.id, context);
  const patch = readPatch(request);
  const details = applyPatch(isDoc(edge['lineageDetails']) ? edge['lineageDetails'] : {}, patch);
  checkShape(details, context.collections.shared.lineageDetails, { strict: true });
  context.store.transaction(() =>
    putEdge(
      {
        ...edge,
        fromEntity: { id: from.id, type: from.type },
        toEntity: { id: to.id, type: to.type },
        lineageDetails: details,
      },
      context,
    ),
  );
  return { status: 200 };
}

/** Drops all edges of one origin that touch an entity; for a pipeline those that it stands in. */
function deleteBySource(rest: readonly string[], context: Context): Reply | undefined {
  const [type, id, , source] = rest;
  if (!context.version.atLeast(5)) {
    return undefined;
  }
  const row = findEntity(type!, { id: requireUuid(id!) }, 'all', context);
  context.store
    .prepare(
      "DELETE FROM lineage WHERE (source = ? OR target = ? OR pipeline = ?) AND json_extract(doc, '$.lineageDetails.source') = ?",
    )
    .run(row.id, row.id, row.id, source!);
  return { status: 200 };
}
