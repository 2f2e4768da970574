import type { FastifyRequest } from 'fastify';
import { ServerError } from '../server-error.ts';

/** Methods that change nothing. */
export const harmless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a page of another origin makes a browser send, whatever proves who sends it: a browser adds a password that
 * it was once told as readily as a cookie. Programs send neither header.
 *
 * @throws ServerError `server.cross-site`
 */
export function requireSameOrigin(request: FastifyRequest): void {
  if (harmless.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const isForeign = (site !== undefined && site !== 'same-origin' && site !== 'none') || !isOwn(origin, request.host);
  if (!isForeign) return;
  throw new ServerError('server.cross-site', 'This request comes from a page of another site, and changes something.', {
    status: 403,
    help: 'Open the console under the very address that “meridian serve” answers at; behind a proxy it needs --behind-proxy, and the Host header.',
  });
}

function isOwn(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
