import { describe, expect, it } from 'vitest';
import { haveTypedefs, leftOut, ofKind, pathsOf, readWith } from './atlas-with.testing.ts';
import { shop } from './family-samples.testing.ts';

describe.skipIf(!haveTypedefs)('relational databases', () => {
  it('an instance is a service, a database a database, name_path a schema, and the schema leaves the name', async () => {
    const reading = await readWith(shop);
    expect(ofKind(reading, 'databaseService')).toEqual([
      { kind: 'databaseService', path: ['shop-ora'], serviceType: 'Oracle', description: 'Tills' },
      { kind: 'databaseService', path: ['hr-my'], serviceType: 'Mysql' },
    ]);
    expect(pathsOf(reading, 'database')).toEqual(['shop-ora/shop', 'hr-my/hr']);
    expect(ofKind(reading, 'database')[0]).toMatchObject({ description: 'Everything sold', owner: 'dba' });
    expect(pathsOf(reading, 'databaseSchema').sort()).toEqual([
      'hr-my/hr/default',
      'shop-ora/shop/CRM',
      'shop-ora/shop/SALES',
    ]);
    expect(pathsOf(reading, 'table').sort()).toEqual([
      'hr-my/hr/default/people',
      'shop-ora/shop/CRM/CUSTOMERS',
      'shop-ora/shop/SALES/ORDERS',
    ]);
    const order = reading.records.filter(({ kind }) => kind === 'table' || kind === 'databaseSchema');
    for (const [i, record] of order.entries()) {
      if (record.kind !== 'table') continue;
      const schema = record.path.slice(0, 3);
      const before = order.slice(0, i).some((other) => 'path' in other && String(other.path) === String(schema));
      expect(before, `${schema} comes before ${record.path}`).toBe(true);
    }
  });

  it.each([
    ['searched', {}],
    ['read with their tables', { columnsBySearchLimit: 0 }],
  ])('keys become constraints, columns %s', async (_, options) => {
    const reading = await readWith(shop, options);
    const orders = reading.tables.find(({ path }) => path.at(-1) === 'ORDERS')!;
    expect(orders.constraints).toEqual([
      { type: 'PRIMARY_KEY', columns: ['ID', 'LINE'] },
      { type: 'UNIQUE', columns: ['RECEIPT'] },
      {
        type: 'FOREIGN_KEY',
        columns: ['CUSTOMER'],
        refersTo: [{ table: ['shop-ora', 'shop', 'CRM', 'CUSTOMERS'], column: 'ID' }],
      },
    ]);
    expect(orders.columns.map(({ name, constraint }) => [name, constraint])).toEqual([
      ['CUSTOMER', 'NOT_NULL'],
      ['ID', 'PRIMARY_KEY'],
      ['LINE', 'PRIMARY_KEY'],
      ['RECEIPT', undefined],
    ]);
    expect(orders.columns.at(-1)).toMatchObject({ dataType: 'VARCHAR', dataLength: 40, dataTypeDisplay: 'varchar2' });
    expect(orders.columns[1]).toMatchObject({ dataType: 'NUMBER', precision: 10 });
    const customers = reading.tables.find(({ path }) => path.at(-1) === 'CUSTOMERS')!;
    expect(customers.columns[0]!.tags).toEqual([expect.objectContaining({ path: ['PII'], propagated: false })]);
    expect(leftOut(reading)).toEqual(['skipped no-mapping: index ORDERS_CUSTOMER of shop.SALES.SALES.ORDERS@x × 1']);
  });

  it('a table that points to another one comes after it', async () => {
    const tables = (await readWith(shop)).tables.map(({ path }) => path.at(-1));
    expect(tables.indexOf('CUSTOMERS')).toBeLessThan(tables.indexOf('ORDERS'));
  });

  it('enriching, an instance goes where the recipe says, and one without a service stays out', async () => {
    const services = { 'rdbms@shop-ora': 'tills' };
    const reading = await readWith(shop, { mode: 'enrich', databaseServiceName: [], services });
    expect(pathsOf(reading, 'table').sort()).toEqual(['tills/shop/CRM/CUSTOMERS', 'tills/shop/SALES/ORDERS']);
    expect(leftOut(reading)).toContainEqual('skipped no-service: hr..people@x × 1');
    const named = await readWith(shop, { mode: 'enrich', databaseServiceName: ['hr-my'] });
    expect(pathsOf(named, 'table')).toEqual(['hr-my/hr/default/people']);
  });

  it('enriching a service that shows its system as one database, databases are its schemas', async () => {
    const services = { 'rdbms@shop-ora': 'tills', 'rdbms@hr-my': 'hr' };
    const targetNames = { databases: async (service: string) => (service === 'hr' ? ['default'] : ['shop', 'other']) };
    const reading = await readWith(shop, { mode: 'enrich', databaseServiceName: [], services, targetNames });
    expect(pathsOf(reading, 'table').sort()).toEqual([
      'hr/default/hr/people',
      'tills/shop/CRM/CUSTOMERS',
      'tills/shop/SALES/ORDERS',
    ]);
    expect(pathsOf(reading, 'databaseSchema')).toContain('hr/default/hr');
    const oracle = { databases: async () => ['default'] };
    const one = await readWith(shop, { mode: 'enrich', databaseServiceName: [], services, targetNames: oracle });
    expect(pathsOf(one, 'table')).toContain('tills/default/SALES/ORDERS');
  });

  it('a database whose instance is not there is placed by its qualifiedName', async () => {
    const reading = await readWith(({ add, relate }) => {
      const db = add('rdbms_db', { qualifiedName: 'crm@lost-pg' });
      const table = add('rdbms_table', { qualifiedName: 'crm.public.a@lost-pg', name: 'public.a' });
      relate('rdbms_db_tables', db, table);
    });
    expect(pathsOf(reading, 'table')).toEqual(['lost-pg/crm/public/a']);
  });
});
