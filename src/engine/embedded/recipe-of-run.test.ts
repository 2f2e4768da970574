import { expect, it } from 'vitest';
import { recipeOfRun } from './recipe-of-run.ts';

const runId = '3f0c2f0e-6a0a-4a5e-9c55-0d6f6a2f0b11';

it('lays maps over maps and replaces the rest', () => {
  const recipe = { source: { type: 'Atlas', list: [1, 2], deep: { a: 1, b: 2 } }, sink: { type: 'metadata-rest' } };
  const conf = { source: { list: [3], deep: { b: 3 } } };
  expect(recipeOfRun({ recipe, conf, runId, fqn: 's.p' })).toEqual({
    source: { type: 'Atlas', list: [3], deep: { a: 1, b: 3 } },
    sink: { type: 'metadata-rest' },
    ingestionPipelineFQN: 's.p',
    pipelineRunId: runId,
  });
  expect(recipe.source.deep).toEqual({ a: 1, b: 2 });
});

it('keeps the FQN that the recipe names, and needs none', () => {
  const recipe = { source: {}, ingestionPipelineFQN: 'own.name' };
  expect(recipeOfRun({ recipe, conf: undefined, runId, fqn: 's.p' })).toMatchObject({
    ingestionPipelineFQN: 'own.name',
  });
  expect(recipeOfRun({ recipe: { source: {} }, conf: undefined, runId, fqn: undefined })).toEqual({
    source: {},
    pipelineRunId: runId,
  });
});

it('works inside of OpenMetadata’s wrapper', () => {
  const recipe = { openMetadataWorkflowConfig: { source: { type: 'Atlas' } }, meridian: { mode: 'create' } };
  expect(recipeOfRun({ recipe, conf: { source: { serviceName: 'x' } }, runId, fqn: 's.p' })).toEqual({
    openMetadataWorkflowConfig: {
      source: { type: 'Atlas', serviceName: 'x' },
      ingestionPipelineFQN: 's.p',
      pipelineRunId: runId,
    },
    meridian: { mode: 'create' },
  });
});

it('cannot be used to reach a prototype', () => {
  const conf = JSON.parse('{"__proto__": {"polluted": true}, "a": {"constructor": {"prototype": {"polluted": true}}}}');
  recipeOfRun({ recipe: { a: {} }, conf, runId, fqn: undefined });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
