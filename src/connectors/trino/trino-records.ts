import type { ColumnRecord, NamePath, Provenance, TableRecord, TableType } from '../../model/records.ts';
import type { CatalogSpool, SpooledColumn, SpooledTable } from './catalog-spool.ts';
import { parseTrinoType } from './trino-type.ts';

/** What our state calls things of Trino. */
export const typeNames = { catalog: 'trino_catalog', schema: 'trino_schema', table: 'trino_table' } as const;

/** Trino has no ids: a thing is known by its names. */
export function provenanceOf(names: NamePath): Provenance {
  const typeName = [typeNames.catalog, typeNames.schema, typeNames.table][names.length - 1]!;
  return { id: JSON.stringify(names), typeName, qualifiedName: names.join('.') };
}

/** The names behind an id. */
export function namesOf(id: string): NamePath {
  return JSON.parse(id) as NamePath;
}

/** A table with all that was read of it. */
export function tableRecord(service: string, catalog: string, table: SpooledTable, spool: CatalogSpool): TableRecord {
  const { schema, name } = table;
  const materialized = spool.text('materializedView', schema, name);
  const tableType: TableType =
    materialized !== undefined ? 'MaterializedView' : table.type === 'VIEW' ? 'View' : 'Regular';
  const definition = materialized ?? spool.text('view', schema, name);
  const description = spool.text('comment', schema, name) ?? spool.text('materializedComment', schema, name);
  return {
    kind: 'table',
    path: [service, catalog, schema, name],
    provenance: provenanceOf([catalog, schema, name]),
    tableType,
    ...(description !== undefined && { description }),
    ...(definition !== undefined && tableType !== 'Regular' && { viewDefinition: definition }),
    columns: spool.columns(schema, name).map(columnRecord),
    tags: [],
  };
}

function columnRecord({ name, type, nullable, comment, extra }: SpooledColumn): ColumnRecord {
  return {
    name,
    ...parseTrinoType(type),
    ...(comment !== undefined && { description: comment }),
    ...(!nullable && { constraint: 'NOT_NULL' }),
    // Hive's word for it; other connectors tell partitions elsewhere, or not at all.
    ...(extra === 'partition key' && { partitionKey: true }),
    tags: [],
  };
}
