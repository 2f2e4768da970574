import { dirname, resolve } from 'node:path';
import type { Recipe } from '../schema/generated/recipe.ts';
import { type ParsedRecipe, parseRecipe, readRecipeText } from './read-recipe-text.ts';
import { RecipeError, type RecipeProblem } from './recipe-error.ts';
import { ruleFindings } from './recipe-rules.ts';
import { type ReferenceOptions, resolveReferences } from './references.ts';
import { type ResolvedSettings, resolveSettings } from './resolve-settings.ts';
import { secretKeys } from './secret-keys.ts';
import { type Finding, schemaFindings } from './validate-recipe.ts';

export interface LoadedRecipe {
  readonly config: Recipe;
  readonly settings: ResolvedSettings;
  /** Every value of a password field or of a reference: never to be shown. */
  readonly secrets: readonly string[];
  readonly warnings: readonly RecipeProblem[];
}

export interface LoadOptions {
  readonly env?: ReferenceOptions['env'];
  /** Folder that relative paths start from, when the recipe is no file. */
  readonly cwd?: string;
}

/**
 * Loads a recipe: YAML or JSON, from a file (`-` is standard input) or as an object; bare or wrapped in
 * `openMetadataWorkflowConfig`.
 *
 * @throws RecipeError with every mistake, each with file, line and column
 */
export async function loadRecipe(source: string | object, options: LoadOptions = {}): Promise<LoadedRecipe> {
  const parsed: ParsedRecipe =
    typeof source === 'string'
      ? parseRecipe(await readRecipeText(source), source === '-' ? 'standard input' : source)
      : { file: 'recipe', value: source, locate: () => ({ line: 0, column: 0 }) };
  const folder =
    typeof source === 'string' && source !== '-' ? dirname(resolve(source)) : (options.cwd ?? process.cwd());
  const { root, prefix, beside } = unwrapped(parsed.value);
  const problem = (finding: Finding): RecipeProblem => {
    const { path, ...rest } = finding;
    return { file: parsed.file, ...parsed.locate([...prefix, ...path]), path: [...prefix, ...path].join('.'), ...rest };
  };
  const resolved = resolveReferences(root, { env: options.env ?? process.env, folder });
  const findings: Finding[] = [...resolved.problems, ...schemaFindings(resolved.value)];
  const rules = ruleFindings(resolved.value as Recipe);
  findings.push(...rules.findings);
  const besides = beside.map((finding) => ({
    file: parsed.file,
    ...parsed.locate(finding.path),
    path: finding.path.join('.'),
    message: finding.message,
  }));
  if (findings.length + besides.length > 0) throw new RecipeError([...besides, ...findings.map(problem)]);
  const config = rules.normalised ?? (resolved.value as Recipe);
  return {
    config,
    settings: resolveSettings(config, folder),
    secrets: [...new Set([...resolved.secrets, ...secretsIn(config)])],
    warnings: rules.warnings.map(problem),
  };
}

const wrapper = 'openMetadataWorkflowConfig';
/** What OpenMetadata's own form has beside the workflow. */
const besideWrapper = new Set([wrapper, 'id', 'name']);

function unwrapped(value: unknown): { root: unknown; prefix: readonly string[]; beside: readonly Finding[] } {
  const wrapped = (value as Record<string, unknown>)[wrapper];
  if (wrapped === undefined) return { root: value, prefix: [], beside: [] };
  const beside = Object.keys(value as object)
    .filter((key) => !besideWrapper.has(key))
    .map((key) => ({ path: [key], message: `“${key}” stands beside ${wrapper}: it belongs inside.` }));
  return { root: wrapped, prefix: [wrapper], beside };
}

function secretsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    secretKeys.has(key) && typeof item === 'string' && item !== ''
      ? [item]
      : typeof item === 'string'
        ? passwordInUrl(item)
        : secretsIn(item),
  );
}

/** The password of an address such as `http://user:password@host`. */
function passwordInUrl(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
