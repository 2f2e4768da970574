import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request as send } from 'undici';
import { AuthenticationError, type MeridianError } from '../errors.ts';
import { connectionError, halfAnswer, type RequestPlace, statusError, webPage } from './http-errors.ts';
import { RateLimit } from './rate-limit.ts';

export interface HttpClientOptions {
  /** Address that every path is put behind. */
  readonly baseUrl: string;
  /** The server's name for people. */
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers of the sign-in, asked for each request; after a 401 once more with `refresh`. */
  readonly authorize?: (refresh: boolean) => Promise<Readonly<Record<string, string>>>;
  /** Milliseconds until an answer must have begun, and between its parts; 60,000 unless set. */
  readonly timeoutMs?: number;
  /** How often a request is sent again at most; 5 unless set. */
  readonly retries?: number;
  /** Requests at once; 8 unless set. */
  readonly concurrency?: number;
  /** Requests a second at most; no limit unless set. */
  readonly requestsPerSecond?: number;
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** Masks secrets in what an error quotes of an answer. */
  readonly redact?: (text: string) => string;
  /** For tests: waits, in milliseconds. */
  readonly pause?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Behind `baseUrl`, beginning with a slash; encoded already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** True for a POST that only reads. */
  readonly retryable?: boolean;
  /** Says no to sending again after certain refusals, such as a 500 that is final. */
  readonly isRetryable?: (error: unknown) => boolean;
}

export interface HttpResponse<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: T;
}

const retriedStatuses = new Set([429, 500, 502, 503, 504]);
const idempotent = new Set(['GET', 'PUT', 'DELETE', 'PATCH']);
const backoffBaseMs = 250;
const backoffCapMs = 10_000;

/** One attempt's failure: may it be sent again, and after what time. */
class Attempt extends Error {
  readonly error: MeridianError;
  readonly retry: boolean;
  readonly afterMs: number | undefined;

  constructor(error: MeridianError, retry: boolean, afterMs?: number) {
    super(error.message);
    this.error = error;
    this.retry = retry;
    this.afterMs = afterMs;
  }
}

/**
 * Sends JSON requests to one server: bounded concurrency, a rate limit, retries with backoff and full jitter on 429
 * (Retry-After), 5xx, dropped connections, time-outs and half answers; never on 400, 401, 403, 404, 409, 412.
 * An answer's content type is looked at before it is parsed, and redirects are not followed.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #dispatcher: Dispatcher;
  readonly #rate: RateLimit | undefined;
  readonly #pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly #base: string;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #requests = 0;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#base = options.baseUrl.replace(/\/+$/, '');
    const timeout = options.timeoutMs ?? 60_000;
    const connect = { timeout: Math.min(timeout, 10_000), ...options.tls };
    const limits = { headersTimeout: timeout, bodyTimeout: timeout, connect, keepAliveTimeout: 4_000 };
    const { HTTPS_PROXY, HTTP_PROXY, https_proxy, http_proxy } = process.env;
    const hasProxy = HTTPS_PROXY || HTTP_PROXY || https_proxy || http_proxy;
    this.#dispatcher = hasProxy ? new EnvHttpProxyAgent(limits) : new Agent(limits);
    this.#rate = options.requestsPerSecond ? new RateLimit(options.requestsPerSecond) : undefined;
    this.#pause = options.pause ?? ((ms, signal) => sleep(ms, undefined, signal ? { signal } : {}));
  }

  /** Requests sent so far, repeated ones included. */
  get requestCount(): number {
    return this.#requests;
  }

  /**
   * @returns the parsed answer; `undefined` as body where the answer has none
   * @throws AuthenticationError (401, 403), ConnectionError (unreachable, web page, half answer), ResponseError (others)
   */
  async request<T>(request: HttpRequest): Promise<HttpResponse<T>> {
    await this.#enter();
    try {
      return await this.#withRetries<T>(request);
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #enter(): Promise<void> {
    while (this.#running >= (this.#options.concurrency ?? 8)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running += 1;
  }

  async #withRetries<T>(request: HttpRequest): Promise<HttpResponse<T>> {
    const mayRepeat = request.retryable ?? idempotent.has(request.method);
    const retries = this.#options.retries ?? 5;
    let refreshed = false;
    for (let tries = 0; ; tries += 1) {
      request.signal?.throwIfAborted();
      try {
        return await this.#attempt<T>(request, refreshed);
      } catch (error) {
        request.signal?.throwIfAborted();
        if (!(error instanceof Attempt)) throw error;
        const unauthorized = error.error instanceof AuthenticationError && error.error.code === 'http.not-signed-in';
        if (unauthorized && this.#options.authorize && !refreshed) {
          refreshed = true;
          continue;
        }
        const final = request.isRetryable && !request.isRetryable(error.error);
        if (!error.retry || !mayRepeat || final || tries >= retries) throw error.error;
        const backoff = Math.random() * Math.min(backoffCapMs, backoffBaseMs * 2 ** tries);
        await this.#pause(error.afterMs ?? backoff, request.signal);
      }
    }
  }

  #url(request: HttpRequest): URL {
    const url = new URL(`${this.#base}${request.path}`);
    for (const [key, value] of Object.entries(request.query ?? {})) {
      if (value === undefined) continue;
      if (Array.isArray(value)) for (const item of value) url.searchParams.append(key, item);
      else url.searchParams.set(key, String(value));
    }
    return url;
  }

  async #attempt<T>(request: HttpRequest, refresh: boolean): Promise<HttpResponse<T>> {
    const options = this.#options;
    const url = this.#url(request);
    const place: RequestPlace = { name: options.name, method: request.method, url };
    const authorization = (await options.authorize?.(refresh)) ?? {};
    await this.#rate?.take(request.signal);
    this.#requests += 1;
    let response: Dispatcher.ResponseData;
    try {
      response = await send(url, {
        method: request.method,
        dispatcher: this.#dispatcher,
        headers: {
          accept: 'application/json',
          ...(request.body !== undefined && { 'content-type': 'application/json' }),
          ...options.headers,
          ...authorization,
          ...lowerCased(request.headers),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        ...(request.signal && { signal: request.signal }),
      });
    } catch (cause) {
      throw new Attempt(connectionError(place, cause), true);
    }
    let text: string;
    try {
      text = await response.body.text();
    } catch (cause) {
      throw new Attempt(halfAnswer(place, cause), true);
    }
    const { statusCode: status, headers } = response;
    if (status >= 300) {
      const error = statusError(place, status, options.redact?.(text) ?? text);
      throw new Attempt(error, retriedStatuses.has(status), retryAfterMs(headers['retry-after']));
    }
    if (text === '') return { status, headers, body: undefined as T };
    if (String(headers['content-type'] ?? '').includes('html') || text.trimStart().startsWith('<')) {
      throw new Attempt(webPage(place, text), false);
    }
    try {
      return { status, headers, body: JSON.parse(text) as T };
    } catch (cause) {
      throw new Attempt(halfAnswer(place, cause), true);
    }
  }
}

function lowerCased(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Retry-After as seconds or as a date; at most a minute is waited. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.min(60_000, Math.max(0, ms)) : undefined;
}
