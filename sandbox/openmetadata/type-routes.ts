import { badRequest } from './api-error.ts';
import { Changes } from './changes.ts';
import type { Context } from './context.ts';
import { type Doc, docList, isDoc, sameJson, textList } from './doc.ts';
import { findEntity } from './entities.ts';
import { forget } from './history.ts';
import { nameCheck } from './name-rules.ts';
import { ok, type Reply, type Request, type Route } from './reply.ts';
import { readBody, requireUuid } from './request-body.ts';
import { objectOf, type Shape, shapeOf } from './shape.ts';
import { keysSince } from './shapes.ts';
import type { EntityRow } from './store.ts';

/** `/metadata/types`: the kinds of values and entities, and the custom properties of the latter. */
export const typeRoute: Route = (rest, request, context) => {
  const [first, second] = rest;
  if (request.method === 'PUT' && rest.length === 1) {
    return putProperty(findEntity('type', { id: requireUuid(first!) }, 'all', context), request, context);
  }
  if (request.method !== 'GET' || rest.length > 2) {
    return undefined;
  }
  if (first === undefined) {
    return listTypes(request, context);
  }
  const key = first === 'name' && second !== undefined ? { fqn: second } : { id: requireUuid(first) };
  const fields = request.query.get('fields') ?? '';
  return ok(showType(findEntity('type', key, 'all', context), /customProperties|\*/.test(fields), context));
};

function listTypes(request: Request, context: Context): Reply {
  const category = request.query.get('category');
  const rows = context.store
    .page({ type: 'type', include: 'all', limit: 1_000 })
    .filter((row) => category === null || row.doc['category'] === category);
  const limit = Number(request.query.get('limit') ?? 10);
  const data = rows.slice(0, limit).map((row) => showType(row, false, context));
  return ok({ data, paging: { total: rows.length } });
}

function showType(row: EntityRow, withProperties: boolean, context: Context): Doc {
  const { customProperties, ...doc } = row.doc;
  if (withProperties && doc['category'] === 'entity') {
    doc['customProperties'] = docList(customProperties).map((property) => {
      const type = context.links.reference(String((property['propertyType'] as Doc)['id']));
      return { ...property, propertyType: type };
    });
  }
  doc['href'] = context.links.address('metadata/types', row.id);
  return doc;
}

function propertyShape(context: Context): Shape {
  return shapeOf(
    'org.openmetadata.schema.entity.type.CustomProperty',
    keysSince(context.version, 'name description propertyType', [3, 'customPropertyConfig'], [6, 'displayName']),
    { propertyType: objectOf(context.collections.shared.reference) },
    { required: 'name description propertyType', check: nameCheck('property', context.version) },
  );
}

/** @throws {ApiError} 400 for an enum without words, with a word twice, or without one that it had before. */
function checkEnum(type: string, body: Doc, former: Doc | undefined): void {
  if (type !== 'enum') {
    return;
  }
  const values = enumWords(body);
  if (values.length === 0) {
    throw badRequest('Enum Custom Property Type must have EnumConfig populated with values.');
  }
  if (new Set(values).size < values.length) {
    throw badRequest('Enum Custom Property values cannot have duplicates.');
  }
  if (former !== undefined && enumWords(former).some((word) => !values.includes(word))) {
    throw badRequest('Existing Enum Custom Property values cannot be removed.');
  }
}

/** The words that an enum property may hold. */
function enumWords(property: Doc): string[] {
  const config = isDoc(property['customPropertyConfig']) ? property['customPropertyConfig']['config'] : undefined;
  return isDoc(config) ? textList(config['values']) : [];
}

function putProperty(row: EntityRow, request: Request, context: Context): Reply {
  const body = readBody(request, propertyShape(context), context);
  if (row.doc['category'] !== 'entity') {
    throw badRequest(`Property types can't be extended: ${row.fqn}`);
  }
  const type = isDoc(body['propertyType']) ? String(body['propertyType']['id']) : '';
  const field = findEntity('type', { id: type }, 'all', context);
  const property = { ...body, propertyType: { id: field.id, type: 'type' } };
  const before = docList(row.doc['customProperties']);
  const former = before.find((other) => other['name'] === body['name']);
  checkEnum(String(field.doc['name']), body, former);
  const known = before.some((other) => other['name'] === property['name' as never]);
  const now = known
    ? before.map((other) => (other['name'] === body['name'] ? property : other))
    : [...before, property];
  const told = (list: readonly Doc[]): Doc[] =>
    list.map((one) => ({
      ...one,
      propertyType: context.links.byId(String((one['propertyType'] as Doc)['id']))?.reference,
    }));
  const changes = new Changes();
  changes.list('customProperties', told(before), told(now), sameJson);
  const version = Number(row.doc['version']);
  const next: EntityRow = {
    ...row,
    doc: {
      ...row.doc,
      customProperties: now,
      version: changes.nextVersion(version),
      updatedAt: changes.any ? Date.now() : row.doc['updatedAt'],
      updatedBy: changes.any ? request.actor.name : row.doc['updatedBy'],
      changeDescription: changes.toDoc(version),
    },
  };
  if (changes.any) {
    context.store.update(next);
    forget(next, context);
  }
  return { status: 200, body: showType(next, true, context), change: changes.any ? 'entityUpdated' : 'entityNoChange' };
}
