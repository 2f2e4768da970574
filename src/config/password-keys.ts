import type { JsonSchema } from '../schema/parts.ts';

/** Every key whose value, or a part of it, a schema marks as a secret (`format: password`), at whatever depth. */
export function passwordKeysOf(schema: JsonSchema): ReadonlySet<string> {
  const found = new Set<string>();
  visit(schema, undefined, found);
  return found;
}

/** @param key the key that a schema is the one of */
function visit(schema: unknown, key: string | undefined, found: Set<string>): void {
  if (Array.isArray(schema)) {
    for (const each of schema) visit(each, key, found);
    return;
  }
  if (typeof schema !== 'object' || schema === null) return;
  const node = schema as JsonSchema;
  if (node['format'] === 'password' && key !== undefined) found.add(key);
  for (const [word, inner] of Object.entries(node)) {
    if (word === 'properties' || word === 'patternProperties' || word === 'definitions' || word === '$defs') {
      for (const [name, each] of Object.entries((inner ?? {}) as object)) {
        visit(each, word === 'properties' ? name : key, found);
      }
    } else if (word !== 'default' && word !== 'enum' && word !== 'const' && word !== 'examples') {
      visit(inner, key, found);
    }
  }
}
