import { hash } from 'node:crypto';

/** The text of a JSON value with the keys of each object in order, written in one pass; undefined as JSON has it. */
function canonicalText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text && ','}${canonicalText(item) ?? 'null'}`;
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const item = canonicalText((value as Record<string, unknown>)[key]);
    if (item !== undefined) text += `${text && ','}${JSON.stringify(key)}:${item}`;
  }
  return `{${text}}`;
}

/**
 * Hash of a JSON value, the same for the same content whatever the order of its keys; keys that are `undefined` do not
 * count, the order of arrays does.
 * @returns 32 lower-case hex characters (what `sourceHash` may hold at most)
 */
export function canonicalHash(value: unknown): string {
  return hash('sha256', canonicalText(value) ?? 'undefined', 'hex').slice(0, 32);
}
