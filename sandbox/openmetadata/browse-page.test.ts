import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from './start-openmetadata.ts';
import { type Client, clientOf } from './test-client.ts';

describe('the pages for people', () => {
  let server: OpenMetadataStandIn;
  let bot: Client;

  beforeAll(async () => {
    server = await startOpenMetadata();
    bot = clientOf(server, 'bot');
    await bot.warehouse();
    const from = await bot.put('/tables', table('raw <b>', { description: 'as it came & more' }));
    const to = await bot.put(
      '/tables',
      table('clean', { columns: [{ name: 'id', dataType: 'INT', description: 'the key' }] }),
    );
    const ends = { fromEntity: { id: from.body['id'], type: 'table' }, toEntity: { id: to.body['id'], type: 'table' } };
    await bot.put('/lineage', { edge: ends });
  });
  afterAll(async () => {
    await server.close();
  });

  const table = (name: string, more: object): object => ({
    name,
    databaseSchema: 'hive.shop.sales',
    columns: [{ name: 'id', dataType: 'INT' }],
    ...more,
  });

  async function open(path: string): Promise<{ status: number; text: string; links: string[] }> {
    const answer = await fetch(new URL(path, server.pageUrl));
    const text = await answer.text();
    return { status: answer.status, text, links: [...text.matchAll(/href="([^"]+)"/g)].map((match) => match[1]!) };
  }

  it('lead by links from the start to a table, and say that this is a stand-in', async () => {
    const start = await open('/');
    expect(start.text).toContain('Stand-in for OpenMetadata');
    let here = start;
    for (const step of ['hive', 'hive.shop', 'hive.shop.sales', 'hive.shop.sales.clean']) {
      const next = here.links.find((link) => decodeURIComponent(link).endsWith(`/${step}`));
      expect(next, step).toBeDefined();
      here = await open(next!);
      expect(here.status).toBe(200);
    }
    expect(here.text).toContain('the key');
    expect(here.text).toMatch(/Comes from[\s\S]*raw &#60;b&#62;/);
  });

  it('show names as text, never as markup', async () => {
    const { text } = await open(`/browse/table/${encodeURIComponent('hive.shop.sales.raw <b>')}`);
    expect(text).toContain('as it came &#38; more');
    expect(text).not.toContain('<b>');
  });

  it('say so when there is nothing by a name', async () => {
    expect((await open('/browse/table/nope')).status).toBe(404);
  });
});
