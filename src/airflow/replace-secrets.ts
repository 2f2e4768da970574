import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { mapTexts } from '../config/references.ts';
import { isSecretPath, soundsSecret } from '../config/secret-keys.ts';
import type { Path } from '../config/validate-recipe.ts';
import { ConfigurationError } from '../errors.ts';

/** A secret that stood written out in a recipe. */
export interface ReplacedSecret {
  /** Where it stood, such as `source.serviceConnection.config.password`. */
  readonly path: string;
  /** Airflow connection whose password takes its place. */
  readonly connectionId: string;
  /** As it stood in the recipe. Never to be shown or written. */
  readonly value: string;
}

export interface WithoutSecrets {
  readonly recipe: Readonly<Record<string, unknown>>;
  readonly secrets: readonly ReplacedSecret[];
}

const reference = /\$\{\w+:[^}]*\}/g;

/**
 * The recipe with each secret that is written out replaced by `${airflow:conn:ID.password}`. References, `secret:<id>` of a
 * secrets manager, and paths of files that are there stay as they are.
 *
 * @throws ConfigurationError `airflow.mixed-secret` for a secret that is half written out, half a reference
 */
export function replaceSecrets(
  recipe: Readonly<Record<string, unknown>>,
  dagId: string,
  folder: string,
): WithoutSecrets {
  const secrets: ReplacedSecret[] = [];
  const taken = new Set<string>();
  const replace = (value: string, path: Path): string => {
    const connectionId = connectionIdOf(dagId, path, taken);
    taken.add(connectionId);
    secrets.push({ path: path.join('.'), connectionId, value });
    return `\${airflow:conn:${connectionId}.password}`;
  };
  // A number at such a key is a password that YAML took for a number.
  const texts = asTexts(recipe, []);
  const replaced = mapTexts(texts, (text, path) => {
    if (!isSecretPath(path)) return withoutPasswords(text, (value) => replace(value, path));
    const bare = text.trim();
    if (bare === '' || bare.startsWith('secret:') || isFile(bare, path, folder)) return text;
    if (bare.search(reference) < 0) return replace(text, path);
    const without = withoutPasswords(text, (value) => replace(value, path));
    if (without === text && !isUrl(text) && partWrittenOut(text)) throw mixed(path);
    return without;
  });
  return { recipe: replaced as WithoutSecrets['recipe'], secrets };
}

function asTexts(value: unknown, path: Path): unknown {
  if (typeof value === 'number' && isSecretPath(path)) return String(value);
  if (Array.isArray(value)) return value.map((item, i) => asTexts(item, [...path, i]));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asTexts(item, [...path, key])]));
}

const isUrl = (text: string): boolean => /^[\w.+-]+:\/\//.test(text.trim());

/** The password of an address, and what its query says of secrets, each as it is written; references stay. */
function withoutPasswords(text: string, replace: (value: string) => string): string {
  if (!isUrl(text)) return text;
  const literal = (value: string): string => (value === '' || value.search(reference) >= 0 ? value : replace(value));
  return text
    .replace(
      /^(\s*[\w.+-]+:\/\/[^/?#]*?:)((?:\$\{[^}]*\}|[^/?#@])*)(?=@)/,
      (_, before: string, value: string) => before + literal(value),
    )
    .replace(/([?&])([^=&#]+)=([^&#]*)/g, (whole, mark: string, key: string, value: string) =>
      soundsSecret(key) ? `${mark}${key}=${literal(value)}` : whole,
    );
}

/** What is left beside the references is more than a word such as `Bearer`. */
function partWrittenOut(text: string): boolean {
  return (
    text
      .replaceAll(reference, '')
      .replace(/^\s*(bearer|basic|token)\b/i, '')
      .trim() !== ''
  );
}

/** Keys that never name a file: a password may be called like one by chance. */
const neverFiles: ReadonlySet<unknown> = new Set(['password', 'passcode', 'clientSecret', 'connectionString']);

function isFile(text: string, path: Path, folder: string): boolean {
  if (neverFiles.has(path.at(-1))) return false;
  return text.length <= 1024 && !/[\n\0]/.test(text) && existsSync(resolve(folder, text));
}

function mixed(path: Path): ConfigurationError {
  return new ConfigurationError(
    'airflow.mixed-secret',
    `At ${path.join('.')} stands a secret of which a part is written out and a part is a reference.`,
    { help: 'Make the whole of it one reference: what is written out would stand in Airflow’s DAG file.' },
  );
}

/** Steps that say nothing of what a secret is. */
const plainSteps: ReadonlySet<string> = new Set([
  'serviceConnection',
  'config',
  'workflowConfig',
  'securityConfig',
  'connectionArguments',
  'meridian',
]);

/** Such as `company_atlas_source_password`: stays when the recipe changes elsewhere, and is a name of a variable. */
function connectionIdOf(dagId: string, path: Path, taken: ReadonlySet<string>): string {
  const steps = path
    .map(String)
    .filter((step) => !plainSteps.has(step))
    .map((step) => (step === 'openMetadataServerConfig' ? 'openmetadata' : step))
    .map((step) => step.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2'));
  const id = [dagId, ...steps].join('_').replaceAll(/\W+/g, '_').toLowerCase();
  const fits = id.length <= 200 && !taken.has(id);
  const digest = createHash('sha256').update(JSON.stringify(path)).digest('hex').slice(0, 8);
  for (
    let i = 0, name = fits ? id : `${id.slice(0, 190)}_${digest}`;
    ;
    i += 1, name = `${id.slice(0, 180)}_${digest}_${i}`
  ) {
    if (!taken.has(name)) return name;
  }
}
