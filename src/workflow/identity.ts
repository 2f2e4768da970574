import type { LoadedRecipe } from '../config/load-recipe.ts';
import type { StatePlace } from '../state/open-state.ts';
import type { PipelineIdentity } from '../state/state-location.ts';

/** What a recipe's memory belongs to (DESIGN: the pipeline's FQN, else target host, source type and service name). */
export function identityOf(recipe: LoadedRecipe): PipelineIdentity {
  const { settings } = recipe;
  return {
    ...(settings.ingestionPipelineFqn !== undefined && { ingestionPipelineFqn: settings.ingestionPipelineFqn }),
    targetHost: settings.targetHost,
    sourceType: settings.sourceType,
    serviceName: settings.serviceName,
    ...(settings.profiler && { work: 'profile' as const }),
  };
}

/** Where the pipeline that carries metadata of the same service has its memory, as far as a recipe that profiles can tell. */
export function metadataStateOf(recipe: LoadedRecipe, env: StatePlace['env']): StatePlace {
  const { work: _, ingestionPipelineFqn: __, ...identity } = identityOf(recipe);
  return { settings: recipe.settings, identity, env };
}

/** Where a recipe's memory is. */
export function statePlaceOf(recipe: LoadedRecipe, env: StatePlace['env']): StatePlace {
  return { settings: recipe.settings, identity: identityOf(recipe), env };
}
