/* Generated from src/schema/workflow.ts by “npm run generate”. Do not edit. */

/**
 * A metadata ingestion from Apache Atlas into OpenMetadata.
 */
export interface Recipe {
  /**
   * Where metadata comes from.
   */
  source: {
    /**
     * Kind of the source.
     */
    type: string;
    /**
     * Name of the Atlas service in OpenMetadata; made when missing.
     */
    serviceName: string;
    /**
     * Connection.
     */
    serviceConnection: {
      /**
       * How to reach Apache Atlas and what to read there.
       */
      config: {
        /**
         * Kind of the connection.
         */
        type?: string;
        /**
         * Address of Atlas, such as http://atlas.example:21000. A gateway’s path may follow.
         */
        hostPort?: string;
        /**
         * User who may read all metadata in Atlas.
         */
        username: string;
        /**
         * Password of that user.
         */
        password: string;
        /**
         * Database services in OpenMetadata that hold (or shall hold) Atlas’ tables.
         */
        databaseServiceName?: string[];
        /**
         * Messaging services in OpenMetadata. Kept for the documented recipe; topics are not read yet.
         */
        messagingServiceName?: string[];
        /**
         * Atlas type of the tables to read, its subtypes included: hive_table, Table …
         */
        entity_type: string;
        /**
         * Further options of the connection; not used.
         */
        connectionOptions?: {};
        /**
         * Further arguments of the connection; not used.
         */
        connectionArguments?: {};
        /**
         * Which databases are read. Regular expressions, matched from the start of the name without regard to case.
         */
        databaseFilterPattern?: {
          /**
           * Only databases that match one of these.
           */
          includes?: string[];
          /**
           * No databases that match one of these; wins over includes.
           */
          excludes?: string[];
        };
        /**
         * Which schemas are read. Regular expressions, matched from the start of the name without regard to case.
         */
        schemaFilterPattern?: {
          /**
           * Only schemas that match one of these.
           */
          includes?: string[];
          /**
           * No schemas that match one of these; wins over includes.
           */
          excludes?: string[];
        };
        /**
         * Which tables are read. Regular expressions, matched from the start of the name without regard to case.
         */
        tableFilterPattern?: {
          /**
           * Only tables that match one of these.
           */
          includes?: string[];
          /**
           * No tables that match one of these; wins over includes.
           */
          excludes?: string[];
        };
        /**
         * Set by OpenMetadata; no effect here.
         */
        supportsMetadataExtraction?: boolean;
      };
    };
    /**
     * What is read.
     */
    sourceConfig: {
      /**
       * What is carried over, and how.
       */
      config: {
        /**
         * Kind of the pipeline.
         */
        type?: string;
        /**
         * Carry tables.
         */
        includeTables?: boolean;
        /**
         * Carry views.
         */
        includeViews?: boolean;
        /**
         * Carry classifications as tags.
         */
        includeTags?: boolean;
        /**
         * Set owners where a user or team of that name or mail exists and nobody is owner yet.
         */
        includeOwners?: boolean;
        /**
         * The source’s texts and owners win over what people wrote in OpenMetadata.
         */
        overrideMetadata?: boolean;
        /**
         * Filter patterns match the dotted path from the service on instead of the bare name.
         */
        useFqnForFiltering?: boolean;
        /**
         * Which databases are read. Regular expressions, matched from the start of the name without regard to case.
         */
        databaseFilterPattern?: {
          /**
           * Only databases that match one of these.
           */
          includes?: string[];
          /**
           * No databases that match one of these; wins over includes.
           */
          excludes?: string[];
        };
        /**
         * Which schemas are read. Regular expressions, matched from the start of the name without regard to case.
         */
        schemaFilterPattern?: {
          /**
           * Only schemas that match one of these.
           */
          includes?: string[];
          /**
           * No schemas that match one of these; wins over includes.
           */
          excludes?: string[];
        };
        /**
         * Which tables are read. Regular expressions, matched from the start of the name without regard to case.
         */
        tableFilterPattern?: {
          /**
           * Only tables that match one of these.
           */
          includes?: string[];
          /**
           * No tables that match one of these; wins over includes.
           */
          excludes?: string[];
        };
        /**
         * What is gone from the source is only listed so far, never deleted.
         */
        markDeletedTables?: boolean;
        /**
         * Accepted for compatibility; no effect here.
         */
        markAllDeletedTables?: boolean;
        /**
         * Accepted for compatibility; no effect here.
         */
        markDeletedStoredProcedures?: boolean;
        /**
         * Accepted for compatibility; no effect here.
         */
        markDeletedSchemas?: boolean;
        /**
         * Accepted for compatibility; no effect here.
         */
        markDeletedDatabases?: boolean;
        /**
         * Accepted for compatibility; no effect here.
         */
        includeStoredProcedures?: boolean;
        /**
         * Which stored procedures are read. Regular expressions, matched from the start of the name without regard to case.
         */
        storedProcedureFilterPattern?: {
          /**
           * Only stored procedures that match one of these.
           */
          includes?: string[];
          /**
           * No stored procedures that match one of these; wins over includes.
           */
          excludes?: string[];
        };
        /**
         * Accepted for compatibility; no effect here.
         */
        includeDDL?: boolean;
        /**
         * Accepted for compatibility; no effect here.
         */
        includeCustomProperties?: boolean;
        /**
         * Accepted for compatibility; no effect here.
         */
        ownerConfig?: {};
        /**
         * Accepted for compatibility; no effect here.
         */
        queryLogDuration?: number;
        /**
         * Accepted for compatibility; no effect here.
         */
        queryParsingTimeoutLimit?: number;
        /**
         * Accepted for compatibility; no effect here.
         */
        viewParsingTimeoutLimit?: number;
        /**
         * Accepted for compatibility; no effect here.
         */
        threads?: number;
        /**
         * Accepted for compatibility; no effect here.
         */
        incremental?: {
          /**
           * Accepted for compatibility; no effect here.
           */
          enabled?: boolean;
          /**
           * Accepted for compatibility; no effect here.
           */
          lookbackDays?: number;
          /**
           * Accepted for compatibility; no effect here.
           */
          safetyMarginDays?: number;
        };
        /**
         * Accepted for compatibility; no effect here.
         */
        extractJsonSchema?: boolean;
        /**
         * Accepted for compatibility; no effect here.
         */
        jsonSchemaSampleSize?: number;
      };
    };
  };
  /**
   * Where metadata goes.
   */
  sink: {
    /**
     * Kind of the sink.
     */
    type: string;
    /**
     * Its settings; none are needed.
     */
    config?: {} | null;
  };
  /**
   * A module of your own that sees each record.
   */
  processor?: {
    /**
     * Kind of the processor.
     */
    type: 'module';
    /**
     * Settings.
     */
    config: {
      /**
       * Path of the module, from the recipe’s folder.
       */
      path: string;
    };
  };
  /**
   * Accepted for compatibility; no effect here.
   */
  stage?: {
    /**
     * Kind.
     */
    type: string;
    /**
     * Its settings.
     */
    config?: {};
  };
  /**
   * Accepted for compatibility; no effect here.
   */
  bulkSink?: {
    /**
     * Kind.
     */
    type: string;
    /**
     * Its settings.
     */
    config?: {};
  };
  /**
   * The run.
   */
  workflowConfig: {
    /**
     * How much is logged.
     */
    loggerLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
    /**
     * How to reach the OpenMetadata server.
     */
    openMetadataServerConfig: {
      /**
       * Kind of the connection.
       */
      type?: string;
      /**
       * Label of the server instance.
       */
      clusterName?: string;
      /**
       * Address of the server, with /api: http://openmetadata.example:8585/api.
       */
      hostPort: string;
      /**
       * Version in the paths.
       */
      apiVersion?: string;
      /**
       * How to sign in.
       */
      authProvider?:
        | 'openmetadata'
        | 'no-auth'
        | 'basic'
        | 'azure'
        | 'google'
        | 'okta'
        | 'auth0'
        | 'aws-cognito'
        | 'custom-oidc'
        | 'ldap'
        | 'saml';
      /**
       * How to sign in.
       */
      securityConfig?: {
        /**
         * A bot’s token, or the path of a file that holds it.
         */
        jwtToken?: string;
        /**
         * Client id.
         */
        clientId?: string;
        /**
         * Client secret; for google the path or content of the service account’s JSON.
         */
        secretKey?: string;
        /**
         * Domain of the identity provider.
         */
        domain?: string;
        /**
         * Client secret (azure).
         */
        clientSecret?: string;
        /**
         * Authority (azure).
         */
        authority?: string;
        /**
         * Scopes.
         */
        scopes?: string[];
        /**
         * Token endpoint (custom-oidc).
         */
        tokenEndpoint?: string;
        /**
         * Audience (google).
         */
        audience?: string;
        /**
         * Token endpoint (okta).
         */
        orgURL?: string;
        /**
         * Private key (okta).
         */
        privateKey?: string;
        /**
         * Mail address (okta).
         */
        email?: string;
      };
      /**
       * How the server’s certificate is checked; ignore does not check it.
       */
      verifySSL?: 'no-ssl' | 'ignore' | 'validate';
      /**
       * Certificates, each as a path or as PEM text.
       */
      sslConfig?: {
        /**
         * Authority that the server’s certificate comes from.
         */
        caCertificate?: string;
        /**
         * Client certificate.
         */
        sslCertificate?: string;
        /**
         * Key of the client certificate.
         */
        sslKey?: string;
      };
      /**
       * Headers added to each request; %(Authorization)s stands for another header’s value.
       */
      extraHeaders?: {
        [k: string]: string;
      };
      /**
       * Accepted for compatibility; no effect here.
       */
      secretsManagerProvider?:
        | 'db'
        | 'noop'
        | 'managed-aws'
        | 'aws'
        | 'managed-aws-ssm'
        | 'aws-ssm'
        | 'managed-azure-kv'
        | 'azure-kv'
        | 'in-memory'
        | 'gcp'
        | 'kubernetes';
      /**
       * Accepted for compatibility; no effect here.
       */
      secretsManagerLoader?: 'noop' | 'airflow' | 'env';
      /**
       * Accepted; the version is always found first and any of 1.1 to 1.13 is served.
       */
      enableVersionValidation?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      forceEntityOverwriting?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      storeServiceConnection?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      limitRecords?: number;
      /**
       * Accepted for compatibility; no effect here.
       */
      elasticsSearch?: {};
      /**
       * Which schemas are read. Regular expressions, matched from the start of the name without regard to case.
       */
      schemaFilterPattern?: {
        /**
         * Only schemas that match one of these.
         */
        includes?: string[];
        /**
         * No schemas that match one of these; wins over includes.
         */
        excludes?: string[];
      };
      /**
       * Which tables are read. Regular expressions, matched from the start of the name without regard to case.
       */
      tableFilterPattern?: {
        /**
         * Only tables that match one of these.
         */
        includes?: string[];
        /**
         * No tables that match one of these; wins over includes.
         */
        excludes?: string[];
      };
      /**
       * Which databases are read. Regular expressions, matched from the start of the name without regard to case.
       */
      databaseFilterPattern?: {
        /**
         * Only databases that match one of these.
         */
        includes?: string[];
        /**
         * No databases that match one of these; wins over includes.
         */
        excludes?: string[];
      };
      /**
       * Accepted for compatibility; no effect here.
       */
      supportsDataInsightExtraction?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      supportsElasticSearchReindexingExtraction?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includeTopics?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includeTables?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includeDashboards?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includePipelines?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includeMlModels?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includeUsers?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includeTeams?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includeGlossaryTerms?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includeTags?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includePolicy?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includeMessagingServices?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includeDatabaseServices?: boolean;
      /**
       * Accepted for compatibility; no effect here.
       */
      includePipelineServices?: boolean;
    };
    /**
     * Percent of records that must go well for the run to count as (partly) successful.
     */
    successThreshold?: number;
    /**
     * Whether a failed run ends with exit code 1.
     */
    raiseOnError?: boolean;
    /**
     * Accepted for compatibility; no effect here.
     */
    config?: {};
  };
  /**
   * Ingestion pipeline in OpenMetadata that this run reports its status to.
   */
  ingestionPipelineFQN?: string;
  /**
   * Id of the run (a UUID).
   */
  pipelineRunId?: string;
  /**
   * Accepted for compatibility; no effect here.
   */
  enableStreamableLogs?: boolean;
  /**
   * Accepted for compatibility; no effect here.
   */
  ingestionRunnerName?: string;
  /**
   * What Meridian adds to the recipe.
   */
  meridian?: {
    /**
     * enrich: describe what other connectors brought in. create: also make what is missing.
     */
    mode?: 'enrich' | 'create';
    /**
     * Atlas cluster → database service, or service.database.
     */
    clusters?: {
      [k: string]: string;
    };
    /**
     * Classification in OpenMetadata that holds Atlas’ labels.
     */
    classificationName?: string;
    /**
     * Requests to OpenMetadata at once.
     */
    concurrency?: number;
    /**
     * How hard Atlas may be asked.
     */
    atlas?: {
      /**
       * Requests a second at most; no limit unless set.
       */
      requestsPerSecond?: number;
      /**
       * Requests at once.
       */
      concurrency?: number;
      /**
       * Rows a search asks for.
       */
      pageSize?: number;
      /**
       * Up to so many columns are read by their own search; more come with their tables.
       */
      columnsBySearchLimit?: number;
      /**
       * Seconds until an answer must have begun.
       */
      timeoutSeconds?: number;
      /**
       * How often a failed request is sent again.
       */
      retries?: number;
    };
    /**
     * Where the memory between runs is.
     */
    state?: {
      /**
       * Kind of the store.
       */
      type?: 'sqlite';
      /**
       * File of the store; in $MERIDIAN_HOME unless set.
       */
      path?: string;
    };
    /**
     * File for requests that OpenMetadata refused; beside the state store unless set.
     */
    deadLetters?: string;
    /**
     * Owner in Atlas → user or team in OpenMetadata.
     */
    ownerMapping?: {
      [k: string]: string;
    };
    /**
     * Classification in Atlas → tag in OpenMetadata (its FQN), in place of our own.
     */
    tagMapping?: {
      [k: string]: string;
    };
    /**
     * What happens to descriptions.
     */
    descriptions?: {
      /**
       * Take HTML out of descriptions, their text stays.
       */
      stripHtml?: boolean;
    };
  };
}
