import type { StoredEntity } from '../atlas/stored-entity.ts';
import type { WarehouseBuilder } from './warehouse-builder.ts';

type Column = readonly [name: string, type: string, length: number];

/** The database that the tills write to: receipts, and the tills that printed them. @returns the receipts */
export function addTillDatabase(builder: WarehouseBuilder): StoredEntity {
  const instance = builder.add({
    typeName: 'rdbms_instance',
    attributes: {
      name: 'tills-pg',
      qualifiedName: 'tills-pg',
      rdbms_type: 'postgresql',
      hostname: 'tills-db',
      port: 5432,
    },
  });
  const database = builder.add({ typeName: 'rdbms_db', attributes: { name: 'pos', qualifiedName: 'pos@tills-pg' } });
  builder.relate('rdbms_instance_databases', instance, database);
  const receipt = addTable(builder, database, 'receipt', 'Written by the tills', [
    ['id', 'bigint', 0],
    ['body', 'jsonb', 0],
    ['till', 'varchar', 20],
  ]);
  const till = addTable(builder, database, 'till', 'One row for each till of each shop', [
    ['id', 'varchar', 20],
    ['serial', 'varchar', 40],
    ['shop_code', 'char', 4],
  ]);
  const column = (table: string, name: string): StoredEntity =>
    builder.entity('rdbms_column', `pos.public.${table}.${name}@tills-pg`);
  const serial = builder.add({
    typeName: 'rdbms_index',
    attributes: { name: 'till_serial', qualifiedName: 'pos.public.till.till_serial@tills-pg', isUnique: true },
  });
  builder.relate('rdbms_table_indexes', till, serial);
  builder.relate('rdbms_index_columns', serial, column('till', 'serial'));
  const key = builder.add({
    typeName: 'rdbms_foreign_key',
    attributes: { name: 'receipt_till', qualifiedName: 'pos.public.receipt.receipt_till@tills-pg' },
  });
  builder.relate('rdbms_table_foreign_key', receipt, key);
  builder.relate('rdbms_foreign_key_key_columns', key, column('receipt', 'till'));
  builder.relate('rdbms_foreign_key_table_references', key, till);
  builder.relate('rdbms_foreign_key_column_references', key, column('till', 'id'));
  return receipt;
}

function addTable(
  builder: WarehouseBuilder,
  database: StoredEntity,
  name: string,
  comment: string,
  columns: readonly Column[],
): StoredEntity {
  const qualifiedName = `pos.public.${name}@tills-pg`;
  const table = builder.add({
    typeName: 'rdbms_table',
    attributes: { name, qualifiedName, name_path: 'public', type: 'TABLE', comment },
  });
  builder.relate('rdbms_db_tables', database, table);
  for (const [column, type, length] of columns) {
    const entity = builder.add({
      typeName: 'rdbms_column',
      attributes: {
        name: column,
        qualifiedName: `pos.public.${name}.${column}@tills-pg`,
        data_type: type,
        length,
        isPrimaryKey: column === 'id',
        isNullable: column !== 'id',
      },
    });
    builder.relate('rdbms_table_columns', table, entity);
  }
  return table;
}
