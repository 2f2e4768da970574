/** Bits of the number of ways in which so many repetitions can share a text of 128 characters: n over 128. */
const bitsOfRepetitions = [0, 7, 13, 19, 24];
/** Ways that may have to be tried, in bits: some ten million take a part of a second. */
const mostBits = 26;

interface Group {
  repeats: boolean;
  chooses: boolean;
}

interface Quantifier {
  readonly length: number;
  /** Whether it may take more than one. */
  readonly many: boolean;
}

/**
 * Why a regular expression could take for ever on a short text, or undefined when it cannot: it must not refer back to a
 * group, not repeat a group that itself repeats or chooses, and not repeat or choose too often side by side. It may refuse
 * harmless expressions, which can be written in another way.
 *
 * @param source of an expression that compiles
 */
export function costlyPattern(source: string): string | undefined {
  const groups: Group[] = [{ repeats: false, chooses: false }];
  let repetitions = 0;
  let choices = 0;
  for (let i = 0; i < source.length; ) {
    const top = groups.at(-1)!;
    let closed: Group | undefined;
    const char = source[i]!;
    if (char === '\\') {
      if (/[1-9k]/.test(source[i + 1] ?? '')) return 'it refers back to a group';
      i += 2;
    } else if (char === '[') {
      i = endOfClass(source, i);
    } else if (char === '(') {
      groups.push({ repeats: false, chooses: false });
      i += /^\((\?(:|=|!|<=|<!|<\w+>))?/.exec(source.slice(i))![0].length;
      continue;
    } else if (char === ')') {
      closed = groups.pop()!;
      i += 1;
    } else {
      if (char === '|') {
        top.chooses = true;
        choices += 1;
      }
      i += 1;
    }
    const outer = groups.at(-1) ?? top;
    const quantifier = quantifierAt(source, i);
    if (closed) {
      if (quantifier?.many && (closed.repeats || closed.chooses))
        return 'it repeats a group that itself repeats or chooses';
      outer.repeats ||= closed.repeats;
      outer.chooses ||= closed.chooses;
    }
    if (!quantifier) continue;
    outer.repeats = true;
    if (quantifier.many) repetitions += 1;
    else choices += 1;
    i += quantifier.length;
  }
  const bits = (bitsOfRepetitions[repetitions] ?? mostBits) + choices;
  return bits >= mostBits ? 'it repeats or chooses too often' : undefined;
}

function endOfClass(source: string, start: number): number {
  let i = start + 1;
  while (i < source.length && source[i] !== ']') i += source[i] === '\\' ? 2 : 1;
  return i + 1;
}

function quantifierAt(source: string, at: number): Quantifier | undefined {
  const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(source.slice(at, at + 24));
  if (!found) return undefined;
  const [whole, least, comma, most] = found;
  const many = least === undefined ? !whole.startsWith('?') : comma !== '' ? most !== '1' : Number(least) > 1;
  return { length: whole.length, many };
}
