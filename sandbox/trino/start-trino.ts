import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveControl } from '../control-routes.ts';
import { Faults } from '../faults.ts';
import { RequestCounter } from '../request-counter.ts';
import { answerStatement, type DataEngine } from './answer-statement.ts';
import { type CatalogSpec, sampleCatalogs } from './catalog-tree.ts';
import { MetadataStore } from './metadata-store.ts';
import { type Page, RunningQuery } from './query-registry.ts';
import { sessionOf, timeLimitOf } from './session.ts';
import { TrinoError, type TrinoErrorName } from './trino-error.ts';

export interface TrinoStandInOptions {
  /** Port on 127.0.0.1; 0 (the default) takes a free one. */
  readonly port?: number | undefined;
  /** What there is; a small lakehouse unless set. */
  readonly catalogs?: readonly CatalogSpec[] | undefined;
  /** The rows of its tables; without it only metadata is answered. Closed with the stand-in. */
  readonly data?: DataEngine | undefined;
  /** Passwords by user. Without these and `tokens` any user is let in, as on a server that asks for no sign-in. */
  readonly users?: Readonly<Record<string, string>> | undefined;
  /** Bearer tokens that are let in. */
  readonly tokens?: readonly string[] | undefined;
  /** Rows on a page (1,000). */
  readonly pageRows?: number | undefined;
  /** Milliseconds before each statement is answered: it can be seen running meanwhile. */
  readonly queryLatencyMs?: number | undefined;
  readonly version?: string | undefined;
}

/** A statement that was sent, for tests. */
export interface SeenQuery {
  readonly id: string;
  readonly sql: string;
  readonly state: string;
}

export interface TrinoStandIn {
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly requestCounter: RequestCounter;
  /** Every statement so far, in order. */
  queries(): readonly SeenQuery[];
  /** From now on, statements that match fail so; none of them with undefined. */
  failQueries(matching: RegExp | undefined, errorName?: TrinoErrorName): void;
  /** Replaces what there is. */
  setCatalogs(catalogs: readonly CatalogSpec[]): void;
  close(): Promise<void>;
}

/** Starts a server that speaks the statement protocol of Trino. */
export async function startTrino(options: TrinoStandInOptions = {}): Promise<TrinoStandIn> {
  const store = new MetadataStore(options.catalogs ?? sampleCatalogs);
  const faults = new Faults();
  const requests = new RequestCounter();
  const queries = new Map<string, RunningQuery>();
  let failing: { readonly matching: RegExp; readonly errorName: TrinoErrorName } | undefined;
  const server = createServer((req, res) => {
    handle(req, res).catch((error: unknown) => {
      if (res.headersSent) res.destroy();
      else send(res, 500, { message: error instanceof Error ? error.message : String(error) });
    });
  });

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    res.setHeader('X-Meridian-Stand-In', 'trino');
    if (await serveControl(req, res, { faults, requests })) return;
    const path = (req.url ?? '/').split('?')[0]!;
    res.once('finish', () => requests.add(req.method ?? 'GET', template(path), res.statusCode));
    await faults.apply(req, res, () => answer(req, res, path));
  }

  async function answer(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    const { method } = req;
    if (path === '/v1/info') {
      req.resume();
      const version = options.version ?? '476';
      send(res, 200, { nodeVersion: { version }, environment: 'sandbox', coordinator: true, starting: false });
      return;
    }
    const refusal = refusalOf(req, options);
    if (refusal !== undefined) {
      req.resume();
      const { users } = options;
      res.setHeader('WWW-Authenticate', users ? 'Basic realm="Trino"' : 'Bearer realm="Trino"');
      sendText(res, 401, refusal);
      return;
    }
    if (path === '/v1/statement' && method === 'POST') return post(req, res);
    req.resume();
    const [, id = '', slug = '', token = ''] =
      /^\/v1\/statement\/(?:queued|executing)\/(\w+)\/(\w+)\/(\d+)$/.exec(path) ?? [];
    const query = queries.get(id || (/^\/v1\/query\/(\w+)$/.exec(path)?.[1] ?? ''));
    if (!query) return sendText(res, 404, 'Query not found');
    if (method === 'DELETE') {
      query.cancel();
      res.writeHead(204).end();
    } else if (id === '') send(res, 200, { queryId: query.id, state: query.state, query: query.sql });
    else sendPage(req, res, await query.page(slug, Number(token)));
  }

  async function post(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part as Buffer);
    const sql = Buffer.concat(parts).toString('utf8');
    if (sql.trim() === '') return sendText(res, 400, 'SQL statement is empty');
    const session = sessionOf(req.headers);
    const id = `20260101_000000_${String(queries.size).padStart(5, '0')}_stand`;
    const run = async (signal: AbortSignal) => {
      timeLimitOf(session);
      await sleep(options.queryLatencyMs ?? 0, undefined, { signal });
      if (failing?.matching.test(sql))
        throw new TrinoError(failing.errorName, 'The sandbox was told to fail this query');
      return answerStatement(sql, session, { store, data: options.data }, signal);
    };
    const query = new RunningQuery(id, sql, run, {
      pageRows: options.pageRows ?? 1_000,
      timeLimitMs: limitOf(session),
    });
    queries.set(id, query);
    sendPage(req, res, query.first());
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    faults,
    requestCounter: requests,
    queries: () => [...queries.values()].map(({ id, sql, state }) => ({ id, sql, state })),
    failQueries: (matching, errorName = 'GENERIC_INTERNAL_ERROR') => {
      failing = matching && { matching, errorName };
    },
    setCatalogs: (catalogs) => store.replace(catalogs),
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      for (const query of queries.values()) query.cancel();
      await options.data?.close();
    },
  };
}

/** A property that is wrong fails the query, and not the POST. */
function limitOf(session: Parameters<typeof timeLimitOf>[0]): number {
  try {
    return timeLimitOf(session);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function sendPage(req: IncomingMessage, res: ServerResponse, page: Page | undefined): void {
  if (!page) {
    sendText(res, 410, 'Gone');
    return;
  }
  const { body, headers, next } = page;
  const { 'x-forwarded-proto': proto = 'http', 'x-forwarded-host': host = req.headers.host } = req.headers;
  const base = `${String(proto)}://${String(host)}`;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  send(res, 200, {
    ...body,
    infoUri: `${base}/ui/query.html?${String(body['id'])}`,
    ...(next && { nextUri: base + next }),
  });
}

function refusalOf(req: IncomingMessage, { users, tokens }: TrinoStandInOptions): string | undefined {
  const [scheme = '', credentials = ''] = (req.headers.authorization ?? '').split(' ');
  if (!users && !tokens) {
    // Without a sign-in the user's name is all that is asked for, and only where a statement begins.
    const named = req.method !== 'POST' || req.headers['x-trino-user'] || scheme.toLowerCase() === 'basic';
    return named ? undefined : 'Basic authentication or X-Trino-User must be sent';
  }
  if (scheme.toLowerCase() === 'bearer') {
    return tokens?.includes(credentials) ? undefined : 'Invalid credentials: Unsupported JWT';
  }
  const [, user = '', password = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(credentials, 'base64').toString('utf8')) ?? [];
  if (!users || !Object.hasOwn(users, user)) return 'Unauthorized';
  return users[user] === password ? undefined : 'Access Denied: Invalid credentials';
}

function send(res: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  res.end(text);
}

function sendText(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(text) });
  res.end(text);
}

/** A path without what differs from query to query. */
function template(path: string): string {
  return path.replace(/\/(queued|executing)\/.*$/, '/$1/{id}').replace(/\/v1\/query\/.*$/, '/v1/query/{id}');
}
