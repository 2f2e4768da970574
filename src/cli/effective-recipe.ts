import { soundsSecret } from '../config/secret-keys.ts';

/** One value that a run follows, and where it comes from. */
export interface EffectiveValue {
  /** Such as `source.serviceConnection.config.hostPort`. */
  readonly path: string;
  /** Secrets are masked. */
  readonly value: unknown;
  readonly origin: 'recipe' | 'reference' | 'default';
  /** The reference as the recipe writes it: `${env:NAME}`. */
  readonly reference?: string;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Every value of a recipe, and every default of its schema that the recipe leaves to us.
 *
 * @param input.written the recipe as its file has it, references and all
 * @param input.resolved the same with references replaced
 */
export function effectiveRecipe(input: {
  readonly schema: Json;
  readonly written: unknown;
  readonly resolved: unknown;
}): EffectiveValue[] {
  return [...walk('', input.schema, input.written, input.resolved)];
}

function* walk(path: string, schema: Json, written: unknown, resolved: unknown): Iterable<EffectiveValue> {
  const properties = isObject(schema['properties']) ? schema['properties'] : undefined;
  if (properties || (isObject(resolved) && !Array.isArray(resolved))) {
    const given = isObject(resolved) ? resolved : {};
    const raw = isObject(written) ? written : {};
    for (const key of new Set([...Object.keys(given), ...Object.keys(properties ?? {})])) {
      const inner = properties?.[key];
      const at = path === '' ? key : `${path}.${key}`;
      yield* walk(at, isObject(inner) ? inner : {}, raw[key], given[key]);
    }
    return;
  }
  if (resolved === undefined || resolved === null) {
    if (schema['default'] !== undefined) yield { path, value: schema['default'], origin: 'default' };
    return;
  }
  const reference = typeof written === 'string' && written !== resolved ? referencesOf(written) : undefined;
  const secret = soundsSecret(path.slice(path.lastIndexOf('.') + 1));
  const value = secret ? '***' : resolved;
  yield reference === undefined ? { path, value, origin: 'recipe' } : { path, value, origin: 'reference', reference };
}

/** The references of a text without what stands between them, and of a command the name alone: the rest may be secret. */
function referencesOf(written: string): string | undefined {
  const found = written.match(/\$\{\w+:[^}]*\}|^secret:.+/gs) ?? [];
  return found.length === 0
    ? undefined
    : found.map((each) => each.replace(/^(\$\{exec:\s*\S+)\s.*\}$/s, '$1 …}')).join(' ');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
