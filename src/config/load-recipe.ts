import { dirname, resolve } from 'node:path';
import type { Recipe } from '../schema/generated/recipe.ts';
import { workflowWith } from '../schema/workflow.ts';
import { defaultExecTimeoutMs } from './exec-reference.ts';
import type { SettingOrigin } from './explain-settings.ts';
import { readableSecret } from './literal-secrets.ts';
import { resolveManagedSecrets } from './managed-secrets.ts';
import { normaliseValues, pathKey } from './normalise-values.ts';
import { applyOverrides, type Override, overridesOf } from './overrides.ts';
import { type ParsedRecipe, parseRecipe, readRecipeText } from './read-recipe-text.ts';
import { type ConnectorOptions, recipeConnector, withoutValues } from './recipe-connector.ts';
import { RecipeError, type RecipeProblem } from './recipe-error.ts';
import { ruleFindings } from './recipe-rules.ts';
import { Redactor } from './redactor.ts';
import { isReference, type ReferenceOptions, type ReferenceUse, resolveReferences } from './references.ts';
import { type ResolvedSettings, resolveSettings } from './resolve-settings.ts';
import { secretsOf } from './secrets-of.ts';
import { sourceConfigTypeOf } from './source-type.ts';
import { type Finding, type Path, schemaFindings } from './validate-recipe.ts';

export interface LoadedRecipe {
  /** The recipe itself, unwrapped, references resolved, words in the schema's own case; without defaults. */
  readonly config: Recipe;
  /** As it is written: unwrapped, its references in place. */
  readonly written: Readonly<Record<string, unknown>>;
  /** What a run follows: the recipe, what stands above it, and defaults. */
  readonly settings: ResolvedSettings;
  /** Every value of a password field, and of a reference that may be one: never to be shown. */
  readonly secrets: readonly string[];
  /** Masks these, and what sign-ins tell it later, in everything that is shown or written. */
  readonly redactor: Redactor;
  readonly warnings: readonly RecipeProblem[];
  /** Values that are not the recipe's own words, by path (`a.b.0`); see `explainSettings`. */
  readonly origins: ReadonlyMap<string, SettingOrigin>;
}

/** A recipe's text with the name that messages call it by. */
export interface RecipeText {
  readonly text: string;
  readonly name: string;
}

export interface LoadOptions extends ConnectorOptions {
  /** Defaults to `process.env`. */
  readonly env?: ReferenceOptions['env'];
  /** Folder that relative paths start from, when the recipe is no file. */
  readonly cwd?: string;
  /** Values that win over environment and recipe, by path: `{'meridian.concurrency': 4}`. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /**
   * Whether `${exec:…}` may run commands. Unless set, `MERIDIAN_ALLOW_EXEC` says so (1 or 0), and else it may not: a recipe
   * may come from others.
   */
  readonly allowExec?: boolean;
  /** False: `secret:<id>` stays as it is, and no secrets manager is asked. */
  readonly readManagedSecrets?: boolean;
  /**
   * True for a recipe that runs elsewhere: commands are not run, a reference without a value here stays as it is, and
   * nothing is said of its value.
   */
  readonly deferReferences?: boolean;
}

