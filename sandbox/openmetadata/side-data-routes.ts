import { badRequest } from './api-error.ts';
import type { Context } from './context.ts';
import { type Doc, docList, isDoc, textList } from './doc.ts';
import { findEntity } from './entities.ts';
import { splitFqn } from './fqn.ts';
import { eachPart, partsOf } from './parts.ts';
import { profileShape } from './profile-shape.ts';
import { ok, type Reply, type Request, type Route } from './reply.ts';
import { readBody, readJson, requireUuid } from './request-body.ts';
import { latestOf, momentsBetween, putMoment } from './series.ts';
import { addParents, showEntity } from './show-entity.ts';
import type { EntityRow } from './store.ts';

/** Profiles and sample data of tables. */
export const tableDataRoute: Route = (rest, request, context) => {
  const [key, what, third] = rest;
  if (key === undefined) {
    return undefined;
  }
  if (what === 'tableProfile' && request.method === 'PUT') {
    return putProfile(findEntity('table', { id: requireUuid(key) }, 'non-deleted', context), request, context);
  }
  if (what === 'tableProfile' && third === 'latest' && request.method === 'GET') {
    return latestProfile(findEntity('table', { fqn: key }, 'non-deleted', context), request, context);
  }
  if ((what === 'tableProfile' || what === 'systemProfile') && request.method === 'GET') {
    const table = findEntity('table', { fqn: key }, 'non-deleted', context);
    return ok(momentsBetween(table.id, what, '', rangeOf(request), context));
  }
  if (what === 'columnProfile' && request.method === 'GET') {
    const parts = splitFqn(key);
    const table = findEntity('table', { fqn: parts.slice(0, 4).join('.') }, 'non-deleted', context);
    return ok(momentsBetween(table.id, what, key, rangeOf(request), context));
  }
  return what === 'sampleData' ? sampleData(requireUuid(key), request, context) : undefined;
};

/** @throws {ApiError} 400 without both ends of the time span. */
export function rangeOf(request: Request): { from: number; to: number } {
  const [from, to] = [
    Number(request.query.get('startTs') ?? Number.NaN),
    Number(request.query.get('endTs') ?? Number.NaN),
  ];
  if (Number.isNaN(from) || Number.isNaN(to)) {
    throw badRequest('[query param startTs must not be null]');
  }
  return { from, to };
}

/** The entity as answers about its side data show it: with parents, without its own address. */
function plain(row: EntityRow, request: Request, context: Context): Doc {
  return showEntity(row, context, { fields: new Set(), address: false, actor: request.actor });
}

function putProfile(table: EntityRow, request: Request, context: Context): Reply {
  const body = readBody(request, profileShape(context.version), context);
  const profile = body['tableProfile'] as Doc;
  const stored = { profileSampleType: 'PERCENTAGE', ...profile };
  putMoment(table.id, 'tableProfile', '', Number(profile['timestamp']), stored, context);
  // The table's own part is stored before the columns are looked at, so it stays when one of them is refused.
  const columns = new Map([...eachPart(partsOf(table.doc, PARTS))].map((column) => [column['name'], column]));
  for (const column of docList(body['columnProfile'])) {
    const known = columns.get(column['name']);
    if (known === undefined) {
      throw badRequest(`Invalid column name ${String(column['name'])}`);
    }
    const fqn = String(known['fullyQualifiedName']);
    putMoment(table.id, 'columnProfile', fqn, Number(column['timestamp']), column, context);
  }
  for (const entry of docList(body['systemProfile'])) {
    putMoment(table.id, 'systemProfile', '', Number(entry['timestamp']), entry, context);
  }
  return ok({ ...plain(table, request, context), profile: stored });
}

const PARTS = { at: ['columns'], style: 'columns' } as const;

function latestProfile(table: EntityRow, request: Request, context: Context): Reply {
  const doc = plain(table, request, context);
  addParents(doc, table, context, false);
  delete doc['service'];
  doc['columns'] = docList(doc['columns']).map((column) => {
    const profile = latestOf(table.id, 'columnProfile', String(column['fullyQualifiedName']), context);
    return profile === undefined ? column : { ...column, profile };
  });
  const profile = latestOf(table.id, 'tableProfile', '', context);
  return ok(profile === undefined ? doc : { ...doc, profile });
}

