import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtlasTestClient, type FullEntity } from './atlas-test-client.ts';
import { type AtlasStandIn, startAtlas } from './start-atlas.ts';

const RECORDED = join(import.meta.dirname, '../../../shared/atlas/recorded');

describe('what a reader of Atlas can fall over', () => {
  let server: AtlasStandIn;
  let atlas: AtlasTestClient;

  beforeAll(async () => {
    server = await startAtlas();
    atlas = new AtlasTestClient(server);
  });
  afterAll(() => server.close());

  const guidOf = async (name: string): Promise<string> => (await atlas.find('hive_table', name)).guid;

  it('1: a limit above the maximum is served as 100, without a word', async () => {
    const within = await atlas.search({ typeName: 'hive_column', limit: 10_000 });
    const above = await atlas.search({ typeName: 'hive_column', limit: 10_001 });
    expect(within.entities).toHaveLength(within.approximateCount);
    expect(above.entities).toHaveLength(100);
    expect(above.approximateCount).toBe(within.approximateCount);
  });

  it('2: one unknown guid makes a whole batch 404', async () => {
    const gone = '00000000-0000-4000-8000-000000000000';
    const answer = await atlas.send(`v2/entity/bulk?guid=${await guidOf('shop.orders@prod')}&guid=${gone}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ errorCode: 'ATLAS-404-00-005' });
  });

  it('3: too many guids are 414, wrong credentials 401, both in HTML', async () => {
    const guid = await guidOf('shop.orders@prod');
    const many = (count: number): string => `v2/entity/bulk?${Array(count).fill(`guid=${guid}`).join('&')}`;
    expect((await atlas.send(many(370))).status).toBe(200);
    const long = await atlas.send(many(400));
    expect([long.status, long.headers.get('content-type')]).toEqual([414, expect.stringContaining('text/html')]);

    const stranger = await fetch(`${server.url}/api/atlas/v2/types/typedefs`, {
      headers: { Authorization: `Basic ${Buffer.from('admin:nope').toString('base64')}` },
    });
    expect([stranger.status, stranger.headers.get('content-type')]).toEqual([
      401,
      expect.stringContaining('text/html'),
    ]);
    expect((await fetch(`${server.url}/api/atlas/v2/types/typedefs`)).status).toBe(401);
  });

  it('4: an attribute or type that is not there makes a search 400', async () => {
    const attribute = await atlas.search({ typeName: 'hive_table', attributes: ['db', 'nope'] });
    expect(attribute).toMatchObject({
      errorCode: 'ATLAS-400-00-023',
      errorMessage: 'Attribute nope not found for type hive_table',
    });
    const type = await atlas.search({ typeName: 'nope' });
    expect(type).toMatchObject({ errorMessage: 'nope: Unknown/invalid typename' });
    const several = await atlas.search({ typeName: 'hive_table,hive_db', attributes: ['tableType'] });
    expect(several).toMatchObject({ errorMessage: 'Attribute tableType not found for type hive_db' });
  });

  it('4: an older server lacks several types, system attributes, business metadata and markers', async () => {
    const old = await startAtlas({ version: '1.1.0' });
    try {
      const client = new AtlasTestClient(old);
      expect(await client.get('admin/version')).toMatchObject({ Version: '1.1.0' });
      expect(await client.search({ typeName: 'hive_table,hive_db' })).toMatchObject({
        errorMessage: 'hive_table,hive_db: Unknown/invalid typename',
      });
      for (const name of ['__labels', '__modificationTimestamp', '__customAttributes', 'care.steward']) {
        expect(await client.search({ typeName: 'hive_table', attributes: [name] })).toMatchObject({
          errorCode: 'ATLAS-400-00-023',
        });
      }
      const paged = await client.search({ typeName: 'hive_table', limit: 5, marker: '*' });
      expect(paged.entities).toHaveLength(5);
      expect(paged.nextMarker).toBeUndefined();
      const types = await client.get<{ businessMetadataDefs: unknown[] }>('v2/types/typedefs');
      expect(types.businessMetadataDefs).toEqual([]);
    } finally {
      await old.close();
    }
  });

  it('5: columns are not in the order of their positions', async () => {
    const { entity, referredEntities } = await atlas.get(`v2/entity/guid/${await guidOf('shop.orders@prod')}`);
    for (const columns of [entity.attributes['columns'], entity.relationshipAttributes['columns']]) {
      const positions = (columns as { guid: string }[]).map(
        ({ guid }) => (referredEntities[guid] as FullEntity).attributes['position'],
      );
      expect(positions).not.toEqual(positions.toSorted());
      expect(positions.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    }
  });

  it('5: a partition column has no table in a search, only the table knows its partition keys', async () => {
    const ordinary = await atlas.find('hive_column', 'shop.orders.total@prod', ['table']);
    const partition = await atlas.find('hive_column', 'shop.orders.order_day@prod', ['table', 'position']);
    expect(ordinary.attributes['table']).toMatchObject({ uniqueAttributes: { qualifiedName: 'shop.orders@prod' } });
    expect(partition.attributes['table']).toBeUndefined();
    expect(partition.attributes['position']).toBe(7);

    const table = await atlas.find('hive_table', 'shop.orders@prod', ['partitionKeys', 'columns']);
    const keys = table.attributes['partitionKeys'] as { guid: string; typeName: string }[];
    expect(keys.map((key) => key.guid)).toContain(partition.guid);
    expect(keys).toHaveLength(2);
    expect(table.attributes['columns']).toHaveLength(7);
  });

  it('6: classifications spread along lineage under the guid of their origin', async () => {
    const origin = await atlas.find('hive_column', 'loyalty.customers.email@prod');
    const reached = await atlas.find('hive_column', 'loyalty.v_active_customers.email@prod');
    expect(reached.classificationNames).toContain('PII_EMAIL');
    expect(reached.classifications).toMatchObject([{ typeName: 'PII_EMAIL', entityGuid: origin.guid }]);

    const broad = await atlas.search({ typeName: 'hive_column', classification: 'PII', limit: 500 });
    const narrow = await atlas.search({
      typeName: 'hive_column',
      classification: 'PII',
      limit: 500,
      includeSubClassifications: false,
    });
    expect(broad.entities?.map((header) => header.guid)).toContain(reached.guid);
    expect(narrow.entities?.map((header) => header.guid)).not.toContain(reached.guid);
  });

  it('7: deleted entities stay, with their columns, unless a search excludes them', async () => {
    const table = await atlas.find('hive_table', 'finance.ledger_2019@prod');
    expect(table.status).toBe('DELETED');
    expect((await atlas.find('hive_column', 'finance.ledger_2019.amount@prod')).status).toBe('DELETED');
    const all = await atlas.search({ typeName: 'hive_table' });
    const active = await atlas.search({ typeName: 'hive_table', excludeDeletedEntities: true });
    expect(all.approximateCount - active.approximateCount).toBe(1);
  });

  it('8: one name lives in two clusters', async () => {
    const prod = await atlas.find('hive_table', 'shop.orders@prod');
    const dr = await atlas.find('hive_table', 'shop.orders@dr');
    expect(prod.attributes['name']).toBe(dr.attributes['name']);
    expect(prod.guid).not.toBe(dr.guid);
  });

  it('9: a shell says that it is incomplete', async () => {
    expect((await atlas.find('hive_table', 'finance.bank_feed@prod')).isIncomplete).toBe(true);
  });

  it('10: dates are epoch milliseconds, validity periods text with a time zone', async () => {
    const table = await atlas.find('hive_table', 'shop.orders@prod', ['createTime', '__modificationTimestamp']);
    expect(table.attributes['createTime']).toBeGreaterThan(1_700_000_000_000);
    const retention = table.classifications?.find((use) => use.typeName === 'RETENTION');
    expect(retention?.['validityPeriods']).toEqual([
      { startTime: '2025/01/01 00:00:00', endTime: '2030/12/31 23:59:59', timeZone: 'Europe/Vienna' },
    ]);
  });

  it('11: names hold dots, quotes, spaces, ::> and letters of any script; a table can be wide', async () => {
    const odd = await atlas.find('hive_table', 'loyalty.Gäste "Stamm" ::>Liste@prod');
    expect(odd.attributes['name']).toBe('Gäste "Stamm" ::>Liste');
    expect((await atlas.find('hive_table', 'kitchen.lab.rye.v2@prod')).attributes['name']).toBe('lab.rye.v2');
    const wide = await atlas.find('hive_table', 'kitchen.oven_readings_wide@prod', ['columns']);
    expect(wide.attributes['columns']).toHaveLength(162);
  });

  it('12: processes are of many types, and one reads and writes the same table', async () => {
    const { entities = [] } = await atlas.search({
      typeName: 'Process',
      limit: 1000,
      attributes: ['inputs', 'outputs'],
    });
    expect(new Set(entities.map((header) => header.typeName))).toEqual(
      new Set(['Process', 'hive_process', 'hive_column_lineage', 'spark_process', 'sqoop_process', 'LoadProcess']),
    );
    const merge = entities.find((header) => header.attributes['name'] === 'merge_late_orders');
    const names = (side: string): unknown[] =>
      (merge!.attributes[side] as { uniqueAttributes: { qualifiedName: string } }[]).map(
        (each) => each.uniqueAttributes.qualifiedName,
      );
    expect(names('inputs')).toEqual(['shop.orders_delta@prod', 'shop.orders@prod']);
    expect(names('outputs')).toEqual(['shop.orders@prod']);
    const columns = await atlas.search({ typeName: 'hive_column_lineage', attributes: ['depenendencyType', 'query'] });
    expect(columns.entities?.[0]?.attributes['depenendencyType']).toBe('SIMPLE');
  });

  it("13: types of anyone's making inherit: what a type is follows from its supertypes", async () => {
    const { entityDefs } = await atlas.get<{
      entityDefs: { name: string; superTypes: string[]; attributeDefs: { name: string }[] }[];
    }>('v2/types/typedefs?type=entity');
    const table = entityDefs.find((def) => def.name === 'Table');
    expect(table?.superTypes).toEqual(['DataSet']);
    expect(table?.attributeDefs.map((def) => def.name)).not.toContain('qualifiedName');
    const sets = await atlas.search({ typeName: 'DataSet', limit: 10_000 });
    expect(sets.entities?.map((header) => header.typeName)).toEqual(expect.arrayContaining(['Table', 'hive_table']));
    const bare = await atlas.search({ typeName: 'DataSet', includeSubTypes: false });
    expect(bare.approximateCount).toBe(0);
  });

  it('14: pages by offset and by marker bring each row once', async () => {
    const whole = await atlas.search({ typeName: 'hive_table', limit: 1000 });
    const byOffset = new Set<string>();
    for (let offset = 0; offset < whole.approximateCount; offset += 20) {
      const page = await atlas.search({ typeName: 'hive_table', limit: 20, offset });
      for (const header of page.entities ?? []) {
        byOffset.add(header.guid);
      }
    }
    const byMarker = new Set<string>();
    for (let marker = '*'; marker !== '-1'; ) {
      const page = await atlas.search({ typeName: 'hive_table', limit: 20, marker });
      for (const header of page.entities ?? []) {
        byMarker.add(header.guid);
      }
      marker = page.nextMarker ?? '-1';
    }
    expect(byOffset.size).toBe(whole.approximateCount);
    expect(byMarker).toEqual(byOffset);
    expect(await atlas.search({ typeName: 'hive_table', offset: 20, marker: '*' })).toHaveProperty('errorCode');
  });

  it('15: an export is a ZIP without a content type', async () => {
    const body = { itemsToExport: [{ typeName: 'hive_db', uniqueAttributes: { qualifiedName: 'shop@dr' } }] };
    const answer = await atlas.send('admin/export', { method: 'POST', body: JSON.stringify(body) });
    expect(answer.headers.get('content-type')).toBeNull();
    const zip = Buffer.from(await answer.arrayBuffer());
    expect(zip.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
    for (const name of ['atlas-export-info.json', 'atlas-export-order.json', 'atlas-typesdef.json']) {
      expect(zip.includes(name)).toBe(true);
    }
  });

  it('16: a browser that writes without the CSRF header is refused, another client is not', async () => {
    const write = (headers: Record<string, string>): Promise<Response> =>
      atlas.send('v2/search/basic', { method: 'POST', headers, body: '{"typeName":"hive_db"}' });
    expect((await write({ 'User-Agent': 'Mozilla/5.0' })).status).toBe(400);
    expect((await write({ 'User-Agent': 'Mozilla/5.0', 'X-XSRF-HEADER': 'any' })).status).toBe(200);
    expect((await write({ 'User-Agent': 'curl/8' })).status).toBe(200);
  });
});

describe.skipIf(!existsSync(RECORDED))('general questions to recorded answers', () => {
  it('answers what was never asked when it was recorded', async () => {
    const server = await startAtlas({ dataDir: RECORDED });
    try {
      const atlas = new AtlasTestClient(server);
      const orders = await atlas.find('hive_table', 'sales.orders@prod', ['partitionKeys', '__state']);
      expect(orders.attributes['partitionKeys']).toMatchObject([
        { uniqueAttributes: { qualifiedName: 'sales.orders.dt@prod' } },
        { uniqueAttributes: { qualifiedName: 'sales.orders.region@prod' } },
      ]);
      expect(orders.attributes['__state']).toBe('ACTIVE');
      const part = await atlas.search({
        typeName: 'hive_table,kafka_topic',
        excludeDeletedEntities: true,
        entityFilters: {
          condition: 'AND',
          criterion: [
            { attributeName: 'qualifiedName', operator: 'startsWith', attributeValue: 'sales.' },
            { attributeName: '__modificationTimestamp', operator: 'gt', attributeValue: '0' },
          ],
        },
      });
      expect(part.entities).toHaveLength(6);
    } finally {
      await server.close();
    }
  });

  it("serves under a gateway's path when it is told to", async () => {
    const server = await startAtlas({ dataDir: RECORDED, knoxPath: '/gateway/cdp/atlas' });
    try {
      expect(server.url).toMatch(/\/gateway\/cdp\/atlas$/);
      expect(await new AtlasTestClient(server).get('admin/version')).toMatchObject({ Version: '2.5.0' });
      expect((await fetch(`http://127.0.0.1:${server.port}/api/atlas/admin/version`)).status).toBe(404);
    } finally {
      await server.close();
    }
  });
});
