import type { ServerVersion } from './server-version.ts';

const COLUMN_TYPES: ReadonlyArray<readonly [minor: number, names: string]> = [
  [
    1,
    'NUMBER TINYINT SMALLINT INT BIGINT BYTEINT BYTES FLOAT DOUBLE DECIMAL NUMERIC TIMESTAMP TIMESTAMPZ TIME DATE ' +
      'DATETIME INTERVAL STRING MEDIUMTEXT TEXT CHAR LONG VARCHAR BOOLEAN BINARY VARBINARY ARRAY BLOB LONGBLOB ' +
      'MEDIUMBLOB MAP STRUCT UNION SET GEOGRAPHY ENUM JSON UUID VARIANT GEOMETRY BYTEA AGGREGATEFUNCTION ERROR FIXED ' +
      'RECORD NULL SUPER HLLSKETCH PG_LSN PG_SNAPSHOT TSQUERY TXID_SNAPSHOT XML MACADDR TSVECTOR UNKNOWN CIDR INET ' +
      'CLOB ROWID LOWCARDINALITY YEAR POINT POLYGON TUPLE SPATIAL TABLE NTEXT IMAGE IPV4 IPV6 DATETIMERANGE',
  ],
  [3, 'HLL LARGEINT QUANTILE_STATE AGG_STATE BITMAP UINT'],
  [5, 'BIT MONEY'],
  [6, 'MEASURE_HIDDEN MEASURE_VISIBLE'],
  [8, 'MEASURE KPI HEIRARCHY'],
  [10, 'HIERARCHYID'],
];

const TABLE_TYPES: ReadonlyArray<readonly [minor: number, names: string]> = [
  [1, 'Regular External View SecureView MaterializedView Iceberg Local Partitioned Foreign'],
  // Said to be of 1.1, but the measured server of that version does not have it yet.
  [2, 'Transient'],
  [4, 'Dynamic'],
  [7, 'Stream'],
  [11, 'Stage'],
];

const CONSTRAINT_TYPES: ReadonlyArray<readonly [minor: number, names: string]> = [
  [1, 'UNIQUE PRIMARY_KEY FOREIGN_KEY SORT_KEY DIST_KEY'],
  [6, 'CLUSTER_KEY'],
];

const LINEAGE_SOURCES: ReadonlyArray<readonly [minor: number, names: string]> = [
  [2, 'Manual ViewLineage QueryLineage PipelineLineage DashboardLineage DbtLineage'],
  [3, 'SparkLineage'],
  [4, 'OpenLineage ExternalTableLineage'],
  [7, 'CrossDatabaseLineage ChildAssets'],
];

const LABEL_TYPES: ReadonlyArray<readonly [minor: number, names: string]> = [
  [1, 'Manual Propagated Automated Derived'],
  [7, 'Generated'],
];

const RUN_RESULTS: ReadonlyArray<readonly [minor: number, names: string]> = [
  [1, 'Successful Failed Pending'],
  [3, 'Skipped'],
];

const FILE_FORMATS: ReadonlyArray<readonly [minor: number, names: string]> = [
  [1, 'zip gz zstd csv tsv json parquet avro'],
  [8, 'MF4'],
];

function valuesOf(groups: ReadonlyArray<readonly [number, string]>, version: ServerVersion): ReadonlySet<string> {
  const known = groups.filter(([minor]) => version.atLeast(minor));
  return new Set(known.flatMap(([, names]) => names.split(' ').map((name) => name.replace('MEASURE_', 'MEASURE '))));
}

export const columnTypes = (version: ServerVersion): ReadonlySet<string> => valuesOf(COLUMN_TYPES, version);
export const tableTypes = (version: ServerVersion): ReadonlySet<string> => valuesOf(TABLE_TYPES, version);
export const constraintTypes = (version: ServerVersion): ReadonlySet<string> => valuesOf(CONSTRAINT_TYPES, version);
export const labelTypes = (version: ServerVersion): ReadonlySet<string> => valuesOf(LABEL_TYPES, version);
export const runResults = (version: ServerVersion): ReadonlySet<string> => valuesOf(RUN_RESULTS, version);
export const fileFormats = (version: ServerVersion): ReadonlySet<string> => valuesOf(FILE_FORMATS, version);
export const lineageSources = (version: ServerVersion): ReadonlySet<string> => valuesOf(LINEAGE_SOURCES, version);

