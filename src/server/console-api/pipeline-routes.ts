import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance } from 'fastify';
import type { LoadedRecipe } from '../../config/load-recipe.ts';
import type { PipelineDefinition, PipelineSummary, PipelineType } from '../../engine/engine.ts';
import { pipelineTypeOf } from '../../schema/source-configs.ts';
import { needsExec, requireSecretsForNewAddress } from '../recipe-rights.ts';
import { ServerError } from '../server-error.ts';
import { type ConsoleApiDeps, historyOf } from './console-api-deps.ts';
import type { DeployAnswer, PipelineDetails, PipelineEntry, RunRecord, RunStarted } from './console-types.ts';
import { pipelineBody } from './pipeline-body.ts';
import { checkedRecipe } from './recipe-check.ts';

/** Bars that the list shows of each pipeline. */
const shownRuns = 14;

type OfPipeline = { readonly Params: { readonly id: string } };

/** Pipelines: list, one, make, change, take away, and what can be done with one. */
export function registerPipelineRoutes(app: FastifyInstance, deps: ConsoleApiDeps): void {
  const { engine } = deps;
  const read = { config: { access: 'viewer' } } as const;
  const act = (audit: string) => ({ config: { access: 'operator', audit } }) as const;

  app.get('/pipelines', read, async (): Promise<readonly PipelineEntry[]> => {
    const listed = await engine.list();
    return Promise.all(listed.map((each) => entryOf(each, deps)));
  });

  app.get<OfPipeline>(
    '/pipelines/:id',
    read,
    ({ params }): Promise<PipelineDetails> => historyOf(deps).pipeline({ pipelineId: params.id }),
  );

  app.post<{ Body: PipelineDefinition }>(
    '/pipelines',
    { ...act('pipeline.create'), schema: { body: pipelineBody } },
    async (request, reply): Promise<DeployAnswer> => {
      const pipeline = request.body;
      request.auditTarget = pipeline.id;
      if ((await engine.list()).some(({ id }) => id === pipeline.id)) {
        throw new ServerError('console.pipeline-exists', `There is a pipeline called ${pipeline.id} already.`, {
          status: 409,
          help: 'Choose another name, or change that pipeline.',
        });
      }
      requireKind(await checkedRecipe(pipeline.recipe, request.principal, deps), pipeline.pipelineType);
      const allowExec = needsExec(pipeline.recipe);
      reply.code(201);
      return { outcome: await engine.deploy({ pipeline: { ...pipeline, allowExec } }), id: pipeline.id };
    },
  );

  app.put<OfPipeline & { Body: PipelineDefinition }>(
    '/pipelines/:id',
    { ...act('pipeline.change'), schema: { body: pipelineBody } },
    async (request): Promise<DeployAnswer> => {
      const { id } = request.params;
      request.auditTarget = id;
      const before = await historyOf(deps).pipeline({ pipelineId: id });
      requireSecretsForNewAddress(request.body.recipe, before.recipe, request.principal?.role ?? 'viewer');
      const kept = (recipe: PipelineDefinition['recipe']) =>
        historyOf(deps).withKeptSecrets({ pipelineId: id, recipe });
      const [recipe, stored] = await Promise.all([kept(request.body.recipe), kept(before.recipe)]);
      // Who may not write a recipe of an admin may still change when it runs.
      const isSame = isDeepStrictEqual(recipe, stored);
      // Its id, kind and place in OpenMetadata are what it is known by elsewhere: no form changes them.
      const { fqn, pipelineType } = before;
      if (!isSame) requireKind(await checkedRecipe(recipe, request.principal, deps), pipelineType);
      const pipeline: PipelineDefinition = {
        ...request.body,
        id,
        pipelineType,
        ...(fqn !== undefined && { fqn }),
        recipe,
        allowExec: isSame ? (before.allowExec ?? false) : needsExec(recipe),
      };
      return { outcome: await engine.deploy({ pipeline }), id };
    },
  );

  app.delete<OfPipeline>('/pipelines/:id', act('pipeline.delete'), async (request, reply) => {
    request.auditTarget = request.params.id;
    await engine.delete({ pipelineId: request.params.id });
    return reply.code(204).send();
  });

  for (const [action, method] of [
    ['pause', 'disable'],
    ['resume', 'enable'],
  ] as const) {
    app.post<OfPipeline>(`/pipelines/:id/${action}`, act(`pipeline.${action}`), async (request, reply) => {
      request.auditTarget = request.params.id;
      await engine[method]({ pipelineId: request.params.id });
      return reply.code(204).send();
    });
  }

  app.post<OfPipeline>('/pipelines/:id/runs', act('pipeline.run'), async (request): Promise<RunStarted> => {
    const pipelineId = request.params.id;
    request.auditTarget = pipelineId;
    const { runId } = await engine.trigger({ pipelineId });
    return { runId: deps.history?.idOf?.({ pipelineId, runId }) ?? runId };
  });

  app.post<OfPipeline>('/pipelines/:id/plans', act('pipeline.plan'), (request): Promise<RunStarted> => {
    request.auditTarget = request.params.id;
    return historyOf(deps).plan({ pipelineId: request.params.id });
  });
}

/** @throws ServerError `console.pipeline-kind` when the recipe is one for pipelines of another type */
function requireKind({ settings }: LoadedRecipe, pipelineType: PipelineType): void {
  const kind = settings.profiler?.type ?? 'DatabaseMetadata';
  if (pipelineTypeOf[kind] === pipelineType) return;
  throw new ServerError(
    'console.pipeline-kind',
    `sourceConfig.config.type is ${kind}, and the pipeline’s type is ${pipelineType}.`,
    { status: 400, help: `A recipe of that kind is for a pipeline of type ${pipelineTypeOf[kind]}: make a new one.` },
  );
}

async function entryOf(summary: PipelineSummary, { engine, history }: ConsoleApiDeps): Promise<PipelineEntry> {
  const pipelineId = summary.id;
  if (!history) {
    const runs = await engine.status({ pipelineId, limit: shownRuns });
    return { ...summary, lastRuns: runs.map((run): RunRecord => ({ ...run, kind: 'run' })) };
  }
  const [details, lastRuns] = await Promise.all([
    history.pipeline({ pipelineId }),
    history.runs({ pipelineId, limit: shownRuns, kinds: ['run'] }),
  ]);
  const { displayName, owner, recipe } = details;
  const source = recipe['source'] as { readonly type?: unknown; readonly serviceName?: unknown } | undefined;
  return {
    ...summary,
    ...(displayName !== undefined && { displayName }),
    ...(owner !== undefined && { owner }),
    ...(typeof source?.type === 'string' && { sourceType: source.type }),
    ...(typeof source?.serviceName === 'string' && { serviceName: source.serviceName }),
    lastRuns,
  };
}
