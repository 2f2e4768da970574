import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { workflow } from './workflow.ts';

export const generatedFile = join(import.meta.dirname, 'generated', 'recipe.ts');

/** The TypeScript type of a recipe, made from its schema. */
export async function recipeTypes(): Promise<string> {
  const schema = JSON.parse(JSON.stringify(workflow)) as JSONSchema;
  return compile(schema, 'Recipe', {
    additionalProperties: false,
    bannerComment: '/* Generated from src/schema/workflow.ts by “npm run generate”. Do not edit. */',
    style: { singleQuote: true, printWidth: 120 },
  });
}

if (import.meta.main) {
  await mkdir(join(generatedFile, '..'), { recursive: true });
  await writeFile(generatedFile, await recipeTypes());
}
