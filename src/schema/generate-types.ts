import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { openMetadataConnection } from './openmetadata-connection.ts';
import type { JsonSchema } from './parts.ts';
import { providerSignIns, tokenSignIn } from './sign-ins.ts';
import { sourceConfigs } from './source-configs.ts';
import { workflowForms } from './workflow.ts';

export const generatedFile = join(import.meta.dirname, 'generated', 'recipe.ts');

/** TypeScript has no conditions: there, `securityConfig` is any of its shapes. Pipelines are types of their own. */
function forTypes(schema: JsonSchema): JSONSchema {
  const pipelines = Object.entries(sourceConfigs);
  const replaced = (_key: string, value: unknown): unknown => {
    if (value === openMetadataConnection) return connectionForTypes();
    const pipeline = pipelines.find(([, each]) => each === value);
    return pipeline ? { $ref: `#/definitions/${pipeline[0]}` } : value;
  };
  const definitions = JSON.parse(JSON.stringify(sourceConfigs)) as NonNullable<JSONSchema['definitions']>;
  return { ...(JSON.parse(JSON.stringify(schema, replaced)) as JSONSchema), definitions };
}

function connectionForTypes(): JsonSchema {
  const { allOf: _conditions, ...connection } = openMetadataConnection;
  const shapes = [tokenSignIn, ...Object.values(providerSignIns)].map(({ anyOf: _either, ...shape }) => shape);
  const properties = connection['properties'] as Record<string, JsonSchema>;
  const description = properties['securityConfig']!['description'];
  return { ...connection, properties: { ...properties, securityConfig: { description, anyOf: shapes } } };
}

/** The TypeScript type of a recipe, made from its schema. */
export async function recipeTypes(): Promise<string> {
  return compile(forTypes(workflowForms), 'Recipe', {
    additionalProperties: false,
    bannerComment: '/* Generated from src/schema/workflow.ts by “npm run generate”. Do not edit. */',
    style: { singleQuote: true, printWidth: 120 },
  });
}

if (import.meta.main) {
  await mkdir(join(generatedFile, '..'), { recursive: true });
  await writeFile(generatedFile, await recipeTypes());
}
