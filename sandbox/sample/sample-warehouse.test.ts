import { describe, expect, it } from 'vitest';
import { lineageOf } from '../atlas/lineage-answer.ts';
import { endsOf, type StoredEntity } from '../atlas/stored-entity.ts';
import { sampleWarehouse } from './sample-warehouse.ts';

const store = sampleWarehouse();
const all = [...store.all()];
const ofType = (typeName: string): StoredEntity[] => all.filter((entity) => entity.typeName === typeName);
const table = (name: string): StoredEntity => store.find('hive_table', name) as StoredEntity;

describe('the sample warehouse', () => {
  it('has about 60 Hive tables in 5 databases in 2 clusters', () => {
    expect(ofType('hive_table').length).toBeGreaterThanOrEqual(58);
    expect(ofType('hive_db')).toHaveLength(5);
    expect(new Set(ofType('hive_db').map((each) => each.attributes['clusterName']))).toEqual(new Set(['prod', 'dr']));
  });

  it('has tables of every kind, views with their text', () => {
    const kinds = Map.groupBy(ofType('hive_table'), (each) => each.attributes['tableType']);
    for (const kind of ['MANAGED_TABLE', 'EXTERNAL_TABLE', 'VIRTUAL_VIEW', 'MATERIALIZED_VIEW']) {
      expect(kinds.get(kind)?.length).toBeGreaterThanOrEqual(3);
    }
    for (const view of [...(kinds.get('VIRTUAL_VIEW') ?? []), ...(kinds.get('MATERIALIZED_VIEW') ?? [])]) {
      expect(view.attributes['viewOriginalText']).toMatch(/^select /);
    }
  });

  it('uses every Hive type family', () => {
    const types = ofType('hive_column').map((column) => String(column.attributes['type']));
    for (const family of 'tinyint smallint int bigint float double decimal( string varchar( char( boolean date timestamp binary array< map< struct< uniontype< interval_day_time'.split(
      ' ',
    )) {
      expect(types.some((type) => type.startsWith(family))).toBe(true);
    }
  });

  it('has one self-merge, a deleted table, a shell, labels, custom attributes and business metadata', () => {
    const merges = all.filter((process) => {
      const outputs = new Set(endsOf(process.relationshipAttributes['outputs']).map((end) => end.guid));
      return endsOf(process.relationshipAttributes['inputs']).some((end) => outputs.has(end.guid));
    });
    expect(merges.map((process) => process.attributes['name'])).toEqual(['merge_late_orders']);
    expect(ofType('hive_table').filter((each) => each.status === 'DELETED')).toHaveLength(1);
    expect(all.filter((each) => each.isIncomplete)).toHaveLength(1);
    expect(table('shop.orders@prod')).toMatchObject({
      labels: ['core', 'hourly'],
      customAttributes: { sla: '2h' },
      businessAttributes: { care: { steward: 'marta', level: 'GOLD' } },
    });
  });

  it("carries data over several steps, from the tills to the month's end", () => {
    const { relations, guidEntityMap } = lineageOf(store, table('finance.mv_month_close@prod'), 'INPUT', 10);
    const names = Object.values(guidEntityMap as Record<string, { displayText: string }>).map(
      (each) => each.displayText,
    );
    expect(names).toEqual(expect.arrayContaining(['receipt', 'baskets_raw', 'orders', 'daily_takings', 'ledger']));
    expect((relations as unknown[]).length).toBeGreaterThan(10);
  });

  it("has the quick start's types with their relationships, without a database in a table's name", () => {
    expect(['DB', 'Table', 'Column', 'View', 'LoadProcess'].map((type) => ofType(type).length)).toEqual([
      2, 5, 15, 1, 1,
    ]);
    for (const each of ofType('Table')) {
      expect(String(each.attributes['qualifiedName']).split('.')).toHaveLength(1);
      expect(endsOf(each.relationshipAttributes['db'])).toHaveLength(1);
      expect(endsOf(each.relationshipAttributes['columns']).length).toBeGreaterThan(0);
      expect(each.classifications.some((use) => ['Fact', 'Dimension', 'Metric'].includes(use.typeName))).toBe(true);
    }
  });

  it('hangs glossary terms on tables and columns', () => {
    expect(store.glossary.terms).toHaveLength(4);
    expect(table('finance.daily_takings@prod').relationshipAttributes['meanings']).toMatchObject([
      { displayText: 'Takings', qualifiedName: 'Takings@Bakery words' },
    ]);
  });

  it('is the same each time it is made', () => {
    expect([...sampleWarehouse().all()]).toEqual(all);
  });
});
