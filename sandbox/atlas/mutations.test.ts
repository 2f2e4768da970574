import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AtlasTestClient } from './atlas-test-client.ts';
import { mutate } from './mutations.ts';
import { readRecordedFolder } from './recorded-folder.ts';
import { type AtlasStandIn, startAtlas } from './start-atlas.ts';

describe('changing the data', () => {
  let server: AtlasStandIn;
  let atlas: AtlasTestClient;
  beforeEach(async () => {
    server = await startAtlas();
    atlas = new AtlasTestClient(server);
  });
  afterEach(() => server.close());

  const changedSince = async (time: number, typeName: string): Promise<string[]> => {
    const found = await atlas.search({
      typeName,
      limit: 1000,
      entityFilters: { attributeName: '__modificationTimestamp', operator: 'gte', attributeValue: String(time) },
    });
    return (found.entities ?? []).map((header) => String(header.attributes['qualifiedName'])).sort();
  };
  const full = async (typeName: string, name: string) =>
    (await atlas.get(`v2/entity/uniqueAttribute/type/${typeName}?attr:qualifiedName=${encodeURIComponent(name)}`))
      .entity;

  it('shows a new description, and the table alone as changed', async () => {
    const before = Date.now();
    server.mutate([
      {
        op: 'setAttribute',
        typeName: 'hive_table',
        qualifiedName: 'shop.tills@prod',
        name: 'description',
        value: 'New',
      },
    ]);
    expect((await full('hive_table', 'shop.tills@prod')).attributes['description']).toBe('New');
    expect(await changedSince(before, 'hive_table')).toEqual(['shop.tills@prod']);
    expect(await changedSince(before, 'hive_column')).toEqual([]);
  });

  it('deletes softly: a view goes with its columns and its query, and lineage ends there', async () => {
    const before = Date.now();
    server.mutate([{ op: 'deleteEntity', qualifiedName: 'loyalty.v_active_customers@prod' }]);
    const view = await full('hive_table', 'loyalty.v_active_customers@prod');
    expect(view.status).toBe('DELETED');
    expect(view.relationshipAttributes['columns']).toMatchObject([
      { entityStatus: 'DELETED', relationshipStatus: 'DELETED' },
      { entityStatus: 'DELETED', relationshipStatus: 'DELETED' },
    ]);
    expect(await changedSince(before, 'hive_process')).toEqual([
      'loyalty.v_active_customers@prod:create_v_active_customers',
    ]);
    const source = await full('hive_table', 'loyalty.customers@prod');
    const lineage = await atlas.get<{ relations: { fromEntityId: string; toEntityId: string }[] }>(
      `v2/lineage/${source.guid}?direction=OUTPUT`,
    );
    expect(lineage.relations.map((each) => each.toEntityId)).not.toContain(view.guid);
    expect(lineage.relations).not.toHaveLength(0);
  });

  it('deletes one column: its table lists it as deleted, it has no table any more', async () => {
    server.mutate([{ op: 'deleteEntity', qualifiedName: 'shop.tills.model@prod' }]);
    const column = await full('hive_column', 'shop.tills.model@prod');
    expect([column.status, column.attributes['table']]).toEqual(['DELETED', null]);
    const table = await full('hive_table', 'shop.tills@prod');
    expect(table.status).toBe('ACTIVE');
    expect(table.relationshipAttributes['columns']).toContainEqual(
      expect.objectContaining({ guid: column.guid, entityStatus: 'DELETED', relationshipStatus: 'DELETED' }),
    );
  });

  it('purges without a trace', async () => {
    const { guid } = await full('hive_table', 'shop.tills@prod');
    const before = Date.now();
    server.mutate([{ op: 'purge', guid }]);
    expect((await atlas.send(`v2/entity/guid/${guid}`)).status).toBe(404);
    expect(await changedSince(before, 'DataSet')).toEqual([]);
    const database = await full('hive_db', 'shop@prod');
    expect(database.relationshipAttributes['tables']).not.toContainEqual(expect.objectContaining({ guid }));
    const columns = await atlas.search({
      typeName: 'hive_column',
      entityFilters: { attributeName: 'qualifiedName', operator: 'startsWith', attributeValue: 'shop.tills.' },
    });
    expect(columns.approximateCount).toBe(0);
  });

  it('adds columns and tables', async () => {
    server.mutate([
      {
        op: 'addColumn',
        qualifiedName: 'shop.tills@prod',
        column: { name: 'colour', type: 'string', comment: 'Of the lid' },
      },
      {
        op: 'addTable',
        qualifiedName: 'shop@prod',
        typeName: 'hive_db',
        name: 'mugs',
        columns: [
          { name: 'mug_id', type: 'int' },
          { name: 'motif', type: 'string' },
        ],
      },
    ]);
    const colour = await atlas.find('hive_column', 'shop.tills.colour@prod', ['position', 'table', 'comment']);
    expect(colour.attributes).toMatchObject({ position: 4, comment: 'Of the lid' });
    const mugs = await atlas.find('hive_table', 'shop.mugs@prod', ['columns', 'db', 'tableType']);
    expect(mugs.attributes['columns']).toHaveLength(2);
    expect(mugs.attributes).toMatchObject({ tableType: 'MANAGED_TABLE' });
    const motif = await atlas.find('hive_column', 'shop.mugs.motif@prod', ['position']);
    expect(motif.attributes['position']).toBe(1);
  });

  it('takes a classification from all that it had spread to, which then counts as changed', async () => {
    const before = Date.now();
    const spread = await atlas.find('hive_table', 'loyalty.customer_360@prod');
    expect(spread.classificationNames).toContain('PII');
    server.mutate([{ op: 'removeClassification', qualifiedName: 'loyalty.customers@prod', classification: 'PII' }]);
    expect((await atlas.find('hive_table', 'loyalty.customer_360@prod')).classificationNames).toEqual([]);
    expect(await changedSince(before, 'hive_table')).toEqual([
      'loyalty.customer_360@prod',
      'loyalty.customers@prod',
      'loyalty.v_active_customers@prod',
    ]);
    server.mutate([
      {
        op: 'addClassification',
        qualifiedName: 'loyalty.customers@prod',
        classification: { typeName: 'PII', attributes: { level: 'low' } },
      },
    ]);
    expect((await atlas.find('hive_table', 'loyalty.customer_360@prod')).classificationNames).toEqual(['PII']);
  });

  it('is open to other processes over HTTP, and says what is wrong with an operation', async () => {
    const post = (body: unknown): Promise<Response> =>
      fetch(`${server.url}/__sandbox/atlas/mutate`, { method: 'POST', body: JSON.stringify(body) });
    const good = await post([{ op: 'setLabels', qualifiedName: 'shop.tills@prod', labels: ['loud'] }]);
    expect(good.status).toBe(200);
    expect((await full('hive_table', 'shop.tills@prod')).labels).toEqual(['loud']);
    const bad = await post([{ op: 'deleteEntity', qualifiedName: 'shop.nothing@prod' }]);
    expect([bad.status, await bad.json()]).toEqual([400, { message: 'No entity shop.nothing@prod' }]);
  });
});

