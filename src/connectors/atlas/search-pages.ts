import { ResponseError } from '../../errors.ts';
import type { RecordKind } from '../../model/records.ts';
import type { SourceContext } from '../source.ts';
import type { AtlasEntity, SearchAnswer } from './atlas-types.ts';

export interface SearchQuery {
  /** Rows a page, when fewer than the client's own are wanted. */
  readonly pageSize?: number;
  readonly types: readonly string[];
  readonly attributes: readonly string[];
  /** Only what was changed at that time (epoch milliseconds, on Atlas' clock) or later; deleted entities too then. */
  readonly changedSince?: number;
}

export interface Page {
  readonly entities: readonly AtlasEntity[];
  /** How many there are, as the server's index estimates it. */
  readonly total: number | undefined;
  /** Rows that are missing, and why. */
  readonly problem?: PageProblem;
}

export interface PageProblem {
  /** `failed`: a page could not be read. `skipped`: the server counted more rows than it gave. */
  readonly outcome: 'failed' | 'skipped';
  readonly reason: 'partial-answer' | 'fewer-than-counted';
  readonly message: string;
  readonly count?: number;
}

type Search = (query: SearchQuery, offset: number, limit: number, signal: AbortSignal) => Promise<SearchAnswer>;

/** Sizes that a server may have as its maximum; above it, it answers 100 rows without a word (FACTS, trap 1). */
const smallerPages = [5_000, 1_000, 500, 100];
const silentLimit = 100;

/**
 * Searches page by page, with what the server at hand can do: an older one takes one type a search and lacks system
 * attributes, and any may have a smaller largest page. Each is found out once, from its answers.
 */
export class SearchPages {
  readonly #search: Search;
  #pageSize: number;
  #severalTypes = true;
  readonly #unknownAttributes = new Set<string>();

  constructor(search: Search, pageSize: number) {
    this.#search = search;
    this.#pageSize = pageSize;
  }

  /**
   * All entities of the types, in pages, some pages ahead of their use. A page that fails is told as a problem and the
   * next one is read; when the first one fails, or two in a row, the error is thrown.
   *
   * @param ahead pages that may be under way while one is used
   */
  async *pages(query: SearchQuery, ahead: number, signal: AbortSignal): AsyncGenerator<Page> {
    if (query.types.length === 0) return;
    if (!this.#severalTypes && query.types.length > 1) {
      for (const type of query.types) yield* this.pages({ ...query, types: [type] }, ahead, signal);
      return;
    }
    const attributes = query.attributes.filter((name) => !this.#unknownAttributes.has(name));
    const known = { ...query, attributes };
    let first: SearchAnswer;
    try {
      first = await this.#search(known, 0, this.#sizeOf(query), signal);
    } catch (error) {
      if (!this.#learn(error, known)) throw error;
      yield* this.pages(query, ahead, signal);
      return;
    }
    const rows = first.entities ?? [];
    const total = first.approximateCount;
    if (rows.length === silentLimit && this.#sizeOf(query) > silentLimit && (total ?? 0) > silentLimit) {
      const size = this.#sizeOf(query);
      this.#pageSize = smallerPages.find((smaller) => smaller < size) ?? silentLimit;
      yield* this.pages(query, ahead, signal);
      return;
    }
    yield { entities: rows, total };
    yield* this.#rest(known, ahead, first, signal);
  }

  #sizeOf(query: SearchQuery): number {
    return Math.min(query.pageSize ?? this.#pageSize, this.#pageSize);
  }

  /** True when a refusal taught something that makes another try worthwhile. */
  #learn(error: unknown, query: SearchQuery): boolean {
    if (!(error instanceof ResponseError) || error.status !== 400) return false;
    const attribute = /Attribute (\S+) not found/.exec(error.body)?.[1];
    if (attribute !== undefined && query.attributes.includes(attribute)) {
      this.#unknownAttributes.add(attribute);
      return true;
    }
    if (query.types.length === 1) return false;
    this.#severalTypes = false;
    return true;
  }

  async *#rest(query: SearchQuery, ahead: number, first: SearchAnswer, signal: AbortSignal): AsyncGenerator<Page> {
    const size = this.#sizeOf(query);
    let total = first.approximateCount;
    let read = first.entities?.length ?? 0;
    // The estimate may be low: behind a full page there is always another look.
    let wasFull = read === size;
    let failedBefore = false;
    let asked = size;
    const queue: Promise<SearchAnswer>[] = [];
    const fetch = (): void => {
      while (queue.length < Math.max(1, ahead) && (asked < (total ?? 0) || (wasFull && queue.length === 0))) {
        const page = this.#search(query, asked, size, signal);
        page.catch(() => undefined);
        queue.push(page);
        asked += size;
      }
    };
    fetch();
    for (let page = queue.shift(); page; page = queue.shift()) {
      try {
        const { entities = [], approximateCount } = await page;
        failedBefore = false;
        wasFull = entities.length === size;
        total = approximateCount ?? total;
        read += entities.length;
        if (entities.length === 0) break;
        fetch();
        yield { entities, total };
      } catch (error) {
        signal.throwIfAborted();
        if (failedBefore) throw error;
        failedBefore = true;
        read += size;
        fetch();
        yield { entities: [], total, problem: failure(error, size) };
      }
    }
    const missing = (total ?? 0) - read;
    if (missing > 0) yield { entities: [], total, problem: shortfall(missing) };
  }
}

function failure(error: unknown, size: number): PageProblem {
  const message = error instanceof Error ? error.message : String(error);
  return { outcome: 'failed', reason: 'partial-answer', message: `up to ${size} rows could not be read: ${message}` };
}

function shortfall(count: number): PageProblem {
  const message =
    'the server counted more entities than it gave; its index may be behind, or they are hidden from this user';
  return { outcome: 'skipped', reason: 'fewer-than-counted', message, count };
}

/** Passes on what is missing from a page. */
export function reportProblem(page: Page, kind: RecordKind, name: string, context: SourceContext): void {
  if (page.problem) context.report({ ...page.problem, kind, name });
}
