import type {
  ConnectionTestStep,
  RecipeCheckAnswer,
  RecipeCheckInput,
} from '../../../src/server/console-api/console-types.ts';
import type { Tree } from '../form/path.ts';
import { request, requestStream } from './request.ts';

export function checkRecipe(input: RecipeCheckInput, signal: AbortSignal): Promise<RecipeCheckAnswer> {
  return request('/console/recipes/check', { method: 'POST', body: input, signal });
}

/**
 * Connects to both servers of a recipe; each step comes as it is done.
 *
 * @param input.pipelineId the pipeline that masked secrets belong to
 */
export async function* testRecipe(
  input: { readonly recipe: Tree; readonly pipelineId?: string },
  signal: AbortSignal,
): AsyncGenerator<ConnectionTestStep> {
  const stream = await requestStream('/console/recipes/test', { method: 'POST', body: input, signal });
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (rest + (value ?? '')).split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) if (line !== '') yield JSON.parse(line) as ConnectionTestStep;
    if (done) return;
  }
}
