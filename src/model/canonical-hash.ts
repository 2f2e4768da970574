import { hash } from 'node:crypto';

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  const sorted: [string, unknown][] = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, canonical(item)]);
  return Object.fromEntries(sorted);
}

/**
 * Hash of a JSON value, the same for the same content whatever the order of its keys; keys that are `undefined` do not
 * count, the order of arrays does.
 * @returns 32 lower-case hex characters (what `sourceHash` may hold at most)
 */
export function canonicalHash(value: unknown): string {
  // Keys such as "1" are moved to the front by every object alike, so building objects keeps the order stable.
  return hash('sha256', JSON.stringify(canonical(value)) ?? 'undefined', 'hex').slice(0, 32);
}
