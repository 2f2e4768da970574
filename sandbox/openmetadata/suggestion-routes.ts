import { randomUUID } from 'node:crypto';
import { badRequest, notFound } from './api-error.ts';
import type { Context } from './context.ts';
import type { Doc } from './doc.ts';
import { findEntity } from './entities.ts';
import { eachPart, partsOf } from './parts.ts';
import { ok, type Request, type Route } from './reply.ts';
import { readBody } from './request-body.ts';
import { putMoment } from './series.ts';
import { listOf, objectOf, oneOf, shapeOf } from './shape.ts';

/** `/suggestions` (1.4 and later). Made from the published schemas: no answer of a real server is recorded. */
export const suggestionRoute: Route = (rest, request, context) => {
  if (!context.version.atLeast(4)) return undefined;
  const [id, what] = rest;
  if (id === undefined && request.method === 'POST') return { status: 201, body: suggest(request, context) };
  if (id === undefined && request.method === 'GET') return ok(listed(request, context));
  if (id !== undefined && what === 'reject' && request.method === 'PUT') return ok(rejected(id, context));
  return undefined;
};

const LINK = /^<#E::table::(.+?)(?:::columns::(.+))?>$/;

function suggest(request: Request, context: Context): Doc {
  const shape = shapeOf(
    'org.openmetadata.schema.api.feed.CreateSuggestion',
    'description tagLabels type entityLink',
    {
      tagLabels: listOf(objectOf(context.collections.shared.label)),
      type: oneOf('org.openmetadata.schema.type.SuggestionType', new Set(['SuggestDescription', 'SuggestTagLabel'])),
    },
    { required: 'type entityLink' },
  );
  const body = readBody(request, shape, context);
  const [, fqn, column] = LINK.exec(String(body['entityLink'])) ?? [];
  if (fqn === undefined) throw badRequest('Invalid entity link');
  const table = findEntity('table', { fqn }, 'non-deleted', context);
  const known = [...eachPart(partsOf(table.doc, { at: ['columns'], style: 'columns' }))];
  if (column !== undefined && !known.some((part) => part['fullyQualifiedName'] === `${fqn}.${column}`)) {
    throw notFound('column', column);
  }
  const id = randomUUID();
  const made = {
    id,
    ...body,
    status: 'Open',
    createdBy: { name: request.actor.name, type: 'user' },
    updatedBy: request.actor.name,
    updatedAt: Date.now(),
  };
  putMoment(table.id, 'suggestion', id, 0, made, context);
  return made;
}

function listed(request: Request, context: Context): Doc {
  const table = findEntity('table', { fqn: request.query.get('entityFQN') ?? '' }, 'non-deleted', context);
  const sql = "SELECT doc FROM series WHERE entity = ? AND kind = 'suggestion'";
  const data = context.store
    .prepare(sql)
    .all(table.id)
    .map((row) => JSON.parse(row['doc'] as string) as Doc);
  return { data, paging: { total: data.length } };
}

function rejected(id: string, context: Context): Doc {
  const row = context.store.prepare("SELECT entity, doc FROM series WHERE kind = 'suggestion' AND key = ?").get(id);
  if (row === undefined) throw notFound('suggestion', id);
  const doc = { ...(JSON.parse(row['doc'] as string) as Doc), status: 'Rejected' };
  putMoment(row['entity'] as string, 'suggestion', id, 0, doc, context);
  return doc;
}
