import { join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { Accounts } from './access/accounts.ts';
import { AuditLog } from './access/audit-log.ts';
import { type AccessDeps, guardAccess } from './access/guard-access.ts';
import { oidcPath, registerOidcRoutes } from './access/oidc-routes.ts';
import { OidcSignIn } from './access/oidc-sign-in.ts';
import { registerSessionRoutes } from './access/session-routes.ts';
import { Sessions } from './access/sessions.ts';
import { SignInThrottle } from './access/sign-in-throttle.ts';
import { registerConsoleApi } from './console-api/register-console-api.ts';
import { registerConsolePages } from './console-pages.ts';
import { secureHeaders } from './content-security.ts';
import { sendError } from './error-reply.ts';
import { OpenMetadataVersion, type OpenMetadataVersionOptions } from './managed/openmetadata-version.ts';
import { type ManagedApiOptions, registerManagedApis } from './managed/register-managed-apis.ts';
import { ServiceDefaults } from './managed/service-defaults.ts';
import { describeApi, registerApiPages } from './operations/api-pages.ts';
import { registerHealthRoutes } from './operations/health-routes.ts';
import { registerMetrics } from './operations/metrics.ts';
import type { ServerDeps } from './server-deps.ts';
import type { OidcSettings } from './settings/serve-settings.ts';

export interface ServerOptions {
  /** PEM texts; http without them. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** A proxy stands before us, speaks https to browsers, and sets `X-Forwarded-*`. */
  readonly behindProxy?: boolean;
  /** Lets programs in as an admin. */
  readonly apiToken?: string | undefined;
  /** Bytes of a body at most; 1 MiB unless set. */
  readonly bodyLimit?: number;
  /** Milliseconds in which a request has to have come in whole; 30,000 unless set. */
  readonly requestTimeoutMs?: number;
  /** The server whose ingestion service this is: its version, or where to ask for it. Learnt when it deploys, unless set. */
  readonly openMetadata?: Pick<OpenMetadataVersionOptions, 'configured' | 'hostPort'>;
  readonly managed?: ManagedApiOptions;
  /** Sign-in at an identity provider; needs `publicUrl`. */
  readonly oidc?: OidcSettings | undefined;
  /** Address that people know the service by. */
  readonly publicUrl?: string | undefined;
  readonly log?: FastifyBaseLogger;
  /** Folder of the built console; found unless set. */
  readonly consoleFolder?: string;
}

/** How long a server that is being shut down waits for answers under way. */
const lastAnswersMs = 3_000;

/** Connections at once; more wait in the system's queue. */
const mostConnections = 1000;

/** The service, ready to listen. Whoever makes it closes the engine after it. */
export async function createServer(deps: ServerDeps, options: ServerOptions = {}): Promise<FastifyInstance> {
  const { tls, behindProxy = false } = options;
  const secure = tls !== undefined || behindProxy;
  const app = newApp(options);
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    // Who follows a run keeps a connection for as long as it goes on.
    const late = setTimeout(() => app.server.closeAllConnections(), lastAnswersMs);
    app.server.once('close', () => clearTimeout(late));
  });
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply));
  await secureHeaders(app, { secure });
  await app.register(fastifyCookie);
  const access: AccessDeps = {
    accounts: new Accounts(deps.accounts),
    sessions: new Sessions(),
    throttle: new SignInThrottle(),
    audit: new AuditLog(join(deps.home, 'audit.jsonl')),
    apiToken: options.apiToken,
    secure,
  };
  guardAccess(app, access);
  await describeApi(app);
  registerHealthRoutes(app, { engine: deps.engine, isClosing: () => closing });
  registerMetrics(app, deps.events);
  const oidc = options.oidc && new OidcSignIn(options.oidc, options.publicUrl ?? 'http://localhost');
  registerSessionRoutes(app, { ...access, providerUrl: oidc && oidcPath });
  if (oidc) registerOidcRoutes(app, { ...access, oidc });
  const { engine, env, home, serviceDefaults = new ServiceDefaults() } = deps;
  const version = new OpenMetadataVersion({ home, ...options.openMetadata });
  app.addHook('onListen', async () => {
    if (await version.isKnown()) return;
    app.log.info('To be the ingestion service of an OpenMetadata server, say where it is (--openmetadata URL).');
  });
  await registerManagedApis(app, { engine, env, defaults: serviceDefaults, version }, options.managed);
  await registerConsoleApi(app, deps);
  await registerApiPages(app, { secure });
  await registerConsolePages(app, { secure, folder: options.consoleFolder });
  return app;
}

function newApp(options: ServerOptions): FastifyInstance {
  const { tls, behindProxy = false, bodyLimit = 2 ** 20, requestTimeoutMs = 30_000, log } = options;
  const timed = { headersTimeout: Math.min(requestTimeoutMs, 15_000), connectionsCheckingInterval: 1000 };
  const common = {
    bodyLimit,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 60_000,
    // The nearest proxy alone is believed: what stands before its own entry came from outside.
    trustProxy: behindProxy ? (_address: string, hop: number) => hop === 0 : false,
    // An address may hold what nobody should read, such as the code of a sign-in.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle' as const,
    routerOptions: { maxParamLength: 700 },
    ...(log ? { loggerInstance: log } : { logger: false as const }),
    // A body is what it says: “1” is no number, and a key that is not known is a mistake.
    ajv: { customOptions: { coerceTypes: false as const, removeAdditional: false, allowUnionTypes: true } },
  };
  const app: FastifyInstance = tls
    ? (fastify({ ...common, https: { ...tls, ...timed, minVersion: 'TLSv1.2' } }) as unknown as FastifyInstance)
    : fastify({ ...common, http: timed });
  app.server.maxConnections = mostConnections;
  // Servers announce JSON with every call, also where there is no body.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, String(body), done);
  });
  return app;
}
