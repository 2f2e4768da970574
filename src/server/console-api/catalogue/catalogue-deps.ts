import { recipeOfRun } from '../../../engine/embedded/recipe-of-run.ts';
import { execEnvironment, runEnvironment } from '../../../engine/embedded/run-environment.ts';
import type { PipelineDetails } from '../../../engine/run-history.ts';
import { ConfigurationError } from '../../../errors.ts';
import type { ServerDeps } from '../../server-deps.ts';
import type { CatalogueDeps, CatalogueSource } from './catalogue-session.ts';

type Values = Readonly<Record<string, unknown>>;

/** Looking is no run. */
const noRun = '00000000-0000-0000-0000-000000000000';

/**
 * A pipeline of which only the server that it writes to is looked at, with a token of our own: its secrets and its memory are
 * with its runs.
 *
 * @throws ConfigurationError `serve.no-catalogue-token`
 */
function seenFromHere(
  { recipe, fqn }: PipelineDetails,
  { hostPort, jwtToken }: NonNullable<ServerDeps['openMetadata']> = {},
  env: CatalogueSource['env'],
): CatalogueSource {
  if (!jwtToken) {
    throw new ConfigurationError(
      'serve.no-catalogue-token',
      'The catalogue needs a token for OpenMetadata: those of the pipelines are in Airflow, which shows them to nobody.',
      { help: 'Put openMetadata: {jwtToken: …} with the token of a bot into the settings file of “meridian serve”.' },
    );
  }
  const { workflowConfig, meridian, ...rest } = recipe as Readonly<Record<string, Values>>;
  const { state: _, ...kept } = meridian ?? {};
  const server = workflowConfig?.['openMetadataServerConfig'] as Values;
  const signIn = { authProvider: 'openmetadata', securityConfig: { jwtToken }, ...(hostPort && { hostPort }) };
  const seen = {
    ...rest,
    meridian: kept,
    workflowConfig: { ...workflowConfig, openMetadataServerConfig: { ...server, ...signIn } },
  };
  return { recipe: recipeOfRun({ recipe: seen, conf: undefined, runId: noRun, fqn }), env, deferReferences: true };
}

/** Catalogues of the pipelines of an engine, each seen as its runs see it. Undefined where the engine keeps no recipes. */
export function catalogueDeps({ engine, history, env, home, openMetadata }: ServerDeps): CatalogueDeps | undefined {
  if (!history) return undefined;
  return {
    pipelines: async () =>
      Promise.all(
        (await engine.list()).map(async ({ id }) => {
          const { displayName } = await history.pipeline({ pipelineId: id });
          return { id, ...(displayName !== undefined && { displayName }) };
        }),
      ),
    pipeline: async (pipelineId) => {
      const details = await history.pipeline({ pipelineId });
      if (history.secretsElsewhere) return seenFromHere(details, openMetadata, runEnvironment(env, home));
      const recipe = await history.withKeptSecrets({ pipelineId, recipe: details.recipe });
      return {
        // The memory of a pipeline is found by what its runs are called by.
        recipe: recipeOfRun({ recipe, conf: undefined, runId: noRun, fqn: details.fqn }),
        env: { ...runEnvironment(env, home), ...execEnvironment(details, env) },
      };
    },
  };
}
