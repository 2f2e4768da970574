import { AuthenticationError, ConnectionError } from '../../../errors.ts';
import { CookieJar } from '../../../http/cookie-jar.ts';
import { HttpClient, type HttpResponse } from '../../../http/http-client.ts';
import type { AtlasAuthContext } from './atlas-auth.ts';

export interface KnoxSsoOptions extends AtlasAuthContext {
  /** `https://knox:8443/gateway/knoxsso/api/v1/websso` */
  readonly ssoUrl: string;
  /** Atlas behind the gateway, without `/api/atlas`. */
  readonly atlasUrl: string;
  /** Sign in at KnoxSSO. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Held {
  readonly cookie: string;
  readonly fetchedAt: number;
}

/** As Knox names it unless told otherwise (`knoxsso.cookie.name`). */
const cookieName = 'hadoop-jwt';
/** A cookie this new is not asked for again when the gateway refuses it. */
const freshMs = 1_000;

/**
 * KnoxSSO, signed in at as its own login form does it: a POST with user and password as basic authentication gives a cookie
 * and a redirect back to Atlas, which is not followed. Asked once however many requests wait; kept in memory only.
 */
export class KnoxSso {
  readonly #http: HttpClient;
  readonly #ssoUrl: URL;
  readonly #atlasUrl: URL;
  readonly #learn: (secret: string) => void;
  #held: Held | undefined;
  #asking: Promise<Held> | undefined;

  /** @throws ConfigurationError when `ssoUrl` is no http or https address */
  constructor({ ssoUrl, atlasUrl, headers, tls, redact, learn }: KnoxSsoOptions) {
    this.#http = new HttpClient({
      baseUrl: ssoUrl,
      name: 'KnoxSSO',
      headers,
      ...(tls && { tls }),
      ...(redact && { redact }),
    });
    this.#ssoUrl = new URL(ssoUrl);
    this.#atlasUrl = new URL(atlasUrl);
    this.#learn = learn ?? (() => undefined);
  }

  /**
   * The `cookie` header that signs a request in.
   *
   * @throws AuthenticationError, ConnectionError
   */
  async cookie(refresh: boolean): Promise<string> {
    const held = this.#held;
    if (held && (!refresh || Date.now() - held.fetchedAt < freshMs)) return held.cookie;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    this.#held = await this.#asking;
    return this.#held.cookie;
  }

  async #ask(): Promise<Held> {
    const { headers } = await this.#post();
    const location = String(headers['location'] ?? '');
    const target = URL.canParse(location, this.#ssoUrl.href) ? new URL(location, this.#ssoUrl) : undefined;
    if (location !== '' && target?.origin !== this.#ssoUrl.origin && target?.origin !== this.#atlasUrl.origin) {
      throw this.#elsewhere(target?.origin ?? 'another address');
    }
    const jar = new CookieJar();
    jar.take(this.#ssoUrl, headers['set-cookie']);
    // Only what may be sent to Atlas: by path, time, and “https only”.
    const sent = jar.header(this.#atlasUrl)?.split('; ') ?? [];
    const cookie = sent.find((each) => each.startsWith(`${cookieName}=`) && each.length > cookieName.length + 1);
    if (cookie === undefined) {
      const isBack = location === '' || target?.href === this.#atlasUrl.href;
      throw isBack ? this.#withoutCookie() : this.#loginPage();
    }
    this.#learn(cookie.slice(cookieName.length + 1));
    return { cookie, fetchedAt: Date.now() };
  }

  async #post(): Promise<HttpResponse<unknown>> {
    try {
      return await this.#http.request({
        method: 'POST',
        path: '',
        query: { originalUrl: this.#atlasUrl.href },
        retryable: true,
        takesRedirect: true,
      });
    } catch (error) {
      if (error instanceof ConnectionError && error.code === 'http.web-page') throw this.#loginPage();
      throw error;
    }
  }

  get #place(): string {
    return `KnoxSSO at ${this.#ssoUrl.origin}${this.#ssoUrl.pathname}`;
  }

  #loginPage(): AuthenticationError {
    return new AuthenticationError('atlas.sso-refused', `${this.#place} answered with its login page again.`, {
      help: 'Check username and password, and connectionArguments.ssoUrl, which ends in /api/v1/websso.',
    });
  }

  #withoutCookie(): AuthenticationError {
    return new AuthenticationError(
      'atlas.sso-no-cookie',
      `${this.#place} gave no cookie “${cookieName}” for ${this.#atlasUrl.origin}.`,
      { help: 'Knox must keep that name (knoxsso.cookie.name), and usually gives it for https only: see hostPort.' },
    );
  }

  #elsewhere(origin: string): ConnectionError {
    return new ConnectionError('atlas.sso-redirect', `${this.#place} sends us to ${origin}.`, {
      help: 'A sign-in at another provider needs a browser. Let Knox give you a token or passcode, and use auth: knox.',
    });
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}
