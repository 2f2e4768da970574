type Block = Readonly<Record<string, unknown>>;

/** Maps are merged, everything else is replaced by what stands above it. */
export function overlay(below: Block, above: Block): Block {
  const merged = new Map<string, unknown>(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const under = merged.get(key);
    merged.set(key, isMap(under) && isMap(value) ? overlay(under, value) : value);
  }
  return Object.fromEntries(merged);
}

export function isMap(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
