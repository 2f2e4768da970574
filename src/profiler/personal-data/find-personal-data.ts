import { type Recognizer, recognizers } from './recognizers.ts';

export interface LookedAtColumn {
  readonly name: string;
  /** OpenMetadata's word, such as `VARCHAR`. */
  readonly dataType: string;
  /** Sampled; empty where there are none. Only looked at: nothing of them is in what comes back. */
  readonly values: readonly unknown[];
}

/** What a column probably holds. Says nothing of any value. */
export interface PersonalData {
  readonly column: string;
  /** For people: `e-mail addresses`. */
  readonly kind: string;
  readonly tag: Recognizer['tag'];
  /** Percent. */
  readonly confidence: number;
  readonly because: 'name' | 'values' | 'name and values';
}

/** Values of which too few are there say little: so many more would have had to be seen. */
const missingValues = 2;
/** Below this share of values that fit, a name is taken to promise too much; with so many values seen. */
const promised = { share: 0.2, values: 8 };

/**
 * What the columns of a table probably hold, by their names and by values, the surest kind of each column.
 *
 * @param language ISO 639-1, or `any`: kinds that are of other languages are not looked for
 */
export function findPersonalData(columns: readonly LookedAtColumn[], language: string): readonly PersonalData[] {
  const spoken = recognizers.filter(
    ({ languages }) => language === 'any' || languages === undefined || languages.includes(language),
  );
  return columns.flatMap((column) => {
    const name = wordsOf(column.name);
    const texts = column.values.filter((value) => value !== null && value !== undefined).map(textOf);
    const found = spoken
      .filter(({ types }) => canHold(types, column.dataType))
      .map((recognizer) => judge(recognizer, column.name, name, texts))
      .filter(({ confidence }) => confidence > 0)
      .sort((a, b) => b.confidence - a.confidence);
    return found.slice(0, 1);
  });
}

function judge(recognizer: Recognizer, column: string, name: string, texts: readonly string[]): PersonalData {
  const { kind, tag, value } = recognizer;
  const byName = recognizer.names.test(name) ? recognizer.nameWeight : 0;
  const fitting = value ? texts.filter(value).length : 0;
  const share = texts.length === 0 ? 0 : fitting / (texts.length + missingValues);
  const isBroken = value !== undefined && texts.length >= promised.values && fitting / texts.length < promised.share;
  const byValues = recognizer.valueWeight * share;
  // Two signs that do not know of each other: both would have to be wrong.
  const sure = 1 - (1 - (isBroken ? byName * 0.4 : byName)) * (1 - byValues);
  return {
    column,
    kind,
    tag,
    confidence: Math.round(1000 * sure) / 10,
    because: byName > 0 ? (byValues > 0 ? 'name and values' : 'name') : 'values',
  };
}

/** `customerEmail_1` → `customer email`: lower case, without accents, words joined by blanks, a number at the end gone. */
function wordsOf(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/ ?\d+$/, '')
    .trim()
    .toLowerCase();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'object' ? '' : String(value);
}

const textTypes = /CHAR|TEXT|STRING|CLOB|UUID|INET|CIDR|IPV|ENUM|UNKNOWN|NULL/;
const numberTypes = /INT|NUM|DECIMAL|LONG|DOUBLE|FLOAT/;
const dateTypes = /^(DATE|DATETIME|TIMESTAMP|TIMESTAMPZ)$/;

function canHold(types: Recognizer['types'], dataType: string): boolean {
  if (types === 'date') return dateTypes.test(dataType) || textTypes.test(dataType);
  return textTypes.test(dataType) || (types === 'textOrNumber' && numberTypes.test(dataType));
}
