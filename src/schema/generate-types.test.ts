import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generatedFile, recipeTypes } from './generate-types.ts';

it('the generated types are those of the schemas (else: npm run generate)', async () => {
  expect(await readFile(generatedFile, 'utf8')).toBe(await recipeTypes());
});
