/** Types that may be searched for together: they have the same attributes to ask for. */
export interface TypeGroup {
  readonly types: readonly string[];
  readonly attributes: readonly string[];
}

/** Groups types by their attributes: one that a type lacks fails a search whole (FACTS, trap 4). */
export function typeGroups(
  types: Iterable<string>,
  attributesOf: (type: string) => readonly string[],
): readonly TypeGroup[] {
  const groups = new Map<string, { types: string[]; attributes: readonly string[] }>();
  for (const type of types) {
    const attributes = attributesOf(type);
    const key = JSON.stringify(attributes);
    const group = groups.get(key) ?? { types: [], attributes };
    group.types.push(type);
    groups.set(key, group);
  }
  return [...groups.values()];
}
