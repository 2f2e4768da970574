import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request as send } from 'undici';
import { ConfigurationError, type MeridianError } from '../errors.ts';
import { AdaptiveLimit, type SlotOutcome } from './adaptive-limit.ts';
import { backoffMs, retryAfterMs } from './backoff.ts';
import { CookieJar } from './cookie-jar.ts';
import {
  connectionError,
  halfAnswer,
  isFinal,
  neverSent,
  type RequestPlace,
  statusError,
  webPage,
} from './http-errors.ts';
import { lowerCased } from './lower-cased.ts';
import { RateLimit } from './rate-limit.ts';
import type { RequestShare } from './request-share.ts';

export interface HttpClientOptions {
  /** Address that every path is put behind. */
  readonly baseUrl: string;
  /** The server's name for people. */
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers of the sign-in, asked for each request; after a 401 once more with `refresh`. */
  readonly authorize?: (refresh: boolean) => Promise<Readonly<Record<string, string>>>;
  /** Whether a redirect means that the sign-in is over, as where a gateway sends people to its login page. */
  readonly redirectEndsSignIn?: boolean;
  /** Whether cookies are kept and sent back, as a gateway's sessions need. */
  readonly cookies?: boolean;
  /** Milliseconds until an answer must have begun, and between its parts; 60,000 unless set. */
  readonly timeoutMs?: number;
  /** How often a request is sent again at most; 5 unless set. */
  readonly retries?: number;
  /** Requests at once at most; 8 unless set. Fewer while the server says that it has too much to do. */
  readonly concurrency?: number;
  /** Requests a second at most; no limit unless set. */
  readonly requestsPerSecond?: number;
  /** What of both is this process's, where several share them. */
  readonly share?: RequestShare | undefined;
  /** Proxies of its own, by the scheme of the server; else those of the environment. */
  readonly proxies?: { readonly http?: string; readonly https?: string } | undefined;
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
  /** For tests: the jitter, uniform in [0, 1). */
  readonly random?: () => number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Behind `baseUrl`, beginning with a slash; encoded already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** True for a POST that only reads: it may be sent twice without harm. */
  readonly retryable?: boolean;
  /** True where a redirect is an answer like others, without a body; it is not followed either way. */
  readonly takesRedirect?: boolean;
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
/** A server that never answered is likelier a wrong address than one that restarts. */
const retriesBeforeFirstAnswer = 2;

/** One attempt's failure: whether it may be sent again, and after what time. */
class Attempt extends Error {
  readonly error: MeridianError;
  /** `always`: the server has not done anything, so that any request may be repeated. */
  readonly retry: 'never' | 'harmless' | 'always';
  readonly afterMs: number | undefined;
  /** The request was part of a session, which may have ended. */
  readonly inSession: boolean;

  constructor(error: MeridianError, retry: Attempt['retry'], afterMs?: number, inSession = false) {
    super(error.message);
    this.error = error;
    this.retry = retry;
    this.afterMs = afterMs;
    this.inSession = inSession;
  }
}

/**
 * Sends JSON requests to one server: bounded and adaptive concurrency, a rate limit, retries with backoff and full
 * jitter on 429 (Retry-After), 5xx, dropped connections, time-outs and half answers; never on 400, 401, 403, 404, 409,
 * 412. An answer's content type is looked at before it is parsed, and redirects are not followed.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #dispatcher: Dispatcher;
  readonly #limit: AdaptiveLimit;
  readonly #rate: RateLimit | undefined;
  readonly #pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly #base: string;
  readonly #jar: CookieJar | undefined;
  #requests = 0;
  #answered = false;
  /** `Date.now()` before which nothing is sent, because the server asked for it. */
  #pausedUntil = 0;

