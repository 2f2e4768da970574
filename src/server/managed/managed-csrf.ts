import { createHmac, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sameText } from '../access/accounts.ts';
import { harmless } from '../access/same-origin.ts';
import { ServerError } from '../server-error.ts';

const cookie = 'meridian_managed_csrf';

/**
 * The CSRF exchange that a server may be set to ask for: a token for a cookie, sent back in `X-CSRFToken`. The calls
 * themselves are signed in by a header that no browser adds, so that it is not needed; it is checked where it is demanded.
 */
export class ManagedCsrf {
  readonly #key = randomBytes(32);
  readonly #isDemanded: boolean;

  constructor(isDemanded: boolean) {
    this.#isDemanded = isDemanded;
  }

  give(reply: FastifyReply): string {
    const value = randomBytes(18).toString('base64url');
    reply.setCookie(cookie, value, { path: '/', httpOnly: true, sameSite: 'strict' });
    return this.#tokenOf(value);
  }

  /** @throws ServerError `managed.csrf` */
  check(request: FastifyRequest): void {
    if (!this.#isDemanded || harmless.has(request.method)) return;
    const value = request.cookies[cookie];
    const token = request.headers['x-csrftoken'];
    if (value !== undefined && typeof token === 'string' && sameText(token, this.#tokenOf(value))) return;
    throw new ServerError('managed.csrf', 'The header X-CSRFToken is missing or not the one of this cookie.', {
      status: 403,
      help: 'GET csrf-token gives both.',
    });
  }

  #tokenOf(value: string): string {
    return createHmac('sha256', this.#key).update(value).digest('base64url');
  }
}
