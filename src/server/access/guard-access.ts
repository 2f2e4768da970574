import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { ServerError } from '../server-error.ts';
import { type Account, type Accounts, sameText } from './accounts.ts';
import type { AuditLog } from './audit-log.ts';
import { basicCredentials, bearerToken } from './basic-credentials.ts';
import type { Principal } from './principal.ts';
import { mayAct } from './role.ts';
import { harmless, requireSameOrigin } from './same-origin.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';

export interface AccessDeps {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly throttle: SignInThrottle;
  readonly audit: AuditLog;
  /** Lets a program in as an admin (`Authorization: Bearer`). */
  readonly apiToken?: string | undefined;
  /** True where browsers speak https, to us or to the proxy before us. */
  readonly secure: boolean;
}

/** A cookie with this prefix is only taken from this host, over https, for all of its paths. */
export function sessionCookie(secure: boolean): string {
  return secure ? '__Host-meridian_session' : 'meridian_session';
}

/**
 * Decides for each request, before its body is read, whether it may be. A route that does not say who may call it is a
 * mistake that the server does not start with.
 */
export function guardAccess(app: FastifyInstance, deps: AccessDeps): void {
  app.decorateRequest('principal', null);
  app.decorateRequest('auditTarget', undefined);
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  app.addHook('onReady', async () => {
    const open = routes.find(({ config }) => config?.access === undefined);
    if (open) throw new Error(`The route ${open.url} does not say who may call it.`);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return;
    const { access = 'admin', signIns } = request.routeOptions.config;
    requireSameOrigin(request);
    if (access === 'public') return;
    const principal = await principalOf(request, deps, signIns);
    if (!principal) {
      if (signIns && !signIns.includes('session')) reply.header('www-authenticate', 'Basic realm="Meridian"');
      throw new ServerError('server.not-signed-in', 'Sign in first.', { status: 401 });
    }
    request.principal = principal;
    if (!mayAct(principal.role, access)) {
      throw new ServerError(
        'server.not-allowed',
        `This needs the role ${access}; ${principal.name} is ${principal.role}.`,
        {
          status: 403,
          help: '“meridian serve user add NAME --role ROLE” gives another one.',
        },
      );
    }
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    void auditOf(request, reply, deps.audit).then(() => done(null, payload), done);
  });
}

async function principalOf(
  request: FastifyRequest,
  deps: AccessDeps,
  signIns: readonly Principal['by'][] | undefined,
): Promise<Principal | undefined> {
  const takes = (by: Principal['by']): boolean => signIns === undefined || signIns.includes(by);
  const { authorization } = request.headers;
  const basic = takes('basic') ? basicCredentials(authorization) : undefined;
  if (basic) {
    const { name, role } = await checkPassword(request, deps, basic);
    return { name, role, by: 'basic' };
  }
  const token = takes('token') ? bearerToken(authorization) : undefined;
  if (token !== undefined) return tokenPrincipal(request, deps, token);
  if (!takes('session')) return undefined;
  const session = sessionOf(request, deps);
  if (!session) return undefined;
  if (!harmless.has(request.method)) requireCsrfToken(request, session);
  return { name: session.name, role: session.role, by: 'session' };
}

/** The session, as long as its account is what it was: a new password or role ends it. */
export function sessionOf(request: FastifyRequest, deps: AccessDeps): Session | undefined {
  const id = request.cookies[sessionCookie(deps.secure)];
  const session = deps.sessions.find(id);
  if (!session || session.passwordHash === undefined) return session;
  const account = deps.accounts.find(session.name);
  if (account?.passwordHash === session.passwordHash && account.role === session.role) return session;
  deps.sessions.close(id);
  return undefined;
}

/** @throws ServerError `server.too-many-tries`, `server.wrong-password` */
export async function checkPassword(
  request: FastifyRequest,
  { accounts, throttle, audit }: AccessDeps,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<Account> {
  const { ip } = request;
  const wait = throttle.waitSeconds(ip, name);
  if (wait > 0) throw tooMany(wait);
  const account = await accounts.signIn(name, password);
  if (account) {
    throttle.succeeded(ip, name);
    return account;
  }
  throttle.failed(ip, name);
  await audit.write({ who: name, address: ip, what: 'sign-in', status: 401 });
  throw new ServerError('server.wrong-password', 'Name or password is wrong.', { status: 401 });
}

async function tokenPrincipal(
  request: FastifyRequest,
  { apiToken, throttle, audit }: AccessDeps,
  token: string,
): Promise<Principal> {
  const who = 'token';
  const wait = throttle.waitSeconds(request.ip, who);
  if (wait > 0) throw tooMany(wait);
  if (apiToken !== undefined && sameText(token, apiToken)) return { name: who, role: 'admin', by: 'token' };
  throttle.failed(request.ip, who);
  await audit.write({ who, address: request.ip, what: 'sign-in', status: 401 });
  throw new ServerError('server.wrong-token', 'This token is not known here.', { status: 401 });
}

function tooMany(wait: number): ServerError {
  return new ServerError('server.too-many-tries', `Too many failed sign-ins. Try again in ${wait} s.`, {
    status: 429,
    retryAfter: wait,
  });
}

function requireCsrfToken(request: FastifyRequest, session: Session): void {
  const given = request.headers['x-csrf-token'];
  if (typeof given === 'string' && sameText(given, session.csrfToken)) return;
  throw new ServerError('server.csrf', 'The request lacks the CSRF token of this session.', {
    status: 403,
    help: 'Load the page again. Programs send the csrfToken of GET /api/session in the header X-CSRF-Token, or use basic sign-in.',
  });
}

async function auditOf(request: FastifyRequest, reply: FastifyReply, audit: AuditLog): Promise<void> {
  const { audit: what } = request.routeOptions.config;
  const { principal } = request;
  if (what === undefined || !principal) return;
  const target = request.auditTarget;
  await audit.write({
    who: principal.name,
    by: principal.by,
    address: request.ip,
    what,
    ...(target !== undefined && { target }),
    status: reply.statusCode,
  });
}
