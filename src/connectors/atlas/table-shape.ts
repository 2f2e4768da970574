import type { TypeRegistry } from './type-registry.ts';

/** How the columns of a table-like type are found. */
export interface TableShape {
  readonly tableType: string;
  /** Attribute that names the database, schema or namespace. */
  readonly db: string;
  readonly dbType: string;
  /** Attribute that lists the columns. */
  readonly columns: string;
  readonly columnType: string;
  readonly hasPartitionKeys: boolean;
  /** Attributes of the column type. */
  readonly column: {
    /** Undefined where columns have no type (HBase). */
    readonly type: string | undefined;
    readonly position: string | undefined;
    readonly table: string | undefined;
  };
  /** Columns within columns: attribute that names the outer one, and attribute that lists the inner ones. */
  readonly inner?: { readonly type: string; readonly outer: string; readonly listed: string };
}

const dbNames = ['db', 'database', 'schema', 'namespace', 'trinoschema', 'scope'];
const columnsNames = ['columns', 'column_families', 'fields'];
const typeNames = ['type', 'dataType', 'data_type', 'fieldType'];
const positionNames = ['position', 'ordinal_position', 'ordinalPosition'];
const tableNames = ['table', 'collection'];

/** How a table-like type is built: it has a database, and columns with a type. Undefined for any other type. */
export function tableShapeOf(name: string, registry: TypeRegistry): TableShape | undefined {
  const attributes = registry.attributes(name);
  const listed = (attribute: string): string | undefined => /^array<(.+)>$/.exec(attributes.get(attribute) ?? '')?.[1];
  const columns = columnsNames.find((candidate) => registry.has(listed(candidate) ?? ''));
  const db = dbNames.find((candidate) => registry.has(attributes.get(candidate) ?? ''));
  if (columns === undefined || db === undefined) return undefined;
  const columnType = listed(columns)!;
  const column = registry.attributes(columnType);
  const type = typeNames.find((candidate) => column.has(candidate));
  if (type === undefined && columns !== 'column_families') return undefined;
  const inner = innerOf(columnType, column);
  return {
    tableType: name,
    db,
    dbType: attributes.get(db)!,
    columns,
    columnType,
    hasPartitionKeys: attributes.has('partitionKeys'),
    column: {
      type,
      position: positionNames.find((candidate) => column.has(candidate)),
      table: tableNames.find((candidate) => column.has(candidate)),
    },
    ...(inner && { inner }),
  };
}

function innerOf(columnType: string, column: ReadonlyMap<string, string>): TableShape['inner'] {
  if (column.get('parentField') === columnType) {
    return { type: columnType, outer: 'parentField', listed: 'objectFields' };
  }
  const listed = /^array<(.+)>$/.exec(column.get('columns') ?? '')?.[1];
  if (columnType !== 'hbase_column_family' || !listed) return undefined;
  return { type: listed, outer: 'column_family', listed: 'columns' };
}
