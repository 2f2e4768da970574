import { ApiError, badRequest } from './api-error.ts';
import type { Context } from './context.ts';
import { type Doc, isDoc, text } from './doc.ts';
import { findEntity } from './entities.ts';
import { PIPELINE_STATES } from './enums.ts';
import { forget } from './history.ts';
import { ok, type Reply, type Request, type Route } from './reply.ts';
import { readJson, requireUuid } from './request-body.ts';
import { latestOf, momentsBetween, putMoment } from './series.ts';
import { showEntity } from './show-entity.ts';
import { rangeOf } from './side-data-routes.ts';
import type { EntityRow } from './store.ts';

/** What ingestion pipelines do beyond being entities: run states, deployment, logs, progress. */
export const ingestionRoute: Route = (rest, request, context) => {
  const [first, second, third] = rest;
  if (second === 'pipelineStatus' && first !== undefined) {
    return pipelineStatus(first, third, request, context);
  }
  if (request.method === 'POST' && second !== undefined && rest.length === 2) {
    return deploymentRoute(first!, second, request, context);
  }
  if (first === 'logs' && context.version.atLeast(10)) {
    return logs(rest.slice(1), request, context);
  }
  if (first === 'progress' && context.version.atLeast(13)) {
    return progress(rest.slice(1), request, context);
  }
  if (first === 'metrics' && rest.length === 3 && request.method === 'POST' && context.version.atLeast(13)) {
    findEntity('ingestionPipeline', { fqn: second! }, 'non-deleted', context);
    return { status: 200 };
  }
  if (request.method === 'GET' && first === 'status' && rest.length === 1) {
    return ok({ code: 200, reason: 'Pipeline Client Disabled' });
  }
  return undefined;
};

function pipelineStatus(fqn: string, run: string | undefined, request: Request, context: Context): Reply | undefined {
  const pipeline = findEntity('ingestionPipeline', { fqn }, 'non-deleted', context);
  if (request.method === 'PUT' && run === undefined) {
    return putStatus(pipeline, readJson(request), request, context);
  }
  if (request.method !== 'GET') {
    return undefined;
  }
  if (run !== undefined) {
    const status = latestOf(pipeline.id, 'pipelineStatus', requireUuid(run), context);
    return status === undefined ? { status: 204 } : ok(status);
  }
  if (!context.version.atLeast(2)) {
    // This listing asks the orchestrator on old servers, and a stand-in has none.
    throw badRequest(`Airflow Exception [${String(pipeline.doc['name'])}] due to [null].`);
  }
  return ok(momentsBetween(pipeline.id, 'pipelineStatus', undefined, rangeOf(request), context));
}

function statusKeys(context: Context): Set<string> {
  const keys = ['runId', 'pipelineState', 'startDate', 'timestamp', 'endDate'];
  const later = [
    [3, 'status'],
    [6, 'config'],
    [7, 'metadata'],
  ] as const;
  return new Set([...keys, ...later.filter(([minor]) => context.version.atLeast(minor)).map(([, key]) => key)]);
}

function putStatus(pipeline: EntityRow, body: unknown, request: Request, context: Context): Reply {
  if (!isDoc(body)) {
    throw badRequest('A pipeline status is an object');
  }
  const known = statusKeys(context);
  const stranger = Object.keys(body).find((key) => !known.has(key));
  if (stranger !== undefined && context.strict) {
    throw badRequest(
      `Unrecognized field "${stranger}" (class org.openmetadata.schema.entity.services.ingestionPipelines.PipelineStatus), ` +
        'not marked as ignorable',
    );
  }
  const state = text(body['pipelineState']) ?? '';
  if (!PIPELINE_STATES.has(state) && !(state === 'stopped' && context.version.atLeast(12))) {
    throw badRequest(`Cannot construct instance of \`PipelineStatusType\`, problem: ${state}`);
  }
  const status = Object.fromEntries(Object.entries(body).filter(([key]) => known.has(key)));
  const runId = String(status['runId']);
  const before = latestOf(pipeline.id, 'pipelineStatus', runId, context);
  context.store
    .prepare("DELETE FROM series WHERE entity = ? AND kind = 'pipelineStatus' AND key = ?")
    .run(pipeline.id, runId);
  putMoment(pipeline.id, 'pipelineStatus', runId, Number(status['timestamp'] ?? 0), status, context);
  const version = Number(pipeline.doc['version']);
  const collection = context.collections.byType('ingestionPipeline');
  const change: Doc = {
    name: 'pipelineStatus',
    ...(before === undefined ? {} : { oldValue: before }),
    newValue: status,
  };
  return {
    status: 201,
    change: 'entityFieldsChanged',
    body: {
      eventType: 'entityUpdated',
      entityType: 'ingestionPipeline',
      entityId: pipeline.id,
      entityFullyQualifiedName: pipeline.fqn,
      previousVersion: version,
      currentVersion: version,
      userName: request.actor.name,
      timestamp: Date.now(),
      changeDescription: { fieldsAdded: [], fieldsUpdated: [change], fieldsDeleted: [], previousVersion: version },
      entity: { ...pipeline.doc, href: context.links.address(collection.path, pipeline.id) },
    },
  };
}

