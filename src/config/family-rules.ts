import { families } from '../connectors/atlas/families/family.ts';
import { suggestWord } from './suggest.ts';
import type { Finding } from './validate-recipe.ts';

/** What is wrong with `meridian.services`: a word that names no family would leave that family's service unsaid. */
export function familyFindings(services: Readonly<Record<string, unknown>>): Finding[] {
  return Object.keys(services).flatMap((key) => {
    const family = key.replace(/@.*$/s, '');
    if ((families as readonly string[]).includes(family)) return [];
    const suggestion = suggestWord(family, families);
    return [
      {
        path: ['meridian', 'services', key],
        at: 'key' as const,
        message: `“${family}” is no family of Atlas types.`,
        expected: families.join(', '),
        ...(suggestion !== undefined && { suggestion }),
      },
    ];
  });
}
