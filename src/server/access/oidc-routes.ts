import type { FastifyInstance } from 'fastify';
import { failureAnswer, statusOf } from '../error-reply.ts';
import type { AccessDeps } from './guard-access.ts';
import { sessionCookie } from './guard-access.ts';
import { callbackPath, type OidcSignIn } from './oidc-sign-in.ts';
import { openSession } from './session-routes.ts';

/** Where the sign-in page sends people to who are known to the identity provider. */
export const oidcPath = '/api/session/oidc';
const flowCookie = 'meridian_oidc';

export function registerOidcRoutes(app: FastifyInstance, deps: AccessDeps & { readonly oidc: OidcSignIn }): void {
  const { oidc, secure, sessions, audit } = deps;
  const about = (summary: string) =>
    ({ config: { access: 'public' }, schema: { tags: ['session'], summary } }) as const;
  const cookie = { path: oidcPath, httpOnly: true, sameSite: 'lax', secure } as const;

  app.get(oidcPath, about('Sign in at the identity provider'), async (_request, reply) => {
    const { address, flowId } = await oidc.begin();
    return reply
      .setCookie(flowCookie, flowId, { ...cookie, maxAge: 600 })
      .header('cache-control', 'no-store')
      .redirect(address);
  });

  app.get(callbackPath, about('Where the identity provider sends people back to'), async (request, reply) => {
    reply.clearCookie(flowCookie, cookie).header('cache-control', 'no-store');
    const { ip } = request;
    try {
      const question = request.url.indexOf('?');
      const query = question < 0 ? '' : request.url.slice(question);
      const identity = await oidc.finish(request.cookies[flowCookie], query);
      sessions.close(request.cookies[sessionCookie(secure)]);
      openSession(reply, deps, { ...identity, passwordHash: undefined });
      await audit.write({ who: identity.name, by: 'oidc', address: ip, what: 'sign-in', status: 200 });
      return reply.redirect('/');
    } catch (error) {
      const status = statusOf(error);
      request.log.warn({ err: error }, 'sign-in at the identity provider failed');
      await audit.write({ who: 'unknown', by: 'oidc', address: ip, what: 'sign-in', status });
      return reply
        .code(status)
        .type('text/html; charset=utf-8')
        .send(failurePage(failureAnswer(error)));
    }
  });
}

/** A browser is looking, not a program. */
function failurePage({ error, help = '' }: { readonly error: string; readonly help?: string }): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Meridian: not signed in</title></head>
<body><h1>Not signed in</h1><p>${escaped(error)}</p><p>${escaped(help)}</p><p><a href="/sign-in">Back</a></p></body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
