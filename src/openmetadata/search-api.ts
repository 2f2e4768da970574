import { ResponseError } from '../errors.ts';
import type { Api } from './api.ts';
import type { EntityType } from './collections.ts';
import type { Entity } from './entities.ts';

export interface SearchQuery {
  /** As a person typed it: words that all have to occur, or the beginnings of names. */
  readonly text: string;
  readonly from: number;
  readonly size: number;
}

export interface SearchAnswer {
  readonly entities: readonly Entity[];
  readonly total: number;
}

interface RawAnswer {
  readonly hits?: {
    /** A bare number on old engines. */
    readonly total?: number | { readonly value?: number };
    readonly hits?: readonly { readonly _source?: Entity }[];
  };
}

/**
 * Asks the server's search engine.
 *
 * @returns undefined where the server has no index of this kind
 */
export async function searchEntities(
  api: Api,
  type: EntityType,
  { text, from, size }: SearchQuery,
  signal: AbortSignal,
): Promise<SearchAnswer | undefined> {
  const index = `${type.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_search_index`;
  try {
    const answer = await api.get<RawAnswer | undefined>(
      '/search/query',
      { q: searchWords(text), index, from, size, deleted: false },
      signal,
    );
    const { hits: rows = [], total = 0 } = answer?.hits ?? {};
    return {
      entities: rows.flatMap(({ _source }) => (_source ? [_source] : [])),
      total: typeof total === 'number' ? total : (total.value ?? rows.length),
    };
  } catch (error) {
    if (error instanceof ResponseError && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}

/** The engine's own signs have no meaning to a person who looks for a name; each word may stand within a longer one. */
function searchWords(text: string): string {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const escaped = words.map((word) => word.replaceAll(/[+\-=&|><!(){}[\]^"~*?:\\/]/g, String.raw`\$&`));
  return escaped.length === 0 ? '*' : escaped.map((word) => `*${word}*`).join(' AND ');
}
