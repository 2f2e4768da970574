import type {
  ColumnRecord,
  DataTypeShape,
  FieldShape,
  NamePath,
  TableConstraint,
  TableRecord,
  TableType,
} from '../../../model/records.ts';
import type { AtlasEntity } from '../atlas-types.ts';
import { parseHiveType } from '../hive-type.ts';
import {
  descriptionOf,
  entityFields,
  type Mapping,
  nameOf,
  originOf,
  tagsOf,
  termsOf,
  text,
  wholeNumber,
} from '../map-entity.ts';
import type { TableShape } from '../table-shape.ts';
import { parseDatabaseType } from './database-type.ts';
import type { Family } from './family.ts';

const tableTypes: Readonly<Record<string, TableType>> = {
  MANAGED_TABLE: 'Regular',
  MANAGED: 'Regular',
  TABLE: 'Regular',
  EXTERNAL_TABLE: 'External',
  EXTERNAL: 'External',
  VIRTUAL_VIEW: 'View',
  VIEW: 'View',
  MATERIALIZED_VIEW: 'MaterializedView',
  'MATERIALIZED VIEW': 'MaterializedView',
};

/** Families whose type texts are written as Hive writes them. */
const hiveTypes: ReadonlySet<Family> = new Set(['hive', 'impala', 'spark', 'custom']);

/** The type of a column: of a column family in HBase, a map from qualifiers to bytes. */
function columnType(entity: AtlasEntity, shape: TableShape, family: Family): DataTypeShape {
  if (shape.column.type === undefined) return { dataType: 'MAP', dataTypeDisplay: 'column family' };
  const told = text(entity.attributes[shape.column.type]) ?? '';
  const length = wholeNumber(entity.attributes['length']);
  if (!hiveTypes.has(family)) return parseDatabaseType(told, length);
  const shaped = parseHiveType(told);
  return shaped.dataType === 'UNKNOWN' && told !== '' ? parseDatabaseType(told, length) : shaped;
}

export interface ColumnPlace {
  readonly shape: TableShape;
  readonly family: Family;
  readonly partitionKey: boolean;
  /** Whether the table tells which columns may be empty: Atlas has `false` also where nobody said anything. */
  readonly saysNullable: boolean;
  /** Columns within this one. */
  readonly inner: readonly FieldShape[];
}

export function columnRecord(entity: AtlasEntity, place: ColumnPlace, mapping: Mapping): ColumnRecord {
  const { attributes } = entity;
  const type = columnType(entity, place.shape, place.family);
  const notNull = place.saysNullable && attributes['isNullable'] === false ? 'NOT_NULL' : undefined;
  const constraint = attributes['isPrimaryKey'] === true ? 'PRIMARY_KEY' : notNull;
  return {
    name: nameOf(entity),
    ...type,
    ...(place.inner.length > 0 && { dataType: structured(type.dataType), children: place.inner }),
    ...descriptionOf(entity),
    tags: tagsOf(entity, mapping.registry),
    ...termsOf(entity, mapping.registry),
    ...(constraint !== undefined && { constraint }),
    ...(place.partitionKey && { partitionKey: true }),
    provenance: originOf(entity),
  };
}

/** What holds other columns is a struct, or an array of them. */
function structured(dataType: string): string {
  return dataType === 'ARRAY' ? 'ARRAY' : 'STRUCT';
}

/** A column within another one, such as a field of a document. */
export function fieldShape(
  entity: AtlasEntity,
  shape: TableShape,
  family: Family,
  inner: readonly FieldShape[],
): FieldShape {
  const type = columnType(entity, shape, family);
  return {
    name: nameOf(entity),
    ...type,
    ...(inner.length > 0 && { dataType: structured(type.dataType), children: inner }),
    ...descriptionOf(entity),
  };
}

/** A qualifier of a column family, named as HBase's shell names it. */
export function qualifierRecord(entity: AtlasEntity, family: AtlasEntity, mapping: Mapping): ColumnRecord {
  return {
    name: `${nameOf(family)}:${nameOf(entity)}`,
    dataType: 'BYTES',
    dataTypeDisplay: 'bytes',
    ...descriptionOf(entity),
    tags: tagsOf(entity, mapping.registry),
    ...termsOf(entity, mapping.registry),
    provenance: originOf(entity),
  };
}

/** Columns come in no particular order (FACTS, trap 5): by position, then by name. */
export function inOrder(columns: readonly AtlasEntity[], shape: TableShape): AtlasEntity[] {
  const { position } = shape.column;
  const place = (column: AtlasEntity): number => {
    const value = position === undefined ? undefined : column.attributes[position];
    return typeof value === 'number' ? value : Number.MAX_SAFE_INTEGER;
  };
  return [...columns].sort((a, b) => place(a) - place(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

export function tableRecord(
  entity: AtlasEntity,
  path: NamePath,
  columns: readonly { readonly column: AtlasEntity; readonly record: ColumnRecord }[],
  constraints: readonly TableConstraint[],
  mapping: Mapping,
): TableRecord {
  const { attributes } = entity;
  const view = text(attributes['viewOriginalText']) ?? text(attributes['viewExpandedText']);
  const told = attributes['tableType'] ?? attributes['table_type'] ?? attributes['type'];
  const kind = tableTypes[String(told ?? '').toUpperCase()];
  const createdAt = attributes['createTime'];
  return {
    kind: 'table',
    ...entityFields(
      entity,
      path,
      mapping,
      columns.map(({ column }) => column),
    ),
    tableType: kind ?? (view === undefined ? 'Regular' : 'View'),
    columns: columns.map(({ record }) => record),
    ...(view !== undefined && { viewDefinition: view }),
    ...(constraints.length > 0 && { constraints }),
    ...(typeof createdAt === 'number' && createdAt > 0 && { createdAt }),
    ...parametersOf(attributes['parameters']),
  };
}

function parametersOf(value: unknown): { readonly parameters?: Readonly<Record<string, string>> } {
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0) return {};
  return { parameters: Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)])) };
}