  /** @throws ConfigurationError when `baseUrl` is no http or https address */
  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#base = baseOf(options);
    this.#jar = options.cookies ? new CookieJar() : undefined;
    const timeout = options.timeoutMs ?? 60_000;
    const connect = { timeout: Math.min(timeout, 10_000), ...options.tls };
    const limits = { headersTimeout: timeout, bodyTimeout: timeout, connect, keepAliveTimeout: 4_000 };
    const { HTTPS_PROXY, HTTP_PROXY, https_proxy, http_proxy } = process.env;
    const { proxies } = options;
    const hasProxy = proxies || HTTPS_PROXY || HTTP_PROXY || https_proxy || http_proxy;
    const own = proxies && { httpProxy: proxies.http ?? '', httpsProxy: proxies.https ?? '', noProxy: '' };
    // Behind a proxy, certificates are those of the server that is spoken to through it.
    this.#dispatcher = hasProxy
      ? new EnvHttpProxyAgent({ ...limits, ...own, ...(options.tls && { requestTls: options.tls }) })
      : new Agent(limits);
    const { concurrency = 8, requestsPerSecond, share } = options;
    this.#limit = new AdaptiveLimit(concurrency, share && (() => share.of(concurrency)));
    this.#rate = requestsPerSecond ? new RateLimit(requestsPerSecond, () => share?.processes ?? 1) : undefined;
    this.#pause = options.pause ?? ((ms, signal) => sleep(ms, undefined, signal ? { signal } : {}));
  }

  /** Requests sent so far, repeated ones included. */
  get requestCount(): number {
    return this.#requests;
  }

  /** How many requests may run at once now. */
  get concurrency(): number {
    return this.#limit.limit;
  }

  /**
   * @returns the parsed answer; `undefined` as body where the answer has none
   * @throws AuthenticationError (401, 403), ConnectionError (unreachable, web page, half answer), ResponseError (others);
   *   the signal's reason when it aborts
   */
  async request<T>(request: HttpRequest): Promise<HttpResponse<T>> {
    const { signal } = request;
    let refreshed = false;
    let refresh = false;
    for (let failures = 0; ; ) {
      try {
        return await this.#inSlot<T>(request, refresh);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof Attempt)) throw error;
        refresh = false;
        const canSignInAgain = this.#options.authorize !== undefined || error.inSession;
        if (this.#isSignedOut(error) && canSignInAgain && !refreshed) {
          refreshed = true;
          refresh = true;
          continue;
        }
        failures += 1;
        if (!this.#mayRepeat(request, error) || failures > this.#retries()) throw error.error;
        await this.#waitToRepeat(failures, error.afterMs, signal);
      }
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  #retries(): number {
    const retries = this.#options.retries ?? 5;
    return this.#answered ? retries : Math.min(retries, retriesBeforeFirstAnswer);
  }

  #isSignedOut({ error: { code } }: Attempt): boolean {
    return code === 'http.not-signed-in' || (code === 'http.redirect' && this.#options.redirectEndsSignIn === true);
  }

  #mayRepeat(request: HttpRequest, { error, retry }: Attempt): boolean {
    if (retry === 'never' || request.isRetryable?.(error) === false) return false;
    return retry === 'always' || (request.retryable ?? idempotent.has(request.method));
  }

  async #waitToRepeat(failures: number, afterMs: number | undefined, signal: AbortSignal | undefined): Promise<void> {
    const jitter = backoffMs(failures, this.#options.random ?? Math.random);
    if (afterMs !== undefined) this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + afterMs);
    await this.#sleep(afterMs ?? jitter, signal);
  }

  async #sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#pause(ms, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  /** One attempt. A slot is held while it runs, and not while it waits to be repeated. */
  async #inSlot<T>(request: HttpRequest, refresh: boolean): Promise<HttpResponse<T>> {
    const slot = await this.#limit.acquire(request.signal);
    let outcome: SlotOutcome = 'unknown';
    try {
      const authorization = (await this.#options.authorize?.(refresh)) ?? {};
      const held = this.#pausedUntil - Date.now();
      if (held > 0) await this.#sleep(held, request.signal);
      await this.#rate?.take(request.signal);
      return await this.#attempt<T>(request, authorization, (seen) => {
        outcome = seen;
      });
    } finally {
      slot.release(request.signal?.aborted ? 'unknown' : outcome);
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

  async #attempt<T>(
    request: HttpRequest,
    authorization: Readonly<Record<string, string>>,
    saw: (outcome: SlotOutcome) => void,
  ): Promise<HttpResponse<T>> {
    const url = this.#url(request);
    const { name } = this.#options;
    const redact = (text: string): string => this.#masked(text);
    const cookie = this.#jar?.header(url);
    const place: RequestPlace = { name, method: request.method, url };
    this.#requests += 1;
    let response: Dispatcher.ResponseData;
    saw('none');
    try {
      response = await this.#send(url, request, withCookie(authorization, cookie));
    } catch (cause) {
      const retry = isFinal(cause) ? 'never' : neverSent(cause) ? 'always' : 'harmless';
      throw new Attempt(connectionError(place, cause), retry);
    }
    this.#answered = true;
    let text: string;
    try {
      text = await textOf(response);
    } catch (cause) {
      throw new Attempt(halfAnswer(place, cause), 'harmless');
    }
    const { statusCode: status, headers } = response;
    saw(status);
    if (status === 401 && cookie !== undefined) this.#jar?.forget(url, cookie);
    this.#jar?.take(url, headers['set-cookie']);
    if (status >= 300 && status < 400 && request.takesRedirect) return { status, headers, body: undefined as T };
    if (status >= 300) {
      const error = statusError(place, status, redact(text), redact(String(headers['location'] ?? '')));
      const retry = status === 429 ? 'always' : retriedStatuses.has(status) ? 'harmless' : 'never';
      throw new Attempt(error, retry, retryAfterMs(headers['retry-after'], Date.now()), cookie !== undefined);
    }
    if (text.trim() === '') return { status, headers, body: undefined as T };
    if (String(headers['content-type'] ?? '').includes('html') || text.trimStart().startsWith('<')) {
      throw new Attempt(webPage(place, redact(text)), 'never');
    }
    try {
      return { status, headers, body: JSON.parse(text) as T };
    } catch {
      // The parser's own message quotes a piece of the answer.
      throw new Attempt(halfAnswer(place, new Error('it is no JSON')), 'harmless');
    }
  }

  /** What an error may quote of an answer. */
  #masked(text: string): string {
    const own = this.#jar?.mask(text) ?? text;
    return this.#options.redact?.(own) ?? own;
  }

  #send(
    url: URL,
    request: HttpRequest,
    authorization: Readonly<Record<string, string>>,
  ): Promise<Dispatcher.ResponseData> {
    return send(url, {
      method: request.method,
      dispatcher: this.#dispatcher,
      headers: {
        accept: 'application/json',
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...(request.text !== undefined && { 'content-type': 'text/plain; charset=utf-8' }),
        ...this.#options.headers,
        ...authorization,
        ...lowerCased(request.headers),
      },
      body: request.text ?? (request.body === undefined ? null : JSON.stringify(request.body)),
      ...(request.signal && { signal: request.signal }),
    });
  }
}

