import type { PipelineDefinition } from '../engine.ts';

type Recipe = PipelineDefinition['recipe'];
const wrapper = 'openMetadataWorkflowConfig';

/** The recipe as a run follows it: what its trigger brought laid over it, with the run's id and the pipeline's FQN. */
export function recipeOfRun(params: {
  readonly recipe: Recipe;
  readonly conf: Recipe | undefined;
  readonly runId: string;
  readonly fqn: string | undefined;
}): Recipe {
  const { recipe, conf = {}, runId, fqn } = params;
  const inner = recipe[wrapper];
  if (isMap(inner)) {
    const { [wrapper]: wrapped, ...beside } = conf;
    const within = recipeOfRun({ ...params, recipe: inner, conf: overlaid(isMap(wrapped) ? wrapped : {}, beside) });
    return { ...recipe, [wrapper]: within };
  }
  const laid = overlaid(recipe, conf);
  return {
    ...laid,
    ...(fqn !== undefined && laid['ingestionPipelineFQN'] === undefined && { ingestionPipelineFQN: fqn }),
    pipelineRunId: runId,
  };
}

/** Maps are merged, everything else is replaced. */
function overlaid(below: Recipe, above: Recipe): Recipe {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = Object.hasOwn(below, key) ? below[key] : undefined;
    Object.defineProperty(merged, key, {
      value: isMap(under) && isMap(value) ? overlaid(under, value) : value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return merged;
}

function isMap(value: unknown): value is Recipe {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
