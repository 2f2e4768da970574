import { AuthenticationError } from '../errors.ts';
import type { AuthProvider } from './auth-provider.ts';

export interface Token {
  readonly value: string;
  /** Epoch milliseconds; undefined for one that never ends, or does not say. */
  readonly expiresAt: number | undefined;
}

/** Where tokens come from: asks the identity provider, each time it is called. */
export type TokenSource = () => Promise<Token>;

/** So long before its end a token is replaced (what OpenMetadata's own client does); a short-lived one at half its life. */
const marginMs = 120_000;
/** A token that was just fetched is not fetched again, however many requests were refused with the one before. */
const freshMs = 2_000;
/** How long a provider that failed is left in peace while the token in hand is still good. */
const pauseMs = 10_000;

export interface TokenCacheOptions {
  /** Told each token, so that it can be masked wherever it might show. */
  readonly learn?: ((secret: string) => void) | undefined;
  /** For tests: epoch milliseconds. */
  readonly now?: (() => number) | undefined;
}

/**
 * Signs in with tokens that end. They are kept in memory only, fetched once however many requests wait, replaced before
 * they end and after the server refused one. A provider that fails while the token in hand is still good is forgiven.
 */
export class TokenCache implements AuthProvider {
  readonly #source: TokenSource;
  readonly #learn: (secret: string) => void;
  readonly #now: () => number;
  #token: (Token & { readonly fetchedAt: number }) | undefined;
  #fetching: Promise<Token> | undefined;
  #failedAt: number | undefined;

  constructor(source: TokenSource, options: TokenCacheOptions = {}) {
    this.#source = source;
    this.#learn = options.learn ?? (() => undefined);
    this.#now = options.now ?? Date.now;
  }

  async authorize(refresh: boolean): Promise<Record<string, string>> {
    const token = await this.#current(refresh);
    return { Authorization: `Bearer ${token.value}` };
  }

  async #current(refresh: boolean): Promise<Token> {
    const held = this.#token;
    const now = this.#now();
    if (held && !refresh && !this.#isDue(held, now)) return held;
    if (held && refresh && now - held.fetchedAt < freshMs) return held;
    try {
      this.#fetching ??= this.#fetch().finally(() => {
        this.#fetching = undefined;
      });
      return await this.#fetching;
    } catch (error) {
      if (!held || refresh || isOver(held, this.#now())) throw error;
      this.#failedAt = this.#now();
      return held;
    }
  }

  #isDue(held: Token & { readonly fetchedAt: number }, now: number): boolean {
    if (held.expiresAt === undefined) return false;
    const lifetime = held.expiresAt - held.fetchedAt;
    if (now < held.expiresAt - Math.min(marginMs, lifetime / 2)) return false;
    return isOver(held, now) || this.#failedAt === undefined || now - this.#failedAt >= pauseMs;
  }

  async #fetch(): Promise<Token> {
    const token = await this.#source();
    if (token.value === '') {
      throw new AuthenticationError('auth.no-token', 'The identity provider answered without a token.');
    }
    this.#learn(token.value);
    this.#failedAt = undefined;
    this.#token = { ...token, fetchedAt: this.#now() };
    return token;
  }
}

function isOver({ expiresAt }: Token, now: number): boolean {
  return expiresAt !== undefined && now >= expiresAt;
}
