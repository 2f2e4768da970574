import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendHtmlError } from './html-answer.ts';

export interface KnoxSsoOptions {
  /** Atlas' path behind the gateway: `/gateway/company/atlas`. */
  readonly knoxPath: string;
  readonly username: string;
  readonly password: string;
  /** How many requests a cookie lasts. */
  readonly requestsEach: number;
}

/**
 * A gateway whose topology wants KnoxSSO's cookie (SSOCookieProvider), and KnoxSSO with its login form, in the way that
 * Knox' documentation and its form describe: there are no recorded answers of a Knox. As over plain http everywhere, the
 * cookie is not for https only (`knoxsso.cookie.secure.only` off).
 */
export class KnoxSso {
  readonly #options: KnoxSsoOptions;
  readonly #topology: string;
  /** Each cookie that still holds, with the requests that it has let in. */
  readonly #cookies = new Map<string, number>();

  constructor(options: KnoxSsoOptions) {
    this.#options = options;
    this.#topology = `${options.knoxPath.replace(/\/[^/]+\/[^/]+$/, '')}/knoxsso`;
  }

  /** @returns whether the request may go on to Atlas; if not, it has its answer */
  admit(req: IncomingMessage, res: ServerResponse, url: URL): boolean {
    if (url.pathname === `${this.#topology}/api/v1/websso`) {
      req.resume();
      this.#signIn(req, res, url);
      return false;
    }
    if (url.pathname === `${this.#topology}/knoxauth/login.html`) {
      const page = '<!doctype html><html><head><title>Apache Knox</title></head><body><form></form></body></html>\n';
      res.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
      return false;
    }
    const sent = /(?:^|; )hadoop-jwt=([^;]*)/.exec(req.headers.cookie ?? '')?.[1] ?? '';
    const used = this.#cookies.get(sent);
    if (used !== undefined && used < this.#options.requestsEach) {
      this.#cookies.set(sent, used + 1);
      return true;
    }
    req.resume();
    const original = `http://${req.headers.host}${url.pathname}${url.search}`;
    res.writeHead(302, {
      Location: `http://${req.headers.host}${this.#topology}/api/v1/websso?originalUrl=${original}`,
    });
    res.end();
    return false;
  }

  #signIn(req: IncomingMessage, res: ServerResponse, url: URL): void {
    const { authorization } = req.headers;
    if (authorization === undefined) {
      res.writeHead(302, { Location: `${this.#topology}/knoxauth/login.html${url.search}` }).end();
      return;
    }
    const { username, password } = this.#options;
    if (authorization !== `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`) {
      res.writeHead(401).end();
      return;
    }
    const original = url.searchParams.get('originalUrl');
    if (!original) {
      sendHtmlError(res, 400, 'Original URL not found in the request.');
      return;
    }
    const cookie = `eyJhbGciOiJSUzI1NiJ9.${randomBytes(24).toString('base64url')}.${randomBytes(48).toString('base64url')}`;
    this.#cookies.set(cookie, 0);
    // A form posts, and is sent on with 303; a browser that comes back from elsewhere gets, and is sent on with 307.
    res.writeHead(req.method === 'POST' ? 303 : 307, {
      Location: original,
      'Set-Cookie': `hadoop-jwt=${cookie}; Path=/; HttpOnly; SameSite=Strict`,
    });
    res.end();
  }
}
