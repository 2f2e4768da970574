/** A node of PostgreSQL’s parse tree, as the parser writes it in JSON: `{"ColumnRef": {"fields": […]}}`. */
export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands under a key, where it is a node. */
export function nodeAt(node: Node | undefined, key: string): Node | undefined {
  const value = node?.[key];
  return isNode(value) ? value : undefined;
}

export function listAt(node: Node | undefined, key: string): readonly Node[] {
  const value = node?.[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function textAt(node: Node | undefined, key: string): string | undefined {
  const value = node?.[key];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list of `String` nodes; a star is `*`. */
export function namesAt(node: Node | undefined, key: string): readonly string[] {
  return listAt(node, key).map((item) => {
    const text = nodeAt(item, 'String');
    return text ? (textAt(text, 'sval') ?? '') : '*';
  });
}
