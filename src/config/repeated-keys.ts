import { isMap, isScalar, isSeq } from 'yaml';

/** Offsets of keys that stand in their map already. The parser's own check takes time by the square of the keys. */
export function* repeatedKeys(node: unknown): Iterable<number> {
  if (isSeq(node)) {
    for (const item of node.items) yield* repeatedKeys(item);
  } else if (isMap(node)) {
    const seen = new Set<unknown>();
    for (const { key, value } of node.items) {
      if (isScalar(key) && key.value !== '<<') {
        if (seen.has(String(key.value))) yield key.range?.[0] ?? 0;
        seen.add(String(key.value));
      }
      yield* repeatedKeys(value);
    }
  }
}
