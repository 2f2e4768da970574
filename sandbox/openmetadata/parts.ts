import type { Parts } from './collection.ts';
import { type Doc, docList, isDoc } from './doc.ts';

/** The list of an entity's parts (columns, schema fields, tasks, features), or undefined when it has none. */
export function partsOf(doc: Doc, parts: Parts | undefined): Doc[] | undefined {
  if (parts === undefined) {
    return undefined;
  }
  let value: unknown = doc;
  for (const key of parts.at) {
    value = isDoc(value) ? value[key] : undefined;
  }
  return Array.isArray(value) ? (value as Doc[]) : undefined;
}

/** Every part at every depth, parents before their children. */
export function* eachPart(list: readonly Doc[] | undefined): Generator<Doc> {
  for (const part of list ?? []) {
    yield part;
    if (part['children'] !== undefined) {
      yield* eachPart(docList(part['children']));
    }
  }
}

/** A copy in which the objects on the way to the parts, and the parts, may be changed without touching the original. */
export function copyWithParts(doc: Doc, parts: Parts | undefined): Doc {
  const copy = { ...doc };
  const list = partsOf(doc, parts);
  if (parts === undefined || list === undefined) {
    return copy;
  }
  let holder = copy;
  for (const key of parts.at.slice(0, -1)) {
    holder[key] = { ...(holder[key] as Doc) };
    holder = holder[key] as Doc;
  }
  holder[parts.at.at(-1)!] = copyParts(list);
  return copy;
}

function copyParts(list: readonly Doc[]): Doc[] {
  return list.map((part) => {
    const children = part['children'];
    return Array.isArray(children) ? { ...part, children: copyParts(children as Doc[]) } : { ...part };
  });
}