const words = (names: string): ReadonlySet<string> => new Set(names.split(' '));

export const COLUMN_CONSTRAINTS = words('NULL NOT_NULL UNIQUE PRIMARY_KEY');
export const LABEL_SOURCES = words('Classification Glossary');
export const CLEANUP_POLICIES = words('delete compact');
export const FEATURE_TYPES = words('numerical categorical');
export const LABEL_STATES = words('Suggested Confirmed');
export const SCHEMA_TYPES = words('Avro Protobuf JSON Other None');
export const FIELD_TYPES = words(
  'RECORD NULL BOOLEAN INT LONG BYTES FLOAT DOUBLE TIMESTAMP TIMESTAMPZ TIME DATE STRING ARRAY MAP ENUM UNION FIXED ' +
    'ERROR UNKNOWN',
);
export const TEAM_TYPES = words('Group Department Division BusinessUnit Organization');
export const DOMAIN_TYPES = words('Source-aligned Consumer-aligned Aggregate');
export const PIPELINE_STATES = words('queued success failed running partialSuccess');
export const INGESTION_TYPES = words(
  'metadata usage lineage profiler TestSuite dataInsight elasticSearchReindex dbt application Application autoClassification',
);

/** Values of `serviceType` by kind of service. */
const SERVICE_TYPES: Readonly<Record<string, ReadonlySet<string>>> = {
  databaseService: words(
    'BigQuery BigTable Mysql Redshift Snowflake Postgres Mssql Oracle Athena Hive Impala Presto Trino Vertica Glue MariaDB ' +
      'Druid Db2 Clickhouse Databricks AzureSQL DynamoDB SingleStore SQLite DeltaLake Salesforce PinotDB Datalake ' +
      'DomoDatabase QueryLog CustomDatabase Dbt SapHana MongoDB Cassandra Couchbase Greenplum Doris UnityCatalog SAS ' +
      'Iceberg Teradata SapErp Synapse Exasol Cockroach SSAS Epic ServiceNow Dremio Timescale MicrosoftAccess StarRocks ' +
      'MicrosoftFabric BurstIQ Informix Iomete',
  ),
  messagingService: words('Kafka Redpanda Kinesis PubSub CustomMessaging'),
  pipelineService: words(
    'Airflow GluePipeline KinesisFirehose Airbyte Fivetran Flink Dagster Nifi DomoPipeline CustomPipeline ' +
      'DatabricksPipeline Spline Spark OpenLineage KafkaConnect DBTCloud Matillion Stitch DataFactory Wherescape SSIS ' +
      'Snowplow Mulesoft MicrosoftFabricPipeline',
  ),
  storageService: words('S3 ADLS GCS CustomStorage'),
  mlmodelService: words('Mlflow Sklearn CustomMlModel SageMaker VertexAI'),
  metadataService: words('Amundsen MetadataES OpenMetadata Atlas Alation AlationSink Collibra'),
  dashboardService: words(
    'Superset Looker Tableau Redash Metabase PowerBI PowerBIReportServer Mode CustomDashboard DomoDashboard QuickSight ' +
      'QlikSense Lightdash MicroStrategy QlikCloud Sigma ThoughtSpot Grafana Hex Ssrs',
  ),
  searchService: words('ElasticSearch OpenSearch CustomSearch'),
  apiService: words('Rest WEBHOOK'),
  driveService: words('GoogleDrive SharePoint Sftp CustomDrive'),
};

/** Those that came after 1.1, where it is known when. */
const LATER_SERVICES: Readonly<Record<string, number>> = { GCS: 3, VertexAI: 5, PubSub: 13 };

export function serviceTypes(kind: string, version: ServerVersion): ReadonlySet<string> {
  return new Set([...SERVICE_TYPES[kind]!].filter((type) => version.atLeast(LATER_SERVICES[type] ?? 1)));
}
