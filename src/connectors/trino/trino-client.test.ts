import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startTrino, type TrinoStandIn, type TrinoStandInOptions } from '../../../sandbox/trino/start-trino.ts';
import { TestAuthority } from '../../http/certificates.testing.ts';
import { startConnectProxy } from '../../http/connect-proxy.testing.ts';
import { startTokenEndpoint } from '../../openmetadata/auth/token-endpoint.testing.ts';
import { trinoAuthorize } from './trino-authorize.ts';
import { TrinoClient, type TrinoClientOptions } from './trino-client.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: TrinoStandInOptions = {}): Promise<TrinoStandIn> {
  const trino = await startTrino(options);
  closing.push(() => trino.close());
  return trino;
}

function clientOf(address: string, more: Partial<TrinoClientOptions> = {}): TrinoClient {
  const client = new TrinoClient({
    address,
    user: 'ada',
    source: 'meridian',
    headers: {},
    session: {},
    extraCredential: {},
    queryTimeoutMs: 60_000,
    redact: (text) => text,
    ...more,
  });
  closing.push(() => client.close());
  return client;
}

/** Stands before a stand-in, as a gateway does; with a certificate it speaks TLS. */
async function front(
  trino: TrinoStandIn,
  onRequest: (headers: IncomingHttpHeaders) => void,
  tls?: { readonly cert: string; readonly key: string },
): Promise<string> {
  const handle: RequestListener = (req, res) => {
    onRequest(req.headers);
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const sent = Buffer.concat(parts).toString();
      const headers = { 'x-trino-user': String(req.headers['x-trino-user'] ?? '') };
      const method = req.method ?? 'GET';
      void fetch(trino.url + req.url, { method, headers, ...(sent && { body: sent }) }).then(async (answer) => {
        res.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
      });
    });
  };
  const server = tls ? createTlsServer(tls, handle) : createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const columns = 'SELECT column_name FROM hive.information_schema.columns';
const signal = new AbortController().signal;

async function count(client: TrinoClient, sql = columns, options = { signal }): Promise<number> {
  let rows = 0;
  for await (const _ of client.rows(sql, options)) rows += 1;
  return rows;
}

