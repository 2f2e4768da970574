import { RecordError } from '../errors.ts';

/**
 * Fully qualified names as OpenMetadata builds them: parts joined by dots; a part that holds a dot stands in double
 * quotes. A quote inside a name has no escape there, so such names must be encoded first (name-encoding.ts).
 */

const QUOTED = /^"[^"]*"$/;
const PART = /"([^"]*\.[^"]*)"|([^".]+)/y;

function quotePart(part: string): string {
  const bare = QUOTED.test(part) ? part.slice(1, -1) : part;
  if (bare === '') throw new RecordError('name.empty', 'A part of a fully qualified name is empty.');
  if (bare.includes('"')) {
    throw new RecordError('name.quote', `The name ${JSON.stringify(part)} holds a double quote, which a name cannot.`);
  }
  return bare.includes('.') ? `"${bare}"` : bare;
}

/**
 * Joins names to one fully qualified name. A part that is quoted already keeps its meaning: `"a.b"` stays, `"ab"` is
 * `ab`.
 * @throws RecordError `name.quote` or `name.empty` for a part that no FQN can hold
 */
export function buildFqn(parts: readonly string[]): string {
  return parts.map(quotePart).join('.');
}

/**
 * The bare names of a fully qualified name, quotes taken off: `s."a.b".c` → `['s', 'a.b', 'c']`.
 * @throws RecordError `name.malformed-fqn`
 */
export function splitFqn(fqn: string): string[] {
  const parts: string[] = [];
  PART.lastIndex = 0;
  for (;;) {
    const match = PART.exec(fqn);
    if (!match) break;
    parts.push(match[1] ?? match[2]!);
    const end = match.index + match[0].length;
    if (end === fqn.length) return parts;
    if (fqn[end] !== '.') break;
    PART.lastIndex = end + 1;
  }
  throw new RecordError('name.malformed-fqn', `${JSON.stringify(fqn)} is not a fully qualified name.`, {
    help: 'Parts are joined by dots; a part that holds a dot stands in double quotes.',
  });
}