/**
 * Loads a recipe: YAML or JSON, from a file (`-` is standard input), a text, or an object; bare or wrapped in
 * `openMetadataWorkflowConfig`. Nothing is contacted but the secrets manager, where the recipe has a `secret:<id>`.
 *
 * @throws RecipeError with every mistake, each with file, line and column
 * @throws AuthenticationError, ConnectionError when a secrets manager does not let us in or cannot be reached
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
  const written = new Redactor(secretsOf(root, []));
  const deferred = options.deferReferences ?? false;
  const resolved = await resolveReferences(root, {
    env,
    folder,
    allowExec: !deferred && (options.allowExec ?? isYes(env['MERIDIAN_ALLOW_EXEC'])),
    deferred,
    execTimeoutMs: secondsOf(env['MERIDIAN_EXEC_TIMEOUT']) ?? defaultExecTimeoutMs,
    redact: (text) => written.redact(text),
  });
  const overrides = overridesOf(env, options.flags ?? {}, cwd);
  const outside = new Map(overrides.map((override) => [pathKey(override.path), override]));
  const overridden = applyOverrides(resolved.value, overrides);
  const managed = options.readManagedSecrets === false ? undefined : await resolveManagedSecrets(overridden, env);
  const given = managed?.value ?? overridden;
  const uses = [...resolved.uses, ...(managed?.uses ?? [])];
  const { source: connector, findings: unusable } = await recipeConnector(given, folder, {
    ...options,
    allowConnectors: options.allowConnectors ?? !isNo(env['MERIDIAN_ALLOW_EXEC']),
  });
  const schema = workflowWith(connector.spec, sourceConfigTypeOf(given));
  const whole = new Set([...resolved.whole, ...(managed?.whole ?? []), ...outside.keys()]);
  const config = normaliseValues(given, schema, whole) as Recipe;

  const problem = (finding: Finding): RecipeProblem => problemOf(parsed, inFile, outside, finding);
  const rules = ruleFindings(config, connector);
  const unresolved = [...resolved.problems, ...(managed?.problems ?? []), ...unusable];
  const left = new Set(resolved.deferred.map(pathKey));
  const found = distinctPlaces(distinctPlaces(unresolved, rules.findings), schemaFindings(config, schema)).filter(
    ({ path, at }) => at === 'key' || !left.has(pathKey(path)),
  );
  const problems = [
    ...beside.map((finding) => problemOf(parsed, (path) => path, outside, finding)),
    ...found.map(problem),
  ];
  if (problems.length > 0) throw new RecipeError(masked(problems.sort(byPlace), config, uses));

  const normalised = rules.normalised ?? config;
  // A reference that was left in place is no secret: it may be shown.
  const secrets = secretsOf(normalised, uses).filter((text) => !deferred || !isReference(text));
  const readable = typeof source === 'string' && source !== '-' ? readableSecret(source, root, folder) : [];
  return {
    config: normalised,
    written: root as LoadedRecipe['written'],
    settings: resolveSettings(normalised, left.size > 0 ? withoutValues(connector) : connector, folder),
    secrets,
    redactor: new Redactor(secrets),
    warnings: [...rules.warnings, ...readable].map(problem),
    origins: new Map<string, SettingOrigin>([
      ...uses.map(({ path, reference }) => [pathKey(path), { from: 'reference', name: reference }] as const),
      ...overrides.map(({ path, from, name }) => [pathKey(path), { from, name }] as const),
    ]),
  };
}

function isYes(text: string | undefined): boolean {
  return /^(1|true|yes|on)$/i.test(text?.trim() ?? '');
}

function isNo(text: string | undefined): boolean {
  return /^(0|false|no|off)$/i.test(text?.trim() ?? '');
}

/** In milliseconds; undefined for what is no time. */
function secondsOf(text: string | undefined): number | undefined {
  const seconds = Number(text);
  return text !== undefined && Number.isFinite(seconds) && seconds > 0 && seconds <= 3600 ? seconds * 1000 : undefined;
}

/** Longer values of references are no words that a message has to quote. */
const longerThanWords = 8;

/** A reference at the wrong key may be a secret, whatever the key: messages about it quote none. */
function masked(
  problems: readonly RecipeProblem[],
  config: unknown,
  uses: readonly ReferenceUse[],
): readonly RecipeProblem[] {
  const long = uses.map(({ value }) => value).filter((value) => value.length >= longerThanWords);
  const redactor = new Redactor([...secretsOf(config, uses), ...long]);
  return problems.map((each) => ({
    ...each,
    message: redactor.redact(each.message),
    ...(each.suggestion !== undefined && { suggestion: redactor.redact(each.suggestion) }),
  }));
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

/** In the wrapped form our blocks may stand beside the wrapper: OpenMetadata's own schema closes the inside. */
function unwrapped(value: unknown): Unwrapped {
  const outer = value as Readonly<Record<string, unknown>>;
  const inner = outer[wrapper];
  if (inner === undefined) return { root: value, inFile: (path) => path, beside: [] };
  const blocks = ['meridian', 'airflow'].filter(
    (key) => outer[key] !== undefined && isMap(inner) && inner[key] === undefined,
  );
  const beside = Object.keys(outer)
    .filter((key) => !besideWrapper.has(key) && !blocks.includes(key))
    .map(
      (key): Finding => ({ path: [key], at: 'key', message: `“${key}” stands beside ${wrapper}: it belongs inside.` }),
    );
  return {
    root:
      blocks.length > 0 && isMap(inner)
        ? { ...inner, ...Object.fromEntries(blocks.map((key) => [key, outer[key]])) }
        : inner,
    inFile: (path) => (blocks.includes(String(path[0])) ? path : [wrapper, ...path]),
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
