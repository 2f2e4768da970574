import { afterEach, describe, expect, it } from 'vitest';
import { digestTarget, dumpTarget } from './digest.ts';
import { type OpenMetadataOptions, type OpenMetadataStandIn, startOpenMetadata } from './start-openmetadata.ts';
import { clientOf } from './test-client.ts';

describe('the OpenMetadata stand-in', () => {
  const running: OpenMetadataStandIn[] = [];
  const start = async (options: OpenMetadataOptions = {}): Promise<OpenMetadataStandIn> => {
    const server = await startOpenMetadata(options);
    running.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
  });

  const table = (name: string, more: object = {}): object => ({
    name,
    databaseSchema: 'hive.shop.sales',
    columns: [{ name: 'id', dataType: 'INT' }],
    ...more,
  });

  it('counts requests by template, dropped ones as status 0', async () => {
    const server = await start();
    const bot = clientOf(server, 'bot');
    await bot.warehouse();
    server.clearRequests();
    await bot.get('/tables/name/hive.shop.sales.nope');
    const { id } = (await bot.put('/tables', table('a'))).body;
    await bot.get(`/tables/${id}`);
    server.faults.set([{ kind: 'drop', match: 'GET /api/v1/tables/' }]);
    await expect(bot.get(`/tables/${id}`)).rejects.toThrow();
    const counted = server.requests().map(({ method, path, status, count }) => `${count} ${method} ${path} ${status}`);
    expect(counted.sort()).toEqual([
      '1 GET /v1/tables/name/{fqn} 404',
      '1 GET /v1/tables/{id} 0',
      '1 GET /v1/tables/{id} 200',
      '1 PUT /v1/tables 201',
    ]);
  });

  it('has done the work when a connection drops after it', async () => {
    const server = await start();
    const bot = clientOf(server, 'bot');
    await bot.warehouse();
    server.faults.set([{ kind: 'drop-after', match: 'PUT /api/v1/tables', times: 1 }]);
    await expect(bot.put('/tables', table('a'))).rejects.toThrow();
    expect((await bot.put('/tables', table('a'))).status).toBe(200);
  });

  it('takes its time for writes without holding up reads', async () => {
    const server = await start({ writeLatencyMs: 150 });
    const bot = clientOf(server, 'bot');
    const config = { type: 'Hive', hostPort: 'h:1' };
    const order: string[] = [];
    const begin = performance.now();
    const write = bot
      .put('/services/databaseServices', { name: 'hive', serviceType: 'Hive', connection: { config } })
      .then(() => order.push('write'));
    await bot.get('/tables?limit=0').then(() => order.push('read'));
    await write;
    expect(order).toEqual(['read', 'write']);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(145);
  });

  it('has one digest for one state, whatever way led there, and another for another', async () => {
    const [left, right] = [await start(), await start()];
    for (const server of [left, right]) {
      const bot = clientOf(server, 'bot');
      await bot.warehouse();
      await bot.put('/classifications', { name: 'Atlas', description: 'labels' });
      await bot.put('/tags', { classification: 'Atlas', name: 'PII', description: 'people' });
    }
    const tags = [{ tagFQN: 'Atlas.PII', source: 'Classification', labelType: 'Manual', state: 'Confirmed' }];
    const edgeOf = (from: string, to: string): object => ({
      edge: { fromEntity: { id: from, type: 'table' }, toEntity: { id: to, type: 'table' } },
    });
    const one = clientOf(left, 'bot');
    const a = await one.put('/tables', table('a', { description: 'text', tags }));
    const b = await one.put('/tables', table('b'));
    await one.put('/lineage', edgeOf(a.body.id, b.body.id));

    const other = clientOf(right, 'bot');
    const lateB = await other.put('/tables', table('b'));
    const lateA = await other.put('/tables', table('a'));
    await other.put('/tables', table('a', { tags }));
    await other.patch(`/tables/${lateA.body.id}`, [{ op: 'add', path: '/description', value: 'text' }]);
    const before = await digestTarget(right.url, right.botToken);
    await other.put('/lineage', edgeOf(lateA.body.id, lateB.body.id));

    const digest = await digestTarget(left.url, left.botToken);
    expect(await digestTarget(right.url, right.botToken)).toBe(digest);
    expect(before).not.toBe(digest);
    await other.patch(`/tables/${lateB.body.id}`, [{ op: 'add', path: '/columns/0/description', value: 'x' }]);
    expect(await digestTarget(right.url, right.botToken)).not.toBe(digest);
    const lines: string[] = [];
    for await (const line of dumpTarget(left.url, left.botToken)) {
      lines.push(line);
    }
    expect(lines.find((line) => line.includes('"from"'))).toContain('table hive.shop.sales.b');
  });

  it('pages a listing in both directions without losing or doubling a name', async () => {
    const server = await start();
    const bot = clientOf(server, 'bot');
    await bot.warehouse();
    const names = Array.from({ length: 25 }, (_, index) => `t${String(index).padStart(2, '0')}`);
    for (const name of names) {
      await bot.put('/tables', table(name));
    }
    const seen: string[] = [];
    let page = (await bot.get('/tables?database=hive&limit=10')).body;
    for (;;) {
      seen.push(...page.data.map((row: { name: string }) => row.name));
      if (page.paging.after === undefined) {
        break;
      }
      page = (await bot.get(`/tables?database=hive&limit=10&after=${encodeURIComponent(page.paging.after)}`)).body;
    }
    expect(seen).toEqual(names);
    const back = (await bot.get(`/tables?database=hive&limit=10&before=${encodeURIComponent(page.paging.before)}`))
      .body;
    expect(back.data.map((row: { name: string }) => row.name)).toEqual(names.slice(10, 20));
    expect(back.paging.total).toBe(25);
  });
});
