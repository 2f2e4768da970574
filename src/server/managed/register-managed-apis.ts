import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RecipeError } from '../../config/recipe-error.ts';
import { MeridianError } from '../../errors.ts';
import { failureAnswer, sendError } from '../error-reply.ts';
import { ServerError } from '../server-error.ts';
import { type DeployDeps, deployPipeline } from './deploy-pipeline.ts';
import { automationBody, type DeployedPipeline, deployBody, withoutNulls } from './deployed-pipeline.ts';
import { ManagedCsrf } from './managed-csrf.ts';
import { managedStatus } from './managed-status.ts';
import { pipelineIdOf } from './pipeline-id.ts';
import { type SentAutomation, testAutomation } from './test-automation.ts';

export interface ManagedApiOptions {
  /** Whether calls that change something need the CSRF token. */
  readonly csrf?: boolean;
}

/** Where servers look for the service: newer ones try each, older ones know the last. */
export const managedBasePaths = [
  '/pluginsv2/api/v2/openmetadata',
  '/api/v2/openmetadata',
  '/api/v1/openmetadata',
] as const;

/** What OpenMetadata's pages take of a log at once. */
const logCharacters = 2_000_000;
/** Runs that a status lists. */
const listedRuns = 10;

const dagId = { type: 'string', minLength: 1, maxLength: 256 } as const;
const dagBody = { type: 'object', required: ['dag_id'], properties: { dag_id: dagId } } as const;
const dagQuery = (more: object = {}) =>
  ({ type: 'object', required: ['dag_id'], properties: { dag_id: dagId, ...more } }) as const;

interface DagBody {
  readonly Body: { readonly dag_id: string; readonly conf?: unknown };
}

/** The APIs by which an OpenMetadata server deploys, runs, stops and watches ingestion pipelines. */
export async function registerManagedApis(
  app: FastifyInstance,
  deps: DeployDeps,
  options: ManagedApiOptions = {},
): Promise<void> {
  const csrf = new ManagedCsrf(options.csrf ?? false);
  for (const [index, prefix] of managedBasePaths.entries()) {
    // The API's description lists each call once.
    const hide = index < managedBasePaths.length - 1;
    await app.register(async (managed) => registerRoutes(managed, deps, csrf, hide), { prefix });
  }
}

