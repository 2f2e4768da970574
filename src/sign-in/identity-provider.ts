import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent, fetch as send } from 'undici';
import { AuthenticationError, ConnectionError, MeridianError } from '../errors.ts';
import { connectionError } from '../http/http-errors.ts';

const usualTimeoutMs = 30_000;
const shownBody = 300;

export interface IdentityProviderOptions {
  /** Who it is, for messages: `Auth0`, `Okta`. */
  readonly name: string;
  /** A certificate authority beside the usual ones, as PEM. */
  readonly ca?: string | undefined;
  /** A client's certificate and key, as PEM. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Milliseconds for a whole answer; 30,000 unless set. */
  readonly timeoutMs?: number | undefined;
  /** Masks secrets in what an error quotes. */
  readonly redact?: ((text: string) => string) | undefined;
}

/**
 * The way to an identity provider: HTTP as its library wants it, through the machine's proxy, with a time limit, without
 * following redirects, and with errors that say who refused, what it said and what to check.
 */
export class IdentityProvider {
  readonly name: string;
  readonly #redact: (text: string) => string;
  readonly #dispatcher: Dispatcher;
  readonly #timeoutMs: number;

  constructor({ name, ca, cert, key, redact, timeoutMs = usualTimeoutMs }: IdentityProviderOptions) {
    this.name = name;
    this.#timeoutMs = timeoutMs;
    this.#redact = redact ?? ((text) => text);
    const tls = {
      ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    };
    const limits = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect: { timeout: 10_000, ...tls } };
    const { HTTPS_PROXY, HTTP_PROXY, https_proxy, http_proxy } = process.env;
    const hasProxy = HTTPS_PROXY || HTTP_PROXY || https_proxy || http_proxy;
    this.#dispatcher = hasProxy ? new EnvHttpProxyAgent({ ...limits, requestTls: tls }) : new Agent(limits);
  }

  /**
   * `fetch` for libraries. An answer that is no success, or no JSON, is thrown as one of ours.
   *
   * @throws AuthenticationError `auth.refused`, ConnectionError `http.unreachable`, `auth.not-a-provider`, `auth.redirect`
   */
  readonly fetch = async (address: string | URL | Request, init: object = {}): Promise<Response> => {
    const url = new URL(address instanceof Request ? address.url : address);
    const place = { name: this.name, method: String((init as RequestInit).method ?? 'GET'), url };
    let answer: Awaited<ReturnType<typeof send>>;
    let text: string;
    try {
      const options = {
        ...init,
        redirect: 'manual',
        dispatcher: this.#dispatcher,
        signal: AbortSignal.timeout(this.#timeoutMs),
      };
      answer = await send(url, options as Parameters<typeof send>[1]);
      text = await answer.text();
    } catch (cause) {
      if ((cause as Error).name === 'TimeoutError') throw this.#slow(url, cause);
      throw connectionError(place, cause);
    }
    if (answer.status >= 300 && answer.status < 400) throw this.#redirected(url, answer.headers.get('location') ?? '');
    if (!isJson(text)) throw this.#notJson(url, answer.status, text);
    if (answer.status >= 400) throw this.#refused(url, answer.status, text);
    return new Response(text, { status: answer.status, headers: { 'content-type': 'application/json' } });
  };

  /** Passes our own errors on, whatever a library has wrapped them in, and gives others a form that says who failed. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      for (let cause = error, depth = 0; cause instanceof Error && depth < 6; cause = cause.cause, depth += 1) {
        if (cause instanceof MeridianError) throw cause;
      }
      const said = this.#redact(error instanceof Error ? error.message : String(error));
      throw new AuthenticationError('auth.refused', `${this.name} gave no token: ${said}`, {
        help: `Check the sign-in of the recipe (securityConfig) against what ${this.name} has registered.`,
        cause: error,
      });
    }
  }

  #refused(url: URL, status: number, text: string): AuthenticationError {
    const { error, error_description: description, message } = JSON.parse(text) as Record<string, unknown>;
    const said = [error, description ?? message].filter((part) => typeof part === 'string').join(': ');
    const words = said ? this.#redact(said) : this.#redact(text).slice(0, shownBody);
    return new AuthenticationError(
      'auth.refused',
      `${this.name} at ${url.origin} refused the sign-in (${status}): ${words}`,
      { help: `${this.name} refused, not OpenMetadata. ${hintFor(String(error ?? ''), status)}` },
    );
  }

  #notJson(url: URL, status: number, text: string): ConnectionError {
    const isPage = text.trimStart().startsWith('<');
    const what = text.trim() === '' ? 'nothing' : isPage ? 'a web page' : 'something that is no JSON';
    return new ConnectionError(
      'auth.not-a-provider',
      `${this.name} at ${url.origin}${url.pathname} answered ${status} with ${what}.`,
      {
        help: 'Check the address of the identity provider in securityConfig: it must be the one that gives tokens.',
      },
    );
  }

  #redirected(url: URL, location: string): ConnectionError {
    const target = URL.canParse(location, url.href) ? new URL(location, url).origin : 'another address';
    return new ConnectionError('auth.redirect', `${this.name} at ${url.origin} sends us to ${target}.`, {
      help: 'Secrets are not taken along to another place. Put the final address into securityConfig.',
    });
  }

  #slow(url: URL, cause: unknown): ConnectionError {
    return new ConnectionError(
      'http.unreachable',
      `${this.name} at ${url.origin} gave no answer within the time limit.`,
      {
        help: 'Check the address in securityConfig and whether this machine may reach it (proxy, firewall).',
        cause,
      },
    );
  }
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object';
  } catch {
    return false;
  }
}

function hintFor(error: string, status: number): string {
  if (error === 'invalid_client' || error === 'unauthorized_client') {
    return 'Check client id and secret (or key), and that the client may use the client credentials grant.';
  }
  if (error === 'invalid_scope') return 'Check the scopes.';
  if (error === 'invalid_grant') return 'Check the key, and that this machine’s clock is right.';
  if (status >= 500) return 'Its own log says why; try again later.';
  return 'Check the values of securityConfig.';
}
