import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveControl } from '../control-routes.ts';
import { Faults } from '../faults.ts';
import { RequestCounter } from '../request-counter.ts';
import { sampleWarehouse } from '../sample/sample-warehouse.ts';
import { type RouteContext, serveAtlas } from './atlas-routes.ts';
import { GatewaySession } from './gateway-session.ts';
import type { GenerateOptions } from './generated-shape.ts';
import { GeneratedEntityStore } from './generated-store.ts';
import { sendFrontPage, sendHtmlError, sendUriTooLong } from './html-answer.ts';
import { KnoxSso } from './knox-sso.ts';
import { MemoryEntityStore } from './memory-store.ts';
import { serveMutations } from './mutation-route.ts';
import { type Mutation, mutate } from './mutations.ts';
import { readRecordedFolder } from './recorded-folder.ts';
import { featuresOf } from './server-features.ts';

export interface AtlasStandInOptions {
  /** Port on 127.0.0.1; 0 (the default) takes a free one. */
  readonly port?: number | undefined;
  /** Folder of recorded answers to replay. */
  readonly dataDir?: string | undefined;
  /** Entities of one's own. */
  readonly store?: MemoryEntityStore | undefined;
  /** Made-up tables by arithmetic, any number of them. Without this, `store` and `dataDir`, the sample warehouse is served. */
  readonly generate?: GenerateOptions | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Rows a search may ask for at most (default 10,000); above it, 100 are served. */
  readonly maxLimit?: number | undefined;
  /** Milliseconds before each answer. */
  readonly latencyMs?: number | undefined;
  /** Atlas version to behave like (default 2.5.0). */
  readonly version?: string | undefined;
  /** Path before `/api/atlas`, as behind a Knox gateway: `/gateway/cdp/atlas`. */
  readonly knoxPath?: string | undefined;
  /**
   * The gateway keeps sessions: its first answer sets a cookie, and from then on nobody gets in without it. After so
   * many requests a session ends. Without this there are no sessions.
   */
  readonly sessionRequests?: number | undefined;
  /**
   * Behind `knoxPath`, one signs in at KnoxSSO's login form and not with each request. A cookie lasts `sessionRequests`
   * requests, or for ever.
   */
  readonly knoxSso?: boolean | undefined;
}

export interface AtlasStandIn {
  /** Base address without `/api/atlas`. */
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  /** Requests so far, faults included and control requests left out. */
  requests(): number;
  readonly requestCounter: RequestCounter;
  /**
   * Changes the data as if people had worked in Atlas.
   * @throws {TypeError} for generated data, or when an operation names what does not exist
   */
  mutate(operations: readonly Mutation[]): void;
  /** Changes a share of made-up tables now. @throws {TypeError | RangeError} */
  changeShare(share: number): number;
  close(): Promise<void>;
}

/** The longest request line that the real server's buffer holds. */
const LONGEST_URL = 16_200;

