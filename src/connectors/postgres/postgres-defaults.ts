/** Defaults of the connection; OpenMetadata's own where it has any. */
export const postgresDefaults = {
  scheme: 'postgresql+psycopg2',
  port: 5432,
  ingestAllDatabases: false,
  sslMode: 'disable',
  classificationName: 'PostgresPolicyTags',
  queryStatementSource: 'pg_stat_statements',
  applicationName: 'meridian',
  connectTimeoutSeconds: 10,
} as const;
