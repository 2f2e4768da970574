import type { AssetKind, ServiceKind } from '../../../model/records.ts';

/** Families of Atlas types; a recipe names their services by these words (`meridian.services`). */
export const families = [
  'hive',
  'rdbms',
  'hbase',
  'impala',
  'spark',
  'trino',
  'couchbase',
  'avro',
  'kafka',
  'paths',
  's3',
  'adls',
  'gcs',
  'ozone',
  'ml',
  'pipelines',
  'custom',
] as const;

export type Family = (typeof families)[number];

/** Kinds of records that an entity of Atlas can become by itself. */
export type HomeKind = Extract<AssetKind, 'table' | 'topic' | 'container' | 'mlmodel' | 'pipeline'>;

/**
 * What the entities of a type are to us:
 * `asset` a record of its own, `holder` a service, database or schema around tables, `part` something inside an asset
 * (a column, an index, a field), `process` lineage (and a pipeline where asked), `columnLineage` pairs of columns,
 * `run` one run of a process, `vocabulary` a glossary's entities, `internal` Atlas' own bookkeeping, `skip` left out by
 * a rule of the recipe, `none` nothing that OpenMetadata has a place for.
 */
export type Role =
  | 'asset'
  | 'holder'
  | 'part'
  | 'process'
  | 'columnLineage'
  | 'run'
  | 'vocabulary'
  | 'internal'
  | 'skip'
  | 'none';

export interface Home {
  readonly role: Role;
  readonly family?: Family;
  /** Of an asset. */
  readonly kind?: HomeKind;
  /** The service that a rule of the recipe names. */
  readonly service?: string;
}

/** What a recipe says becomes of a type of its own. */
export interface TypeRule {
  readonly as?: 'table' | 'container' | 'topic' | 'pipeline' | 'skip';
  readonly service?: string;
}

const serviceTypes: Readonly<Record<Family, string>> = {
  hive: 'Hive',
  rdbms: 'CustomDatabase',
  hbase: 'CustomDatabase',
  impala: 'Impala',
  spark: 'CustomDatabase',
  trino: 'Trino',
  couchbase: 'Couchbase',
  avro: 'CustomStorage',
  kafka: 'Kafka',
  paths: 'CustomStorage',
  s3: 'S3',
  adls: 'ADLS',
  gcs: 'GCS',
  ozone: 'CustomStorage',
  ml: 'CustomMlModel',
  pipelines: 'CustomPipeline',
  custom: 'CustomDatabase',
};

const customTypes: Readonly<Record<ServiceKind, string>> = {
  databaseService: 'CustomDatabase',
  messagingService: 'CustomMessaging',
  storageService: 'CustomStorage',
  pipelineService: 'CustomPipeline',
  mlmodelService: 'CustomMlModel',
};

/** OpenMetadata's type for a family's service of a kind. */
export function serviceTypeOf(family: Family, kind: ServiceKind): string {
  return family === 'custom' ? customTypes[kind] : serviceTypes[family];
}
