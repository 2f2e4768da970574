import { afterEach, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from './start-openmetadata.ts';
import { type Client, clientOf } from './test-client.ts';

describe('versions after 1.1', () => {
  let server: OpenMetadataStandIn;
  let bot: Client;
  let person: Client;

  async function start(version: string, strict = false): Promise<void> {
    server = await startOpenMetadata({ version, strict });
    bot = clientOf(server, 'bot');
    person = clientOf(server, 'admin');
    await bot.warehouse();
  }
  afterEach(async () => {
    await server.close();
  });

  const table = (more: object = {}): object => ({
    name: 'orders',
    databaseSchema: 'hive.shop.sales',
    columns: [{ name: 'id', dataType: 'INT' }],
    ...more,
  });
  const read = async (fields: string): Promise<ReturnType<Client['get']>> =>
    bot.get(`/tables/name/hive.shop.sales.orders?fields=${fields}`);

  it('tells the version it was given, also a short one', async () => {
    await start('1.7');
    const version = await (await fetch(`${server.url}/v1/system/version`)).json();
    expect(version).toMatchObject({ version: '1.7.0', revision: 'meridian-stand-in' });
    await expect(startOpenMetadata({ version: '2.0.0' })).rejects.toThrow('1.1 to 1.13');
  });

  it('knows sourceHash from 1.2: a new hash alone is a change, and lets a view text land', async () => {
    await start('1.2.3');
    await bot.put('/tables', table({ sourceHash: 'one', tableType: 'View', viewDefinition: 'select 1' }));
    const answer = await bot.put(
      '/tables',
      table({ sourceHash: 'two', tableType: 'View', viewDefinition: 'select 2' }),
    );
    expect(answer.change).toBe('entityUpdated');
    expect((await read('sourceHash,viewDefinition')).body).toMatchObject({
      sourceHash: 'two',
      viewDefinition: 'select 2',
    });
  });

  it('renames owner to owners at 1.5 and refuses to be asked for the other', async () => {
    await start('1.4.0');
    const { id } = (await person.put('/users', { name: 'ann', email: 'ann@example.org' })).body;
    await bot.put('/tables', table({ owner: { id, type: 'user' } }));
    expect((await read('owner')).body.owner.name).toBe('ann');
    expect((await read('owners')).status).toBe(400);
    await server.close();
    await start('1.5.0');
    const ann = (await person.put('/users', { name: 'ann', email: 'ann@example.org' })).body;
    await bot.put('/tables', table({ owner: { id: ann.id, type: 'user' } }));
    expect((await read('owners')).body.owners).toEqual([]);
    await bot.put('/tables', table({ owners: [{ id: ann.id, type: 'user' }] }));
    expect((await read('owners')).body.owners).toMatchObject([{ name: 'ann' }]);
    expect((await read('owner')).status).toBe(400);
  });

  it('drops unknown keys unless told to be strict', async () => {
    await start('1.6.0');
    expect((await bot.put('/tables', table({ bogus: 1 }))).status).toBe(201);
    await server.close();
    await start('1.6.0', true);
    expect((await bot.put('/tables', table({ bogus: 1 }))).status).toBe(400);
  });

  it('calls the view text schemaDefinition from 1.4, and patches it', async () => {
    await start('1.4.0');
    const { id } = (await bot.put('/tables', table({ tableType: 'View', schemaDefinition: 'select 1' }))).body;
    const patched = await bot.patch(`/tables/${id}`, [{ op: 'replace', path: '/schemaDefinition', value: 'select 2' }]);
    expect([patched.status, patched.change, patched.body.schemaDefinition]).toEqual([200, 'entityUpdated', 'select 2']);
  });

  it('has bulk from 1.11: rows fail one by one, deleted ones come back, texts of people stay', async () => {
    await start('1.11.0');
    await bot.put('/tables', table({ description: 'kept' }));
    await bot.delete('/tables/name/hive.shop.sales.orders');
    const answer = await bot.put('/tables/bulk', [
      table({ description: 'not taken' }),
      table({ name: 'fresh' }),
      table({ name: 'lost', databaseSchema: 'hive.shop.nope' }),
    ]);
    expect(answer.body).toMatchObject({
      status: 'partialSuccess',
      numberOfRowsProcessed: 3,
      numberOfRowsPassed: 2,
      numberOfRowsFailed: 1,
      successRequest: [
        { request: 'hive.shop.sales.orders', status: 200 },
        { request: 'hive.shop.sales.fresh', status: 200 },
      ],
      failedRequest: [{ status: 404 }],
    });
    expect((await read('')).body).toMatchObject({ description: 'kept', deleted: false });
    await server.close();
    await start('1.10.0');
    expect((await bot.put('/tables/bulk', [table()])).status).toBe(404);
  });

  it('lets a bot overwrite and clear display names from 1.11', async () => {
    await start('1.11.0');
    await bot.put('/tables', table({ displayName: 'Orders' }));
    await bot.put('/tables', table());
    expect((await read('')).body).not.toHaveProperty('displayName');
  });

  it('widens names at 1.3 and finds by pattern from 1.2', async () => {
    await start('1.3.0');
    const name = 'x'.repeat(200);
    expect((await bot.put('/tables', table({ name }))).status).toBe(201);
    const query = 'fieldName=fullyQualifiedName&fieldValue=*.*.sales.x*&index=table_search_index&deleted=false';
    const found = (await bot.get(`/search/fieldQuery?${query}`)).body;
    expect(found.hits.hits[0]._source.name).toBe(name);
    await server.close();
    await start('1.2.0');
    expect((await bot.put('/tables', table({ name }))).status).toBe(400);
  });

  it('takes step counts of a run from 1.3, and logs from 1.10', async () => {
    await start('1.10.0');
    const service = (await bot.get('/services/databaseServices/name/hive')).body;
    await bot.put('/services/ingestionPipelines', {
      name: 'atlas',
      pipelineType: 'metadata',
      service: { id: service.id, type: 'databaseService' },
      sourceConfig: { config: {} },
      airflowConfig: {},
    });
    const run = '11111111-2222-3333-4444-555555555555';
    const status = {
      runId: run,
      pipelineState: 'success',
      timestamp: 5,
      status: [{ name: 'sink', records: 3, errors: 0 }],
    };
    expect((await bot.put('/services/ingestionPipelines/hive.atlas/pipelineStatus', status)).status).toBe(201);
    expect((await bot.get(`/services/ingestionPipelines/hive.atlas/pipelineStatus/${run}`)).body).toEqual(status);
    const listed = await bot.get('/services/ingestionPipelines/hive.atlas/pipelineStatus?startTs=0&endTs=9');
    expect(listed.body.data).toEqual([status]);
    for (const logs of ['one\n', 'two\n']) {
      await bot.post(`/services/ingestionPipelines/logs/hive.atlas/${run}`, {
        logs,
        timestamp: 1,
        connectorId: 'here-1',
      });
    }
    expect((await bot.get(`/services/ingestionPipelines/logs/hive.atlas/${run}`)).body.logs).toBe('one\ntwo\n');
  });
});
