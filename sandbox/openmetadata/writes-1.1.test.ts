import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from './start-openmetadata.ts';
import { type Answer, type Client, clientOf } from './test-client.ts';

const TABLES = '/tables';
const FQN = 'hive.shop.sales.orders';
const label = (tagFQN: string): object => ({
  tagFQN,
  source: 'Classification',
  labelType: 'Manual',
  state: 'Confirmed',
});

describe('writes on a 1.1 server', () => {
  let server: OpenMetadataStandIn;
  let bot: Client;
  let person: Client;

  beforeEach(async () => {
    server = await startOpenMetadata({ version: '1.1.0' });
    bot = clientOf(server, 'bot');
    person = clientOf(server, 'admin');
    await bot.warehouse();
    await bot.put('/classifications', { name: 'Atlas', description: 'labels' });
    for (const name of ['Secret', 'Fresh']) {
      await bot.put('/tags', { classification: 'Atlas', name, description: name });
    }
  });
  afterEach(async () => {
    await server.close();
  });

  const put = (more: object = {}, client = bot): Promise<Answer> =>
    client.put(TABLES, {
      name: 'orders',
      databaseSchema: 'hive.shop.sales',
      columns: [{ name: 'id', dataType: 'INT' }],
      ...more,
    });
  const stored = async (fields = '*'): Promise<Answer['body']> =>
    (await bot.get(`${TABLES}/name/${FQN}?fields=${fields}`)).body;

  it('keeps texts of the entity and its columns from a bot, also its own, but fills empty ones', async () => {
    await put({ description: 'first', columns: [{ name: 'id', dataType: 'INT', description: 'key' }] });
    const again = await put({
      description: 'second',
      displayName: 'Orders',
      columns: [{ name: 'ID', dataType: 'INT', description: 'other' }],
    });
    expect(again.body).toMatchObject({ description: 'first', displayName: 'Orders', version: 0.2 });
    expect(again.body.columns).toMatchObject([{ name: 'ID', description: 'key' }]);
    await put({ description: 'a person says so' }, person);
    expect((await stored()).description).toBe('a person says so');
  });

  it('answers 200 and stores nothing when only the view text, a display or the order changes', async () => {
    const columns = [
      { name: 'a', dataType: 'INT' },
      { name: 'b', dataType: 'INT' },
    ];
    await put({ tableType: 'View', viewDefinition: 'select 1', columns });
    const changed = [
      { name: 'b', dataType: 'INT', dataTypeDisplay: 'int4' },
      { name: 'a', dataType: 'INT' },
    ];
    const silent = await put({ tableType: 'View', viewDefinition: 'select 2', columns: changed });
    expect([silent.status, silent.change]).toEqual([200, 'entityNoChange']);
    expect(await stored()).toMatchObject({ viewDefinition: 'select 1', columns, version: 0.1 });
    await put({ tableType: 'View', viewDefinition: 'select 2', columns: changed, description: 'now' });
    expect(await stored()).toMatchObject({ viewDefinition: 'select 2', columns: changed, version: 0.2 });
  });

  it('deletes a table type and constraints that a PUT leaves out', async () => {
    await put({ tableType: 'External', tableConstraints: [{ constraintType: 'PRIMARY_KEY', columns: ['id'] }] });
    const answer = await put();
    expect(answer.body.changeDescription.fieldsDeleted.map((field: { name: string }) => field.name)).toEqual([
      'tableType',
      'tableConstraints',
    ]);
    expect(await stored()).not.toHaveProperty('tableType');
  });

  it('keeps the text but not the labels of a column whose type changes', async () => {
    await put({ columns: [{ name: 'id', dataType: 'INT', description: 'key', tags: [label('Atlas.Secret')] }] });
    const answer = await put({ columns: [{ name: 'id', dataType: 'BIGINT' }] });
    expect(answer.body.version).toBe(1.1);
    expect((await stored('tags')).columns).toMatchObject([{ dataType: 'BIGINT', description: 'key', tags: [] }]);
  });

  it('merges labels on PUT, replaces them on PATCH, and puts them back on the next PUT', async () => {
    const created = await put({ tags: [label('Atlas.Secret')] });
    await put({ tags: [label('Atlas.Fresh')] });
    expect((await stored('tags')).tags).toMatchObject([{ tagFQN: 'Atlas.Fresh' }, { tagFQN: 'Atlas.Secret' }]);
    const { id } = created.body;
    await bot.patch(`${TABLES}/${id}`, [
      { op: 'test', path: '/tags/0/tagFQN', value: 'Atlas.Fresh' },
      { op: 'remove', path: '/tags/0' },
    ]);
    await bot.patch(`${TABLES}/${id}`, [{ op: 'remove', path: '/tags/0' }]);
    expect((await stored('tags')).tags).toEqual([]);
    await put({ tags: [label('Atlas.Fresh')] });
    expect((await stored('tags')).tags).toMatchObject([{ tagFQN: 'Atlas.Fresh' }]);
  });

  it('strips a tag from everything when it is soft-deleted, and does not bring it back', async () => {
    await put({
      tags: [label('Atlas.Secret')],
      columns: [{ name: 'id', dataType: 'INT', tags: [label('Atlas.Secret')] }],
    });
    const { id } = (await bot.get('/tags/name/Atlas.Secret')).body;
    expect((await bot.delete(`/tags/${id}`)).status).toBe(200);
    expect((await put({ tags: [label('Atlas.Secret')] })).status).toBe(404);
    expect((await bot.put('/tags/restore', { id })).status).toBe(200);
    const table = await stored('tags');
    expect([table.tags, table.columns[0].tags]).toEqual([[], []]);
  });

  it('refuses two labels of a mutually exclusive vocabulary', async () => {
    await bot.put('/classifications', { name: 'One', description: 'of these', mutuallyExclusive: true });
    for (const name of ['Hot', 'Cold']) {
      await bot.put('/tags', { classification: 'One', name, description: name });
    }
    expect((await put({ tags: [label('One.Hot'), label('One.Cold')] })).status).toBe(400);
    expect((await put({ tags: [label('One.Hot')] })).status).toBe(201);
    expect((await put({ tags: [label('One.Cold')] })).status).toBe(200);
  });

  it('knows who changed what: the history names author, field and values', async () => {
    const { id } = (await put({ tags: [label('Atlas.Secret')] })).body;
    await person.patch(`${TABLES}/${id}`, [{ op: 'add', path: '/columns/0/description', value: 'the key' }]);
    await person.patch(`${TABLES}/${id}`, [{ op: 'remove', path: '/tags/0' }]);
    const { body } = await bot.get(`${TABLES}/${id}/versions`);
    expect(body.entityType).toBe('table');
    const versions = body.versions.map((text: string) => JSON.parse(text));
    expect(versions.map((one: { version: number; updatedBy: string }) => [one.version, one.updatedBy])).toEqual([
      [0.3, 'admin'],
      [0.2, 'admin'],
      [0.1, 'ingestion-bot'],
    ]);
    expect(versions[0].changeDescription.fieldsDeleted[0].name).toBe('tags');
    expect(JSON.parse(versions[0].changeDescription.fieldsDeleted[0].oldValue)).toMatchObject([
      { tagFQN: 'Atlas.Secret' },
    ]);
    expect(versions[1].changeDescription.fieldsAdded).toEqual([
      { name: 'columns.id.description', newValue: 'the key' },
    ]);
    expect(versions[1].tags).toMatchObject([{ tagFQN: 'Atlas.Secret' }]);
    expect((await bot.get(`${TABLES}/${id}/versions/0.1`)).body.version).toBe(0.1);
  });

  it('applies a patch whole or not at all', async () => {
    const { id } = (await put({ description: 'first' })).body;
    const failed = await bot.patch(`${TABLES}/${id}`, [
      { op: 'replace', path: '/description', value: 'second' },
      { op: 'test', path: '/name', value: 'another' },
    ]);
    expect(failed.status).toBe(500);
    expect(JSON.stringify(failed.body)).toContain('JsonPatch.Operation.TEST fails! Values are not equal');
    expect(await stored()).toMatchObject({ description: 'first', version: 0.1 });
  });

  it('cannot replace what is absent, nor a view text', async () => {
    const { id } = (await put({ tableType: 'View', viewDefinition: 'select 1' })).body;
    expect((await bot.patch(`${TABLES}/${id}`, [{ op: 'replace', path: '/description', value: 'x' }])).status).toBe(
      500,
    );
    expect((await bot.patch(`${TABLES}/${id}`, [{ op: 'replace', path: '/viewDefinition', value: 'x' }])).status).toBe(
      500,
    );
    expect((await bot.patch(`${TABLES}/${id}`, [{ op: 'add', path: '/description', value: 'x' }])).status).toBe(200);
    expect(await stored()).toMatchObject({ description: 'x', viewDefinition: 'select 1' });
  });

  it('hides secrets of a connection from people only, also after somebody patched it', async () => {
    const config = { type: 'Hive', hostPort: 'h:1', password: 'open sesame' };
    await bot.put('/services/databaseServices', { name: 'secret', serviceType: 'Hive', connection: { config } });
    const seen = async (client: Client): Promise<string> =>
      (await client.get('/services/databaseServices/name/secret')).body.connection.config.password;
    expect(await seen(person)).toBe('*********');
    const { id } = (await bot.get('/services/databaseServices/name/secret')).body;
    await person.patch(`/services/databaseServices/${id}`, [{ op: 'add', path: '/description', value: 'x' }]);
    expect(await seen(bot)).toBe('open sesame');
  });

  it('keeps what is stored when it is stopped and started on the same file', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const { join } = await import('node:path');
    const folder = mkdtempSync(join(tmpdir(), 'stand-in-test-'));
    const dataFile = join(folder, 'data.sqlite');
    const first = await startOpenMetadata({ dataFile });
    await clientOf(first, 'bot').warehouse();
    await first.close();
    const second = await startOpenMetadata({ dataFile });
    expect((await clientOf(second, 'bot').get('/databaseSchemas/name/hive.shop.sales')).status).toBe(200);
    await second.close();
    rmSync(folder, { recursive: true });
  });
});
