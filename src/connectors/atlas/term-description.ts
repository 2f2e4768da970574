import type { AtlasCategory, AtlasGlossary, AtlasTerm, TermLink, TermRelation } from './atlas-types.ts';

/** Kinds of relations for which OpenMetadata has no word: it knows terms that are related, and no more. */
const relationTitles: Readonly<Record<Exclude<TermRelation, 'seeAlso'>, string>> = {
  synonyms: 'Synonyms',
  antonyms: 'Antonyms',
  preferredTerms: 'Preferred terms',
  preferredToTerms: 'Preferred to',
  replacementTerms: 'Replacement terms',
  replacedBy: 'Replaced by',
  translationTerms: 'Translation terms',
  translatedTerms: 'Translated terms',
  isA: 'Is a',
  classifies: 'Classifies',
  validValues: 'Valid values',
  validValuesFor: 'Valid values for',
};

const endedStatus = new Set(['DEPRECATED', 'OBSOLETE']);

/** Whether a relation or an assignment still holds: `DEPRECATED` and `OBSOLETE` ones do not. */
export function stillHolds({ status }: { readonly status?: string | null }): boolean {
  return !endedStatus.has(status ?? '');
}

/**
 * Everything that a glossary, category or term says about itself, as one Markdown text. A description that stands alone
 * is left byte for byte as it is.
 *
 * @param nameOf name of a related term; undefined for one that is not there
 */
export function describe(
  thing: AtlasGlossary | AtlasCategory | AtlasTerm,
  nameOf: (link: TermLink) => string | undefined,
): string | undefined {
  const { shortDescription, longDescription } = thing;
  const texts = [shortDescription, longDescription].filter((text) => text !== undefined && text.trim() !== '');
  const parts = [...new Set(texts), ...facts(thing), ...relations(thing as AtlasTerm, nameOf)];
  return parts.length === 0 ? undefined : parts.join('\n\n');
}

function facts(thing: Partial<AtlasGlossary & AtlasTerm>): string[] {
  const found: string[] = [];
  const say = (title: string, text: unknown): void => {
    if (typeof text === 'string' && text.trim() !== '') found.push(`**${title}:** ${text}`);
  };
  say('Abbreviation', thing.abbreviation);
  say('Language', thing.language);
  say('Usage', thing.usage);
  const examples = (thing.examples ?? []).filter((example) => example.trim() !== '');
  if (examples.length > 0) found.push(['**Examples:**', ...examples.map(listItem)].join('\n'));
  for (const [name, value] of Object.entries(thing.additionalAttributes ?? {}).sort()) {
    say(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return found;
}

function relations(term: AtlasTerm, nameOf: (link: TermLink) => string | undefined): string[] {
  return Object.entries(relationTitles).flatMap(([relation, title]) => {
    const names = (term[relation as TermRelation] ?? [])
      .filter(stillHolds)
      .map((link) => {
        const name = nameOf(link);
        const more = [link.expression, link.description].filter((text) => text !== undefined && text !== null);
        return name !== undefined && more.length > 0 ? `${name} (${more.join('; ')})` : name;
      })
      .filter((name) => name !== undefined)
      .sort();
    return names.length === 0 ? [] : [`**${title}:** ${names.join(', ')}`];
  });
}

/** Lines after the first stand below it, so that they stay in the list. */
function listItem(text: string): string {
  return `- ${text.trim().replaceAll('\n', '\n  ')}`;
}