describe('queries of Trino', () => {
  it('gives every row once, whatever the pages are', async () => {
    for (const pageRows of [1, 7, 21, 1_000]) {
      expect(await count(clientOf((await start({ pageRows })).url))).toBe(21);
    }
    expect(await count(clientOf((await start()).url), `${columns} WHERE table_name = 'none'`)).toBe(0);
  });

  it('asks for a page once the one before it was taken', async () => {
    const trino = await start({ pageRows: 5 });
    const pages = clientOf(trino.url).pages(columns, { signal })[Symbol.asyncIterator]();
    await pages.next();
    const asked = trino.requestCounter.total;
    await new Promise((resolve) => setImmediate(resolve));
    expect(trino.requestCounter.total).toBe(asked);
    await pages.next();
    expect(trino.requestCounter.total).toBe(asked + 1);
    await pages.return?.();
  });

  it('goes on where a connection broke or the server was too busy', async () => {
    const trino = await start({ pageRows: 2 });
    trino.faults.set([
      { kind: '503', match: 'POST', times: 1, retryAfter: 0 },
      { kind: 'drop-after', match: 'executing', times: 1 },
      { kind: '503', match: 'executing', after: 2, times: 1, retryAfter: 0 },
      { kind: 'half', match: 'executing', after: 3, times: 1 },
    ]);
    expect(await count(clientOf(trino.url))).toBe(21);
    expect(trino.faults.injected).toBe(4);
  });

  it('gives up on a server that stays busy', async () => {
    const trino = await start();
    trino.faults.set([{ kind: '503', retryAfter: 0 }]);
    await expect(count(clientOf(trino.url, { retries: 2 }))).rejects.toMatchObject({ code: 'http.refused' });
    expect(trino.requestCounter.total).toBeLessThanOrEqual(3);
  });

  it('asks a cluster again that starts or has too much to do, and not for ever', async () => {
    const trino = await start();
    const pauses: number[] = [];
    const pause = async (ms: number): Promise<void> => {
      pauses.push(ms);
      if (pauses.length === 2) trino.failQueries(undefined);
    };
    trino.failQueries(/columns/, 'SERVER_STARTING_UP');
    expect(await count(clientOf(trino.url, { pause }))).toBe(21);
    expect(trino.queries()).toHaveLength(3);
    trino.failQueries(/columns/, 'QUERY_QUEUE_FULL');
    await expect(count(clientOf(trino.url, { pause, retries: 3 }))).rejects.toMatchObject({ code: 'trino.query' });
    expect(trino.queries()).toHaveLength(3 + 4);
    // What is wrong with a query stays wrong.
    await expect(
      count(clientOf(trino.url, { pause }), 'SELECT 1 FROM none.information_schema.tables'),
    ).rejects.toThrow();
    expect(trino.queries()).toHaveLength(8);
  });

  it('cancels a query that nobody reads on, and one that is stopped', async () => {
    const trino = await start({ pageRows: 2 });
    const client = clientOf(trino.url);
    for await (const _ of client.rows(columns, { signal })) break;
    expect(trino.queries().map(({ state }) => state)).toEqual(['CANCELED']);

    const slow = await start({ queryLatencyMs: 600_000 });
    const stop = new AbortController();
    const running = count(clientOf(slow.url), columns, { signal: stop.signal });
    await expect.poll(() => slow.queries()[0]?.state).toBe('RUNNING');
    stop.abort(new DOMException('The run was stopped.', 'AbortError'));
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(slow.queries()[0]?.state).toBe('CANCELED');
  });

  it('cancels a query that takes too long, and says so', async () => {
    const trino = await start({ queryLatencyMs: 600_000 });
    const running = count(clientOf(trino.url, { queryTimeoutMs: 300 }));
    await expect(running).rejects.toMatchObject({
      code: 'trino.time-limit',
      message: expect.stringContaining('0.3 s'),
    });
    expect(trino.queries()[0]?.state).toBe('CANCELED');
  });

  it('tells Trino’s own words for what is wrong', async () => {
    const client = clientOf((await start()).url);
    await expect(count(client, 'SHOW COLUMNS FROM hive.sales.none')).rejects.toMatchObject({
      code: 'trino.query',
      errorName: 'TABLE_NOT_FOUND',
      message: expect.stringContaining("Table 'hive.sales.none' does not exist"),
    });
  });

  it('masks secrets in Trino’s words', async () => {
    const client = clientOf((await start()).url, { redact: (text) => text.replaceAll('s3cret', '***') });
    await expect(count(client, 'SHOW COLUMNS FROM hive.sales.s3cret')).rejects.toMatchObject({
      message: expect.not.stringContaining('s3cret'),
    });
  });
});

