import { mapTexts } from '../../config/references.ts';
import { isSecretPath } from '../../config/secret-keys.ts';
import { passwordInUrl } from '../../config/secrets-of.ts';
import type { PipelineDefinition } from '../engine.ts';

type Recipe = PipelineDefinition['recipe'];
type Path = readonly (string | number)[];

const mask = '***';
/** A text that only refers to a secret shows none. */
const reference = /^\$\{\w+:[^}]*\}$|^secret:/;

/** The recipe with `***` for every secret that is written out in it. */
export function maskedRecipe(recipe: Recipe): Recipe {
  return mapTexts(recipe, maskedText) as Recipe;
}

/** Puts the secrets of `deployed` back where `given` has their masks. */
export function withKeptSecrets(given: Recipe, deployed: Recipe): Recipe {
  return mapTexts(given, (text, path) => {
    if (!text.includes(mask)) return text;
    const kept = path.reduce<unknown>(
      (value, step) => (isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined),
      deployed,
    );
    return typeof kept === 'string' && maskedText(kept, path) === text ? kept : text;
  }) as Recipe;
}

function maskedText(text: string, path: Path): string {
  if (text === '' || reference.test(text.trim())) return text;
  if (isSecretPath(path)) return mask;
  return passwordInUrl(text).reduce((shown, password) => shown.replaceAll(password, mask), text);
}

function isObject(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null;
}
