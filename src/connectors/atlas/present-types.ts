import type { AtlasReader } from './atlas-reader.ts';

/** Rows that a look brings: enough to see several types at once. */
const rowsPerLook = 100;

/**
 * Which of the types have live entities. A look at all of them shows some; the next one leaves those out, until one
 * shows none: as many requests as there are types with entities, and one more, however many types there are.
 */
export async function presentTypes(
  types: readonly string[],
  reader: AtlasReader,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let open = [...types]; open.length > 0; open = open.filter((type) => !found.has(type))) {
    let pages = 0;
    let rows = 0;
    for await (const page of reader.pages({ types: open, attributes: [], pageSize: rowsPerLook }, 1, signal)) {
      pages += 1;
      rows += page.entities.length;
      for (const { typeName } of page.entities) if (open.includes(typeName)) found.add(typeName);
      if (rows > 0) break;
    }
    if (rows === 0) return found;
    // A server that takes one type a search answers with a page a type.
    if (pages > 1) return oneByOne(open, found, reader, signal);
    if (!open.some((type) => found.has(type))) return found;
  }
  return found;
}

async function oneByOne(
  types: readonly string[],
  found: Set<string>,
  reader: AtlasReader,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  for (const type of types) if (!found.has(type) && (await reader.count(type, signal)) > 0) found.add(type);
  return found;
}
