import { canonicalHash } from './canonical-hash.ts';

/**
 * Names that the target cannot hold, made into names that it can, and back. Encoding is deterministic: the same name
 * always becomes the same text, or a second run would create everything twice.
 *
 * Characters become words between `__reserved__` and `__`, the first six as OpenMetadata's own ingestion writes them:
 * `a::b` is `a__reserved__colon__b`. The text `__reserved__` itself is encoded as well, so that a name which already
 * looks encoded comes back as it was.
 */

/** What names a kind of entity may have. Lengths are UTF-16 units, as the server counts them. */
export interface NameRule {
  readonly minLength: number;
  readonly maxLength: number;
  /** `text`: all but `::`, `>`, `"` and control characters. `word`: letters, digits and `_'- .&()` only. */
  readonly characters: 'text' | 'word';
}

export interface EncodedName {
  readonly name: string;
  /** The original, where it had to be encoded. */
  readonly displayName?: string;
}

const MARK = '__reserved__';
const WORDS: Readonly<Record<string, string>> = {
  '::': 'colon',
  '>': 'arrow',
  '"': 'quote',
  '\n': 'newline',
  '\r': 'carriage_return',
  '\t': 'tab',
  [MARK]: 'literal',
};
const TEXT_OF_WORD = new Map(Object.entries(WORDS).map(([text, word]) => [word, text]));
const PAD = `${MARK}pad__`;

// The line and paragraph separators end a line for the server's pattern as a newline does; lone surrogates cannot be sent.
const NOT_IN_TEXT = /__reserved__|::|[>"\p{Cc}\p{Cs}\u2028\u2029]/gu;
const NOT_IN_WORD = /__reserved__|::|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}'\- .&()]/gu;
// Exactly the known words: a looser pattern would also match where a name's own end meets the first word after it.
const TOKEN = /__reserved__(?:x([0-9a-f]{1,6})|(pad|colon|arrow|quote|newline|carriage_return|tab|literal))__/g;

/** Characters of the hash that ends a shortened name: 64 bits. */
const HASH_LENGTH = 16;

function encodeText(text: string): string {
  const word = WORDS[text];
  return `${MARK}${word ?? `x${text.codePointAt(0)!.toString(16)}`}__`;
}

function encodeCharacters(raw: string, rule: NameRule): string {
  return raw.replace(rule.characters === 'word' ? NOT_IN_WORD : NOT_IN_TEXT, encodeText);
}

/** Takes back what `encodeName` did to characters. A shortened name comes back only with its display name. */
function decodeCharacters(name: string): string {
  return name.replace(TOKEN, (token, hex: string | undefined, word: string) => {
    if (word === 'pad') return '';
    if (hex === undefined) return TEXT_OF_WORD.get(word)!;
    const codePoint = Number.parseInt(hex, 16);
    return codePoint > 0x10ffff ? token : String.fromCodePoint(codePoint);
  });
}

function shorten(encoded: string, raw: string, rule: NameRule): string {
  const separator = rule.characters === 'word' ? '-' : '~';
  let end = rule.maxLength - HASH_LENGTH - separator.length;
  // Never cut through a surrogate pair.
  const last = encoded.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return `${encoded.slice(0, end)}${separator}${canonicalHash(raw).slice(0, HASH_LENGTH)}`;
}

/**
 * The name under which the target holds `raw`. A name that is too long keeps its beginning and ends in a hash of the
 * whole; one that is too short is padded.
 */
export function encodeName(raw: string, rule: NameRule): EncodedName {
  let name = encodeCharacters(raw, rule);
  if (name.length < rule.minLength) name += PAD;
  if (name.length > rule.maxLength) name = shorten(name, raw, rule);
  return name === raw ? { name } : { name, displayName: raw };
}

/**
 * The original of an encoded name. The display name is believed only when it encodes to this very name, since people may
 * change display names; a shortened name without it gives its readable beginning and hash.
 */
export function decodeName(encoded: EncodedName, rule: NameRule): string {
  const { name, displayName } = encoded;
  if (displayName !== undefined && encodeName(displayName, rule).name === name) return displayName;
  return decodeCharacters(name);
}
