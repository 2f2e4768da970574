import { closest, distance } from 'fastest-levenshtein';
import type { JsonSchema } from '../schema/parts.ts';

/** How different a word may be to be taken for a typo. */
function isNear(word: string, other: string): boolean {
  return distance(word, other) <= Math.max(1, Math.min(3, Math.floor(other.length / 3)));
}

/** Case, dashes and underscores apart. */
const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_\s]/g, '');

/** The word that a misspelt one was probably meant to be, in whatever case. */
export function nearest(word: string, among: readonly string[]): string | undefined {
  if (among.length === 0 || word === '') return undefined;
  const plains = among.map(plain);
  const best = closest(plain(word), plains);
  return isNear(plain(word), best) ? among[plains.indexOf(best)] : undefined;
}

export const didYouMean = (word: string): string => `Did you mean “${word}”?`;

/** “Did you mean …?” for a misspelt word. */
export function suggestWord(word: string, among: readonly string[]): string | undefined {
  const best = nearest(word, among);
  return best && didYouMean(best);
}

/** Where a key that stands in the wrong place belongs; undefined for a key that belongs nowhere or in many places. */
export function placesOf(key: string, notIn: readonly (string | number)[], schema: JsonSchema): string | undefined {
  const found = [...mapsWith(key, schema, [])].filter((path) => path !== notIn.join('.'));
  if (found.length === 0 || found.length > 2) return undefined;
  return `It belongs ${found.map((path) => (path === '' ? 'at the top' : `under ${path}`)).join(' or ')}.`;
}

function* mapsWith(key: string, schema: JsonSchema, path: readonly string[]): Iterable<string> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  if (Object.hasOwn(properties, key)) yield path.join('.');
  for (const [name, inner] of Object.entries(properties)) yield* mapsWith(key, inner, [...path, name]);
}