function deploymentRoute(action: string, id: string, request: Request, context: Context): Reply | undefined {
  const changes: Readonly<Record<string, (doc: Doc) => Doc>> = {
    deploy: (doc) => ({ ...doc, deployed: true }),
    trigger: (doc) => doc,
    kill: (doc) => doc,
    toggleIngestion: (doc) => ({ ...doc, enabled: doc['enabled'] !== true }),
  };
  const change = changes[action];
  if (change === undefined) {
    return undefined;
  }
  const row = findEntity('ingestionPipeline', { id: requireUuid(id) }, 'non-deleted', context);
  const next = { ...row, doc: change(row.doc) };
  context.store.update(next);
  forget(next, context);
  if (context.version.atLeast(2) && action !== 'toggleIngestion') {
    return ok({ code: 200, platform: 'stand-in' });
  }
  return ok(showEntity(next, context, { fields: new Set(), address: true, actor: request.actor }));
}

function logs(rest: readonly string[], request: Request, context: Context): Reply | undefined {
  const [fqn, run, third] = rest;
  if (fqn === undefined) {
    return undefined;
  }
  const row = context.store.byFqn('ingestionPipeline', fqn);
  if (row === undefined) {
    throw new ApiError(404, `Pipeline not found: ${fqn}`);
  }
  if (request.method === 'POST' && run !== undefined) {
    if (third === 'close') {
      return ok({ message: 'Log stream closed' });
    }
    appendLog(row.id, run, readJson(request), context);
    return { status: 200 };
  }
  if (request.method !== 'GET' || third !== undefined) {
    return undefined;
  }
  if (run === undefined) {
    const runs = context.store.prepare("SELECT DISTINCT key FROM series WHERE entity = ? AND kind = 'log'").all(row.id);
    return ok({ runs: runs.map((entry) => entry['key']) });
  }
  const lines = context.store
    .prepare("SELECT doc FROM series WHERE entity = ? AND kind = 'log' AND key = ? ORDER BY moment")
    .all(row.id, run)
    .map((entry) => String((JSON.parse(entry['doc'] as string) as Doc)['logs']));
  return ok({ logs: lines.join(''), after: null, total: lines.length });
}

function appendLog(pipeline: string, run: string, body: unknown, context: Context): void {
  const sql = "SELECT count(*) AS n FROM series WHERE entity = ? AND kind = 'log' AND key = ?";
  const count = Number((context.store.prepare(sql).get(pipeline, run) as { n: number }).n);
  putMoment(pipeline, 'log', run, count, isDoc(body) ? body : {}, context);
}

function progress(rest: readonly string[], request: Request, context: Context): Reply | undefined {
  const [fqn, run] = rest;
  if (fqn === undefined || run === undefined || rest.length !== 2) {
    return undefined;
  }
  const row = findEntity('ingestionPipeline', { fqn }, 'non-deleted', context);
  if (request.method === 'PUT') {
    const body = readJson(request);
    putMoment(row.id, 'progress', run, 0, isDoc(body) ? body : {}, context);
    return { status: 200 };
  }
  const stored = latestOf(row.id, 'progress', run, context);
  return request.method === 'GET' && stored !== undefined ? ok(stored) : undefined;
}
