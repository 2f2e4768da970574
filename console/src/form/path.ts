/** Where a value stands in a recipe. */
export type Path = readonly string[];

export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function getAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (isTree(at) ? at[key] : undefined), value);
}

/** A copy with another value at a place; `undefined` takes the key away. What is on the way is made. */
export function setAt(value: unknown, path: Path, next: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  const tree = isTree(value) ? value : {};
  const child = setAt(tree[key], rest, next);
  if (child !== undefined) return { ...tree, [key]: child };
  const { [key]: _, ...others } = tree;
  return others;
}

/** A copy without keys that hold nothing: what a form leaves behind where somebody emptied a field. */
export function withoutEmpty(value: unknown): unknown {
  if (!isTree(value)) return value;
  const entries = Object.entries(value).flatMap(([key, each]) => {
    const kept = withoutEmpty(each);
    const emptied = isTree(each) && isTree(kept) && Object.keys(kept).length === 0 && Object.keys(each).length > 0;
    return kept === undefined || emptied ? [] : [[key, kept] as const];
  });
  return Object.fromEntries(entries);
}
