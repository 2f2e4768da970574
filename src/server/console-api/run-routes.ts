import type { FastifyInstance } from 'fastify';
import type { RunKind } from '../../engine/run-history.ts';
import { type ConsoleApiDeps, historyOf } from './console-api-deps.ts';
import type { DeadLetterPage, RunAnswer, RunStarted, RunsAnswer } from './console-types.ts';
import { countInQuery } from './pipeline-body.ts';

type OfPipeline = { readonly Params: { readonly id: string } };
type OfRun = { readonly Params: { readonly runId: string } };

const runKinds = ['run', 'plan', 'replay'] as const;
const pageSize = 50;

/** Runs: those of a pipeline, one with its report, its refused requests, its log; stop and replay. */
export function registerRunRoutes(app: FastifyInstance, deps: ConsoleApiDeps): void {
  const { engine } = deps;
  const read = { config: { access: 'viewer' } } as const;
  const act = (audit: string) => ({ config: { access: 'operator', audit } }) as const;

  app.get<OfPipeline & { Querystring: { before?: string; limit?: string; kind?: RunKind } }>(
    '/pipelines/:id/runs',
    {
      ...read,
      schema: {
        querystring: {
          type: 'object',
          properties: {
            before: { type: 'string', maxLength: 600 },
            limit: countInQuery,
            kind: { enum: runKinds },
          },
        },
      },
    },
    async ({ params, query }): Promise<RunsAnswer> => {
      const { before, kind } = query;
      const limit = sizeOf(query.limit);
      const runs = await historyOf(deps).runs({
        pipelineId: params.id,
        limit: limit + 1,
        ...(before !== undefined && { before }),
        ...(kind !== undefined && { kinds: [kind] }),
      });
      return { runs: runs.slice(0, limit), more: runs.length > limit };
    },
  );

  app.get<OfRun>('/runs/:runId', read, async ({ params }): Promise<RunAnswer> => {
    const history = historyOf(deps);
    const [run, report] = await Promise.all([history.run(params), history.report(params)]);
    const { displayName, id } = await history.pipeline({ pipelineId: run.pipelineId });
    return { run, pipelineName: displayName ?? id, report: report ?? null };
  });

  app.post<OfRun>('/runs/:runId/stop', act('run.stop'), async (request) => {
    const { runId } = request.params;
    request.auditTarget = runId;
    const { pipelineId } = await historyOf(deps).run({ runId });
    return { stopped: await engine.stop({ pipelineId, runId }) };
  });

  app.get<OfRun & { Querystring: { after?: string; limit?: string } }>(
    '/runs/:runId/dead-letters',
    {
      ...read,
      schema: {
        querystring: {
          type: 'object',
          properties: {
            after: { type: 'string', maxLength: 100 },
            limit: countInQuery,
          },
        },
      },
    },
    ({ params, query: { after, limit } }): Promise<DeadLetterPage> =>
      historyOf(deps).deadLetters({ ...params, limit: sizeOf(limit), ...(after !== undefined && { after }) }),
  );

  app.post<OfRun & { Body: { names?: readonly string[] } }>(
    '/runs/:runId/replay',
    {
      ...act('run.replay'),
      schema: {
        body: {
          type: 'object',
          additionalProperties: false,
          properties: {
            names: { type: 'array', minItems: 1, maxItems: 1000, items: { type: 'string', maxLength: 4000 } },
          },
        },
      },
    },
    (request): Promise<RunStarted> => {
      request.auditTarget = request.params.runId;
      return historyOf(deps).replay({ ...request.params, ...request.body });
    },
  );

  app.get<OfRun>('/runs/:runId/log', read, async ({ params }, reply) => {
    const { fileName, open } = await historyOf(deps).logFile(params);
    // Only names of our own making get into the header.
    const name = fileName.replaceAll(/[^\w.-]/g, '_');
    return reply
      .type('text/plain; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(open());
  });
}

/** Rows of a page. */
function sizeOf(asked: string | undefined): number {
  return Math.min(Math.max(Number(asked ?? pageSize), 1), 200);
}
