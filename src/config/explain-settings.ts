import type { JsonSchema } from '../schema/parts.ts';
import { workflowWith } from '../schema/workflow.ts';
import type { ResolvedSettings } from './resolve-settings.ts';
import { isSecretPath } from './secret-keys.ts';
import { sourceConfigTypeOf } from './source-type.ts';

/** Where a value of the recipe came from. */
export interface SettingOrigin {
  readonly from: 'flag' | 'environment' | 'reference';
  /** The flag, the variable, or the reference as the recipe writes it. */
  readonly name: string;
}

/** One value that a run follows, and what won. */
export interface Setting {
  /** Such as `meridian.atlas.pageSize`. */
  readonly path: string;
  /** Secrets are masked. */
  readonly value: unknown;
  readonly origin: SettingOrigin['from'] | 'recipe' | 'default';
  readonly name?: string;
  readonly description?: string;
}

/** Every value of a loaded recipe and every default that it leaves to us, in the schema's order. */
export function explainSettings(recipe: {
  readonly config: unknown;
  readonly settings: Pick<ResolvedSettings, 'source'>;
  readonly origins: ReadonlyMap<string, SettingOrigin>;
}): Setting[] {
  const { config, settings, origins } = recipe;
  const schema = workflowWith(settings.source.spec, sourceConfigTypeOf(config));
  return [...settingsAt(config, schema, [], origins)];
}

function* settingsAt(
  value: unknown,
  schema: JsonSchema,
  path: readonly string[],
  origins: ReadonlyMap<string, SettingOrigin>,
): Iterable<Setting> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  if (isMap(value) || (value === undefined && Object.keys(properties).length > 0)) {
    const given = value ?? {};
    for (const key of new Set([...Object.keys(properties), ...Object.keys(given)])) {
      yield* settingsAt(given[key], properties[key] ?? {}, [...path, key], origins);
    }
    return;
  }
  const shown = value ?? schema['default'];
  if (shown === undefined) return;
  const key = path.join('.');
  const origin = origins.get(key) ?? listOrigin(key, origins);
  const description = schema['description'];
  yield {
    path: key,
    value: isSecretPath(path) ? '***' : shown,
    origin: value === undefined || value === null ? 'default' : (origin?.from ?? 'recipe'),
    ...(origin !== undefined && { name: origin.name }),
    ...(typeof description === 'string' && { description }),
  };
}

/** A list whose items are references. */
function listOrigin(key: string, origins: ReadonlyMap<string, SettingOrigin>): SettingOrigin | undefined {
  for (const [path, origin] of origins) if (path.startsWith(`${key}.`)) return origin;
  return undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
