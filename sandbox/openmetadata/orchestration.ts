import { Automations } from './automations.ts';
import { type Actor, BOT, type Context } from './context.ts';
import type { Doc } from './doc.ts';
import { findEntity } from './entities.ts';
import { forget } from './history.ts';
import { PipelineService, type PipelineServiceOptions } from './pipeline-service.ts';
import { ok, type Reply, type Request } from './reply.ts';
import { requireUuid } from './request-body.ts';
import { momentsBetween } from './series.ts';
import { serverConnection, showEntity } from './show-entity.ts';
import { rangeOf } from './side-data-routes.ts';
import type { EntityRow } from './store.ts';

const TASKS: Readonly<Record<string, string>> = {
  metadata: 'ingestion_task',
  profiler: 'profiler_task',
  usage: 'usage_task',
  lineage: 'lineage_task',
  dbt: 'dbt_task',
  TestSuite: 'test_suite_task',
  dataInsight: 'data_insight_task',
};

/**
 * What needs an ingestion service behind the server: deploying, triggering, stopping and watching ingestion pipelines, and
 * testing connections. Without a service, ingestion pipelines answer as with a disabled client.
 */
export class Orchestration {
  readonly #automations = new Automations();
  #service: PipelineService | undefined;

  /** Points the server at its ingestion service. */
  use(options: PipelineServiceOptions, context: Context): void {
    this.#service = new PipelineService(options, context.version);
  }

  /** @throws {ApiError} what the server says when the service refuses. @returns undefined for what is none of its own */
  async answer(request: Request, context: Context): Promise<Reply | undefined> {
    const [first, second, ...rest] = request.path;
    if (first === 'automations' && second === 'workflows') {
      if (rest[0] === 'trigger' && request.method === 'POST') return this.#triggerAutomation(rest[1] ?? '', context);
      return this.#automations.answer(rest, request, context);
    }
    const service = this.#service;
    if (service === undefined || first !== 'services' || second !== 'ingestionPipelines') {
      return undefined;
    }
    if (request.method === 'GET' && rest[0] === 'status' && rest.length === 1) return ok(await service.status());
    if (request.method === 'GET' && rest[1] === 'pipelineStatus' && rest.length === 2) {
      return this.#statuses(rest[0]!, request, context, service);
    }
    if (request.method === 'GET' && rest[0] === 'logs' && rest[2] === 'last') {
      return this.#logs(rest[1]!, request, context, service);
    }
    if (request.method === 'POST' && rest.length === 2) {
      return this.#act(rest[0]!, rest[1]!, request.actor, context, service);
    }
    if (request.method === 'DELETE' && rest.length === 1) {
      const { dag } = pipelineById(rest[0]!, context);
      // A pipeline that was never deployed can be removed all the same.
      await service.call('DELETE', 'delete', { dag_id: dag }).catch(() => undefined);
    }
    return undefined;
  }

  async #triggerAutomation(id: string, context: Context): Promise<Reply> {
    const workflow = this.#automations.byId(id);
    if (this.#service === undefined) return ok({ code: 200, reason: 'Pipeline Client Disabled' });
    const body = { ...workflow, openMetadataServerConnection: serverConnection(context) };
    await this.#service.call('POST', 'run_automation', {}, body);
    return ok({ code: 200, platform: 'Airflow' });
  }

  async #act(
    action: string,
    id: string,
    actor: Actor,
    context: Context,
    service: PipelineService,
  ): Promise<Reply | undefined> {
    const { row, dag } = pipelineById(id, context);
    const isEnabled = row.doc['enabled'] === true;
    switch (action) {
      case 'deploy': {
        const shown = showEntity(row, context, { fields: new Set(['owner', 'owners']), address: true, actor: BOT });
        await service.call('POST', 'deploy', {}, { ...shown, openMetadataServerConnection: serverConnection(context) });
        return done(keep(row, { deployed: true }, context), actor, context);
      }
      case 'trigger':
        await service.call('POST', 'trigger', {}, { dag_id: dag });
        return done(row, actor, context);
      case 'kill':
        await service.call('POST', 'kill', {}, { dag_id: dag });
        return done(row, actor, context);
      case 'toggleIngestion':
        await service.call('POST', isEnabled ? 'disable' : 'enable', {}, { dag_id: dag });
        return ok(shownTo(keep(row, { enabled: !isEnabled }, context), actor, context));
      default:
        return undefined;
    }
  }

  /** What waits at the service, and what runs have reported. */
  async #statuses(fqn: string, request: Request, context: Context, service: PipelineService): Promise<Reply> {
    const row = findEntity('ingestionPipeline', { fqn }, 'non-deleted', context);
    const wanted = { dag_id: String(row.doc['name']), only_queued: 'true' };
    const queued = await service.call('GET', 'status', wanted).catch(() => []);
    const told = momentsBetween(row.id, 'pipelineStatus', undefined, rangeOf(request), context);
    return ok({ ...told, data: [...(Array.isArray(queued) ? queued : []), ...(told['data'] as Doc[])] });
  }

  async #logs(id: string, request: Request, context: Context, service: PipelineService): Promise<Reply> {
    const { row, dag } = pipelineById(id, context);
    const after = request.query.get('after');
    const query = { dag_id: dag, task_id: TASKS[String(row.doc['pipelineType'])] ?? 'ingestion_task' };
    const answer = await service.call('GET', 'last_dag_logs', after === null ? query : { ...query, after });
    // The server holds it as a map of texts.
    return ok(Object.fromEntries(Object.entries(answer as Doc).map(([key, value]) => [key, String(value)])));
  }
}

function pipelineById(id: string, context: Context): { readonly row: EntityRow; readonly dag: string } {
  const row = findEntity('ingestionPipeline', { id: requireUuid(id) }, 'non-deleted', context);
  return { row, dag: String(row.doc['name']) };
}

function keep(row: EntityRow, change: Doc, context: Context): EntityRow {
  const next = { ...row, doc: { ...row.doc, ...change } };
  context.store.update(next);
  forget(next, context);
  return next;
}

function done(row: EntityRow, actor: Actor, context: Context): Reply {
  return ok(context.version.atLeast(2) ? { code: 200, platform: 'Airflow' } : shownTo(row, actor, context));
}

function shownTo(row: EntityRow, actor: Actor, context: Context): Doc {
  return showEntity(row, context, { fields: new Set(), address: true, actor });
}
