/**
 * Every default of a recipe, in one place: the schemas state them, the settings fill them in. Units stand in the
 * schemas. Where OpenMetadata has a default of its own for the same key, ours is the same (conformance.test.ts).
 */
export const defaults = {
  /** `meridian` */
  mode: 'enrich',
  classificationName: 'Atlas',
  concurrency: 8,
  partitions: { max: 4, minTables: 5_000 },
  descriptions: { html: 'safe', stripHtml: false },
  stateType: 'sqlite',
  labelClassificationName: 'AtlasLabels',
  glossaries: true,
  pipelines: false,
  deletes: { maxSharePercent: 20 },
  incremental: { marginMinutes: 10, fullEveryDays: 7 },
  watch: {
    topic: 'ATLAS_ENTITIES',
    tls: false,
    batchSize: 500,
    batchSeconds: 1,
    incrementalAbove: 20_000,
    incrementalEveryMinutes: 5,
  },
  atlas: { concurrency: 4, pageSize: 10_000, columnsBySearchLimit: 100_000, timeoutSeconds: 60, retries: 5 },
  /** `workflowConfig` */
  successThreshold: 90,
  raiseOnError: true,
  loggerLevel: 'INFO',
  enableStreamableLogs: false,
  /** `source.serviceConnection.config` */
  atlasConnection: { hostPort: 'http://localhost:21000', supportsMetadataExtraction: true },
  /** `source.sourceConfig.config` */
  databaseMetadata: {
    includeTables: true,
    includeViews: true,
    includeTags: true,
    includeOwners: false,
    includeStoredProcedures: true,
    includeDDL: false,
    overrideMetadata: false,
    useFqnForFiltering: false,
    markDeletedTables: true,
    markDeletedStoredProcedures: true,
    markDeletedSchemas: false,
    markDeletedDatabases: false,
    queryLogDuration: 1,
    queryParsingTimeoutLimit: 300,
    threads: 1,
    incremental: { enabled: false, lookbackDays: 7, safetyMarginDays: 1 },
    extractJsonSchema: false,
    jsonSchemaSampleSize: 10,
    ownersInherited: true,
  },
  /** `workflowConfig.openMetadataServerConfig` */
  openMetadata: {
    hostPort: 'http://localhost:8585/api',
    authProvider: 'openmetadata',
    apiVersion: 'v1',
    clusterName: 'openmetadata',
    verifySSL: 'no-ssl',
    secretsManagerProvider: 'db',
    secretsManagerLoader: 'noop',
    enableVersionValidation: true,
    forceEntityOverwriting: false,
    storeServiceConnection: true,
    limitRecords: 1000,
    indexed: true,
    supported: true,
    googleAudience: 'https://www.googleapis.com/oauth2/v4/token',
  },
} as const;
