import { recipeOfRun } from '../../../engine/embedded/recipe-of-run.ts';
import { execEnvironment, runEnvironment } from '../../../engine/embedded/run-environment.ts';
import type { ServerDeps } from '../../server-deps.ts';
import type { CatalogueDeps } from './catalogue-session.ts';

/** Looking is no run. */
const noRun = '00000000-0000-0000-0000-000000000000';

/** Catalogues of the pipelines of an engine, each seen as its runs see it. Undefined where the engine keeps no recipes. */
export function catalogueDeps({ engine, history, env, home }: ServerDeps): CatalogueDeps | undefined {
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
      const recipe = await history.withKeptSecrets({ pipelineId, recipe: details.recipe });
      return {
        // The memory of a pipeline is found by what its runs are called by.
        recipe: recipeOfRun({ recipe, conf: undefined, runId: noRun, fqn: details.fqn }),
        env: { ...runEnvironment(env, home), ...execEnvironment(details, env) },
      };
    },
  };
}