function registerRoutes(app: FastifyInstance, deps: DeployDeps, csrf: ManagedCsrf, hide: boolean): void {
  const { engine, version } = deps;
  const about = (summary: string, more: object = {}) => ({ tags: ['managed'], summary, hide, ...more });
  const open = { access: 'public' } as const;
  const signIns = ['basic', 'token'] as const;
  const reads = { access: 'viewer', signIns } as const;
  const acts = (audit: string) => ({ access: 'operator', signIns, audit: `managed.${audit}` }) as const;

  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, managedFailure));
  app.addHook('preHandler', async (request) => csrf.check(request));
  const health = async () => ({ status: 'healthy', version: await version.current() });

  app.get('/health', { config: open, schema: about('Whether the service is up, and its version') }, health);
  app.get('/health-auth', { config: reads, schema: about('The same, with sign-in') }, health);
  app.get('/ip', { config: reads, schema: about('Address of this machine') }, (request) => ({
    ip: ownAddress(request),
  }));
  app.get('/csrf-token', { config: reads, schema: about('A CSRF token') }, (_request, reply) => ({
    csrf_token: csrf.give(reply),
    message: 'Send it in the header X-CSRFToken, with the cookie.',
  }));

  app.post<{ Body: DeployedPipeline }>(
    '/deploy',
    { config: acts('deploy'), schema: about('Make or change a pipeline', { body: deployBody }) },
    async (request) => {
      const pipeline = withoutNulls(request.body);
      request.auditTarget = pipeline.fullyQualifiedName;
      const { id, outcome } = await deployPipeline(pipeline, deps).catch(asBadRequest);
      return { message: `Workflow [${id}] has been ${outcome}` };
    },
  );

  const onDag = (
    name: string,
    summary: string,
    act: (pipelineId: string, request: FastifyRequest<DagBody>) => Promise<string>,
  ): void => {
    app.post<DagBody>(
      `/${name}`,
      { config: acts(name), schema: about(summary, { body: dagBody }) },
      async (request) => {
        const pipelineId = idFrom(request, request.body.dag_id);
        return { message: await found(request.body.dag_id, act(pipelineId, request)) };
      },
    );
  };
  onDag('trigger', 'Queue a run', async (pipelineId, { body }) => {
    requireNoConf(body.conf);
    const { runId } = await engine.trigger({ pipelineId });
    return `Workflow [${pipelineId}] has been triggered ${runId}`;
  });
  onDag('kill', 'Stop what is queued or running', async (pipelineId) => {
    await engine.stop({ pipelineId });
    return `Workflow [${pipelineId}] has been killed`;
  });
  onDag('enable', 'Let the schedule go on', async (pipelineId) => {
    await engine.enable({ pipelineId });
    return `DAG ${pipelineId} has been enabled`;
  });
  onDag('disable', 'Pause the schedule', async (pipelineId) => {
    await engine.disable({ pipelineId });
    return `DAG ${pipelineId} has been disabled`;
  });

  app.delete<{ Querystring: { dag_id: string } }>(
    '/delete',
    { config: acts('delete'), schema: about('Remove a pipeline', { querystring: dagQuery() }) },
    async (request) => {
      const pipelineId = idFrom(request, request.query.dag_id);
      await found(request.query.dag_id, engine.delete({ pipelineId }));
      return { message: `DAG [${pipelineId}] has been deleted` };
    },
  );

  const onlyQueued = { only_queued: { type: 'string', maxLength: 10 } };
  app.get<{ Querystring: { dag_id: string; only_queued?: string } }>(
    '/status',
    { config: reads, schema: about('The last runs', { querystring: dagQuery(onlyQueued) }) },
    async ({ query }) => {
      const pipelineId = pipelineIdOf(query.dag_id);
      const wanted = { pipelineId, limit: listedRuns, onlyQueued: /^(true|1)$/i.test(query.only_queued ?? '') };
      return (await found(query.dag_id, engine.status(wanted))).map(managedStatus);
    },
  );

  const ofLog = {
    task_id: { type: 'string', pattern: '^[a-z_]{1,60}_task$' },
    after: { type: 'string', pattern: '^\\d{0,15}$' },
  };
  app.get<{ Querystring: { dag_id: string; task_id?: string; after?: string } }>(
    '/last_dag_logs',
    { config: reads, schema: about('The log of the newest run, a piece', { querystring: dagQuery(ofLog) }) },
    async ({ query }) => {
      const { task_id: task = 'ingestion_task', after = '' } = query;
      const pipelineId = pipelineIdOf(query.dag_id);
      const wanted = { pipelineId, maxCharacters: logCharacters, ...(after !== '' && { after }) };
      const chunk = await found(query.dag_id, engine.logs(wanted));
      return {
        [task]: chunk.text,
        total: chunk.total,
        ...(chunk.after !== undefined && { after: numberOr(chunk.after) }),
      };
    },
  );

  app.post<{ Body: SentAutomation }>(
    '/run_automation',
    { config: acts('run_automation'), schema: about('Test a connection', { body: automationBody }) },
    async (request) => {
      const automation = withoutNulls(request.body);
      request.auditTarget = automation.name;
      const { done } = await testAutomation(automation, deps).catch(asBadRequest);
      done.catch((err: unknown) => request.log.warn({ err }, 'the result of a connection test could not be written'));
      return { message: `Workflow [${automation.name}] has been triggered.` };
    },
  );
}

/** Sets what the audit log says, too. */
function idFrom(request: FastifyRequest, name: string): string {
  request.auditTarget = name;
  return pipelineIdOf(name);
}

/** Other settings for one run are for OpenMetadata's applications, which are not served. */
function requireNoConf(conf: unknown): void {
  const isEmpty = conf === undefined || conf === null || (typeof conf === 'object' && isEmptyWithin(conf));
  if (isEmpty) return;
  throw new ServerError(
    'managed.conf-not-served',
    'A run with settings of its own is for applications of OpenMetadata.',
    {
      status: 400,
      help: 'Change the pipeline, deploy it, and run it without a conf.',
    },
  );
}

function isEmptyWithin(conf: object): boolean {
  return Object.values(conf).every((value) => value === null || (typeof value === 'object' && isEmptyWithin(value)));
}

/** Pages count pieces of a log as numbers; an engine may call them otherwise. */
function numberOr(after: string): number | string {
  return /^\d{1,15}$/.test(after) ? Number(after) : after;
}

/** The address that the caller reached, which is worth nothing where it is the same machine. */
function ownAddress({ socket }: FastifyRequest): string {
  const address = socket.localAddress?.replace(/^::ffff:/, '') ?? '';
  return address === '' || address === '::1' || address.startsWith('127.') ? 'unknown' : address;
}

async function found<T>(name: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof MeridianError) || error.code !== 'engine.unknown-pipeline') throw error;
    throw new ServerError('managed.unknown-dag', `DAG ${name} not found.`, { status: 404 });
  }
}

/** Whatever stands in the way of a deployment is told in one sentence; OpenMetadata shows it to whoever deployed. */
function asBadRequest(error: unknown): never {
  if (!(error instanceof MeridianError) || error instanceof ServerError) throw error;
  if (error.code === 'engine.pipeline-taken') throw error;
  const { code, message, help } = error;
  const cause = { cause: error, status: 400, ...(help !== undefined && !(error instanceof RecipeError) && { help }) };
  throw new ServerError(code, message, cause);
}

/** OpenMetadata knows one word, and shows it. */
function managedFailure(error: unknown): { readonly error: string } {
  const { error: message, help } = failureAnswer(error);
  return { error: help === undefined ? message : `${message} ${help}` };
}
