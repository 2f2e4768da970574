import { badRequest } from './api-error.ts';

/**
 * One name as a part of a fully qualified name: quoted when it holds a dot. Names with a quotation mark inside cannot
 * be written and are refused.
 */
export function quoteName(name: string): string {
  if (!name.includes('"')) {
    return name.includes('.') ? `"${name}"` : name;
  }
  const inner = /^"([^"]+)"$/.exec(name)?.[1];
  if (inner === undefined) {
    throw badRequest(`Invalid name ${name}`);
  }
  return inner.includes('.') ? name : inner;
}

export function childFqn(parent: string, name: string): string {
  return `${parent}.${quoteName(name)}`;
}

/** The parts between the dots, still quoted: `s."a.b".c` gives `s`, `"a.b"`, `c`. */
export function splitFqn(fqn: string): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  for (const char of fqn) {
    if (char === '"') {
      quoted = !quoted;
    }
    if (char === '.' && !quoted) {
      parts.push(part);
      part = '';
    } else {
      part += char;
    }
  }
  parts.push(part);
  return parts;
}

/** The bounds of all names below `fqn` in byte order; the end is exclusive. */
export function childRange(fqn: string): { from: string; to: string } {
  return { from: `${fqn}.`, to: `${fqn}/` };
}