const SHARED = join(import.meta.dirname, '../../../shared/atlas');

describe.skipIf(!existsSync(SHARED))('changes beside those that were made on a real server', () => {
  it('leave the same states, classifications and owners of columns, and touch the same entities', async () => {
    const { store } = await readRecordedFolder(join(SHARED, 'recorded'));
    const real = (await readRecordedFolder(join(SHARED, 'recorded-after-changes'))).store;
    const newColumns = [...real.all()]
      .filter((each) => String(each.attributes['qualifiedName']).startsWith('finance.new_table.'))
      .map((column) => ({ name: String(column.attributes['name']), type: String(column.attributes['type']) }));
    const before = new Map([...store.all()].map((entity) => [entity.guid, entity.updateTime]));
    mutate(store, [
      { op: 'setAttribute', qualifiedName: 'sales.orders@prod', name: 'description', value: 'Orders, now hourly' },
      {
        op: 'addColumn',
        qualifiedName: 'sales.customers@prod',
        column: { name: 'loyalty_tier', type: 'int', position: 17 },
      },
      { op: 'deleteEntity', qualifiedName: 'sales.customers.tiny@prod' },
      { op: 'removeClassification', qualifiedName: 'sales.customers@prod', classification: 'PII' },
      { op: 'deleteEntity', qualifiedName: 'sales.v_active_customers@prod' },
      {
        op: 'addTable',
        qualifiedName: 'finance@prod',
        name: 'new_table',
        columns: newColumns,
      },
      { op: 'setLabels', qualifiedName: 'finance.ledger@prod', labels: ['audited'] },
    ]);
    const show = (of: typeof store) =>
      new Map(
        [...of.all()].map((entity) => [
          `${entity.typeName} ${entity.attributes['qualifiedName']}`,
          {
            status: entity.status,
            classifications: entity.classifications.map((use) => `${use.typeName} of ${use.entityGuid}`).sort(),
            touched: entity.updateTime !== before.get(entity.guid),
          },
        ]),
      );
    expect(show(store)).toEqual(show(real));
  });
});