function sampleData(id: string, request: Request, context: Context): Reply | undefined {
  const table = findEntity('table', { id }, 'non-deleted', context);
  if (request.method === 'PUT') {
    const body = readJson(request);
    const columns = textList(isDoc(body) ? body['columns'] : undefined);
    const rows = isDoc(body) && Array.isArray(body['rows']) ? body['rows'] : [];
    const known = new Set(docList(table.doc['columns']).map((column) => column['name']));
    const stranger = columns.find((column) => !known.has(column));
    if (stranger !== undefined) {
      throw badRequest(`Invalid column name ${stranger}`);
    }
    for (const row of rows) {
      if (!Array.isArray(row) || row.length !== columns.length) {
        const size = Array.isArray(row) ? row.length : 0;
        throw badRequest(`Number of columns is ${columns.length} but row has ${size} sample values`);
      }
    }
    putMoment(table.id, 'sampleData', '', 0, { columns, rows }, context);
  } else if (request.method === 'DELETE') {
    context.store.prepare("DELETE FROM series WHERE entity = ? AND kind = 'sampleData'").run(id);
  } else if (request.method !== 'GET') {
    return undefined;
  }
  const stored = latestOf(table.id, 'sampleData', '', context);
  const doc = plain(table, request, context);
  return ok(stored === undefined ? doc : { ...doc, sampleData: stored });
}

/** Runs of pipelines. */
export const pipelineRunRoute: Route = (rest, request, context) => {
  const [fqn, what, third] = rest;
  if (fqn === undefined || what !== 'status') {
    return undefined;
  }
  const pipeline = findEntity('pipeline', { fqn }, 'non-deleted', context);
  if (request.method === 'GET') {
    return ok(momentsBetween(pipeline.id, 'run', '', rangeOf(request), context));
  }
  if (request.method !== 'PUT') {
    return undefined;
  }
  if (third === 'bulk' && context.version.atLeast(12)) {
    const runs = readJson(request);
    for (const run of docList(runs)) {
      putRun(pipeline, run, context);
    }
  } else if (third === undefined) {
    putRun(pipeline, readBody(request, context.collections.shared.pipelineRun, context), context);
  } else {
    return undefined;
  }
  const doc = showEntity(pipeline, context, {
    fields: new Set(['pipelineStatus']),
    address: true,
    actor: request.actor,
  });
  return ok(doc);
};

function putRun(pipeline: EntityRow, run: Doc, context: Context): void {
  const tasks = new Set(docList(pipeline.doc['tasks']).map((task) => task['name']));
  for (const task of docList(run['taskStatus'])) {
    if (!tasks.has(task['name'])) {
      throw badRequest(`Invalid task name ${String(task['name'])}`);
    }
  }
  putMoment(pipeline.id, 'run', '', Number(run['timestamp']), run, context);
}

/** What people do with an entity: follow it. */
export const followRoute: Route = (rest, request, context) => {
  const [id, what, user] = rest;
  if (id === undefined || what !== 'followers') {
    return undefined;
  }
  const { store } = context;
  const row = store.byId(requireUuid(id));
  if (row === undefined) {
    return undefined;
  }
  if (request.method === 'PUT') {
    const follower = context.links.require({ id: String(readJson(request)), type: 'user' });
    const insert = "INSERT OR IGNORE INTO relations (kind, source, target) VALUES ('follower', ?, ?)";
    store.prepare(insert).run(id, String(follower.reference['id']));
  } else if (request.method === 'DELETE' && user !== undefined) {
    store.prepare("DELETE FROM relations WHERE kind = 'follower' AND source = ? AND target = ?").run(id, user);
  } else {
    return undefined;
  }
  const entity = showEntity(row, context, { fields: new Set(['followers']), address: true, actor: request.actor });
  return {
    status: 200,
    body: { eventType: 'entityUpdated', entityType: row.type, entityId: id, entity },
    change: 'entityFieldsChanged',
  };
};
