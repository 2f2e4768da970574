import { unknownGuid } from './atlas-error.ts';
import type { GlossaryData } from './entity-store.ts';
import type { Json } from './stored-entity.ts';

/**
 * Answers the paths under `/v2/glossary`.
 * @param path the segments behind `glossary`
 * @throws {AtlasError} 404 for an unknown guid
 */
export function glossaryAnswer(data: GlossaryData, path: readonly string[], query: URLSearchParams): unknown {
  const [first, second] = path;
  if (first === undefined) {
    return page(data.glossaries, query);
  }
  if (first === 'term' && second !== undefined) {
    return byGuid(data.terms, second);
  }
  if (first === 'category' && second !== undefined) {
    return byGuid(data.categories, second);
  }
  const glossary = byGuid(data.glossaries, first);
  const within = (items: readonly Json[]): Json[] => items.filter((item) => anchorOf(item) === first);
  switch (second) {
    case 'detailed':
      return { ...glossary, termInfo: keyed(within(data.terms)), categoryInfo: keyed(within(data.categories)) };
    case 'terms':
      return page(within(data.terms), query);
    case 'categories':
      return page(within(data.categories), query);
    default:
      return glossary;
  }
}

function byGuid(items: readonly Json[], guid: string): Json {
  const found = items.find((item) => item['guid'] === guid);
  if (found === undefined) {
    throw unknownGuid(guid);
  }
  return found;
}

const anchorOf = (item: Json): unknown => (item['anchor'] as Json | undefined)?.['glossaryGuid'];

const keyed = (items: readonly Json[]): Json => Object.fromEntries(items.map((item) => [String(item['guid']), item]));

function page(items: readonly Json[], query: URLSearchParams): readonly Json[] {
  const limit = Number(query.get('limit') ?? -1);
  const offset = Number(query.get('offset') ?? 0);
  return items.slice(offset, limit < 0 ? undefined : offset + limit);
}
