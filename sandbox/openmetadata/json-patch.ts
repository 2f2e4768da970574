import { badRequest, unforeseen } from './api-error.ts';
import { type Doc, isDoc, sameJson } from './doc.ts';

/**
 * Applies a JSON Patch (RFC 6902) to a copy of the document, all of it or nothing.
 * @throws {ApiError} 400 for something that is no patch; 500, in the words of the server's library, for a patch that
 * does not fit the document or whose `test` fails.
 */
export function applyPatch(document: Doc, patch: unknown): Doc {
  if (!Array.isArray(patch)) {
    throw badRequest('A JSON Patch is a list of operations');
  }
  let result: unknown = structuredClone(document);
  for (const operation of patch) {
    if (!isDoc(operation) || typeof operation['op'] !== 'string' || typeof operation['path'] !== 'string') {
      throw badRequest('Every operation of a JSON Patch has op and path');
    }
    result = applyOne(result, operation);
  }
  if (!isDoc(result)) {
    throw badRequest('The patch leaves no object');
  }
  return result;
}

function applyOne(document: unknown, operation: Doc): unknown {
  const path = pointer(String(operation['path']));
  const { op } = operation;
  switch (op) {
    case 'add':
      return edit(document, path, (holder, key) => insert(holder, key, operation['value']), operation['value']);
    case 'replace':
      return edit(document, path, (holder, key) => overwrite(holder, key, operation['value']), operation['value']);
    case 'remove':
      return edit(document, path, take, undefined);
    case 'test':
      if (!sameJson(read(document, path), operation['value'])) {
        throw unforeseen('JsonPatch.Operation.TEST fails! Values are not equal');
      }
      return document;
    case 'copy':
    case 'move': {
      const from = pointer(String(operation['from']));
      const value = structuredClone(read(document, from));
      const rest = op === 'move' ? edit(document, from, take, undefined) : document;
      return edit(rest, path, (holder, key) => insert(holder, key, value), value);
    }
    default:
      throw badRequest(`Unknown operation ${String(op)} of a JSON Patch`);
  }
}

function pointer(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function edit(
  document: unknown,
  path: readonly string[],
  change: (holder: unknown, key: string) => void,
  whole: unknown,
): unknown {
  if (path.length === 0) {
    return whole;
  }
  change(read(document, path.slice(0, -1)), path.at(-1)!);
  return document;
}

function read(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const key of path) {
    value = step(value, key);
  }
  return value;
}

function step(holder: unknown, key: string): unknown {
  if (Array.isArray(holder)) {
    return holder[existingIndex(holder, key)];
  }
  if (isDoc(holder) && key in holder) {
    return holder[key];
  }
  throw missing(holder, key);
}

function missing(holder: unknown, key: string): Error {
  return unforeseen(`'${JSON.stringify(holder)}' contains no value for name '${key}'`);
}

function existingIndex(list: readonly unknown[], key: string): number {
  const index = Number(key);
  if (!/^\d+$/.test(key) || index >= list.length) {
    throw unforeseen(`'${JSON.stringify(list)}' contains no element for index ${key} and for '${key}'.`);
  }
  return index;
}

function insert(holder: unknown, key: string, value: unknown): void {
  if (Array.isArray(holder)) {
    const index = key === '-' || key === String(holder.length) ? holder.length : existingIndex(holder, key);
    holder.splice(index, 0, value);
  } else if (isDoc(holder)) {
    holder[key] = value;
  } else {
    throw missing(holder, key);
  }
}

function overwrite(holder: unknown, key: string, value: unknown): void {
  step(holder, key);
  if (Array.isArray(holder)) {
    holder[Number(key)] = value;
  } else {
    (holder as Doc)[key] = value;
  }
}

function take(holder: unknown, key: string): void {
  step(holder, key);
  if (Array.isArray(holder)) {
    holder.splice(Number(key), 1);
  } else {
    delete (holder as Doc)[key];
  }
}
