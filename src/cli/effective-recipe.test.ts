import { expect, it } from 'vitest';
import { effectiveRecipe } from './effective-recipe.ts';

it('lists every value with its origin, defaults of the schema too, and no secret', () => {
  const schema = {
    properties: {
      source: { properties: { hostPort: {}, password: {}, names: {} } },
      meridian: { properties: { mode: { default: 'enrich' }, state: { properties: { path: {} } } } },
      free: { type: 'object' },
    },
  };
  const written = { source: { hostPort: '${env:ATLAS}', password: 'pw', names: ['a'] }, free: { any: 1 } };
  const resolved = { source: { hostPort: 'http://atlas', password: 'pw', names: ['a'] }, free: { any: 1 } };
  expect(effectiveRecipe({ schema, written, resolved })).toEqual([
    { path: 'source.hostPort', value: 'http://atlas', origin: 'reference', reference: '${env:ATLAS}' },
    { path: 'source.password', value: '***', origin: 'recipe' },
    { path: 'source.names', value: ['a'], origin: 'recipe' },
    { path: 'free.any', value: 1, origin: 'recipe' },
    { path: 'meridian.mode', value: 'enrich', origin: 'default' },
  ]);
});
