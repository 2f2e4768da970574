import type { AtlasStandIn } from './start-atlas.ts';
import type { Json } from './stored-entity.ts';

export interface Header {
  readonly guid: string;
  readonly typeName: string;
  readonly status: string;
  readonly isIncomplete: boolean;
  readonly classificationNames: readonly string[];
  readonly classifications?: readonly {
    readonly typeName: string;
    readonly entityGuid: string;
    readonly [key: string]: unknown;
  }[];
  readonly attributes: Json;
}

export interface SearchResult {
  readonly entities?: readonly Header[];
  readonly referredEntities?: Readonly<Record<string, Header>>;
  readonly approximateCount: number;
  readonly nextMarker?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

export interface FullEntity {
  readonly guid: string;
  readonly typeName: string;
  readonly status: string;
  readonly updateTime: number;
  readonly attributes: Json;
  readonly labels?: readonly string[];
  readonly relationshipAttributes: Readonly<Record<string, Json | readonly Json[] | null>>;
  readonly classifications?: readonly Json[];
}

export interface EntityResult {
  readonly entity: FullEntity;
  readonly entities: readonly FullEntity[];
  readonly referredEntities: Readonly<Record<string, FullEntity>>;
  readonly errorCode?: string;
}

/** Asks a stand-in as a signed-in client would; for tests. */
export class AtlasTestClient {
  readonly #server: AtlasStandIn;

  constructor(server: AtlasStandIn) {
    this.#server = server;
  }

  send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Basic ${Buffer.from('admin:admin').toString('base64')}`);
    headers.set('Content-Type', 'application/json');
    return fetch(`${this.#server.url}/api/atlas/${path}`, { ...init, headers });
  }

  async get<T = EntityResult>(path: string): Promise<T> {
    return (await (await this.send(path)).json()) as T;
  }

  async search(parameters: Json): Promise<SearchResult> {
    const answer = await this.send('v2/search/basic', { method: 'POST', body: JSON.stringify(parameters) });
    return (await answer.json()) as SearchResult;
  }

  /** The one header that has this qualifiedName. */
  async find(typeName: string, qualifiedName: string, attributes: readonly string[] = []): Promise<Header> {
    const found = await this.search({
      typeName,
      attributes,
      includeClassificationAttributes: true,
      entityFilters: { attributeName: 'qualifiedName', operator: 'eq', attributeValue: qualifiedName },
    });
    const [header] = found.entities ?? [];
    if (header === undefined) {
      throw new Error(`No ${typeName} ${qualifiedName}`);
    }
    return header;
  }
}
