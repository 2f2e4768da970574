import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const COOKIE = 'KNOXSESSIONID';

/**
 * The session of a gateway such as Knox. The first signed-in request opens it; from then on nobody gets in without its
 * cookie. When it has ended, requests that sign in anew get in until one of them has come with the new cookie.
 */
export class GatewaySession {
  readonly #requestsEach: number;
  #id: string | undefined;
  #used = 0;
  #ended = false;

  /** @param requestsEach how many requests a session lasts */
  constructor(requestsEach: number) {
    this.#requestsEach = requestsEach;
  }

  /** Lets a request in, or says why not. */
  admit(req: IncomingMessage, res: ServerResponse, path: string): { status: number; message: string } | undefined {
    const sent = new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(req.headers.cookie ?? '')?.[1];
    if (this.#used >= this.#requestsEach) {
      this.#id = undefined;
      this.#used = 0;
      this.#ended = true;
    }
    if (sent === undefined) {
      if (this.#id !== undefined && (this.#used > 0 || !this.#ended)) {
        return { status: 401, message: 'The session cookie is missing' };
      }
      this.#id ??= randomUUID();
      // Knox takes back a cookie of its own with each sign-in.
      res.setHeader('Set-Cookie', [
        `rememberMe=deleteMe; Path=${path}; Max-Age=0; Expires=Mon, 23-Nov-2026 00:00:00 GMT`,
        `${COOKIE}=${this.#id}; Path=${path}; HttpOnly`,
      ]);
      return undefined;
    }
    if (sent !== this.#id) {
      return { status: 401, message: 'The session has ended' };
    }
    this.#used += 1;
    return undefined;
  }
}
