import { dirname, resolve } from 'node:path';
import type { Recipe } from '../schema/generated/recipe.ts';
import { workflowOf } from '../schema/workflow.ts';
import type { SettingOrigin } from './explain-settings.ts';
import { normaliseValues, pathKey } from './normalise-values.ts';
import { applyOverrides, type Override, overridesOf } from './overrides.ts';
import { type ParsedRecipe, parseRecipe, readRecipeText } from './read-recipe-text.ts';
import { RecipeError, type RecipeProblem } from './recipe-error.ts';
import { ruleFindings } from './recipe-rules.ts';
import { type ReferenceOptions, resolveReferences } from './references.ts';
import { type ResolvedSettings, resolveSettings } from './resolve-settings.ts';
import { secretsOf } from './secrets-of.ts';
import { sourceTypeOf } from './source-type.ts';
import { type Finding, type Path, schemaFindings } from './validate-recipe.ts';

export interface LoadedRecipe {
  /** The recipe itself, unwrapped, references resolved, words in the schema's own case; without defaults. */
  readonly config: Recipe;
  /** What a run follows: the recipe, what stands above it, and defaults. */
  readonly settings: ResolvedSettings;
  /** Every value of a password field, and of a reference that may be one: never to be shown. */
  readonly secrets: readonly string[];
  readonly warnings: readonly RecipeProblem[];
  /** Values that are not the recipe's own words, by path (`a.b.0`); see `explainSettings`. */
  readonly origins: ReadonlyMap<string, SettingOrigin>;
}

/** A recipe's text with the name that messages call it by. */
export interface RecipeText {
  readonly text: string;
  readonly name: string;
}

export interface LoadOptions {
  /** Defaults to `process.env`. */
  readonly env?: ReferenceOptions['env'];
  /** Folder that relative paths start from, when the recipe is no file. */
  readonly cwd?: string;
  /** Values that win over environment and recipe, by path: `{'meridian.concurrency': 4}`. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

/**
 * Loads a recipe: YAML or JSON, from a file (`-` is standard input), a text, or an object; bare or wrapped in
 * `openMetadataWorkflowConfig`. Nothing is contacted.
 *
 * @throws RecipeError with every mistake, each with file, line and column
 */
export async function loadRecipe(
  source: string | RecipeText | object,
  options: LoadOptions = {},
): Promise<LoadedRecipe> {
  const env = options.env ?? process.env;
  const cwd = options.cwd ?? process.cwd();
  const parsed = await parsedFrom(source);
  const folder = typeof source === 'string' && source !== '-' ? dirname(resolve(source)) : cwd;
  const { root, inFile, beside } = unwrapped(parsed.value);
  const resolved = resolveReferences(root, { env, folder });
  const overrides = overridesOf(env, options.flags ?? {}, cwd);
  const outside = new Map(overrides.map((override) => [pathKey(override.path), override]));
  const given = applyOverrides(resolved.value, overrides);
  const type = sourceTypeOf(given);
  const config = normaliseValues(given, workflowOf(type), new Set([...resolved.whole, ...outside.keys()])) as Recipe;

  const problem = (finding: Finding): RecipeProblem => problemOf(parsed, inFile, outside, finding);
  const rules = ruleFindings(config);
  const found = distinctPlaces(distinctPlaces(resolved.problems, rules.findings), schemaFindings(config, type));
  const problems = [
    ...beside.map((finding) => problemOf(parsed, (path) => path, outside, finding)),
    ...found.map(problem),
  ];
  if (problems.length > 0) throw new RecipeError(problems.sort(byPlace));

  const normalised = rules.normalised ?? config;
  return {
    config: normalised,
    settings: resolveSettings(normalised, folder),
    secrets: secretsOf(normalised, resolved.uses),
    warnings: rules.warnings.map(problem),
    origins: new Map<string, SettingOrigin>([
      ...resolved.uses.map(({ path, reference }) => [pathKey(path), { from: 'reference', name: reference }] as const),
      ...overrides.map(({ path, from, name }) => [pathKey(path), { from, name }] as const),
    ]),
  };
}

async function parsedFrom(source: string | RecipeText | object): Promise<ParsedRecipe> {
  if (typeof source === 'string') {
    return parseRecipe(await readRecipeText(source), source === '-' ? 'standard input' : source);
  }
  if ('text' in source && 'name' in source && typeof source.text === 'string') {
    return parseRecipe(source.text, String(source.name));
  }
  return { file: 'recipe', value: source, locate: () => ({ line: 0, column: 0 }) };
}

const wrapper = 'openMetadataWorkflowConfig';
/** What OpenMetadata's own form has beside the workflow. */
const besideWrapper = new Set([wrapper, 'id', 'name']);

interface Unwrapped {
  readonly root: unknown;
  /** A path of the recipe as the file has it. */
  readonly inFile: (path: Path) => Path;
  /** What stands beside the wrapper and should not. */
  readonly beside: readonly Finding[];
}

/** In the wrapped form `meridian` may stand beside the wrapper: OpenMetadata's own schema closes the inside. */
function unwrapped(value: unknown): Unwrapped {
  const outer = value as Readonly<Record<string, unknown>>;
  const inner = outer[wrapper];
  if (inner === undefined) return { root: value, inFile: (path) => path, beside: [] };
  const blockBeside = outer['meridian'] !== undefined && isMap(inner) && inner['meridian'] === undefined;
  const beside = Object.keys(outer)
    .filter((key) => !besideWrapper.has(key) && !(blockBeside && key === 'meridian'))
    .map(
      (key): Finding => ({ path: [key], at: 'key', message: `“${key}” stands beside ${wrapper}: it belongs inside.` }),
    );
  return {
    root: blockBeside ? { ...inner, meridian: outer['meridian'] } : inner,
    inFile: (path) => (blockBeside && path[0] === 'meridian' ? path : [wrapper, ...path]),
    beside,
  };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problemOf(
  parsed: ParsedRecipe,
  inFile: (path: Path) => Path,
  outside: ReadonlyMap<string, Override>,
  { path, at, missing: _missing, ...rest }: Finding,
): RecipeProblem {
  const place = inFile(path);
  const override = outside.get(pathKey(path));
  if (override) {
    return { file: `${override.from} ${override.name}`, line: 0, column: 0, path: pathKey(place), ...rest };
  }
  return { file: parsed.file, ...parsed.locate(place, at), path: pathKey(place), ...rest };
}

/** What has been told about a place (a placeholder, a variable that is not set) is not told again by the rules and the schema. */
function distinctPlaces(told: readonly Finding[], more: readonly Finding[]): Finding[] {
  const places = new Set(told.map(({ path }) => pathKey(path)));
  return [...told, ...more.filter(({ path, at }) => at === 'key' || !places.has(pathKey(path)))];
}

function byPlace(a: RecipeProblem, b: RecipeProblem): number {
  return a.line - b.line || a.column - b.column;
}
