import { ConnectionError, ResponseError } from '../../errors.ts';
import { HttpClient } from '../../http/http-client.ts';
import { lowerCased } from '../../http/lower-cased.ts';
import type { RequestShare } from '../../http/request-share.ts';
import type { TlsOptions } from '../../http/tls-options.ts';
import type { AtlasReader, GlossaryReading } from './atlas-reader.ts';
import type { AtlasCategory, AtlasGlossary, AtlasTerm, BulkAnswer, SearchAnswer, TypeDefs } from './atlas-types.ts';
import { type AtlasAuth, basic } from './auth/atlas-auth.ts';
import { atlasUrlOf } from './auth/sso-url.ts';
import { type Page, SearchPages, type SearchQuery } from './search-pages.ts';

export interface AtlasClientOptions {
  /** With or without `/api/atlas`; a gateway's path may stand before it. */
  readonly hostPort: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** How requests are signed in; with username and password unless set. */
  readonly auth?: AtlasAuth;
  /** Added to each request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: TlsOptions;
  readonly timeoutMs?: number;
  readonly retries?: number;
  readonly concurrency?: number;
  readonly requestsPerSecond?: number;
  readonly share?: RequestShare | undefined;
  readonly redact?: (text: string) => string;
}

/** About 380 guids fit into a URL (FACTS, trap 3). */
export const bulkSize = 100;
/** Glossaries, categories or terms a request: a term names everything that it is assigned to. */
const glossaryPage = 500;

/** The v2 REST API of Apache Atlas. */
export class AtlasClient implements AtlasReader {
  readonly holdsAll = true;
  readonly firstStep = 'sign in at Apache Atlas';
  readonly #http: HttpClient;
  readonly #auth: AtlasAuth;
  readonly #pages: SearchPages;
  #clock: number | undefined;

  constructor(options: AtlasClientOptions, pageSize = 10_000) {
    this.#auth = options.auth ?? { headers: basic(options.username, options.password) };
    this.#pages = new SearchPages((...search) => this.#search(...search), pageSize);
    this.#http = new HttpClient({
      baseUrl: `${atlasUrlOf(options.hostPort)}/api/atlas`,
      name: 'Apache Atlas',
      // CSRF protection, where it is on, asks for such a header with every POST, whatever it says (FACTS, trap 16).
      headers: { 'x-xsrf-header': 'meridian', ...lowerCased(options.headers), ...this.#auth.headers },
      redirectEndsSignIn: this.#auth.redirectEndsSignIn ?? false,
      ...(this.#auth.authorize && { authorize: this.#auth.authorize }),
      ...(options.tls && { tls: options.tls }),
      // A gateway (Knox) keeps a session, and the server behind it that has it, in cookies.
      cookies: true,
      concurrency: options.concurrency ?? 4,
      share: options.share,
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
      ...(options.retries !== undefined && { retries: options.retries }),
      ...(options.requestsPerSecond !== undefined && { requestsPerSecond: options.requestsPerSecond }),
      ...(options.redact && { redact: options.redact }),
    });
  }

  get requestCount(): number {
    return this.#http.requestCount;
  }

  get clock(): number | undefined {
    return this.#clock;
  }

  async version(signal: AbortSignal): Promise<string> {
    const answer = await this.#http.request<{ Version?: unknown }>({ method: 'GET', path: '/admin/version', signal });
    const { body, headers } = answer;
    this.#clock ??= timeOf(headers['date']);
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
    const answer = await this.#search({ types: [type], attributes: [] }, 0, 1, signal);
    return answer.approximateCount ?? answer.entities?.length ?? 0;
  }

  /** All live entities of the types, in pages: see SearchPages. */
  pages(query: SearchQuery, ahead: number, signal: AbortSignal): AsyncGenerator<Page> {
    return this.#pages.pages(query, ahead, signal);
  }

  async #search(query: SearchQuery, offset: number, limit: number, signal: AbortSignal): Promise<SearchAnswer> {
    const body = {
      typeName: query.types.join(','),
      includeSubTypes: false,
      excludeDeletedEntities: query.changedSince === undefined,
      includeClassificationAttributes: true,
      attributes: query.attributes,
      ...(query.changedSince !== undefined && { entityFilters: changedSince(query.changedSince) }),
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

  async *glossaries(signal: AbortSignal): AsyncGenerator<GlossaryReading> {
    for await (const glossary of this.#listed<AtlasGlossary>('/v2/glossary', signal)) {
      const path = `/v2/glossary/${encodeURIComponent(glossary.guid)}`;
      const categories: AtlasCategory[] = [];
      for await (const category of this.#listed<AtlasCategory>(`${path}/categories`, signal)) categories.push(category);
      yield { glossary, categories, terms: this.#listed<AtlasTerm>(`${path}/terms`, signal) };
    }
  }

  /** A list of the glossary API, page by page. A page of another size than asked for is the last one. */
  async *#listed<T>(path: string, signal: AbortSignal): AsyncGenerator<T> {
    for (let offset = 0; ; offset += glossaryPage) {
      const query = { limit: String(glossaryPage), offset: String(offset), sort: 'ASC' };
      const items = (await this.#http.request<T[] | undefined>({ method: 'GET', path, query, signal })).body ?? [];
      yield* items;
      if (items.length !== glossaryPage) return;
    }
  }

  async close(): Promise<void> {
    await this.#auth.close?.();
    await this.#http.close();
  }
}

function changedSince(since: number): object {
  return { attributeName: '__modificationTimestamp', operator: 'gte', attributeValue: String(since) };
}

/** A `Date` header, in epoch milliseconds. */
function timeOf(date: unknown): number | undefined {
  const time = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
