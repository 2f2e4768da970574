/** Value at a dotted key (`messageSchema.schemaText`) of an entity; undefined where it, or what holds it, is absent. */
export function getKey(entity: Readonly<Record<string, unknown>>, key: string): unknown {
  let value: unknown = entity;
  for (const part of key.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value ?? undefined;
}

/** Sets the value at a dotted key; objects on the way are made, those that are there are copied before they change. */
export function setKey(body: Record<string, unknown>, key: string, value: unknown): void {
  const parts = key.split('.');
  let holder = body;
  for (const part of parts.slice(0, -1)) {
    const next = { ...(holder[part] as Record<string, unknown> | undefined) };
    holder[part] = next;
    holder = next;
  }
  holder[parts.at(-1)!] = value;
}