describe('signing in at Trino', () => {
  const password = 'love:lace ü';
  const options: TrinoStandInOptions = { users: { ada: password }, tokens: ['a.b.c'] };

  it('by password and by token', async () => {
    const { url } = await start(options);
    const learnt: string[] = [];
    const learn = (secret: string): void => void learnt.push(secret);
    const basic = await trinoAuthorize({ user: 'ada', signIn: { kind: 'basic', password } }, { learn });
    expect(await count(clientOf(url, { authorize: basic! }))).toBe(21);
    // Masked in whatever quotes it.
    expect(learnt).toEqual([Buffer.from(`ada:${password}`).toString('base64')]);
    const bearer = await trinoAuthorize({ user: 'ada', signIn: { kind: 'jwt', token: 'a.b.c' } }, { learn });
    expect(await count(clientOf(url, { authorize: bearer! }))).toBe(21);
  });

  it('by a token of Microsoft Entra ID, fetched once', async () => {
    const trino = await start({ tokens: ['token-1'] });
    const authority = new TestAuthority();
    const { certificate: cert, key } = authority.issue('127.0.0.1');
    let url = '';
    let given = 0;
    const endpoint = await startTokenEndpoint(
      ({ path }) => {
        const pages = {
          token_endpoint: `${url}/t/token`,
          authorization_endpoint: `${url}/t/a`,
          jwks_uri: `${url}/t/k`,
        };
        if (path.includes('openid-configuration')) return { body: { issuer: `${url}/t/v2.0`, ...pages } };
        given += 1;
        return { body: { access_token: `token-${given}`, token_type: 'Bearer', expires_in: 3600 } };
      },
      { cert, key },
    );
    closing.push(endpoint.close);
    url = endpoint.url;
    const config = {
      clientId: 'app',
      clientSecret: 'secret-of-the-app',
      authority: `${url}/t`,
      scopes: ['api://x/.default'],
    };
    const learnt: string[] = [];
    const context = { ca: authority.certificate, learn: (secret: string) => void learnt.push(secret) };
    const authorize = await trinoAuthorize({ user: 'ada', signIn: { kind: 'azure', config } }, context);
    const client = clientOf(trino.url, { authorize: authorize! });
    expect([await count(client), await count(client)]).toEqual([21, 21]);
    expect(learnt).toEqual(['token-1']);
    const form = new URLSearchParams(endpoint.seen.find(({ method }) => method === 'POST')!.body);
    expect(Object.fromEntries(form)).toMatchObject({ grant_type: 'client_credentials', client_id: 'app' });
  });

  it('says who was refused, without a second try', async () => {
    const trino = await start(options);
    const wrong = await trinoAuthorize({ user: 'ada', signIn: { kind: 'jwt', token: 'old' } }, {});
    await expect(count(clientOf(trino.url, { authorize: wrong! }))).rejects.toMatchObject({
      code: 'http.not-signed-in',
      exitCode: 3,
    });
    expect(trino.queries()).toEqual([]);
  });

  it('sends roles, tags and headers of the recipe along', async () => {
    const seen: string[] = [];
    const trino = await start();
    const url = await front(trino, (headers) => {
      seen.push([headers['x-trino-role'], headers['x-gateway'], headers['x-trino-source']].join(' '));
    });
    // The stand-in names its own address in its answers: a client that follows it would go past the proxy.
    const client = clientOf(url, {
      headers: { 'X-Trino-Role': 'hive=ROLE%7Breader%7D', 'X-Gateway': 'blue' },
    });
    expect(await count(client)).toBe(21);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.filter((line) => !line.startsWith('hive=ROLE%7Breader%7D blue'))).toEqual([]);
    expect(seen[0]).toContain('meridian');
  });
});

describe('the way to Trino', () => {
  it('leads through the proxy of the recipe', async () => {
    const trino = await start();
    const proxy = await startConnectProxy();
    closing.push(() => proxy.close());
    expect(await count(clientOf(trino.url, { proxies: { http: proxy.url } }))).toBe(21);
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(trino.url).host]));
  });

  it('is trusted by the certificate of the recipe, and by no other', async () => {
    const authority = new TestAuthority();
    const { certificate: cert, key } = authority.issue('127.0.0.1');
    const url = await front(await start(), () => undefined, { cert, key });
    expect(await count(clientOf(url, { tls: { ca: authority.certificate, rejectUnauthorized: true } }))).toBe(21);
    expect(await count(clientOf(url, { tls: { rejectUnauthorized: false } }))).toBe(21);
    await expect(count(clientOf(url))).rejects.toMatchObject({ code: 'http.unreachable' });
  });
});

describe('what is no Trino', () => {
  it.each([
    ['a web page', 'text/html', '<title>Login</title>', 'http.web-page'],
    ['other JSON', 'application/json', '{"status":"UP"}', 'trino.not-trino'],
  ])('%s is told as such', async (_name, type, body, code) => {
    const server = createServer((req, res) => {
      req.resume();
      res.writeHead(200, { 'content-type': type }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await expect(count(client)).rejects.toMatchObject({ code });
    await expect(client.version(signal)).rejects.toMatchObject({ code });
  });
});
