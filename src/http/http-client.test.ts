import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AuthenticationError, ConnectionError, ResponseError } from '../errors.ts';
import { HttpClient, type HttpClientOptions } from './http-client.ts';

type Answer = (res: ServerResponse, req: IncomingMessage) => void;

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (res) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
const html =
  (status: number, page: string): Answer =>
  (res) => {
    res.writeHead(status, { 'content-type': 'text/html' }).end(page);
  };
const drop: Answer = (res) => {
  res.socket?.destroy();
};
/** Promises more than it sends. */
const half: Answer = (res) => {
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  res.write('{"rows": [1, 2', () => res.socket?.destroy());
};
/** Whole for HTTP, cut for JSON. */
const cutJson: Answer = (res) => {
  res.writeHead(200, { 'content-type': 'application/json' }).end('{"rows": [1, 2');
};
const silence: Answer = () => {};

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that gives the answers in turn, the last one for ever. */
async function serve(...answers: Answer[]): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)]!;
    seen.push(req);
    answer(res, req);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function client(url: string, options: Partial<HttpClientOptions> = {}): { http: HttpClient; waits: number[] } {
  const waits: number[] = [];
  const pause = async (ms: number): Promise<void> => {
    waits.push(ms);
  };
  const http = new HttpClient({ baseUrl: url, name: 'Atlas', pause, random: () => 0.5, ...options });
  closing.push(() => http.close());
  return { http, waits };
}

