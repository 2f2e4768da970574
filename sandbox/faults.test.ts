import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveControl } from './control-routes.ts';
import { type FaultRule, Faults } from './faults.ts';
import { RequestCounter } from './request-counter.ts';

const BODY = JSON.stringify({ text: 'a complete and honest answer' });

describe('faults', () => {
  const faults = new Faults();
  const requests = new RequestCounter();
  let server: Server;
  let url: string;
  let handled: number;

  beforeEach(async () => {
    handled = 0;
    faults.clear();
    requests.clear();
    server = createServer(async (req, res) => {
      if (await serveControl(req, res, { faults, requests })) {
        return;
      }
      await faults.apply(req, res, () => {
        handled += 1;
        requests.add('GET', '/thing/{id}', 200);
        res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(BODY) });
        res.end(BODY);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('answers 429 with Retry-After as often as told, after letting some pass', async () => {
    faults.set([{ kind: '429', match: '^GET /thing', retryAfter: 7, after: 1, times: 2 }]);
    const answers = [];
    for (let i = 0; i < 4; i += 1) {
      answers.push(await fetch(`${url}/thing/1`));
    }
    expect(answers.map((answer) => answer.status)).toEqual([200, 429, 429, 200]);
    expect(answers[1]!.headers.get('retry-after')).toBe('7');
    expect(handled).toBe(2);
  });

  it('leaves other paths alone', async () => {
    faults.set([{ kind: '503', match: '^PUT ' }]);
    expect((await fetch(`${url}/thing/1`)).status).toBe(200);
  });

  it('drops before the work, or after it', async () => {
    faults.set([{ kind: 'drop' }]);
    await expect(fetch(url)).rejects.toThrow();
    expect(handled).toBe(0);
    faults.set([{ kind: 'drop-after' }]);
    await expect(fetch(url)).rejects.toThrow();
    expect(handled).toBe(1);
  });

  it('cuts an answer in the middle while announcing all of it', async () => {
    faults.set([{ kind: 'half' }]);
    const answer = await fetch(url);
    expect(Number(answer.headers.get('content-length'))).toBe(Buffer.byteLength(BODY));
    await expect(answer.text()).rejects.toThrow();
  });

  it('shows a sign-in page with 200 or as a redirect, and an expired token', async () => {
    faults.set([{ kind: 'html', times: 1 }, { kind: 'login-page', times: 1 }, { kind: 'expired-token' }]);
    const page = await fetch(url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('Sign in');
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(302);
    expect((await fetch(url)).status).toBe(401);
  });

  it('draws the same requests for the same seed', async () => {
    const run = async (seed: number): Promise<string> => {
      faults.set([{ kind: '500', probability: 0.5, seed }]);
      let picture = '';
      for (let i = 0; i < 24; i += 1) {
        picture += (await fetch(url)).status === 500 ? 'x' : '.';
      }
      return picture;
    };
    const first = await run(3);
    expect(await run(3)).toBe(first);
    expect(await run(4)).not.toBe(first);
    expect(first).toMatch(/x/);
    expect(first).toMatch(/\./);
  });

  it('waits before it answers, and keeps the answer', async () => {
    faults.set([{ kind: 'latency', ms: 30 }]);
    const start = performance.now();
    expect(await (await fetch(url)).text()).toBe(BODY);
    expect(performance.now() - start).toBeGreaterThanOrEqual(25);
  });

  it('is steered over HTTP and counts what was asked', async () => {
    const put = async (rules: unknown): Promise<Response> =>
      fetch(`${url}/__sandbox/faults`, { method: 'PUT', body: JSON.stringify(rules) });
    const rules: FaultRule[] = [{ kind: '500' }];
    expect((await put(rules)).status).toBe(200);
    expect((await fetch(`${url}/thing/1`)).status).toBe(500);
    await fetch(`${url}/__sandbox/faults`, { method: 'DELETE' });
    expect((await fetch(`${url}/thing/1`)).status).toBe(200);
    expect(await (await fetch(`${url}/__sandbox/requests`)).json()).toEqual({
      total: 1,
      requests: [{ method: 'GET', path: '/thing/{id}', status: 200, count: 1 }],
    });
    const refused = await put([{ kind: 'flood' }]);
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as { message: string }).message).toContain('flood');
  });
});
