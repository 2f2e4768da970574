import type { JsonSchema } from '../schema/parts.ts';

/** The key under which `resolveReferences` and the environment say which values they gave: `a.b.0`. */
export const pathKey = (path: readonly (string | number)[]): string => path.join('.');

/**
 * Puts a recipe's values into the form that its schema names: words of a list in the schema's own case (`atlas`,
 * `ATLAS` → `Atlas`), and texts that a reference or a variable gave as the numbers and flags that they stand for.
 *
 * @param given paths (see `pathKey`) of texts that came from outside
 */
export function normaliseValues(value: unknown, schema: JsonSchema, given: ReadonlySet<string>): unknown {
  const visit = (item: unknown, at: JsonSchema | undefined, path: readonly (string | number)[]): unknown => {
    if (at === undefined) return item;
    if (typeof item === 'string') {
      const words = at['enum'] as readonly string[] | undefined;
      if (words) return words.find((word) => word.toLowerCase() === item.toLowerCase()) ?? item;
      return given.has(pathKey(path)) ? typed(item, at['type']) : item;
    }
    if (Array.isArray(item)) return item.map((each, i) => visit(each, at['items'] as JsonSchema, [...path, i]));
    if (item === null || typeof item !== 'object') return item;
    const properties = (at['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
    return Object.fromEntries(
      Object.entries(item).map(([key, each]) => [
        key,
        visit(each, Object.hasOwn(properties, key) ? properties[key] : undefined, [...path, key]),
      ]),
    );
  };
  return visit(value, schema, []);
}

function typed(text: string, type: unknown): unknown {
  const trimmed = text.trim();
  if ((type === 'integer' || type === 'number') && /^[+-]?\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (type === 'boolean' && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  return text;
}