async function failure(promise: Promise<unknown>): Promise<Error & { help?: string; code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

describe('what is sent again', () => {
  it.each([
    ['429', json(429, {})],
    ['500', json(500, {})],
    ['502', html(502, '<html><title>Bad Gateway</title></html>')],
    ['503', json(503, {})],
    ['504', json(504, {})],
    ['a dropped connection', drop],
    ['half a body', half],
    ['JSON that is cut off', cutJson],
  ])('a GET after %s', async (_, fault) => {
    const { url, seen } = await serve(fault, json(200, { ok: true }));
    const { http } = client(url);
    expect((await http.request({ method: 'GET', path: '/x' })).body).toEqual({ ok: true });
    expect(seen).toHaveLength(2);
    expect(http.requestCount).toBe(2);
  });

  it('a GET after a time-out', async () => {
    const { url } = await serve(silence, json(200, { ok: true }));
    const { http } = client(url, { timeoutMs: 200 });
    expect((await http.request({ method: 'GET', path: '/x' })).body).toEqual({ ok: true });
  });

  it.each([400, 401, 403, 404, 409, 412, 414])('never after %i', async (status) => {
    const { url, seen } = await serve(json(status, { message: 'no' }), json(200, {}));
    const { http } = client(url);
    await failure(http.request({ method: 'GET', path: '/x' }));
    expect(seen).toHaveLength(1);
  });

  it('not a POST that writes, once it may have arrived', async () => {
    const { url, seen } = await serve(drop, json(200, {}));
    const { http } = client(url);
    expect(await failure(http.request({ method: 'POST', path: '/x', body: {} }))).toBeInstanceOf(ConnectionError);
    expect(seen).toHaveLength(1);
  });

  it('a POST that only reads, and any request that was turned away with 429', async () => {
    const reading = await serve(drop, json(200, {}));
    await client(reading.url).http.request({ method: 'POST', path: '/x', body: {}, retryable: true });
    expect(reading.seen).toHaveLength(2);
    const refused = await serve(json(429, {}), json(200, {}));
    await client(refused.url).http.request({ method: 'POST', path: '/x', body: {} });
    expect(refused.seen).toHaveLength(2);
  });

  it('not when the caller knows the refusal to be final', async () => {
    const { url, seen } = await serve(json(500, { message: 'test failed' }), json(200, {}));
    const isRetryable = (error: unknown): boolean => !(error as ResponseError).body.includes('test failed');
    const error = await failure(client(url).http.request({ method: 'PATCH', path: '/x', body: [], isRetryable }));
    expect(error).toBeInstanceOf(ResponseError);
    expect(seen).toHaveLength(1);
  });

  it('gives up after the retries, with the last answer', async () => {
    const { url, seen } = await serve(json(503, { message: 'busy' }));
    const { http, waits } = client(url, { retries: 3 });
    const error = (await failure(http.request({ method: 'GET', path: '/x' }))) as ResponseError;
    expect(error).toBeInstanceOf(ResponseError);
    expect(error.status).toBe(503);
    expect(seen).toHaveLength(4);
    expect(waits).toEqual([125, 250, 500]);
  });
});

describe('how long it waits', () => {
  it('as Retry-After says, in seconds or as a date', async () => {
    const later = new Date(Date.now() + 30_000).toUTCString();
    const { url } = await serve(
      json(429, {}, { 'retry-after': '7' }),
      json(503, {}, { 'retry-after': later }),
      json(200, {}),
    );
    const { http, waits } = client(url);
    await http.request({ method: 'GET', path: '/x' });
    expect(waits[0]).toBe(7000);
    expect(waits.find((ms) => ms > 20_000 && ms <= 30_000)).toBeDefined();
  });

  it('holds other requests too while the server asked for a pause', async () => {
    const { url, seen } = await serve(json(429, {}, { 'retry-after': '1' }), json(200, {}));
    const http = new HttpClient({ baseUrl: url, name: 'Atlas' });
    closing.push(() => http.close());
    const started = Date.now();
    const first = http.request({ method: 'GET', path: '/a' });
    await expect.poll(() => seen.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await http.request({ method: 'GET', path: '/b' });
    expect(Date.now() - started).toBeGreaterThanOrEqual(990);
    await first;
  });

  it('spaces requests by requestsPerSecond', async () => {
    const { url, seen } = await serve(json(200, {}));
    const http = new HttpClient({ baseUrl: url, name: 'Atlas', requestsPerSecond: 20 });
    closing.push(() => http.close());
    const started = Date.now();
    await Promise.all(Array.from({ length: 5 }, () => http.request({ method: 'GET', path: '/x' })));
    expect(seen).toHaveLength(5);
    expect(Date.now() - started).toBeGreaterThanOrEqual(190);
  });
});

describe('how many at once', () => {
  it('never more than the limit', async () => {
    let open = 0;
    let most = 0;
    const { url } = await serve((res) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        json(200, {})(res, res.req);
      }, 10);
    });
    const { http } = client(url, { concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, () => http.request({ method: 'GET', path: '/x' })));
    expect(most).toBe(3);
  });

  it('fewer after 503, and more again when it goes well', async () => {
    const { url } = await serve(json(503, {}), json(200, {}));
    const { http } = client(url, { concurrency: 8 });
    await http.request({ method: 'GET', path: '/x' });
    expect(http.concurrency).toBe(4);
    for (let i = 0; i < 40; i += 1) await http.request({ method: 'GET', path: '/x' });
    expect(http.concurrency).toBe(8);
  });
});

describe('signing in', () => {
  it('asks once more for fresh headers after a 401', async () => {
    const { url, seen } = await serve((res, req) => {
      json(req.headers.authorization === 'Bearer new' ? 200 : 401, {})(res, req);
    });
    const asked: boolean[] = [];
    const { http } = client(url, {
      authorize: async (refresh) => {
        asked.push(refresh);
        return { authorization: refresh ? 'Bearer new' : 'Bearer old' };
      },
    });
    await http.request({ method: 'POST', path: '/x', body: {} });
    expect(asked).toEqual([false, true]);
    expect(seen).toHaveLength(2);
  });

  it('fails when fresh headers are refused as well', async () => {
    const { url, seen } = await serve(html(401, '<html><title>Error 401</title></html>'));
    const { http } = client(url, { authorize: async () => ({ authorization: 'Basic c2VjcmV0' }) });
    const error = await failure(http.request({ method: 'GET', path: '/v2/types' }));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.message).toContain('/v2/types');
    expect(`${error.message} ${error.help}`).not.toContain('c2VjcmV0');
    expect(seen).toHaveLength(2);
  });
});

