import { recipeOfRun } from '../../../engine/embedded/recipe-of-run.ts';
import { runEnvironment } from '../../../engine/embedded/run-environment.ts';
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
    recipe: async (pipelineId) => {
      const { recipe: masked, fqn } = await history.pipeline({ pipelineId });
      const recipe = await history.withKeptSecrets({ pipelineId, recipe: masked });
      // The memory of a pipeline is found by what its runs are called by.
      return recipeOfRun({ recipe, conf: undefined, runId: noRun, fqn });
    },
    env: runEnvironment(env, home),
  };
}
