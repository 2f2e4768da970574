import type { Doc } from './doc.ts';
import type { ServerVersion } from './server-version.ts';

/**
 * `asset`: tables, containers and so on; `plain`: services, glossaries, terms, topics, models and their features; `tag`:
 * tags and classifications; `field`: of a message's schema.
 */
export type NameRule = 'asset' | 'plain' | 'tag' | 'column' | 'field' | 'property' | 'free';

interface Limits {
  readonly min: number;
  readonly max: number;
  readonly pattern: RegExp;
  /** The pattern as the server prints it. */
  readonly shown: string;
}

const NO_COLONS = { pattern: /^((?!::).)*$/, shown: '^((?!::).)*$' };
const WORDS = { pattern: /^[\p{L}\p{M}\p{Nd}\p{Pc}'\- .&()]+$/u, shown: "^(?U)[\\w'\\- .&()]+$" };
const WORDS_AND_PERCENT = { pattern: /^[\p{L}\p{M}\p{Nd}\p{Pc}'\- .&()%]+$/u, shown: "^(?U)[\\w'\\- .&()%]+$" };
const PROPERTY = { pattern: /^[\p{L}\p{M}\p{Nd}\p{Pc}]+$/u, shown: '^(?U)[\\w]+$' };

function limitsOf(rule: NameRule, version: ServerVersion): Limits | undefined {
  const words = version.atLeast(2) ? WORDS_AND_PERCENT : WORDS;
  switch (rule) {
    case 'free':
      return undefined;
    case 'property':
      return { min: 1, max: 256, ...PROPERTY };
    case 'column':
      return {
        min: 1,
        max: version.atLeast(11) ? Number.POSITIVE_INFINITY : version.atLeast(2) ? 256 : 128,
        ...NO_COLONS,
      };
    case 'field':
      return { min: 1, max: 128, pattern: /^/, shown: '' };
    case 'asset':
      return { min: 1, max: version.atLeast(3) ? 256 : 128, ...NO_COLONS };
    case 'tag':
      return version.atLeast(3) ? { min: 1, max: 256, ...NO_COLONS } : { min: 2, max: 64, ...words };
    default:
      return version.atLeast(3) ? { min: 1, max: 256, ...NO_COLONS } : { min: 1, max: 128, ...words };
  }
}

/** Makes the check of the property `name` of a body: its complaints in the words of the server's bean validation. */
export function nameCheck(rule: NameRule, version: ServerVersion): (value: Doc) => string[] {
  const limits = limitsOf(rule, version);
  return (value) => {
    const name = value['name'];
    if (limits === undefined || typeof name !== 'string') {
      return [];
    }
    const complaints: string[] = [];
    if (!limits.pattern.test(name)) {
      complaints.push(`name must match "${limits.shown}"`);
    }
    if (name.length < limits.min || name.length > limits.max) {
      complaints.push(`name size must be between ${limits.min} and ${limits.max}`);
    }
    return complaints;
  };
}
