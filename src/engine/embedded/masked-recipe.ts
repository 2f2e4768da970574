import { mapTexts } from '../../config/references.ts';
import { isSecretPath, knowsSecretsOf } from '../../config/secret-keys.ts';
import { passwordInUrl } from '../../config/secrets-of.ts';
import { isConnectorPath } from '../../connectors/external/connector-path.ts';
import type { PipelineDefinition } from '../engine.ts';

type Recipe = PipelineDefinition['recipe'];
type Path = readonly (string | number)[];

const mask = '***';
/** A text that only refers to a secret shows none. */
const reference = /^\$\{\w+:[^}]*\}$|^secret:/;

/** The recipe with `***` for every secret that is written out in it. */
export function maskedRecipe(recipe: Recipe): Recipe {
  const isUnknown = unknownConnection(recipe);
  return mapTexts(recipe, (text, path) => (isUnknown(path) ? mask : maskedText(text, path))) as Recipe;
}

/** Puts the secrets of `deployed` back where `given` has their masks. */
export function withKeptSecrets(given: Recipe, deployed: Recipe): Recipe {
  const isExternal = externalConnection(deployed);
  return mapTexts(given, (text, path) => {
    if (!text.includes(mask)) return text;
    const kept = path.reduce<unknown>(
      (value, step) => (isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined),
      deployed,
    );
    // The connection of a connector outside of Meridian may have been masked whole.
    return typeof kept === 'string' && ((text === mask && isExternal(path)) || maskedText(kept, path) === text)
      ? kept
      : text;
  }) as Recipe;
}

/** Where all is masked: which keys of a connection are passwords only its connector knows, once it is loaded. */
function unknownConnection(recipe: Recipe): (path: Path) => boolean {
  const type = sourceTypeOf(recipe);
  return isConnectorPath(type) && knowsSecretsOf(type) ? () => false : externalConnection(recipe);
}

/** What is in the connection of a connector outside of Meridian. */
function externalConnection(recipe: Recipe): (path: Path) => boolean {
  if (!isConnectorPath(sourceTypeOf(recipe))) return () => false;
  return (path) => path.includes('serviceConnection') && path.at(-1) !== 'type';
}

function sourceTypeOf(recipe: Recipe): unknown {
  const whole = recipe as { readonly openMetadataWorkflowConfig?: object };
  const { source } = (whole.openMetadataWorkflowConfig ?? whole) as { readonly source?: { readonly type?: unknown } };
  return source?.type;
}

function maskedText(text: string, path: Path): string {
  if (text === '' || reference.test(text.trim())) return text;
  if (isSecretPath(path)) return mask;
  return passwordInUrl(text).reduce((shown, password) => shown.replaceAll(password, mask), text);
}

function isObject(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null;
}
