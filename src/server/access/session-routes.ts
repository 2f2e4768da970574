import type { FastifyInstance, FastifyReply } from 'fastify';
import type { SessionAnswer, SessionState } from '../console-api/console-types.ts';
import { type AccessDeps, checkPassword, sessionCookie, sessionOf } from './guard-access.ts';
import type { Session } from './sessions.ts';

const signInBody = {
  type: 'object',
  required: ['name', 'password'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 200 },
    password: { type: 'string', minLength: 1, maxLength: 1024 },
  },
} as const;

const tags = ['session'];
const path = '/api/session';

/** Signing in and out of the console, and the ways that there are. */
export function registerSessionRoutes(
  app: FastifyInstance,
  deps: AccessDeps & { readonly providerUrl?: string | undefined },
): void {
  const { sessions, secure, audit, providerUrl } = deps;
  const cookie = sessionCookie(secure);

  app.get(
    path,
    { config: { access: 'public' }, schema: { tags, summary: 'Who is signed in, and how one can' } },
    (request, reply): SessionState => {
      const session = sessionOf(request, deps);
      reply.header('cache-control', 'no-store');
      return {
        ways: { basic: true, ...(providerUrl !== undefined && { oidc: providerUrl }) },
        session: session ? answerOf(session) : null,
      };
    },
  );

  app.post<{ Body: { name: string; password: string } }>(
    path,
    { config: { access: 'public' }, schema: { tags, summary: 'Sign in', body: signInBody } },
    async (request, reply) => {
      const account = await checkPassword(request, deps, request.body);
      // Whatever session the browser came with, it leaves with a new one.
      sessions.close(request.cookies[cookie]);
      const session = openSession(reply, deps, account);
      await audit.write({ who: account.name, by: 'session', address: request.ip, what: 'sign-in', status: 200 });
      return answerOf(session);
    },
  );

  app.delete(
    path,
    { config: { access: 'viewer', signIns: ['session'], audit: 'sign-out' }, schema: { tags, summary: 'Sign out' } },
    (request, reply) => {
      sessions.close(request.cookies[cookie]);
      return reply.clearCookie(cookie, { path: '/', secure }).code(204).send();
    },
  );
}

/** Opens a session with an id of its own, and gives the browser its cookie. */
export function openSession(
  reply: FastifyReply,
  { sessions, secure }: AccessDeps,
  who: Parameters<AccessDeps['sessions']['open']>[0],
): Session {
  const { id, session } = sessions.open(who);
  reply.setCookie(sessionCookie(secure), id, { path: '/', httpOnly: true, sameSite: 'lax', secure });
  return session;
}

function answerOf({ name, role, csrfToken }: Session): SessionAnswer {
  return { name, role, csrfToken };
}
