/** Line and column (both from 1) in a JSON text, as the server's parser tells them in its messages. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

type Path = readonly (string | number)[];

/** Where the value at `path` begins. */
export function positionOf(source: string, path: Path): Position {
  return toPosition(source, find(source, path));
}

/**
 * Where the parser stands when it has met the key that `path` ends in and looked at its value: after a number or a
 * word, but only behind the first character of a text, a list or an object.
 */
export function positionAfterKey(source: string, path: Path): Position {
  const start = find(source, path);
  const inner = /["[{]/.test(source[start] ?? '');
  return toPosition(source, inner ? start + 1 : skipValue(source, start));
}

export function toPosition(source: string, offset: number): Position {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

function find(source: string, path: Path): number {
  let offset = skipBlank(source, 0);
  for (const step of path) {
    offset = enter(source, offset + 1, step);
  }
  return offset;
}

/** From inside an object or a list to the value of `step` in it. */
function enter(source: string, from: number, step: string | number): number {
  let offset = skipBlank(source, from);
  for (let index = 0; offset < source.length; index += 1) {
    let name: string | number = index;
    if (typeof step === 'string') {
      const end = skipValue(source, offset);
      name = JSON.parse(source.slice(offset, end)) as string;
      offset = skipBlank(source, skipBlank(source, end) + 1);
    }
    if (name === step) {
      return offset;
    }
    offset = skipBlank(source, skipBlank(source, skipValue(source, offset)) + 1);
  }
  return offset;
}

function skipBlank(source: string, from: number): number {
  let offset = from;
  while (/\s/.test(source[offset] ?? '')) {
    offset += 1;
  }
  return offset;
}

function skipValue(source: string, from: number): number {
  const first = source[from];
  if (first === '"') {
    return skipText(source, from);
  }
  if (first !== '{' && first !== '[') {
    let offset = from;
    while (offset < source.length && !/[\s,\]}]/.test(source[offset]!)) {
      offset += 1;
    }
    return offset;
  }
  let depth = 0;
  for (let offset = from; offset < source.length; offset += 1) {
    const char = source[offset]!;
    if (char === '"') {
      offset = skipText(source, offset) - 1;
    } else if (char === '{' || char === '[') {
      depth += 1;
    } else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) {
        return offset + 1;
      }
    }
  }
  return source.length;
}

function skipText(source: string, from: number): number {
  let offset = from + 1;
  while (offset < source.length && source[offset] !== '"') {
    offset += source[offset] === '\\' ? 2 : 1;
  }
  return offset + 1;
}
