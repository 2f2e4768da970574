/* Generated from src/schema/workflow.ts by “npm run generate”. Do not edit. */

/**
 * What is brought into OpenMetadata: metadata, or profiles.
 */
export interface Recipe {
  /**
   * Where metadata comes from.
   */
  source:
    | {
        /**
         * Kind of the source, in any case.
         */
        type: 'Atlas';
        /**
         * Name of the source’s service in OpenMetadata; made when missing, in enrich mode only that of an Atlas.
         */
        serviceName: string;
        /**
         * How the source is reached.
         */
        serviceConnection: {
          /**
           * How to reach Apache Atlas and what to read there.
           */
          config: {
            /**
             * Kind of the connection, in any case.
             */
            type?: 'Atlas';
            /**
             * Address of Atlas, such as http://localhost:21000; a gateway’s path may follow, with or without /api/atlas.
             */
            hostPort?: string;
            /**
             * User who may read all metadata in Atlas; needed unless connectionArguments.auth says otherwise.
             */
            username?: string;
            /**
             * Password of that user.
             */
            password?: string;
            /**
             * Database services in OpenMetadata that hold (enrich) or get (create) the tables. Needed in enrich mode; in create mode the tables go to one service called like serviceName when this is empty.
             */
            databaseServiceName?: string[];
            /**
             * Messaging services in OpenMetadata. Kept for the documented recipe; topics are not read.
             */
            messagingServiceName?: string[];
            /**
             * Atlas type of the tables to read, such as hive_table or Table; its subtypes are read with it.
             */
            entity_type: string;
            /**
             * Further options of the connection, by name. Kept for recipes that have them; no effect here.
             */
            connectionOptions?: {
              [k: string]: string;
            };
            /**
             * Sign-in, headers, time limit and TLS. Other arguments are kept for recipes that have them; no effect here.
             */
            connectionArguments?: {
              /**
               * How we sign in: with username and password (basic), a bearer token, at Knox, as at its login form (knoxsso), by the client’s certificate, or not at all.
               */
              auth?: 'basic' | 'token' | 'knox' | 'knoxsso' | 'certificate' | 'none' | 'kerberos';
              /**
               * Bearer token (auth token or knox), or the path of a file that holds it.
               */
              token?: string;
              /**
               * Passcode that Knox gave out (auth knox).
               */
              passcode?: string;
              /**
               * Address of Knox’ token service, asked with username and password (auth knox).
               */
              tokenUrl?: string;
              /**
               * Address of KnoxSSO, …/knoxsso/api/v1/websso (auth knoxsso); found from hostPort unless set.
               */
              ssoUrl?: string;
              /**
               * Headers added to each request.
               */
              headers?: {
                [k: string]: string;
              };
              /**
               * Seconds until an answer must have begun; in place of meridian.atlas.timeoutSeconds.
               */
              timeoutSeconds?: number;
              /**
               * How Atlas’ certificate is checked: no-ssl as usual for https, ignore not at all, validate against sslConfig.
               */
              verifySSL?: 'no-ssl' | 'ignore' | 'validate';
              /**
               * Certificates, each as a path or as PEM text.
               */
              sslConfig?: {
                /**
                 * Authority that Atlas’ certificate comes from.
                 */
                caCertificate?: string;
                /**
                 * Certificate of the client, where the server asks for one.
                 */
                sslCertificate?: string;
                /**
                 * Key of that certificate.
                 */
                sslKey?: string;
              };
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
             * A mark that OpenMetadata’s forms set; no effect here.
             */
            supportsMetadataExtraction?: boolean;
          };
        };
        /**
         * What is read and carried over.
         */
        sourceConfig: {
          config: DatabaseMetadata | Profiler | AutoClassification;
        };
      }
    | {
        /**
         * Kind of the source, in any case.
         */
        type: 'AtlasExport';
        /**
         * Name of the source’s service in OpenMetadata; made when missing, in enrich mode only that of an Atlas.
         */
        serviceName: string;
        /**
         * How the source is reached.
         */
        serviceConnection: {
          /**
           * Which export of Apache Atlas to read, and what of it.
           */
          config: {
            /**
             * Kind of the connection, in any case.
             */
            type?: 'AtlasExport';
            /**
             * Path of the ZIP, from the recipe’s folder.
             */
            path: string;
            /**
             * Database services in OpenMetadata that hold (enrich) or get (create) the tables. Needed in enrich mode; in create mode the tables go to one service called like serviceName when this is empty.
             */
            databaseServiceName?: string[];
            /**
             * Messaging services in OpenMetadata. Kept for the documented recipe; topics are not read.
             */
            messagingServiceName?: string[];
            /**
             * Atlas type of the tables to read, such as hive_table or Table; its subtypes are read with it.
             */
            entity_type: string;
          };
        };
        /**
         * What is read and carried over.
         */
        sourceConfig: {
          config: DatabaseMetadata | Profiler | AutoClassification;
        };
      }
    | {
        /**
         * Kind of the source, in any case.
         */
        type: 'File';
        /**
         * Name of the source’s service in OpenMetadata; made when missing, in enrich mode only that of an Atlas.
         */
        serviceName: string;
        /**
         * How the source is reached.
         */
        serviceConnection: {
          /**
           * Which file of records to read.
           */
          config: {
            /**
             * Kind of the connection, in any case.
             */
            type?: 'File';
            /**
             * Path of the file, from the recipe’s folder.
             */
            path: string;
          };
        };
        /**
         * What is read and carried over.
         */
        sourceConfig: {
          config: DatabaseMetadata | Profiler | AutoClassification;
        };
      }
    | {
        /**
         * Kind of the source, in any case.
         */
        type: 'Postgres';
        /**
         * Name of the source’s service in OpenMetadata; made when missing, in enrich mode only that of an Atlas.
         */
        serviceName: string;
        /**
         * How the source is reached.
         */
        serviceConnection: {
          /**
           * How to reach PostgreSQL (12 and later) and what to read there.
           */
          config: {
            /**
             * Kind of the connection, in any case.
             */
            type?: 'Postgres';
            /**
             * Driver of OpenMetadata’s own connector. Accepted for compatibility; no effect here.
             */
            scheme?: 'postgresql+psycopg2' | 'pgspider+psycopg2';
            /**
             * User to sign in as. The catalogue is open to every user who may connect to the database.
             */
            username: string;
            /**
             * How the user signs in. Only a password is served; none at all, where the server trusts us.
             */
            authType?: {
              /**
               * Password of the user.
               */
              password?: string;
              /**
               * Credentials of Amazon RDS. Signing in with them is not served: give a password.
               */
              awsConfig?: {
                /**
                 * Whether AWS’ own chain of credentials is used.
                 */
                enabled?: boolean;
                /**
                 * Id of the access key.
                 */
                awsAccessKeyId?: string;
                /**
                 * The access key itself.
                 */
                awsSecretAccessKey?: string;
                /**
                 * Region, such as eu-central-1.
                 */
                awsRegion: string;
                /**
                 * Token of a temporary session.
                 */
                awsSessionToken?: string;
                /**
                 * Address of AWS’ API, where it is another one than usual.
                 */
                endPointURL?: string;
                /**
                 * Name of a profile.
                 */
                profileName?: string;
                /**
                 * Role that is taken on.
                 */
                assumeRoleArn?: string;
                /**
                 * Name of the session in that role.
                 */
                assumeRoleSessionName?: string;
                /**
                 * Who takes on the role.
                 */
                assumeRoleSourceIdentity?: string;
              };
              /**
               * Credentials of Azure. Signing in with them is not served: give a password.
               */
              azureConfig?: {
                /**
                 * Id of the application.
                 */
                clientId?: string;
                /**
                 * Secret of the application.
                 */
                clientSecret?: string;
                /**
                 * Id of the tenant.
                 */
                tenantId?: string;
                /**
                 * Name of the storage account.
                 */
                accountName?: string;
                /**
                 * Name of the key vault.
                 */
                vaultName?: string;
                /**
                 * Scopes of the token.
                 */
                scopes?: string;
              };
            };
            /**
             * Host and port, such as db.example.com:5432; the port is 5432 unless given.
             */
            hostPort: string;
            /**
             * Database to connect to, and the one that is read unless ingestAllDatabases is set.
             */
            database: string;
            /**
             * Reads every database of the server that the user may connect to and that the patterns let pass.
             */
            ingestAllDatabases?: boolean;
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
             * Whether the connection is encrypted and who must answer, in PostgreSQL’s own words.
             */
            sslMode?: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
            /**
             * Certificates, each as a path or as PEM text.
             */
            sslConfig?: {
              /**
               * Authority that the server’s certificate comes from; with sslMode require it is checked too.
               */
              caCertificate?: string;
              /**
               * Certificate of the client, where the server asks for one.
               */
              sslCertificate?: string;
              /**
               * Key of that certificate.
               */
              sslKey?: string;
            };
            /**
             * Classification whose tags are the row-level security policies of tables; meridian.classificationName wins.
             */
            classificationName?: string;
            /**
             * View of query logs. Accepted for compatibility; no effect here.
             */
            queryStatementSource?: string;
            /**
             * Options of the connection in libpq’s words: application_name, connect_timeout, options and sslmode are followed. Others are kept for recipes that have them; no effect here.
             */
            connectionOptions?: {
              [k: string]: string;
            };
            /**
             * The same, for recipes that have them here; these win.
             */
            connectionArguments?: {};
            /**
             * A mark of OpenMetadata’s forms. Accepted for compatibility; no effect here.
             */
            supportsMetadataExtraction?: boolean;
            /**
             * A mark of OpenMetadata’s forms. Accepted for compatibility; no effect here.
             */
            supportsUsageExtraction?: boolean;
            /**
             * A mark of OpenMetadata’s forms. Accepted for compatibility; no effect here.
             */
            supportsLineageExtraction?: boolean;
            /**
             * A mark of OpenMetadata’s forms. Accepted for compatibility; no effect here.
             */
            supportsDBTExtraction?: boolean;
            /**
             * A mark of OpenMetadata’s forms. Accepted for compatibility; no effect here.
             */
            supportsProfiler?: boolean;
            /**
             * A mark of OpenMetadata’s forms. Accepted for compatibility; no effect here.
             */
            supportsDatabase?: boolean;
            /**
             * A mark of OpenMetadata’s forms. Accepted for compatibility; no effect here.
             */
            supportsQueryComment?: boolean;
            /**
             * Where samples of data are put. Accepted for compatibility; no effect here.
             */
            sampleDataStorageConfig?: {
              /**
               * Bucket and path. Accepted for compatibility; no effect here.
               */
              config?: {};
            };
            /**
             * A mark of OpenMetadata’s forms. Accepted for compatibility; no effect here.
             */
            supportsDataDiff?: boolean;
          };
        };
        /**
         * What is read and carried over.
         */
        sourceConfig: {
          config: DatabaseMetadata | Profiler | AutoClassification;
        };
      }
    | {
        /**
         * Kind of the source, in any case.
         */
        type: 'Trino';
        /**
         * Name of the source’s service in OpenMetadata; made when missing, in enrich mode only that of an Atlas.
         */
        serviceName: string;
        /**
         * How the source is reached.
         */
        serviceConnection: {
          /**
           * How to reach Trino and what to read there.
           */
          config: {
            /**
             * Kind of the connection, in any case.
             */
            type?: 'Trino';
            /**
             * Kept for recipes that have it; no effect here.
             */
            scheme?: 'trino';
            /**
             * User whose rights the queries have.
             */
            username: string;
            /**
             * How we sign in: {password}, {jwt} or {azureConfig}; with the user’s name alone where it is left out. OAuth2, which asks in a browser, is refused.
             */
            authType?:
              | {
                  /**
                   * Password of the user.
                   */
                  password?: string;
                }
              | {
                  /**
                   * JSON web token.
                   */
                  jwt?: string;
                }
              | {
                  /**
                   * A service principal of Microsoft Entra ID.
                   */
                  azureConfig?: {
                    /**
                     * Client id.
                     */
                    clientId?: string;
                    /**
                     * Client secret.
                     */
                    clientSecret?: string;
                    /**
                     * Tenant id.
                     */
                    tenantId?: string;
                    /**
                     * Accepted for compatibility; no effect here.
                     */
                    accountName?: string;
                    /**
                     * Accepted for compatibility; no effect here.
                     */
                    vaultName?: string;
                    /**
                     * Scopes of the token, with commas between them.
                     */
                    scopes?: string;
                  };
                }
              | 'OAuth2';
            /**
             * Host and port of Trino’s coordinator, such as trino:8080. https where one signs in or the port is 443, unless it begins with http:// or https://.
             */
            hostPort: string;
            /**
             * The only catalog that is read; all that hold data unless set.
             */
            catalog?: string;
            /**
             * The only schema that is read, in each catalog.
             */
            databaseSchema?: string;
            /**
             * Proxies, by the scheme of Trino’s address; those of the environment unless set.
             */
            proxies?: {
              /**
               * Such as http://proxy:3128.
               */
              http?: string;
              /**
               * Such as http://proxy:3128.
               */
              https?: string;
            };
            /**
             * How Trino’s certificate is checked: “true” as usual, “false” not at all, or the path of a PEM file with its authority.
             */
            verify?: string;
            /**
             * As connectionArguments, which win.
             */
            connectionOptions?: {
              [k: string]: string;
            };
            /**
             * Further settings of the connection, by the names that Trino’s Python client has for them. Others are kept for recipes that have them; no effect here.
             */
            connectionArguments?: {
              /**
               * How hostPort is spoken to, where it does not say so itself.
               */
              http_scheme?: 'http' | 'https';
              /**
               * Name that Trino lists our queries under; meridian unless set.
               */
              source?: string;
              /**
               * Tags of our queries, by which resource groups tell them apart; a list, or a text with commas.
               */
              client_tags?: string[] | string;
              /**
               * Role in each catalog, such as {"hive": "reader"}.
               */
              roles?:
                | {
                    [k: string]: string;
                  }
                | string;
              /**
               * Time zone of our queries, such as Europe/Berlin; the cluster’s unless set.
               */
              timezone?: string;
              /**
               * Properties of the session.
               */
              session_properties?:
                | {
                    [k: string]: string;
                  }
                | string;
              /**
               * Headers added to each request.
               */
              http_headers?:
                | {
                    [k: string]: string;
                  }
                | string;
              /**
               * Credentials that Trino hands on to its connectors, by name.
               */
              extra_credential?:
                | {
                    [k: string]: string;
                  }
                | string;
              /**
               * Seconds until an answer must have begun; 60 unless set.
               */
              request_timeout?: number | string;
              /**
               * Seconds that a query may take before it is cancelled; 1800 unless set.
               */
              query_timeout?: number | string;
              /**
               * How often a request is sent at most; 6 unless set.
               */
              max_attempts?: number | string;
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
            supportsMetadataExtraction?: boolean;
            /**
             * Accepted for compatibility; no effect here.
             */
            supportsUsageExtraction?: boolean;
            /**
             * Accepted for compatibility; no effect here.
             */
            supportsLineageExtraction?: boolean;
            /**
             * Accepted for compatibility; no effect here.
             */
            supportsDBTExtraction?: boolean;
            /**
             * Accepted for compatibility; no effect here.
             */
            supportsProfiler?: boolean;
            /**
             * Accepted for compatibility; no effect here.
             */
            supportsDatabase?: boolean;
            /**
             * Accepted for compatibility; no effect here.
             */
            supportsQueryComment?: boolean;
            /**
             * Accepted for compatibility; no effect here.
             */
            supportsDataDiff?: boolean;
            /**
             * Accepted for compatibility; no effect here.
             */
            sampleDataStorageConfig?: {};
            /**
             * Accepted for compatibility; no effect here.
             */
            queryHistoryTable?: string;
          };
        };
        /**
         * What is read and carried over.
         */
        sourceConfig: {
          config: DatabaseMetadata | Profiler | AutoClassification;
        };
      }
    | {
        /**
         * Kind of the source, in any case.
         */
        type: 'OpenMetadata';
        /**
         * Name of the source’s service in OpenMetadata; made when missing, in enrich mode only that of an Atlas.
         */
        serviceName: string;
        /**
         * How the source is reached.
         */
        serviceConnection: {
          /**
           * How to reach the OpenMetadata server that is read, and what of it.
           */
          config: {
            /**
             * Kind of the connection, in any case.
             */
            type?: 'OpenMetadata';
            /**
             * Label of the server. Accepted for compatibility; no effect here.
             */
            clusterName?: string;
            /**
             * Address of the server, with /api at its end.
             */
            hostPort: string;
            /**
             * Version in the paths.
             */
            apiVersion?: string;
            /**
             * Who the server trusts. openmetadata, with a bot’s token, works with every server.
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
             * What signs in; its keys follow from authProvider. A jwtToken is taken with any provider.
             */
            securityConfig?: {};
            /**
             * How the server’s certificate is checked: no-ssl as usual for https, ignore not at all, validate against sslConfig.
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
               * Certificate of the client, where the server asks for one.
               */
              sslCertificate?: string;
              /**
               * Key of that certificate.
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
             * Secrets manager that has the values written secret:<id>. With db, noop and in-memory nothing can be looked up.
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
             * Where the manager’s own settings are: airflow looks into Airflow’s configuration first, then into the environment as the others do.
             */
            secretsManagerLoader?: 'noop' | 'airflow' | 'env';
            /**
             * Whether a server of a later major version than 1 is refused; any of 1.1 to 1.13 is served.
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
             * Records a batch of the search index. Accepted for compatibility; no effect here.
             */
            limitRecords?: number;
            /**
             * Sink of the search index. Accepted for compatibility; no effect here.
             */
            elasticsSearch?: {
              /**
               * Kind of the sink.
               */
              type: string;
              /**
               * Its settings.
               */
              config?: {};
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
             * Whether messaging services with their topics are read.
             */
            includeTopics?: boolean;
            /**
             * Whether database services with their databases, schemas and tables are read.
             */
            includeTables?: boolean;
            /**
             * For the search index. Accepted for compatibility; no effect here.
             */
            includeDashboards?: boolean;
            /**
             * Whether pipeline services with their pipelines are read.
             */
            includePipelines?: boolean;
            /**
             * Whether ML model services with their models are read.
             */
            includeMlModels?: boolean;
            /**
             * For the search index. Accepted for compatibility; no effect here.
             */
            includeUsers?: boolean;
            /**
             * For the search index. Accepted for compatibility; no effect here.
             */
            includeTeams?: boolean;
            /**
             * Whether glossaries with their terms are read.
             */
            includeGlossaryTerms?: boolean;
            /**
             * Whether classifications with their tags are read.
             */
            includeTags?: boolean;
            /**
             * For the search index. Accepted for compatibility; no effect here.
             */
            includePolicy?: boolean;
            /**
             * For the search index. Accepted for compatibility; no effect here.
             */
            includeMessagingServices?: boolean;
            /**
             * For the search index. Accepted for compatibility; no effect here.
             */
            includeDatabaseServices?: boolean;
            /**
             * For the search index. Accepted for compatibility; no effect here.
             */
            includePipelineServices?: boolean;
            /**
             * Names of the database services to read; all of them unless set.
             */
            databaseServiceName?: string[];
            /**
             * Names of the messaging services to read; all of them unless set.
             */
            messagingServiceName?: string[];
            /**
             * Names of the storage services to read; all of them unless set.
             */
            storageServiceName?: string[];
            /**
             * Names of the pipeline services to read; all of them unless set.
             */
            pipelineServiceName?: string[];
            /**
             * Names of the ML model services to read; all of them unless set.
             */
            mlmodelServiceName?: string[];
            /**
             * Whether storage services with their containers are read.
             */
            includeContainers?: boolean;
          };
        };
        /**
         * What is read and carried over.
         */
        sourceConfig: {
          config: DatabaseMetadata | Profiler | AutoClassification;
        };
      };
  /**
   * Where metadata goes.
   */
  sink: {
    /**
     * Kind of the sink, in any case.
     */
    type: 'metadata-rest';
    /**
     * Its settings; none are needed.
     */
    config?: {} | null;
  };
  processor?:
    | {
        /**
         * Kind of the processor.
         */
        type: 'module';
        /**
         * Settings of the processor.
         */
        config: {
          /**
           * Path of the module, from the recipe’s folder.
           */
          path: string;
        };
      }
    | {
        /**
         * Kind of the processor.
         */
        type: 'orm-profiler';
        /**
         * Particulars of tables.
         */
        config?: {
          /**
           * Of single tables.
           *
           * Items: What is particular about a table; wins over what OpenMetadata holds for it.
           */
          tableConfig?: {
            /**
             * FQN of the table at OpenMetadata.
             */
            fullyQualifiedName: string;
            /**
             * Percent of the rows (up to 100), or rows, that column metrics are computed from. All unless set.
             */
            profileSample?: number | null;
            /**
             * What profileSample counts.
             */
            profileSampleType?: 'PERCENTAGE' | 'ROWS';
            /**
             * BERNOULLI: row by row. SYSTEM: whole blocks, which is faster and less even. The engine’s choice unless set.
             */
            samplingMethodType?: 'BERNOULLI' | 'SYSTEM';
            /**
             * Sample rows of a table.
             */
            sampleDataCount?: number;
            /**
             * Which columns.
             */
            columnConfig?: {
              /**
               * Columns that are left out.
               */
              excludeColumns?: string[];
              /**
               * Only these columns.
               *
               * Items: A column.
               */
              includeColumns?: {
                /**
                 * Its name.
                 */
                columnName: string;
                /**
                 * Only these.
                 *
                 * Items: Name of a metric.
                 */
                metrics?: (
                  | 'mean'
                  | 'valuesCount'
                  | 'columnCount'
                  | 'distinctCount'
                  | 'distinctProportion'
                  | 'max'
                  | 'min'
                  | 'nullCount'
                  | 'rowCount'
                  | 'stddev'
                  | 'sum'
                  | 'uniqueCount'
                  | 'uniqueProportion'
                  | 'columnNames'
                  | 'nullProportion'
                  | 'median'
                  | 'firstQuartile'
                  | 'thirdQuartile'
                  | 'interQuartileRange'
                  | 'nonParametricSkew'
                  | 'histogram'
                  | 'minLength'
                  | 'maxLength'
                  | 'duplicateCount'
                  | 'countInSet'
                  | 'iLikeCount'
                  | 'likeCount'
                  | 'notLikeCount'
                  | 'regexCount'
                  | 'notRegexCount'
                  | 'iLikeRatio'
                  | 'likeRatio'
                  | 'system'
                  | 'cardinalityDistribution'
                  | 'valueRank'
                  | 'nullMissingCount'
                )[];
              }[];
            };
            /**
             * Query in place of the table. Told in the report as not followed.
             */
            profileQuery?: string;
            /**
             * Part of a table. Told in the report as not followed.
             */
            partitionConfig?: {};
          }[];
          /**
           * Of all tables of a schema.
           *
           * Items: What is particular about the tables of a schema.
           */
          schemaConfig?: {
            /**
             * FQN of the schema at OpenMetadata.
             */
            fullyQualifiedName: string;
            /**
             * Percent of the rows (up to 100), or rows, that column metrics are computed from. All unless set.
             */
            profileSample?: number | null;
            /**
             * What profileSample counts.
             */
            profileSampleType?: 'PERCENTAGE' | 'ROWS';
            /**
             * BERNOULLI: row by row. SYSTEM: whole blocks, which is faster and less even. The engine’s choice unless set.
             */
            samplingMethodType?: 'BERNOULLI' | 'SYSTEM';
            /**
             * Sample rows of a table.
             */
            sampleDataCount?: number;
            /**
             * Storage of sample rows outside of OpenMetadata. Accepted for compatibility; no effect here.
             */
            sampleDataStorageConfig?: {};
          }[];
          /**
           * Of all tables of a database.
           *
           * Items: What is particular about the tables of a database.
           */
          databaseConfig?: {
            /**
             * FQN of the database at OpenMetadata.
             */
            fullyQualifiedName: string;
            /**
             * Percent of the rows (up to 100), or rows, that column metrics are computed from. All unless set.
             */
            profileSample?: number | null;
            /**
             * What profileSample counts.
             */
            profileSampleType?: 'PERCENTAGE' | 'ROWS';
            /**
             * BERNOULLI: row by row. SYSTEM: whole blocks, which is faster and less even. The engine’s choice unless set.
             */
            samplingMethodType?: 'BERNOULLI' | 'SYSTEM';
            /**
             * Sample rows of a table.
             */
            sampleDataCount?: number;
            /**
             * Storage of sample rows outside of OpenMetadata. Accepted for compatibility; no effect here.
             */
            sampleDataStorageConfig?: {};
          }[];
          /**
           * Older recipes name their metrics here; sourceConfig’s metrics decide. Accepted for compatibility; no effect here.
           */
          profiler?: {};
        } | null;
      };
  /**
   * Accepted for compatibility; no effect here.
   */
  stage?: {
    /**
     * Kind of the step.
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
     * Kind of the step.
     */
    type: string;
    /**
     * Its settings.
     */
    config?: {};
  };
  /**
   * Which server is written to, and what counts as a good run.
   */
  workflowConfig: {
    /**
     * How much is logged. Accepted for compatibility; no effect here.
     */
    loggerLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
    /**
     * How to reach the OpenMetadata server.
     */
    openMetadataServerConfig: {
      /**
       * Kind of the connection, in any case.
       */
      type?: 'OpenMetadata';
      /**
       * Label of the server. Accepted for compatibility; no effect here.
       */
      clusterName?: string;
      /**
       * Address of the server, with /api at its end.
       */
      hostPort: string;
      /**
       * Version in the paths.
       */
      apiVersion?: string;
      /**
       * Who the server trusts. openmetadata, with a bot’s token, works with every server.
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
       * What signs in; its keys follow from authProvider. A jwtToken is taken with any provider.
       */
      securityConfig?:
        | {
            /**
             * Token of a bot or a person, or the path of a file that holds it.
             */
            jwtToken: string;
          }
        | {
            /**
             * Client id.
             */
            clientId: string;
            /**
             * Client secret.
             */
            secretKey: string;
            /**
             * Domain of the tenant, such as company.eu.auth0.com.
             */
            domain: string;
          }
        | {
            /**
             * Client secret.
             */
            clientSecret: string;
            /**
             * Authority, such as https://login.microsoftonline.com/TENANT.
             */
            authority: string;
            /**
             * Client id.
             */
            clientId: string;
            /**
             * Scopes to ask for, usually CLIENT-ID/.default.
             */
            scopes: string[];
          }
        | {
            /**
             * Client id.
             */
            clientId: string;
            /**
             * Client secret.
             */
            secretKey: string;
            /**
             * Address that gives tokens.
             */
            tokenEndpoint?: string;
            /**
             * Domain of the provider, where a recipe has it in place of tokenEndpoint.
             */
            domain?: string;
          }
        | {
            /**
             * Path or content of the account’s JSON key.
             */
            secretKey: string;
            /**
             * Audience of the token.
             */
            audience?: string;
          }
        | {
            /**
             * Client id.
             */
            clientId: string;
            /**
             * Address that gives tokens, …/v1/token.
             */
            orgURL: string;
            /**
             * Private key of the client, PEM or JWK.
             */
            privateKey: string;
            /**
             * Mail address of the service account.
             */
            email: string;
            /**
             * Scopes to ask for.
             */
            scopes?: string[];
          }
        | {
            /**
             * Client id.
             */
            clientId: string;
            /**
             * Client secret.
             */
            secretKey: string;
            /**
             * Domain of the user pool, such as company.auth.eu-central-1.amazoncognito.com.
             */
            domain: string;
            /**
             * Scopes to ask for; all that the client has unless set.
             */
            scopes?: string[];
          };
      /**
       * How the server’s certificate is checked: no-ssl as usual for https, ignore not at all, validate against sslConfig.
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
         * Certificate of the client, where the server asks for one.
         */
        sslCertificate?: string;
        /**
         * Key of that certificate.
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
       * Secrets manager that has the values written secret:<id>. With db, noop and in-memory nothing can be looked up.
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
       * Where the manager’s own settings are: airflow looks into Airflow’s configuration first, then into the environment as the others do.
       */
      secretsManagerLoader?: 'noop' | 'airflow' | 'env';
      /**
       * Whether a server of a later major version than 1 is refused; any of 1.1 to 1.13 is served.
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
       * Records a batch of the search index. Accepted for compatibility; no effect here.
       */
      limitRecords?: number;
      /**
       * Sink of the search index. Accepted for compatibility; no effect here.
       */
      elasticsSearch?: {
        /**
         * Kind of the sink.
         */
        type: string;
        /**
         * Its settings.
         */
        config?: {};
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
       * For the search index. Accepted for compatibility; no effect here.
       */
      includeTopics?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
       */
      includeTables?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
       */
      includeDashboards?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
       */
      includePipelines?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
       */
      includeMlModels?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
       */
      includeUsers?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
       */
      includeTeams?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
       */
      includeGlossaryTerms?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
       */
      includeTags?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
       */
      includePolicy?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
       */
      includeMessagingServices?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
       */
      includeDatabaseServices?: boolean;
      /**
       * For the search index. Accepted for compatibility; no effect here.
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
     * enrich: describe what other connectors brought in. create: also make what is missing. Unless set, the kind of the source decides: enrich for Atlas, an export of it and files, create for databases and other servers.
     */
    mode?: 'enrich' | 'create';
    /**
     * Atlas cluster → database service, or service.database.
     */
    clusters?: {
      [k: string]: string;
    };
    /**
     * Atlas types to read beside entity_type, their subtypes included; DataSet and Process are everything.
     */
    entityTypes?: string[];
    /**
     * Family of Atlas types, or family@cluster, → service in OpenMetadata: hive, rdbms, hbase, impala, spark, trino, couchbase, avro, kafka, paths, s3, adls, gcs, ozone, ml, pipelines, custom.
     */
    services?: {
      [k: string]: string;
    };
    /**
     * Atlas type (its subtypes included) → what it becomes; for types of your own.
     */
    types?: {
      /**
       * What becomes of a type.
       */
      [k: string]: {
        /**
         * Kind of entity in OpenMetadata.
         */
        as?: 'table' | 'container' | 'topic' | 'pipeline' | 'skip';
        /**
         * Service that holds them; that of the family “custom” unless set.
         */
        service?: string;
      };
    };
    /**
     * Make processes pipelines with tasks and runs too, beside the lineage they are.
     */
    pipelines?: boolean;
    /**
     * What may be deleted (softly) because it is gone from the source.
     */
    deletes?: {
      /**
       * Share of the entities of a kind, in percent of what the last run knew, above which nothing of it is deleted.
       */
      maxSharePercent?: number;
    };
    /**
     * Runs that read only what has changed (sourceConfig.config.incremental.enabled, or --incremental).
     */
    incremental?: {
      /**
       * Minutes before the last success that are read again; sourceConfig’s safetyMarginDays where that is set.
       */
      marginMinutes?: number;
      /**
       * Days after which a run reads everything again; only such a run sees purges. 0: never by itself.
       */
      fullEveryDays?: number;
    };
    /**
     * How to follow Atlas’ change feed, a topic of Kafka (meridian watch).
     */
    watch?: {
      /**
       * Kafka brokers to begin with, each host:port.
       *
       * @minItems 1
       */
      brokers: [string, ...string[]];
      /**
       * Topic that Atlas writes its changes to.
       */
      topic?: string;
      /**
       * Consumer group that remembers how far we are; one a pipeline. Made from the pipeline’s name unless set.
       */
      groupId?: string;
      /**
       * How we sign in; with username and password. Without it, we do not.
       */
      saslMechanism?: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      /**
       * User of the brokers.
       */
      username?: string;
      /**
       * Password of the user.
       */
      password?: string;
      /**
       * Speak TLS with the brokers.
       */
      tls?: boolean;
      /**
       * Authority that the brokers’ certificates come from: path of a PEM file, or its text.
       */
      caCertificate?: string;
      /**
       * Certificate of the client, where the brokers ask for one: path of a PEM file, or its text.
       */
      sslCertificate?: string;
      /**
       * Key of that certificate: path of a PEM file, or its text.
       */
      sslKey?: string;
      /**
       * Messages that are applied together at most.
       */
      batchSize?: number;
      /**
       * Seconds that a batch is waited for after its first message.
       */
      batchSeconds?: number;
      /**
       * Minutes between incremental runs, for what Atlas tells nobody: labels, business metadata, assigned terms. 0: none.
       */
      incrementalEveryMinutes?: number;
      /**
       * Messages that wait, above which an incremental run takes their place.
       */
      incrementalAbove?: number;
    };
    /**
     * Profiles (sourceConfig.config.type Profiler or AutoClassification).
     */
    profiler?: {
      /**
       * Database or catalog as the engine names it → service, or service.database, in OpenMetadata: for tables that another connector brought in.
       */
      services?: {
        [k: string]: string;
      };
      /**
       * Rows of a table above which distinct values are counted by an approximation, which the report tells.
       */
      approximateAbove?: number;
      /**
       * Seconds that one query may take.
       */
      queryTimeoutSeconds?: number;
      /**
       * Seconds that one table may take.
       */
      tableTimeoutSeconds?: number;
      /**
       * Sample values of columns with one of these tags or terms never leave; the same for what lies below a tag.
       */
      maskedTags?: string[];
    };
    /**
     * Classification in OpenMetadata that holds Atlas’ labels, the free words.
     */
    labelClassificationName?: string;
    /**
     * Carry glossaries, their terms and assignments.
     */
    glossaries?: boolean;
    /**
     * Classification in OpenMetadata that holds Atlas’ classifications.
     */
    classificationName?: string;
    /**
     * Requests to OpenMetadata at once.
     */
    concurrency?: number;
    /**
     * How a run is cut when several processes do it together (as tasks of Airflow).
     */
    partitions?: {
      /**
       * Partitions at most; never more than concurrency.
       */
      max?: number;
      /**
       * Tables that a partition has at least: a catalogue with fewer than twice as many is one partition.
       */
      minTables?: number;
    };
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
       * Kind of the store; postgres where several machines run one pipeline.
       */
      type?: 'sqlite' | 'postgres';
      /**
       * PostgreSQL: address of the database, such as postgres://user@host/db.
       */
      connectionString?: string;
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
     * Owner in Atlas, or a /regular expression/ → user or team in OpenMetadata ($1 is what its first group matched).
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
       * safe: take out what could run or change the page. strip: take out all HTML, its text stays. keep: as it is.
       */
      html?: 'safe' | 'strip' | 'keep';
      /**
       * The same as html: strip.
       */
      stripHtml?: boolean;
    };
  };
  /**
   * How the recipe becomes a DAG of Airflow (meridian airflow deploy).
   */
  airflow?: {
    /**
     * Id of the DAG; made from serviceName unless set.
     */
    dagId?: string;
    /**
     * What Airflow shows beside the id.
     */
    description?: string;
    /**
     * Owner that Airflow shows.
     */
    owner?: string;
    /**
     * Who gets mail when a task has failed for good.
     */
    email?: string[];
    /**
     * Send that mail.
     */
    emailOnFailure?: boolean;
    /**
     * Airflow connection of the SMTP server that the mail goes by.
     */
    smtpConnectionId?: string;
    /**
     * How often a failed task is tried again.
     */
    retries?: number;
    /**
     * Time between two tries. Such as 90s, 5m, 1h.
     */
    retryDelay?: string | number;
    /**
     * Time that a task may take. Such as 90s, 5m, 1h.
     */
    executionTimeout?: string | number;
    /**
     * Nothing is due before this: a day or a time, as ISO 8601.
     */
    startDate?: string;
    /**
     * Nothing is due after this: a day or a time, as ISO 8601.
     */
    endDate?: string;
    /**
     * Cron of five fields, or one of Airflow’s presets such as @hourly; null: on demand only.
     */
    schedule?: string | null;
    /**
     * Time zone of the schedule, such as Europe/Berlin.
     */
    timezone?: string;
    /**
     * Run also for the times since startDate that nobody was there for.
     */
    catchup?: boolean;
    /**
     * Runs of the DAG at once.
     */
    maxActiveRuns?: number;
    /**
     * Begin paused.
     */
    isPausedUponCreation?: boolean;
    /**
     * What the DAG is found by in Airflow.
     */
    tags?: string[];
    /**
     * native: tasks run in Node (Airflow 3.3 and later). bash: a Bash operator calls Meridian. auto: native where Airflow knows the queue.
     */
    form?: 'auto' | 'native' | 'bash';
    /**
     * Queue that airflow.cfg gives to Meridian’s coordinator; the Bash form has Airflow’s default queue unless this is set.
     */
    queue?: string;
    /**
     * Parts that an ingest is cut into at most, each a mapped task.
     */
    partitions?: number;
    /**
     * How workers start Meridian, such as [meridian]; Node and this very installation unless set.
     *
     * @minItems 1
     */
    command?: [string, ...string[]];
  };
}
/**
 * What is carried over, and how.
 */
export interface DatabaseMetadata {
  /**
   * Kind of the pipeline, in any case.
   */
  type?: 'DatabaseMetadata';
  /**
   * Carry tables that are no views.
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
   * Set an owner where a user or team of that name or mail exists and nobody is owner yet.
   */
  includeOwners?: boolean;
  /**
   * Texts, labels and owners of the source win over what people wrote in OpenMetadata.
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
   * Deletes tables (and topics, containers, models, pipelines) that are gone from the source: softly, behind guards, in create mode.
   */
  markDeletedTables?: boolean;
  /**
   * A key of OpenMetadata 1.0 and 1.1. Accepted for compatibility; no effect here.
   */
  markAllDeletedTables?: boolean;
  /**
   * Stored procedures. Accepted for compatibility; no effect here.
   */
  markDeletedStoredProcedures?: boolean;
  /**
   * The same for schemas that hold nothing else.
   */
  markDeletedSchemas?: boolean;
  /**
   * The same for databases that hold nothing else.
   */
  markDeletedDatabases?: boolean;
  /**
   * Stored procedures. Accepted for compatibility; no effect here.
   */
  includeStoredProcedures?: boolean;
  /**
   * Statements that made a table. Accepted for compatibility; no effect here.
   */
  includeDDL?: boolean;
  /**
   * A key of late OpenMetadata 1.12. Accepted for compatibility; no effect here.
   */
  includeCustomProperties?: boolean;
  /**
   * Owners by level, as OpenMetadata 1.11 and later have them. Accepted for compatibility; no effect here.
   */
  ownerConfig?: {
    /**
     * Owner of what no other rule names.
     */
    default?: string;
    /**
     * Owner of the service.
     */
    service?: string;
    /**
     * Owner of every database, or a map from a database’s name to its owner or owners. Accepted for compatibility; no effect here.
     */
    database?:
      | string
      | {
          [k: string]: string | [string, ...string[]];
        };
    /**
     * Owner of every schema, or a map from a schema’s name to its owner or owners. Accepted for compatibility; no effect here.
     */
    databaseSchema?:
      | string
      | {
          [k: string]: string | [string, ...string[]];
        };
    /**
     * Owner of every table, or a map from a table’s name to its owner or owners. Accepted for compatibility; no effect here.
     */
    table?:
      | string
      | {
          [k: string]: string | [string, ...string[]];
        };
    /**
     * What has no owner gets its parent’s.
     */
    enableInheritance?: boolean;
  };
  /**
   * Days of query logs. Accepted for compatibility; no effect here.
   */
  queryLogDuration?: number;
  /**
   * Seconds for parsing a query. Accepted for compatibility; no effect here.
   */
  queryParsingTimeoutLimit?: number;
  /**
   * Seconds for parsing a view; a key of OpenMetadata 1.1. Accepted for compatibility; no effect here.
   */
  viewParsingTimeoutLimit?: number;
  /**
   * Tables at once; meridian.concurrency decides here. Accepted for compatibility; no effect here.
   */
  threads?: number;
  /**
   * OpenMetadata’s incremental extraction. Accepted for compatibility; no effect here.
   */
  incremental?: {
    /**
     * Whether only changes are read.
     */
    enabled: boolean;
    /**
     * Days within which an earlier good run is looked for.
     */
    lookbackDays?: number;
    /**
     * Days read again before that run.
     */
    safetyMarginDays?: number;
  };
  /**
   * Looks into JSON columns. Accepted for compatibility; no effect here.
   */
  extractJsonSchema?: boolean;
  /**
   * Rows looked at in a JSON column. Accepted for compatibility; no effect here.
   */
  jsonSchemaSampleSize?: number;
}
/**
 * Which tables are profiled, and how.
 */
export interface Profiler {
  /**
   * Kind of the pipeline, in any case.
   */
  type: 'Profiler';
  /**
   * Where OpenMetadata’s own profiler computes. Accepted for compatibility; no effect here.
   */
  processingEngine?: {
    /**
     * Native: the database itself.
     */
    type: 'Native' | 'Spark';
    /**
     * Address of Spark Connect. Accepted for compatibility; no effect here.
     */
    remote?: string;
    /**
     * Accepted for compatibility; no effect here.
     */
    config?: {};
  };
  /**
   * Which tables by their tags, tiers and terms (names such as Tier.Tier1). Regular expressions, matched from the start without regard to case.
   */
  classificationFilterPattern?: {
    /**
     * Only tables with a label that matches one.
     */
    includes?: string[];
    /**
     * No tables with a label that matches one; wins over includes.
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
   * Filter patterns match the dotted path from the service on instead of the bare name.
   */
  useFqnForFiltering?: boolean;
  /**
   * Profile views too.
   */
  includeViews?: boolean;
  /**
   * Row count, size and the like.
   */
  computeTableMetrics?: boolean;
  /**
   * Metrics of columns.
   */
  computeColumnMetrics?: boolean;
  /**
   * A key of OpenMetadata 1.2 to 1.5: false computes no metrics, only sample rows.
   */
  computeMetrics?: boolean;
  /**
   * Take what the source’s own statistics can say from there, and compute the rest.
   */
  useStatistics?: boolean;
  /**
   * Percent of the rows (up to 100), or rows, that column metrics are computed from. All unless set.
   */
  profileSample?: number | null;
  /**
   * What profileSample counts.
   */
  profileSampleType?: 'PERCENTAGE' | 'ROWS';
  /**
   * BERNOULLI: row by row. SYSTEM: whole blocks, which is faster and less even. The engine’s choice unless set.
   */
  samplingMethodType?: 'BERNOULLI' | 'SYSTEM';
  /**
   * How large a sample is, as late OpenMetadata 1.13 says it; in place of profileSample and what belongs to it.
   */
  profileSampleConfig?: {
    /**
     * STATIC: the same for each table. DYNAMIC: by its number of rows.
     */
    sampleConfigType: 'STATIC' | 'DYNAMIC';
    /**
     * The sample.
     */
    config?: {
      /**
       * Percent of the rows (up to 100), or rows, that column metrics are computed from. All unless set.
       */
      profileSample?: number | null;
      /**
       * What profileSample counts.
       */
      profileSampleType?: 'PERCENTAGE' | 'ROWS';
      /**
       * BERNOULLI: row by row. SYSTEM: whole blocks, which is faster and less even. The engine’s choice unless set.
       */
      samplingMethodType?: 'BERNOULLI' | 'SYSTEM';
      /**
       * DYNAMIC without thresholds: all rows of small tables, fewer of large ones (docs/profiler.md).
       */
      smartSampling?: boolean;
      /**
       * DYNAMIC: the rule with the highest rowCountThreshold that a table reaches is followed.
       *
       * Items: A sample for tables of so many rows.
       */
      thresholds?: {
        /**
         * Rows from which on this sample is taken.
         */
        rowCountThreshold: number;
        /**
         * Percent of the rows (up to 100), or rows, that column metrics are computed from. All unless set.
         */
        profileSample: number | null;
        /**
         * What profileSample counts.
         */
        profileSampleType?: 'PERCENTAGE' | 'ROWS';
        /**
         * BERNOULLI: row by row. SYSTEM: whole blocks, which is faster and less even. The engine’s choice unless set.
         */
        samplingMethodType?: 'BERNOULLI' | 'SYSTEM';
      }[];
    };
  };
  /**
   * Rows of a sample in random order.
   */
  randomizedSample?: boolean;
  /**
   * Tables at once.
   */
  threadCount?: number | null;
  /**
   * Seconds after which the run ends; what was profiled by then stays.
   */
  timeoutSeconds?: number;
  /**
   * Metrics to compute; all of them when the list is empty. Those of OpenMetadata’s tests are accepted and not computed.
   *
   * Items: Name of a metric.
   */
  metrics?: (
    | 'mean'
    | 'valuesCount'
    | 'columnCount'
    | 'distinctCount'
    | 'distinctProportion'
    | 'max'
    | 'min'
    | 'nullCount'
    | 'rowCount'
    | 'stddev'
    | 'sum'
    | 'uniqueCount'
    | 'uniqueProportion'
    | 'columnNames'
    | 'nullProportion'
    | 'median'
    | 'firstQuartile'
    | 'thirdQuartile'
    | 'interQuartileRange'
    | 'nonParametricSkew'
    | 'histogram'
    | 'minLength'
    | 'maxLength'
    | 'duplicateCount'
    | 'countInSet'
    | 'iLikeCount'
    | 'likeCount'
    | 'notLikeCount'
    | 'regexCount'
    | 'notRegexCount'
    | 'iLikeRatio'
    | 'likeRatio'
    | 'system'
    | 'cardinalityDistribution'
    | 'valueRank'
    | 'nullMissingCount'
  )[];
  /**
   * A key of OpenMetadata before 1.6: store sample rows too.
   */
  generateSampleData?: boolean;
  /**
   * Sample rows of a table.
   */
  sampleDataCount?: number;
  /**
   * A key of OpenMetadata before 1.6: propose tags for columns with personal data.
   */
  processPiiSensitive?: boolean;
  /**
   * How sure a proposal must be, in percent; with processPiiSensitive.
   */
  confidence?: number;
}
/**
 * Which tables are looked at for personal data, and what becomes of it.
 */
export interface AutoClassification {
  /**
   * Kind of the pipeline, in any case.
   */
  type: 'AutoClassification';
  /**
   * Which tables by their tags, tiers and terms (names such as Tier.Tier1). Regular expressions, matched from the start without regard to case.
   */
  classificationFilterPattern?: {
    /**
     * Only tables with a label that matches one.
     */
    includes?: string[];
    /**
     * No tables with a label that matches one; wins over includes.
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
   * Filter patterns match the dotted path from the service on instead of the bare name.
   */
  useFqnForFiltering?: boolean;
  /**
   * Look at views too.
   */
  includeViews?: boolean;
  /**
   * Store sample rows, with personal data masked.
   */
  storeSampleData?: boolean;
  /**
   * Propose tags for columns with personal data.
   */
  enableAutoClassification?: boolean;
  /**
   * How sure a proposal must be, in percent.
   */
  confidence?: number;
  /**
   * Sample rows of a table.
   */
  sampleDataCount?: number;
  /**
   * Language of names and national numbers that is looked for; any: all that are known (docs/profiler.md).
   */
  classificationLanguage?:
    | 'any'
    | 'af'
    | 'sq'
    | 'am'
    | 'ar'
    | 'hy'
    | 'az'
    | 'eu'
    | 'be'
    | 'bn'
    | 'bs'
    | 'bg'
    | 'ca'
    | 'zh'
    | 'hr'
    | 'cs'
    | 'da'
    | 'nl'
    | 'en'
    | 'et'
    | 'fi'
    | 'fr'
    | 'gl'
    | 'ka'
    | 'de'
    | 'el'
    | 'gu'
    | 'ht'
    | 'he'
    | 'hi'
    | 'hu'
    | 'is'
    | 'id'
    | 'ga'
    | 'it'
    | 'ja'
    | 'kn'
    | 'kk'
    | 'km'
    | 'ko'
    | 'ku'
    | 'ky'
    | 'lo'
    | 'lv'
    | 'lt'
    | 'mk'
    | 'ms'
    | 'ml'
    | 'mt'
    | 'mi'
    | 'mr'
    | 'mn'
    | 'my'
    | 'ne'
    | 'no'
    | 'ps'
    | 'fa'
    | 'pl'
    | 'pt'
    | 'pa'
    | 'ro'
    | 'ru'
    | 'sr'
    | 'si'
    | 'sk'
    | 'sl'
    | 'so'
    | 'es'
    | 'sw'
    | 'sv'
    | 'tl'
    | 'ta'
    | 'te'
    | 'th'
    | 'tr'
    | 'uk'
    | 'ur'
    | 'uz'
    | 'vi'
    | 'cy'
    | 'yi'
    | 'zu';
}