/** A sign-in may have a cookie of its own, beside those of the session. */
function withCookie(
  authorization: Readonly<Record<string, string>>,
  cookie: string | undefined,
): Readonly<Record<string, string>> {
  if (cookie === undefined) return authorization;
  const own = authorization['cookie'];
  return { ...authorization, cookie: own === undefined ? cookie : `${own}; ${cookie}` };
}

/** Bytes above which Node keeps a decoded text outside of the heap, roughly. */
const largeText = 500_000;

/**
 * The text of a body. A large one is put together from its parts: decoded as a whole it would lie outside of the heap and
 * stay there, dead, until the next collection of everything; tens of megabytes of pages that were read long ago.
 */
async function textOf({ body, headers }: Dispatcher.ResponseData): Promise<string> {
  if (Number(headers['content-length'] ?? largeText) < largeText) return body.text();
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of body) text += decoder.decode(part as Uint8Array, { stream: true });
  return text + decoder.decode();
}

function baseOf({ baseUrl, name }: HttpClientOptions): string {
  const { protocol } = URL.canParse(baseUrl) ? new URL(baseUrl) : { protocol: '' };
  if (protocol === 'http:' || protocol === 'https:') return baseUrl.replace(/\/+$/, '');
  throw new ConfigurationError('http.bad-address', `The address of ${name} is no http or https address.`, {
    help: 'Write hostPort with its scheme, such as http://host:21000.',
  });
}
