import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { sendJsonParts } from './json-stream.ts';

const TOTAL = 200_000;

describe('sending a long list', () => {
  let server: Server;
  let made = 0;
  let sent: Promise<void>;

  function* rows(): Iterable<unknown> {
    for (made = 0; made < TOTAL; made += 1) {
      yield { text: 'x'.repeat(1000), no: made };
    }
  }

  async function start(): Promise<string> {
    server = createServer((_, res) => {
      sent = sendJsonParts(res, 200, [
        { key: 'rows', items: rows() },
        { key: 'none', entries: [], omitEmpty: true },
        { key: 'count', value: TOTAL },
      ]);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** How many rows were made once nothing more happens. */
  async function settled(): Promise<number> {
    for (let last = -1; last !== made; ) {
      last = made;
      await sleep(100);
    }
    return made;
  }

  it('makes no more rows than a reader takes, and stops when the reader goes', async () => {
    const [res] = (await once(get(await start()), 'response')) as [IncomingMessage];
    await once(res, 'readable');
    expect(await settled()).toBeLessThan(TOTAL / 2);
    res.destroy();
    await sent;
    expect(made).toBeLessThan(TOTAL / 2);
  });

  it('arrives whole', async () => {
    const body = (await (await fetch(await start())).json()) as { rows: { no: number }[]; count: number };
    expect(Object.keys(body)).toEqual(['rows', 'count']);
    expect(body.rows).toHaveLength(TOTAL);
    expect(body.rows.at(-1)?.no).toBe(TOTAL - 1);
  });
});
