import type { QueryResult, Trino } from 'trino-client';
import { ConnectionError } from '../../errors.ts';
import type { HttpClient } from '../../http/http-client.ts';

/** The part of axios' request that trino-client fills. */
interface AxiosRequest {
  readonly method?: string;
  readonly url?: string;
  readonly data?: unknown;
  readonly headers: { toJSON(): Record<string, unknown> };
}

/** Where trino-client keeps the axios configuration that each of its requests is made with. */
interface Internals {
  readonly client?: { readonly clientConfig?: { adapter?: (request: AxiosRequest) => Promise<object> } };
}

/** Milliseconds that a cancellation may take: nobody waits for its outcome. */
const cancelTimeout = 5_000;

/**
 * The way of one query's requests: trino-client speaks the protocol, our HTTP client sends. trino-client itself has no
 * time limits, no retries, no way to stop, follows redirects, and takes a sign-in along to whatever host an answer names.
 */
export class QueryTransport {
  readonly #http: HttpClient;
  readonly #base: URL;
  readonly #signal: AbortSignal;
  #next: string | undefined;

  constructor(http: HttpClient, address: string, signal: AbortSignal) {
    this.#http = http;
    this.#base = new URL(address);
    this.#signal = signal;
  }

  /** Has a client's requests sent this way. @throws TypeError for a trino-client that is built otherwise */
  carry(trino: Trino): void {
    const config = (trino as unknown as Internals).client?.clientConfig;
    if (!config) throw new TypeError('This version of trino-client keeps its configuration elsewhere');
    config.adapter = (request) => this.#send(request);
  }

  /** Ends the query at the server, if it is under way. */
  async cancel(): Promise<void> {
    if (this.#next === undefined) return;
    const path = this.#path(this.#next);
    this.#next = undefined;
    // A server that does not hear it ends the query by itself, since nobody asks for it any more.
    await this.#http
      .request({ method: 'DELETE', path, signal: AbortSignal.timeout(cancelTimeout) })
      .catch(() => undefined);
  }

  async #send(request: AxiosRequest): Promise<object> {
    const method = request.method?.toUpperCase() === 'POST' ? 'POST' : 'GET';
    const own = Object.entries(request.headers.toJSON()).filter(([name]) => /^x-trino-/i.test(name));
    const { body, status, headers } = await this.#http.request<Partial<QueryResult>>({
      method,
      path: this.#path(request.url ?? ''),
      headers: Object.fromEntries(own.map(([name, value]) => [name, String(value)])),
      signal: this.#signal,
      // Every statement of ours reads: begun twice, it does no harm.
      ...(method === 'POST' && { text: String(request.data), retryable: true }),
    });
    if (typeof body?.id !== 'string' || typeof body.stats !== 'object') throw this.#notTrino();
    this.#next = body.nextUri;
    return { data: body, status, statusText: '', headers, config: request };
  }

  /** Behind the address of the recipe, whatever host an answer names: a proxy may stand between, and others get no password. */
  #path(url: string): string {
    const { pathname, search } = new URL(url, this.#base);
    const prefix = this.#base.pathname.replace(/\/+$/, '');
    const inner = prefix !== '' && pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
    return inner + search;
  }

  #notTrino(): ConnectionError {
    return new ConnectionError('trino.not-trino', `What answers at ${this.#base.host} does not answer as Trino does.`, {
      help: 'Check hostPort of the source: it is the address of Trino’s coordinator, or of a gateway before it.',
    });
  }
}
