import { afterEach, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from './start-openmetadata.ts';
import { type Client, clientOf } from './test-client.ts';

let server: OpenMetadataStandIn;
let bot: Client;
let person: Client;

async function start(version: string): Promise<void> {
  server = await startOpenMetadata({ version, strict: true });
  bot = clientOf(server, 'bot');
  person = clientOf(server, 'admin');
  await bot.warehouse();
}
afterEach(() => server.close());

const glossary = { name: 'Business', description: 'words' };
const term = (name: string, more: object = {}): object => ({ glossary: 'Business', name, description: name, ...more });
const label = (tagFQN: string, source = 'Glossary'): object => ({
  tagFQN,
  source,
  labelType: 'Automated',
  state: 'Confirmed',
});

describe('terms', () => {
  it('are listed by the id of their glossary or of the term above, never by a name', async () => {
    await start('1.1.0');
    const { id } = (await bot.put('/glossaries', glossary)).body;
    const parent = (await bot.put('/glossaryTerms', term('a'))).body;
    await bot.put('/glossaryTerms', term('b', { parent: 'Business.a' }));
    expect((await bot.get(`/glossaryTerms?glossary=${id}`)).body.paging.total).toBe(2);
    expect((await bot.get(`/glossaryTerms?glossary=${id}&parent=${parent.id}`)).body.paging.total).toBe(1);
    expect((await bot.get('/glossaryTerms?glossary=Business')).status).toBe(400);
    const unknown = '00000000-0000-0000-0000-000000000000';
    expect((await bot.get(`/glossaryTerms?glossary=${unknown}`)).status).toBe(404);
  });

  it.each([
    ['1.1.0', 'status', 'Draft'],
    ['1.5.0', 'status', 'Approved'],
    ['1.13.0', 'entityStatus', 'Approved'],
  ])('of %s start with a %s of %s, and a PUT sets it back', async (version, key, first) => {
    await start(version);
    await bot.put('/glossaries', glossary);
    const { id } = (await bot.put('/glossaryTerms', term('a'))).body;
    expect((await bot.get(`/glossaryTerms/${id}`)).body[key]).toBe(first);
    await person.patch(`/glossaryTerms/${id}`, [{ op: 'replace', path: `/${key}`, value: 'Deprecated' }]);
    expect((await bot.get(`/glossaryTerms/${id}`)).body[key]).toBe('Deprecated');
    await bot.put('/glossaryTerms', term('a'));
    expect((await bot.get(`/glossaryTerms/${id}`)).body[key]).toBe(first);
  });

  it.each(['1.1.0', '1.13.0'])('of %s are related both ways, in the form of the version', async (version) => {
    await start(version);
    const typed = version === '1.13.0';
    await bot.put('/glossaries', glossary);
    const a = (await bot.put('/glossaryTerms', term('a'))).body;
    const b = (await bot.put('/glossaryTerms', term('b', { relatedTerms: ['Business.a'] }))).body;
    const first = (doc: { relatedTerms: { term?: object }[] }): object | undefined =>
      typed ? doc.relatedTerms[0]?.term : doc.relatedTerms[0];
    expect(first(b)).toMatchObject({ id: a.id });
    const read = async (id: string) => (await bot.get(`/glossaryTerms/${id}?fields=relatedTerms`)).body;
    expect(first(await read(a.id))).toMatchObject({ id: b.id, type: 'glossaryTerm' });
    const c = (await bot.put('/glossaryTerms', term('c'))).body;
    const reference = { id: c.id, type: 'glossaryTerm' };
    const value = typed ? { relationType: 'relatedTo', term: reference } : reference;
    const patched = await bot.patch(`/glossaryTerms/${a.id}`, [{ op: 'add', path: '/relatedTerms/-', value }]);
    expect(patched.status).toBe(200);
    expect((await read(a.id)).relatedTerms).toHaveLength(2);
    expect((await read(c.id)).relatedTerms).toHaveLength(1);
  });

  it.each([
    ['1.3.0', 'admin'],
    ['1.4.0', 'reference'],
  ])('of %s take a reviewer by %s', async (version, form) => {
    await start(version);
    const { id } = (await bot.get('/users/name/admin')).body;
    const reviewers = [form === 'admin' ? 'admin' : { id, type: 'user' }];
    await bot.put('/glossaries', glossary);
    expect((await bot.put('/glossaryTerms', term('a', { reviewers }))).status).toBe(201);
    const read = await bot.get('/glossaryTerms/name/Business.a?fields=reviewers');
    expect(read.body).toMatchObject({ reviewers: [{ name: 'admin' }], status: 'Draft' });
  });

  it('hold what is marked as deleted too, so that a plain delete is refused', async () => {
    await start('1.1.0');
    await bot.put('/glossaries', glossary);
    const a = (await bot.put('/glossaryTerms', term('a'))).body;
    const b = (await bot.put('/glossaryTerms', term('b', { parent: 'Business.a' }))).body;
    expect((await bot.delete(`/glossaryTerms/${b.id}`)).status).toBe(200);
    expect((await bot.delete(`/glossaryTerms/${a.id}`)).status).toBe(400);
    expect((await bot.delete(`/glossaryTerms/${a.id}?recursive=true`)).status).toBe(200);
  });

  it('are no labels of an unknown name, and go from what carries them when they are deleted', async () => {
    await start('1.9.0');
    await bot.put('/glossaries', glossary);
    const { id } = (await bot.put('/glossaryTerms', term('a'))).body;
    await bot.put('/services/messagingServices', { name: 'k', serviceType: 'CustomMessaging' });
    const topic = (tag: object): object => ({
      name: 't',
      service: 'k',
      partitions: 1,
      tags: [tag],
      messageSchema: { schemaType: 'Avro', schemaFields: [{ name: 'f', dataType: 'STRING', tags: [tag] }] },
    });
    expect((await bot.put('/topics', topic(label('Business.nobody')))).status).toBe(404);
    expect((await bot.put('/topics', topic(label('Business.a', 'Classification')))).status).toBe(404);
    expect((await bot.put('/topics', topic(label('Business.a')))).status).toBe(201);
    await bot.delete(`/glossaryTerms/${id}`);
    const read = (await bot.get('/topics/name/k.t?fields=tags')).body;
    expect([read.tags, read.messageSchema.schemaFields[0].tags]).toEqual([[], []]);
  });
});

describe('parts', () => {
  it('of pipelines and containers are shown from 1.2 on to who asks for them', async () => {
    await start('1.2.0');
    await bot.put('/services/pipelineServices', { name: 'p', serviceType: 'CustomPipeline' });
    await bot.put('/pipelines', { name: 'load', service: 'p', tasks: [{ name: 'a' }] });
    expect((await bot.get('/pipelines/name/p.load')).body.tasks).toBeUndefined();
    expect((await bot.get('/pipelines/name/p.load?fields=tasks')).body.tasks).toHaveLength(1);
    await bot.put('/services/storageServices', { name: 's', serviceType: 'CustomStorage' });
    const columns = [{ name: 'c', dataType: 'INT' }];
    await bot.put('/containers', { name: 'b', service: 's', dataModel: { columns } });
    expect((await bot.get('/containers/name/s.b')).body.dataModel).toBeUndefined();
    expect((await bot.get('/containers/name/s.b?fields=dataModel')).body.dataModel.columns).toHaveLength(1);
  });

  it('of tables have their labels only for who asks for the columns, on later servers', async () => {
    await start('1.9.0');
    const columns = [{ name: 'c', dataType: 'INT', tags: [label('PII.Sensitive', 'Classification')] }];
    await bot.put('/tables', { name: 't', databaseSchema: 'hive.shop.sales', columns });
    const read = async (fields: string) => (await bot.get(`/tables/name/hive.shop.sales.t?fields=${fields}`)).body;
    expect((await read('tags')).columns[0].tags).toBeUndefined();
    expect((await read('tags,columns')).columns[0].tags).toHaveLength(1);
  });
});

describe('foreign keys', () => {
  const table = (name: string, tableConstraints: object[]): object => ({
    name,
    databaseSchema: 'hive.shop.sales',
    columns: ['a', 'b'].map((column) => ({ name: column, dataType: 'INT' })),
    tableConstraints,
  });
  const key = (columns: string[], referred: string[]): object => ({
    constraintType: 'FOREIGN_KEY',
    columns,
    referredColumns: referred.map((column) => `hive.shop.sales.${column}`),
  });

  it('may point anywhere up to 1.4, and later only at what is there', async () => {
    await start('1.4.0');
    expect((await bot.put('/tables', table('t', [key(['a'], ['none.a'])]))).status).toBe(201);
    await server.close();
    await start('1.5.0');
    const refused = await bot.put('/tables', table('t', [key(['a'], ['none.a'])]));
    expect(refused).toMatchObject({ status: 400, body: { message: 'Table not found: hive.shop.sales.none' } });
    await bot.put('/tables', table('u', []));
    expect((await bot.put('/tables', table('t', [key(['a'], ['u.x'])]))).status).toBe(400);
    expect((await bot.put('/tables', table('t', [key(['a'], ['u.a']), key(['a'], ['u.a'])]))).status).toBe(400);
    const stored = await bot.put('/tables', table('t', [key(['b', 'a'], ['u.a', 'u.b'])]));
    expect(stored.body.tableConstraints).toEqual([{ ...key(['a', 'b'], ['u.a', 'u.b']) }]);
  });
});

describe('enums as custom properties', () => {
  it('have words, which may come but not go, and values of these words only', async () => {
    await start('1.5.0');
    const type = (await bot.get('/metadata/types/name/table')).body.id;
    const field = (await bot.get('/metadata/types/name/enum')).body.id;
    const put = (values?: string[], multiSelect = false) =>
      bot.put(`/metadata/types/${type}`, {
        name: 'risk',
        description: 'how bad',
        propertyType: { id: field, type: 'type' },
        ...(values && { customPropertyConfig: { config: { multiSelect, values } } }),
      });
    expect((await put()).status).toBe(400);
    expect((await put(['low', 'low'])).status).toBe(400);
    expect((await put(['low', 'high'])).status).toBe(200);
    expect((await put(['high'])).status).toBe(400);
    expect((await put(['low', 'high', 'worst'])).status).toBe(200);
    const table = (name: string, risk: unknown) =>
      bot.put('/tables', { name, databaseSchema: 'hive.shop.sales', columns: [], extension: { risk } });
    expect((await table('a', ['worst'])).status).toBe(201);
    expect((await table('b', 'worst')).status).toBe(400);
    expect((await table('b', ['unheard'])).status).toBe(400);
    expect((await table('b', ['low', 'high'])).status).toBe(400);
    await put(['low', 'high', 'worst'], true);
    expect((await table('b', ['low', 'high'])).status).toBe(201);
  });
});
