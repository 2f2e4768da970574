/** A piece of SQL; all of them in a row are the text again. */
export interface SqlToken {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'symbol' | 'space';
  readonly raw: string;
  /** Of a name, without its quotes and in lower case, as the server takes names; of a text, what it says; else `raw`. */
  readonly value: string;
}

const pieces =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*")|(?<word>[A-Za-z_][\w$@]*)|(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?<symbol>[\s\S])/gy;

export function sqlTokens(sql: string): SqlToken[] {
  return [...sql.matchAll(pieces)].map(({ 0: raw, groups = {} }) => {
    if (groups['text'] !== undefined) return { kind: 'text', raw, value: raw.slice(1, -1).replaceAll("''", "'") };
    if (groups['name'] !== undefined) {
      return { kind: 'name', raw, value: raw.slice(1, -1).replaceAll('""', '"').toLowerCase() };
    }
    const kind = (['space', 'word', 'number'] as const).find((name) => groups[name] !== undefined) ?? 'symbol';
    return { kind, raw, value: kind === 'word' ? raw.toLowerCase() : raw };
  });
}

/** A name of several parts, and what it is in the text: tokens from `from` up to, but not with, `to`. */
export interface QualifiedName {
  readonly parts: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** The name that begins at a token; undefined where none does. */
export function qualifiedNameAt(tokens: readonly SqlToken[], from: number): QualifiedName | undefined {
  const parts: string[] = [];
  let at = from;
  for (;;) {
    const token = tokens[at];
    if (token?.kind !== 'word' && token?.kind !== 'name') return undefined;
    parts.push(token.value);
    if (tokens[at + 1]?.raw !== '.') return { parts, from, to: at + 1 };
    at += 2;
  }
}

/** The names of tables: those behind FROM and JOIN, commas between them included. */
export function tableNames(tokens: readonly SqlToken[]): QualifiedName[] {
  const found: QualifiedName[] = [];
  let expects = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    if (token.kind === 'space') continue;
    if (expects) {
      const name = qualifiedNameAt(tokens, at);
      expects = false;
      if (name) {
        found.push(name);
        at = name.to - 1;
        const next = tokens.slice(name.to).find(({ kind }) => kind !== 'space');
        // A function such as unnest(…) is no table.
        if (next?.raw === '(' && name.parts.length === 1) found.pop();
        if (next?.raw === ',') {
          at = tokens.indexOf(next, name.to);
          expects = true;
        }
      }
    } else if (token.kind === 'word' && (token.value === 'from' || token.value === 'join')) expects = true;
  }
  return found;
}
