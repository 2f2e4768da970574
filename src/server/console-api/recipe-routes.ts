import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { checkConnections } from '../../cli/check-connections.ts';
import type { PipelineDefinition } from '../../engine/engine.ts';
import type { Principal } from '../access/principal.ts';
import { requireSecretsForNewAddress } from '../recipe-rights.ts';
import { type ConsoleApiDeps, historyOf } from './console-api-deps.ts';
import type { ConnectionTestStep, RecipeCheckAnswer, RecipeCheckInput } from './console-types.ts';
import { checkedRecipe, checkRecipeText } from './recipe-check.ts';

const pipelineId = { type: 'string', maxLength: 250 } as const;

type Recipe = PipelineDefinition['recipe'];

interface TestInput {
  readonly recipe: Recipe;
  /** The pipeline that masked secrets belong to. */
  readonly pipelineId?: string;
}

/** A recipe that is being written: what is wrong with it, and whether it reaches both servers. Nothing of it is kept. */
export function registerRecipeRoutes(app: FastifyInstance, deps: ConsoleApiDeps): void {
  const withKept = async (pipelineId: string, recipe: Recipe, principal: Principal | null): Promise<Recipe> => {
    const history = historyOf(deps);
    const { recipe: stored } = await history.pipeline({ pipelineId });
    requireSecretsForNewAddress(recipe, stored, principal?.role ?? 'viewer');
    return history.withKeptSecrets({ pipelineId, recipe });
  };

  app.post<{ Body: RecipeCheckInput }>(
    '/recipes/check',
    {
      config: { access: 'operator' },
      schema: {
        body: {
          type: 'object',
          required: ['text'],
          additionalProperties: false,
          properties: { text: { type: 'string', maxLength: 500_000 }, pipelineId },
        },
      },
    },
    ({ body, principal }): Promise<RecipeCheckAnswer> => checkRecipeText(body.text, principal, deps),
  );

  app.post<{ Body: TestInput }>(
    '/recipes/test',
    {
      config: { access: 'operator', audit: 'recipe.test' },
      schema: {
        body: {
          type: 'object',
          required: ['recipe'],
          additionalProperties: false,
          properties: { recipe: { type: 'object' }, pipelineId },
        },
      },
    },
    async (request, reply) => {
      const { body, principal } = request;
      const recipe = body.pipelineId ? await withKept(body.pipelineId, body.recipe, principal) : body.recipe;
      const loaded = await checkedRecipe(recipe, principal, deps, true);
      const gone = goneWith(request);
      const steps = checkConnections(loaded, {
        env: deps.env,
        redact: (text) => loaded.redactor.redact(text),
        signal: gone.signal,
      });
      return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(lines(steps, loaded.redactor)));
    },
  );
}

/** Aborts what is under way for a browser that does not wait for it any more. */
function goneWith({ raw }: FastifyRequest): AbortController {
  const gone = new AbortController();
  raw.socket.once('close', () => gone.abort());
  return gone;
}

async function* lines(
  steps: AsyncIterable<ConnectionTestStep>,
  redactor: { redact(text: string): string },
): AsyncGenerator<string> {
  for await (const { system, name, ok, message, ms, help } of steps) {
    const step: ConnectionTestStep = {
      system,
      name: redactor.redact(name),
      ok,
      message: redactor.redact(message),
      ms,
      ...(help !== undefined && { help: redactor.redact(help) }),
    };
    yield `${JSON.stringify(step)}\n`;
  }
}
