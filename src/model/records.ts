/**
 * The neutral metadata model: what a connector says and what the target understands. Nothing here knows Atlas or
 * OpenMetadata, and nothing here does I/O. A source yields these records in dependency order: custom properties,
 * classifications and labels, glossaries and their terms, services, what holds other things before what it holds
 * (databases, schemas, tables; containers from the outermost), relations of terms, lineage, runs of pipelines.
 */

/** Path of names from the service downwards, unquoted and unencoded: `['hive_prod', 'default', 'sales', 'orders']`. */
export type NamePath = readonly string[];

/** A label of a vocabulary: path under its classification (`['PII', 'PII_EMAIL']`). */
export interface TagUse {
  /**
   * Where it lives: a classification of Atlas, a label (free word) that somebody stuck on one entity, or a classification
   * that the target has under the same name. Of the last the path begins with the classification: `['PII', 'Sensitive']`.
   */
  readonly vocabulary?: 'classification' | 'label' | 'ownClassification';
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

/** Kinds of entities that live in a service, or are a vocabulary with a life of its own; named as OpenMetadata names them. */
export type AssetKind =
  | 'database'
  | 'databaseSchema'
  | 'table'
  | 'topic'
  | 'container'
  | 'pipeline'
  | 'mlmodel'
  | 'glossary'
  | 'glossaryTerm';

/** One asset, by its kind and the names that lead to it. */
export interface AssetRef {
  readonly kind: AssetKind;
  readonly path: NamePath;
}

/** Something was deleted at the source: a proof that its absence is no accident. Acted upon behind the deletion guards. */
export interface GoneRecord {
  readonly kind: 'gone';
  /** Undefined where the source knows only its id (a purge in the change feed): state knows the rest. */
  readonly of: AssetKind | 'lineage' | undefined;
  readonly path?: NamePath;
  readonly provenance: Provenance;
}

export interface TagRecord {
  readonly kind: 'tag';
  readonly vocabulary?: TagUse['vocabulary'];
  /** Of an `ownClassification`: one name is the classification itself, told before its tags. */
  readonly path: NamePath;
  readonly displayName?: string;
  readonly description: string;
  /** A classification of which an asset may carry one tag only. */
  readonly mutuallyExclusive?: boolean;
}

/** How a custom property's values are written. `enum` values are always lists of words. */
export const propertyTypes = [
  'string',
  'markdown',
  'integer',
  'number',
  'timestamp',
  'enum',
  'email',
  'sqlQuery',
  'duration',
] as const;
export type PropertyType = (typeof propertyTypes)[number];

/** The definition of a custom property, told before the first asset that has a value of it. */
export interface CustomPropertyRecord {
  readonly kind: 'customProperty';
  /** One name, letters, digits and `_`: its path has this one part. */
  readonly path: NamePath;
  readonly description: string;
  readonly propertyType: PropertyType;
  /** The words of an `enum`. */
  readonly values?: readonly string[];
  /** Whether an `enum` holds several words at once. */
  readonly multiSelect?: boolean;
  /** The kinds of assets that may have it. */
  readonly appliesTo: readonly AssetKind[];
}

/** Kinds of services, named as OpenMetadata names them. */
export type ServiceKind =
  | 'databaseService'
  | 'messagingService'
  | 'storageService'
  | 'pipelineService'
  | 'mlmodelService';

export interface ServiceRecord {
  readonly kind: ServiceKind;
  readonly path: NamePath;
  /** OpenMetadata's service type, such as `Hive`, `Kafka` or `CustomDatabase`. */
  readonly serviceType: string;
  /** A service of that type is somewhere else, so that the type counts more than a connection, which nobody tells. */
  readonly isExact?: boolean;
  readonly displayName?: string;
  readonly description?: string;
  /** Where it is, in OpenMetadata's words for a connection of that type (`hostPort`, `username` …). Never a secret. */
  readonly connection?: Readonly<Record<string, unknown>>;
}

/** What every asset has, whatever its kind. */
export interface AssetFields {
  readonly path: NamePath;
  readonly provenance: Provenance;
  /** What people shall see in place of its name. */
  readonly displayName?: string;
  readonly description?: string;
  /** Owner's name or mail at the source. */
  readonly owner?: string;
  /** The owner's mail, where it is known beside the name: the name goes before it. */
  readonly ownerMail?: string;
  readonly tags: readonly TagUse[];
  /** Glossary terms that stand for it: path of each, from the glossary on. */
  readonly terms?: readonly NamePath[];
  /** Values of custom properties (business metadata, custom attributes), by the property's name. Told as their type wants. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /**
   * Keys of OpenMetadata's own that the model has no word for (`retentionPeriod`, `tablePartition` …), in its words: an asset that
   * is made gets them, one that is there keeps its own.
   */
  readonly native?: Readonly<Record<string, unknown>>;
  /** A shell that a hook made before the real entity arrived: enriches nothing, overwrites nothing. */
  readonly incomplete?: boolean;
}

export interface DatabaseRecord extends AssetFields {
  readonly kind: 'database';
}

export interface DatabaseSchemaRecord extends AssetFields {
  readonly kind: 'databaseSchema';
}

/** OpenMetadata's words; one that a server does not know yet is left out there. */
export const tableTypes = [
  'Regular',
  'External',
  'View',
  'SecureView',
  'MaterializedView',
  'Iceberg',
  'Local',
  'Partitioned',
  'Foreign',
  'Transient',
  'Dynamic',
  'Stream',
  'Stage',
] as const;
export type TableType = (typeof tableTypes)[number];

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

/** A field within a column. */
export interface FieldShape extends DataTypeShape {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly tags?: readonly TagUse[];
  readonly terms?: readonly NamePath[];
}

export interface ColumnRecord extends DataTypeShape {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly tags: readonly TagUse[];
  readonly terms?: readonly NamePath[];
  readonly constraint?: 'NULL' | 'NOT_NULL' | 'UNIQUE' | 'PRIMARY_KEY';
  /** True for a partition key. */
  readonly partitionKey?: boolean;
  readonly provenance?: Provenance;
}

export interface TableConstraint {
  readonly type: 'PRIMARY_KEY' | 'UNIQUE' | 'FOREIGN_KEY' | 'SORT_KEY' | 'DIST_KEY';
  readonly columns: readonly string[];
  /** For a foreign key: the columns that it points to, in the order of `columns`. */
  readonly refersTo?: readonly { readonly table: NamePath; readonly column: string }[];
}

export interface TableRecord extends AssetFields {
  readonly kind: 'table';
  readonly tableType: TableType;
  /** In position order, partition keys last. */
  readonly columns: readonly ColumnRecord[];
  readonly viewDefinition?: string;
  readonly constraints?: readonly TableConstraint[];
  /** Epoch milliseconds. */
  readonly createdAt?: number;
  /** The source's own parameters (`totalSize`, `numRows` …). */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A field of a message's schema, in OpenMetadata's words for topics (`RECORD`, `UNION`, `ARRAY`, `STRING` …). */
export interface SchemaFieldRecord {
  readonly name: string;
  readonly dataType: string;
  readonly dataTypeDisplay?: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly tags: readonly TagUse[];
  readonly terms?: readonly NamePath[];
  readonly children?: readonly SchemaFieldRecord[];
}

export interface TopicRecord extends AssetFields {
  readonly kind: 'topic';
  /** At least 1; left out where the source does not know. */
  readonly partitions?: number;
  readonly replicationFactor?: number;
  /** Milliseconds. */
  readonly retentionTime?: number;
  /** Bytes. */
  readonly retentionSize?: number;
  /** Bytes. */
  readonly maximumMessageSize?: number;
  readonly cleanupPolicies?: readonly ('delete' | 'compact')[];
  readonly schemaType?: 'Avro' | 'Protobuf' | 'JSON' | 'Other';
  readonly schemaText?: string;
  readonly schemaFields?: readonly SchemaFieldRecord[];
}

/** A bucket, folder, volume, path or object; its path is that of the containers around it, and its own name. */
export interface ContainerRecord extends AssetFields {
  readonly kind: 'container';
  /** Address as a person would write it: `s3a://lake/events/`. */
  readonly fullPath?: string;
  readonly prefix?: string;
  /** Bytes. */
  readonly size?: number;
  readonly numberOfObjects?: number;
  readonly fileFormats?: readonly string[];
  readonly columns?: readonly ColumnRecord[];
}

export interface TaskRecord {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly taskType?: string;
  /** The query's text. */
  readonly taskSql?: string;
  /** Names of the tasks that follow. */
  readonly downstreamTasks?: readonly string[];
  /** Epoch milliseconds. */
  readonly startDate?: number;
  /** Epoch milliseconds. */
  readonly endDate?: number;
  readonly tags: readonly TagUse[];
  readonly terms?: readonly NamePath[];
}

/** A process of the source, where the recipe asks for pipelines. */
export interface PipelineRecord extends AssetFields {
  readonly kind: 'pipeline';
  readonly sourceUrl?: string;
  readonly tasks: readonly TaskRecord[];
}

/** One run of a pipeline. */
export interface PipelineRunRecord {
  readonly kind: 'pipelineRun';
  /** The pipeline's. */
  readonly path: NamePath;
  /** Epoch milliseconds of its end, or of its start while it has none. */
  readonly timestamp: number;
  readonly outcome: 'Successful' | 'Failed' | 'Pending';
  readonly tasks: readonly {
    readonly name: string;
    readonly outcome: 'Successful' | 'Failed' | 'Pending';
    readonly startTime?: number;
    readonly endTime?: number;
  }[];
  readonly provenance: Provenance;
}

export interface MlFeatureRecord {
  readonly name: string;
  readonly dataType?: 'numerical' | 'categorical';
  readonly displayName?: string;
  readonly description?: string;
  readonly tags: readonly TagUse[];
  readonly terms?: readonly NamePath[];
}

export interface MlModelRecord extends AssetFields {
  readonly kind: 'mlmodel';
  readonly algorithm: string;
  readonly target?: string;
  /** Where it is served. */
  readonly server?: string;
  /** Where it is stored. */
  readonly storage?: string;
  readonly features?: readonly MlFeatureRecord[];
  readonly hyperParameters?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly description?: string;
  }[];
}

/** Its display name is its name now, where its path holds an earlier one. */
export interface GlossaryRecord extends AssetFields {
  readonly kind: 'glossary';
}

/** A term, or a category (which holds terms): its path begins with its glossary. Its display name is as a glossary's. */
export interface GlossaryTermRecord extends AssetFields {
  readonly kind: 'glossaryTerm';
  /** Other words for the same thing that are no terms themselves. */
  readonly synonyms?: readonly string[];
  readonly references?: readonly { readonly name: string; readonly endpoint: string }[];
}

/** The terms that a term is related to, told once all of them were. */
export interface TermRelationRecord {
  readonly kind: 'termRelation';
  readonly path: NamePath;
  readonly related: readonly NamePath[];
  readonly provenance: Provenance;
}

/** A column (or field) by its name; one within others by the path that leads to it. */
export type ColumnName = string | NamePath;

/** Columns (or fields) of one asset that a column (or field) of another comes from; both ends are those of the edge. */
export interface ColumnPair {
  readonly from: readonly ColumnName[];
  readonly to: ColumnName;
  /** The expression at the source, when it has one. */
  readonly expression?: string;
}

export interface LineageRecord {
  readonly kind: 'lineage';
  readonly from: AssetRef;
  readonly to: AssetRef;
  /** How the edge came about, in OpenMetadata's words: `ViewLineage`, `Manual` …; told where the source knows. */
  readonly origin?: string;
  readonly query?: string;
  readonly description?: string;
  readonly columns: readonly ColumnPair[];
  /** The pipeline that the edge goes through, where the recipe asks for pipelines. */
  readonly pipeline?: NamePath;
  readonly provenance: Provenance;
}

export type AssetRecord =
  | DatabaseRecord
  | DatabaseSchemaRecord
  | TableRecord
  | TopicRecord
  | ContainerRecord
  | PipelineRecord
  | MlModelRecord
  | GlossaryRecord
  | GlossaryTermRecord;
export type SourceRecord =
  | CustomPropertyRecord
  | TagRecord
  | ServiceRecord
  | AssetRecord
  | TermRelationRecord
  | LineageRecord
  | PipelineRunRecord
  | GoneRecord;
export type RecordKind = SourceRecord['kind'];

const serviceOfKind: Readonly<Record<AssetKind, ServiceKind | undefined>> = {
  database: 'databaseService',
  databaseSchema: 'databaseService',
  table: 'databaseService',
  topic: 'messagingService',
  container: 'storageService',
  pipeline: 'pipelineService',
  mlmodel: 'mlmodelService',
  glossary: undefined,
  glossaryTerm: undefined,
};

export const assetKinds = Object.keys(serviceOfKind) as readonly AssetKind[];

/** The kind of service that an asset lives in; undefined for vocabularies, which live in none. */
export function serviceKindOf(kind: AssetKind): ServiceKind | undefined {
  return serviceOfKind[kind];
}

export function isServiceKind(kind: string): kind is ServiceKind {
  return kind.endsWith('Service') && Object.values(serviceOfKind).includes(kind as ServiceKind);
}

export function isAssetKind(kind: string): kind is AssetKind {
  return Object.hasOwn(serviceOfKind, kind);
}

export function isAsset(record: SourceRecord): record is AssetRecord {
  return isAssetKind(record.kind);
}