/** Starts a server that answers like Apache Atlas. */
export async function startAtlas(options: AtlasStandInOptions = {}): Promise<AtlasStandIn> {
  const { context, store } = await openStore(options);
  const faults = new Faults();
  const session = sessionOf(options);
  const requests = new RequestCounter();
  const server = createServer({ maxHeaderSize: 1024 * 1024 }, (req, res) => {
    handle(req, res).catch((error: unknown) => {
      if (!res.headersSent) {
        sendHtmlError(res, 500, error instanceof Error ? error.message : String(error));
      } else {
        res.destroy();
      }
    });
  });
  const change = (operations: readonly Mutation[]): void => {
    if (store === undefined) {
      throw new TypeError('Of generated data only a share can be changed');
    }
    mutate(store, operations);
  };
  const changeShare = (share: number): number => {
    if (!(context.store instanceof GeneratedEntityStore)) {
      throw new TypeError('Only of generated data a share can be changed');
    }
    return context.store.change(share);
  };

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    res.setHeader('X-Meridian-Stand-In', 'atlas');
    if (
      (await serveControl(req, res, { faults, requests })) ||
      (await serveMutations(req, res, { mutate: change, changeShare }))
    ) {
      return;
    }
    const count = (): void => requests.add(req.method ?? 'GET', template(req.url ?? '/'), res.statusCode);
    // Counted when the last byte leaves, so that a client that has its answer finds its request counted.
    res.once('finish', count).once('close', () => (res.writableFinished ? undefined : count()));
    await faults.apply(req, res, async () => {
      await sleep(options.latencyMs ?? 0);
      await answer(req, res, context, options, session);
    });
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${options.knoxPath ?? ''}`,
    port,
    faults,
    requests: () => requests.total,
    requestCounter: requests,
    mutate: change,
    changeShare,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

interface OpenedStore {
  readonly context: RouteContext;
  readonly store: MemoryEntityStore | undefined;
}

async function openStore(options: AtlasStandInOptions): Promise<OpenedStore> {
  const base = { features: featuresOf(options.version ?? '2.5.0'), maxLimit: options.maxLimit ?? 10_000 };
  if (options.dataDir !== undefined) {
    const { store, ...recorded } = await readRecordedFolder(options.dataDir);
    return { context: { ...base, store, recorded }, store };
  }
  const made = options.generate && new GeneratedEntityStore(options.generate);
  const store = made ?? options.store ?? sampleWarehouse();
  return {
    context: { ...base, store, recorded: { exports: [] } },
    store: store instanceof MemoryEntityStore ? store : undefined,
  };
}

function sessionOf(options: AtlasStandInOptions): GatewaySession | KnoxSso | undefined {
  const { knoxSso, knoxPath = '', sessionRequests, username = 'admin', password = 'admin' } = options;
  if (knoxSso) return new KnoxSso({ knoxPath, username, password, requestsEach: sessionRequests ?? Infinity });
  return sessionRequests === undefined ? undefined : new GatewaySession(sessionRequests);
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  context: RouteContext,
  options: AtlasStandInOptions,
  session: GatewaySession | KnoxSso | undefined,
): Promise<void> {
  const raw = req.url ?? '/';
  if (raw.length > LONGEST_URL) {
    sendUriTooLong(res);
    return;
  }
  const url = new URL(raw, 'http://localhost');
  if (url.pathname === '/') {
    sendFrontPage(res, context.features.version);
    return;
  }
  const isSso = session instanceof KnoxSso;
  if (isSso && !session.admit(req, res, url)) return;
  const prefix = `${options.knoxPath ?? ''}/api/atlas/`;
  if (!url.pathname.startsWith(prefix)) {
    sendHtmlError(res, 404, 'Not Found');
    return;
  }
  const refusal = isSso ? undefined : (refusalOf(req, options) ?? session?.admit(req, res, options.knoxPath ?? '/'));
  if (refusal !== undefined) {
    req.resume();
    if (refusal.status === 401) {
      res.setHeader('WWW-Authenticate', 'Basic realm="atlas.com"');
    }
    sendHtmlError(res, refusal.status, refusal.message);
    return;
  }
  await serveAtlas(req, res, context, url.pathname.slice(prefix.length), url.searchParams);
}

function refusalOf(
  req: IncomingMessage,
  options: AtlasStandInOptions,
): { status: number; message: string } | undefined {
  const { authorization } = req.headers;
  if (authorization === undefined) {
    return { status: 401, message: 'Full authentication is required to access this resource' };
  }
  const expected = `${options.username ?? 'admin'}:${options.password ?? 'admin'}`;
  const [scheme, credentials] = authorization.split(' ');
  if (scheme?.toLowerCase() !== 'basic' || Buffer.from(credentials ?? '', 'base64').toString('utf8') !== expected) {
    return { status: 401, message: 'Wrong password' };
  }
  const writes = !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(req.method ?? 'GET');
  const browser = /^(Mozilla|Opera|Chrome)/.test(req.headers['user-agent'] ?? '');
  if (writes && browser && req.headers['x-xsrf-header'] === undefined) {
    return { status: 400, message: 'Missing header or invalid header value for CSRF protection' };
  }
  return undefined;
}

/** The path without what differs from entity to entity. */
function template(url: string): string {
  return (url.split('?')[0] ?? '/').replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}/gi, '{guid}');
}
