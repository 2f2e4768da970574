import type { Frequency } from '../../../profiler/sql/measured.ts';
import { type ExactMoments, exactMoments, momentsOf, scaledOf } from './exact-moments.ts';

/** A column's values that are there, as PostgreSQL writes them, with what is asked of them. */
export interface SmallValues {
  readonly texts: readonly string[];
  /** Bounds as text. */
  bounds(): readonly [min: string, max: string] | undefined;
  /** What is numeric of them: themselves, or the lengths of text; ascending, NaN last. */
  readonly sorted?: Float64Array;
  /** Undefined where only the database can compute them without loss. */
  moments?(): ExactMoments | undefined;
  /** In characters or bytes. */
  readonly lengths?: Float64Array;
  frequency(): Frequency;
}

/** Words of PostgreSQL for types that are understood here as PostgreSQL does; what is equal there is equal here. */
export type SmallKind =
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'real'
  | 'double'
  | 'text'
  | 'padded'
  | 'bytes'
  | 'moment'
  | 'plain';

/** @returns undefined where some value is one that only PostgreSQL knows how to order or to add */
export function smallValues(kind: SmallKind, texts: readonly string[], baseType: string): SmallValues | undefined {
  switch (kind) {
    case 'integer':
    case 'double':
      return numbers(texts, Float64Array.from(texts, Number));
    case 'real':
      return numbers(
        texts,
        Float64Array.from(texts, (text) => Math.fround(Number(text))),
      );
    case 'bigint':
    case 'numeric':
      return exactNumbers(texts);
    case 'text':
      return words(texts, texts);
    case 'padded':
      // Blanks at the end of `char(n)` are no part of its value.
      return words(
        texts,
        texts.map((text) => text.replace(/ +$/, '')),
      );
    case 'bytes':
      return {
        texts,
        bounds: () => undefined,
        lengths: Float64Array.from(texts, ({ length }) => (length - 2) / 2).sort(),
        frequency: () => frequencyOf(texts),
      };
    case 'moment':
      return moments(texts, baseType);
    case 'plain':
      return { texts, bounds: () => undefined, frequency: () => frequencyOf(texts) };
  }
}

function numbers(texts: readonly string[], values: Float64Array): SmallValues {
  const sorted = values.slice().sort();
  return {
    texts,
    sorted,
    // The number of a `real` has digits that its text has not.
    bounds: () => boundsOf(texts, values, isLessNumber),
    moments: () => momentsOf(values),
    frequency: () => frequencyOfSorted(sorted),
  };
}

/** The texts of the least and the greatest value. @param values one for each text */
function boundsOf<Value>(
  texts: readonly string[],
  values: ArrayLike<Value>,
  isLess: (a: Value, b: Value) => boolean,
): readonly [min: string, max: string] | undefined {
  if (texts.length === 0) return undefined;
  let [low, high] = [0, 0];
  for (let at = 1; at < texts.length; at += 1) {
    if (isLess(values[at]!, values[low]!)) low = at;
    if (isLess(values[high]!, values[at]!)) high = at;
  }
  return [texts[low]!, texts[high]!];
}

/** PostgreSQL's order: NaN is greater than all others. */
function isLessNumber(a: number, b: number): boolean {
  return a < b || (Number.isNaN(b) && !Number.isNaN(a));
}

function exactNumbers(texts: readonly string[]): SmallValues | undefined {
  const scaled = scaledOf(texts);
  if (!scaled) return undefined;
  const { values } = scaled;
  return {
    texts,
    sorted: Float64Array.from(texts, Number).sort(),
    bounds: () => boundsOf(texts, values, (a, b) => a < b),
    moments: () => exactMoments(scaled),
    frequency: () => frequencyOf(scaled.isEven ? texts : values),
  };
}

/** Numbers of text are those of its length. */
function words(texts: readonly string[], values: readonly string[]): SmallValues {
  const lengths = Float64Array.from(values, charactersOf).sort();
  return {
    texts,
    sorted: lengths,
    lengths,
    bounds: () => undefined,
    moments: () => momentsOf(lengths),
    frequency: () => frequencyOf(values),
  };
}

/** Code points, as PostgreSQL counts them. */
function charactersOf(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // The second half of a pair.
    if (code >= 0xdc00 && code <= 0xdfff) count -= 1;
  }
  return count;
}

/** Dates and times of four-digit years are in the order of their texts. */
function moments(texts: readonly string[], baseType: string): SmallValues | undefined {
  const isPlain = (text: string): boolean =>
    baseType === 'time' || (text.charCodeAt(4) === 0x2d && !text.endsWith('BC'));
  if (!texts.every(isPlain)) return undefined;
  return {
    texts,
    bounds: () => {
      const [low, high] = boundsOf(texts, texts, (a, b) => a < b) ?? [];
      return low === undefined || high === undefined ? undefined : [isoOf(low, baseType), isoOf(high, baseType)];
    },
    frequency: () => frequencyOf(texts),
  };
}

/** As the dialect writes it; the session’s time zone is UTC. */
function isoOf(text: string, baseType: string): string {
  if (!baseType.startsWith('timestamp')) return text;
  const withT = text.replace(' ', 'T');
  return baseType === 'timestamptz' ? withT.replace(/\+00$/, 'Z') : withT;
}

function frequencyOf(values: readonly (string | bigint)[]): Frequency {
  const seen = new Set<string | bigint>();
  const again = new Set<string | bigint>();
  for (const value of values) {
    const before = seen.size;
    if (seen.add(value).size === before) again.add(value);
  }
  return { distinct: seen.size, once: seen.size - again.size, counting: { kind: 'exact' } };
}

/** Numbers are equal as PostgreSQL has it: NaN is itself, zero has no sign. */
function frequencyOfSorted(sorted: Float64Array): Frequency {
  let [distinct, once] = [0, 0];
  for (let at = 0; at < sorted.length; ) {
    const value = sorted[at]!;
    let end = at + 1;
    while (end < sorted.length && (sorted[end] === value || (Number.isNaN(value) && Number.isNaN(sorted[end]!))))
      end += 1;
    distinct += 1;
    if (end === at + 1) once += 1;
    at = end;
  }
  return { distinct, once, counting: { kind: 'exact' } };
}
