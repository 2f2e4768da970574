/**
 * The neutral metadata model: what a connector says and what the target understands. Nothing here knows Atlas or
 * OpenMetadata, and nothing here does I/O. A source yields these records in dependency order: classifications and
 * tags, services, databases, schemas, tables, lineage.
 */

/** Path of names from the service downwards, unquoted and unencoded: `['hive_prod', 'default', 'sales', 'orders']`. */
export type NamePath = readonly string[];

/** A label of a vocabulary: path under its classification (`['PII', 'PII_EMAIL']`), never with the classification's own name. */
export interface TagUse {
  readonly path: NamePath;
  /** True when the label came by propagation from another entity. */
  readonly propagated: boolean;
  /** The classification's attribute values as the source has them; kept in the custom property `atlasClassifications`. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly validityPeriods?: readonly unknown[];
  /** FQN of the target's tag that the recipe's tag mapping puts in place of our own. */
  readonly mappedTo?: string;
}

export interface Provenance {
  /** Atlas guid (or the connector's own stable id). */
  readonly id: string;
  /** Atlas type name, such as `hive_table`. */
  readonly typeName: string;
  /** Atlas qualifiedName, such as `sales.orders@prod`. */
  readonly qualifiedName: string;
  /** Epoch milliseconds of the last change at the source, when known. */
  readonly modifiedAt?: number;
}

/** Something was deleted (softly) at the source: listed by the plan, never acted upon without the deletion guards. */
export interface GoneRecord {
  readonly kind: 'gone';
  readonly path: NamePath;
  readonly of: 'table' | 'databaseSchema' | 'database' | 'column';
  readonly provenance: Provenance;
}

export interface TagRecord {
  readonly kind: 'tag';
  readonly path: NamePath;
  readonly description: string;
}

export interface DatabaseServiceRecord {
  readonly kind: 'databaseService';
  readonly path: NamePath;
  /** OpenMetadata's service type, such as `Hive` or `CustomDatabase`. */
  readonly serviceType: string;
  readonly description?: string;
}

interface AssetFields {
  readonly path: NamePath;
  readonly provenance: Provenance;
  readonly description?: string;
  /** Owner's name or mail at the source. */
  readonly owner?: string;
  readonly tags: readonly TagUse[];
}

export interface DatabaseRecord extends AssetFields {
  readonly kind: 'database';
}

export interface DatabaseSchemaRecord extends AssetFields {
  readonly kind: 'databaseSchema';
}

export type TableType = 'Regular' | 'External' | 'View' | 'MaterializedView' | 'Partitioned' | 'Iceberg' | 'Local';

/** A data type in OpenMetadata's words (`BIGINT`, `STRUCT` …), with the source's own text as display. */
export interface DataTypeShape {
  readonly dataType: string;
  /** Characters or bytes, for CHAR, VARCHAR, BINARY, VARBINARY. */
  readonly dataLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly arrayDataType?: string;
  /** The source's text, lower case: `array<struct<sku:string>>`. */
  readonly dataTypeDisplay: string;
  readonly children?: readonly FieldShape[];
}

export interface FieldShape extends DataTypeShape {
  readonly name: string;
  readonly description?: string;
}

export interface ColumnRecord extends DataTypeShape {
  readonly name: string;
  readonly description?: string;
  readonly tags: readonly TagUse[];
  readonly constraint?: 'NULL' | 'NOT_NULL' | 'UNIQUE' | 'PRIMARY_KEY';
  /** True for a partition key. */
  readonly partitionKey?: boolean;
  readonly provenance?: Provenance;
}

export interface TableRecord extends AssetFields {
  readonly kind: 'table';
  readonly tableType: TableType;
  /** In position order, partition keys last. */
  readonly columns: readonly ColumnRecord[];
  readonly viewDefinition?: string;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
  /** The source's own parameters (`totalSize`, `numRows` …). */
  readonly parameters?: Readonly<Record<string, string>>;
  /** A shell that a hook made before the real entity arrived: enriches nothing, overwrites nothing. */
  readonly incomplete?: boolean;
}

export interface ColumnPair {
  readonly from: readonly { readonly table: NamePath; readonly column: string }[];
  readonly to: { readonly table: NamePath; readonly column: string };
  /** The expression at the source, when it has one. */
  readonly expression?: string;
}

export interface LineageRecord {
  readonly kind: 'lineage';
  readonly from: NamePath;
  readonly to: NamePath;
  readonly query?: string;
  readonly description?: string;
  readonly columns: readonly ColumnPair[];
  readonly provenance: Provenance;
}

export type AssetRecord = DatabaseRecord | DatabaseSchemaRecord | TableRecord;
export type SourceRecord = TagRecord | DatabaseServiceRecord | AssetRecord | LineageRecord | GoneRecord;
export type RecordKind = SourceRecord['kind'];
