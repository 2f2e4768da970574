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

  const custom = { config: { type: 'Custom' } };
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

  it('show every kind of asset with its parts, and edges between kinds', async () => {
    await bot.put('/services/messagingServices', { name: 'k', serviceType: 'CustomMessaging', connection: custom });
    await bot.put('/services/storageServices', { name: 's', serviceType: 'CustomStorage', connection: custom });
    await bot.put('/services/pipelineServices', { name: 'p', serviceType: 'CustomPipeline', connection: custom });
    await bot.put('/glossaries', { name: 'Words', description: 'of the shop' });
    await bot.put('/glossaryTerms', { glossary: 'Words', name: 'Order', description: 'x', synonyms: ['purchase'] });
    await bot.put('/glossaryTerms', {
      glossary: 'Words',
      parent: 'Words.Order',
      name: 'Late',
      description: 'y',
      relatedTerms: ['Words.Order'],
    });
    const label = { tagFQN: 'Words.Order.Late', source: 'Glossary', labelType: 'Manual', state: 'Confirmed' };
    const fields = [{ name: 'Row', dataType: 'RECORD', children: [{ name: 'id', dataType: 'LONG', tags: [label] }] }];
    const topic = await bot.put('/topics', {
      name: 't.1',
      service: 'k',
      partitions: 7,
      messageSchema: { schemaType: 'Avro', schemaFields: fields },
    });
    const outer = await bot.put('/containers', { name: 'outer', service: 's' });
    const parent = { id: outer.body.id, type: 'container' };
    const inner = await bot.put('/containers', { name: 'inner', service: 's', parent, prefix: '/inner/' });
    const tasks = [{ name: 'step', taskSQL: 'select 1 < 2' }];
    const pipeline = await bot.put('/pipelines', { name: 'load', service: 'p', tasks });
    const edge = (from: object, to: object): object => ({ edge: { fromEntity: from, toEntity: to } });
    const end = (answer: { body: { id: string } }, type: string): object => ({ id: answer.body.id, type });
    await bot.put('/lineage', edge(end(topic, 'topic'), end(inner, 'container')));
    await bot.put('/lineage', edge(end(inner, 'container'), end(pipeline, 'pipeline')));

    const page = (type: string, fqn: string) => open(`/browse/${type}/${encodeURIComponent(fqn)}`);
    expect((await page('topic', 'k."t.1"')).text).toMatch(
      /Partitions[\s\S]*7[\s\S]*Row[\s\S]*id[\s\S]*Words.Order.Late/,
    );
    expect((await page('container', 's.outer')).links.map(decodeURIComponent)).toContain(
      '/browse/container/s.outer.inner',
    );
    const around = await page('container', 's.outer.inner');
    expect(around.text).toMatch(/Comes from[\s\S]*t\.1[\s\S]*topic[\s\S]*Goes to[\s\S]*load[\s\S]*pipeline/);
    expect((await page('pipeline', 'p.load')).text).toContain('select 1 &#60; 2');
    expect((await page('glossary', 'Words')).links.map(decodeURIComponent)).not.toContain(
      '/browse/glossaryTerm/Words.Order.Late',
    );
    const term = await page('glossaryTerm', 'Words.Order.Late');
    expect(term.links.map(decodeURIComponent)).toContain('/browse/topic/k."t.1"');
    expect((await page('glossaryTerm', 'Words.Order')).text).toMatch(/Synonyms[\s\S]*purchase[\s\S]*Late/);
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
