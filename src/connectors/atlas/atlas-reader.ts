import type { AtlasCategory, AtlasGlossary, AtlasTerm, BulkAnswer, TypeDefs } from './atlas-types.ts';
import type { Page, SearchQuery } from './search-pages.ts';

/** A glossary with its categories; its terms come page by page, since each names everything it is assigned to. */
export interface GlossaryReading {
  readonly glossary: AtlasGlossary;
  readonly categories: readonly AtlasCategory[];
  /** To be read once. */
  readonly terms: AsyncIterable<AtlasTerm>;
}

/**
 * What the mapping asks of Atlas: a server answers it over HTTP, an export from its file. Errors are those of
 * src/errors.ts; reading ends early with the signal's reason.
 */
export interface AtlasReader {
  /** True where what is not there by its guid is gone; an export holds only a part of a server's entities. */
  readonly holdsAll: boolean;
  /** What a first answer proves, for `meridian test`. */
  readonly firstStep: string;
  /** Requests sent so far. */
  readonly requestCount: number;
  /**
   * The time on the server's own clock when it was first asked (epoch milliseconds), from the `Date` of its answer, so
   * that our clock does not matter. Undefined before that, and where there is no server.
   */
  readonly clock?: number | undefined;
  /** The server's version, such as `2.5.0`. */
  version(signal: AbortSignal): Promise<string>;
  typeDefs(signal: AbortSignal): Promise<TypeDefs>;
  /** How many live entities of exactly this type there are, as the index estimates it. */
  count(type: string, signal: AbortSignal): Promise<number>;
  /**
   * All live entities of exactly these types, as headers with the attributes asked for, in pages.
   *
   * @param ahead pages that may be under way while one is used
   */
  pages(query: SearchQuery, ahead: number, signal: AbortSignal): AsyncGenerator<Page>;
  /** Entities in full, with what they refer to. Those that are gone are missing from the answer. */
  bulk(guids: readonly string[], signal: AbortSignal): Promise<BulkAnswer>;
  /** Every glossary. */
  glossaries(signal: AbortSignal): AsyncGenerator<GlossaryReading>;
  close(): Promise<void>;
}