describe('what an error says', () => {
  it('a web page where data was expected, with its title', async () => {
    const { url, seen } = await serve(html(200, '<html><title>Company sign-in</title><form></form></html>'));
    const error = await failure(client(url).http.request({ method: 'GET', path: '/api' }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toContain('Company sign-in');
    expect(error.help).toMatch(/login page/);
    expect(seen).toHaveLength(1);
  });

  it('a web page that calls itself JSON', async () => {
    const { url } = await serve((res) => {
      res.writeHead(200, { 'content-type': 'application/json' }).end('<!doctype html><title>Proxy</title>');
    });
    const error = await failure(client(url).http.request({ method: 'GET', path: '/api' }));
    expect(error.code).toBe('http.web-page');
  });

  it('a redirect, which is not followed, without the query of its target', async () => {
    const { url, seen } = await serve((res) => {
      res.writeHead(302, { location: 'https://sso.example.org/login?state=s3cret' }).end();
    });
    const error = await failure(client(url).http.request({ method: 'GET', path: '/api' }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toContain('https://sso.example.org/login');
    expect(error.message).not.toContain('s3cret');
    expect(seen).toHaveLength(1);
  });

  it('nothing listens: after few attempts, with host and advice', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { http } = client(`http://127.0.0.1:${port}`);
    const error = await failure(http.request({ method: 'GET', path: '/api' }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(error.help).toContain('hostPort');
    expect(http.requestCount).toBe(3);
  });

  it('https asked of a server that speaks http: at once', async () => {
    const { url } = await serve(json(200, {}));
    const { http } = client(url.replace('http:', 'https:'));
    const error = await failure(http.request({ method: 'GET', path: '/api' }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(http.requestCount).toBe(1);
  });

  it('the server’s own words, with secrets masked and long bodies cut', async () => {
    const { url } = await serve(
      json(400, { errorCode: 'ATLAS-400', errorMessage: `bad password hunter2 ${'x'.repeat(9000)}` }),
    );
    const { http } = client(url, { redact: (text) => text.replaceAll('hunter2', '***') });
    const error = (await failure(http.request({ method: 'GET', path: '/api' }))) as ResponseError;
    expect(error.message).toContain('bad password ***');
    expect(error.message.length).toBeLessThan(600);
    expect(error.body).not.toContain('hunter2');
    expect(error.body.length).toBeLessThanOrEqual(2000);
  });

  it('refuses an address without a scheme', () => {
    expect(() => new HttpClient({ baseUrl: 'atlas-host:21000', name: 'Atlas' })).toThrow(/http or https/);
  });
});

it('an abort ends a request, a wait in the queue and a wait for another attempt with its reason', async () => {
  const { url, seen } = await serve(silence);
  const http = new HttpClient({ baseUrl: url, name: 'Atlas', concurrency: 1 });
  closing.push(() => http.close());
  const stop = new AbortController();
  const running = failure(http.request({ method: 'GET', path: '/x', signal: stop.signal }));
  const queued = failure(http.request({ method: 'GET', path: '/y', signal: stop.signal }));
  await expect.poll(() => seen.length).toBe(1);
  const reason = new Error('stopped by the user');
  stop.abort(reason);
  expect(await running).toBe(reason);
  expect(await queued).toBe(reason);

  const busy = await serve(json(503, {}, { 'retry-after': '60' }));
  const again = new AbortController();
  const waiting = failure(
    new HttpClient({ baseUrl: busy.url, name: 'Atlas' }).request({ method: 'GET', path: '/x', signal: again.signal }),
  );
  await expect.poll(() => busy.seen.length).toBe(1);
  again.abort(reason);
  expect(await waiting).toBe(reason);
});
