import { ConnectionError, ResponseError } from '../../errors.ts';
import { HttpClient } from '../../http/http-client.ts';
import type { AtlasEntity, BulkAnswer, SearchAnswer, TypeDefs } from './atlas-types.ts';

export interface AtlasClientOptions {
  /** With or without `/api/atlas`; a gateway's path may stand before it. */
  readonly hostPort: string;
  readonly username: string;
  readonly password: string;
  readonly timeoutMs?: number;
  readonly retries?: number;
  readonly concurrency?: number;
  readonly requestsPerSecond?: number;
  readonly redact?: (text: string) => string;
}

export interface SearchQuery {
  /** Rows a page, when fewer than the client's own are wanted. */
  readonly pageSize?: number;
  readonly types: readonly string[];
  readonly attributes: readonly string[];
}

/** Sizes that a server may have as its maximum; above it, it answers 100 rows without a word (FACTS, trap 1). */
const smallerPages = [5_000, 1_000, 500, 100];
const silentLimit = 100;
/** About 380 guids fit into a URL (FACTS, trap 3). */
export const bulkSize = 100;

/** The v2 REST API of Apache Atlas. */
export class AtlasClient {
  readonly #http: HttpClient;
  #pageSize: number;
  #severalTypes = true;

  constructor(options: AtlasClientOptions, pageSize = 10_000) {
    const base = options.hostPort.replace(/\/+$/, '').replace(/\/api\/atlas(\/v2)?$/, '');
    const basic = Buffer.from(`${options.username}:${options.password}`).toString('base64');
    this.#pageSize = pageSize;
    this.#http = new HttpClient({
      baseUrl: `${base}/api/atlas`,
      name: 'Apache Atlas',
      headers: { authorization: `Basic ${basic}` },
      concurrency: options.concurrency ?? 4,
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
      ...(options.retries !== undefined && { retries: options.retries }),
      ...(options.requestsPerSecond !== undefined && { requestsPerSecond: options.requestsPerSecond }),
      ...(options.redact && { redact: options.redact }),
    });
  }

  get requestCount(): number {
    return this.#http.requestCount;
  }

  async version(signal: AbortSignal): Promise<string> {
    const { body } = await this.#http.request<{ Version?: unknown }>({ method: 'GET', path: '/admin/version', signal });
    if (typeof body?.Version !== 'string') {
      throw new ConnectionError('atlas.not-atlas', 'The server at hostPort answers, but not as Apache Atlas does.', {
        help: 'Check hostPort: it is the address of Atlas’ own REST API, usually with port 21000 or 21443.',
      });
    }
    return body.Version;
  }

  async typeDefs(signal: AbortSignal): Promise<TypeDefs> {
    return (await this.#http.request<TypeDefs>({ method: 'GET', path: '/v2/types/typedefs', signal })).body;
  }

  /** How many live entities of a type there are, as the index estimates it. */
  async count(type: string, signal: AbortSignal): Promise<number> {
    const answer = await this.#search([type], [], 0, 1, signal);
    return answer.approximateCount ?? answer.entities?.length ?? 0;
  }

  /**
   * All live entities of the types, in pages, some pages ahead of their use. The first page tells how many there are.
   *
   * @param ahead pages that may be under way while one is used
   */
  async *pages(
    query: SearchQuery,
    ahead: number,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly entities: readonly AtlasEntity[]; readonly total: number | undefined }> {
    if (query.types.length === 0) return;
    if (!this.#severalTypes && query.types.length > 1) {
      for (const type of query.types) yield* this.pages({ ...query, types: [type] }, ahead, signal);
      return;
    }
    let first: SearchAnswer;
    try {
      first = await this.#search(query.types, query.attributes, 0, this.#sizeOf(query), signal);
    } catch (error) {
      if (!(error instanceof ResponseError) || error.status !== 400 || query.types.length === 1) throw error;
      // An older server takes one type a search.
      this.#severalTypes = false;
      yield* this.pages(query, ahead, signal);
      return;
    }
    const total = first.approximateCount;
    const rows = first.entities ?? [];
    if (rows.length === silentLimit && this.#sizeOf(query) > silentLimit && (total ?? 0) > silentLimit) {
      this.#pageSize = smallerPages.find((size) => size < this.#pageSize) ?? silentLimit;
      yield* this.pages(query, ahead, signal);
      return;
    }
    yield { entities: rows, total };
    if (rows.length < this.#sizeOf(query)) return;
    yield* this.#rest(query, ahead, total, signal);
  }

  #sizeOf(query: SearchQuery): number {
    return Math.min(query.pageSize ?? this.#pageSize, this.#pageSize);
  }

  async *#rest(
    query: SearchQuery,
    ahead: number,
    total: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly entities: readonly AtlasEntity[]; readonly total: number | undefined }> {
    const size = this.#sizeOf(query);
    const queue: Promise<SearchAnswer>[] = [];
    let offset = size;
    const fetch = (): void => {
      // Beyond the estimate one page is asked at a time: the estimate may be low.
      if (queue.length > 0 && total !== undefined && offset >= total) return;
      const page = this.#search(query.types, query.attributes, offset, size, signal);
      page.catch(() => undefined);
      queue.push(page);
      offset += size;
    };
    for (let i = 0; i < Math.max(1, ahead); i += 1) fetch();
    for (let page = queue.shift(); page; page = queue.shift()) {
      const rows = (await page).entities ?? [];
      if (rows.length > 0) yield { entities: rows, total };
      if (rows.length < size) return;
      fetch();
    }
  }

  async #search(
    types: readonly string[],
    attributes: readonly string[],
    offset: number,
    limit: number,
    signal: AbortSignal,
  ): Promise<SearchAnswer> {
    const body = {
      typeName: types.join(','),
      includeSubTypes: false,
      excludeDeletedEntities: true,
      includeClassificationAttributes: true,
      attributes,
      limit,
      offset,
    };
    const request = { method: 'POST', path: '/v2/search/basic', body, retryable: true, signal } as const;
    return (await this.#http.request<SearchAnswer>(request)).body ?? {};
  }

  /**
   * Entities in full, with what they refer to. A batch with a guid that is gone is refused whole (404), and a long one
   * too (414): it is split until the rest comes through.
   */
  async bulk(guids: readonly string[], signal: AbortSignal): Promise<BulkAnswer> {
    try {
      const query = { guid: guids };
      return (await this.#http.request<BulkAnswer>({ method: 'GET', path: '/v2/entity/bulk', query, signal })).body;
    } catch (error) {
      if (!(error instanceof ResponseError) || (error.status !== 404 && error.status !== 414)) throw error;
      if (guids.length === 1) return {};
      const middle = Math.ceil(guids.length / 2);
      const [a, b] = [await this.bulk(guids.slice(0, middle), signal), await this.bulk(guids.slice(middle), signal)];
      return {
        entities: [...(a.entities ?? []), ...(b.entities ?? [])],
        referredEntities: { ...a.referredEntities, ...b.referredEntities },
      };
    }
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}
