import {
  closed,
  filterPattern,
  flag,
  type JsonSchema,
  mapOfTexts,
  noEffect,
  oneOf,
  secret,
  text,
  typeName,
} from '../../schema/parts.ts';
import { postgresDefaults } from './postgres-defaults.ts';

const byDefault = postgresDefaults;

const awsConfig = closed(
  'Credentials of Amazon RDS. Signing in with them is not served: give a password.',
  {
    enabled: flag('Whether AWS’ own chain of credentials is used.', false),
    awsAccessKeyId: text('Id of the access key.'),
    awsSecretAccessKey: secret('The access key itself.'),
    awsRegion: text('Region, such as eu-central-1.'),
    awsSessionToken: secret('Token of a temporary session.'),
    endPointURL: text('Address of AWS’ API, where it is another one than usual.', { format: 'uri' }),
    profileName: text('Name of a profile.'),
    assumeRoleArn: text('Role that is taken on.'),
    assumeRoleSessionName: text('Name of the session in that role.', { default: 'OpenMetadataSession' }),
    assumeRoleSourceIdentity: text('Who takes on the role.'),
  },
  ['awsRegion'],
);

const azureConfig = closed('Credentials of Azure. Signing in with them is not served: give a password.', {
  clientId: text('Id of the application.'),
  clientSecret: secret('Secret of the application.'),
  tenantId: text('Id of the tenant.'),
  accountName: text('Name of the storage account.'),
  vaultName: text('Name of the key vault.'),
  scopes: text('Scopes of the token.'),
});

/** OpenMetadata’s form has one of three shapes here; which one it is, the keys tell. */
const authType = closed('How the user signs in. Only a password is served; none at all, where the server trusts us.', {
  password: secret('Password of the user.'),
  awsConfig,
  azureConfig,
});

const sampleDataStorage = closed(`Where samples of data are put. ${noEffect}`, {
  config: { type: 'object', description: `Bucket and path. ${noEffect}` },
});

const pattern = (what: string, excludes: readonly string[]): JsonSchema => ({
  ...filterPattern(what),
  ...(excludes.length > 0 && { default: { includes: [], excludes } }),
});

/** `source.serviceConnection.config`, the keys of OpenMetadata's Postgres connection. */
export const postgresConnection: JsonSchema = closed(
  'How to reach PostgreSQL (12 and later) and what to read there.',
  {
    type: typeName('Postgres', 'Kind of the connection, in any case.'),
    scheme: oneOf(
      ['postgresql+psycopg2', 'pgspider+psycopg2'],
      `Driver of OpenMetadata’s own connector. ${noEffect}`,
      byDefault.scheme,
    ),
    username: text('User to sign in as. The catalogue is open to every user who may connect to the database.', {
      minLength: 1,
    }),
    authType,
    hostPort: text('Host and port, such as db.example.com:5432; the port is 5432 unless given.', { minLength: 1 }),
    database: text('Database to connect to, and the one that is read unless ingestAllDatabases is set.', {
      minLength: 1,
    }),
    ingestAllDatabases: flag(
      'Reads every database of the server that the user may connect to and that the patterns let pass.',
      byDefault.ingestAllDatabases,
    ),
    schemaFilterPattern: pattern('schemas', ['^information_schema$']),
    tableFilterPattern: pattern('tables', []),
    databaseFilterPattern: pattern('databases', ['^template1$', '^template0$']),
    storedProcedureFilterPattern: filterPattern('stored procedures'),
    sslMode: {
      enum: ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'],
      description: 'Whether the connection is encrypted and who must answer, in PostgreSQL’s own words.',
      default: byDefault.sslMode,
    },
    sslConfig: closed('Certificates, each as a path or as PEM text.', {
      caCertificate: text(
        'Authority that the server’s certificate comes from; with sslMode require it is checked too.',
      ),
      sslCertificate: text('Certificate of the client, where the server asks for one.'),
      sslKey: secret('Key of that certificate.'),
    }),
    classificationName: text(
      'Classification whose tags are the row-level security policies of tables; meridian.classificationName wins.',
      { default: byDefault.classificationName },
    ),
    queryStatementSource: text(`View of query logs. ${noEffect}`, { default: byDefault.queryStatementSource }),
    connectionOptions: mapOfTexts(
      'Options of the connection in libpq’s words: application_name, connect_timeout, options and sslmode are followed. Others are kept for recipes that have them; no effect here.',
    ),
    connectionArguments: {
      type: 'object',
      description: 'The same, for recipes that have them here; these win.',
    },
    supportsMetadataExtraction: flag(`A mark of OpenMetadata’s forms. ${noEffect}`, true),
    supportsUsageExtraction: flag(`A mark of OpenMetadata’s forms. ${noEffect}`, true),
    supportsLineageExtraction: flag(`A mark of OpenMetadata’s forms. ${noEffect}`, true),
    supportsDBTExtraction: flag(`A mark of OpenMetadata’s forms. ${noEffect}`, true),
    supportsProfiler: flag(`A mark of OpenMetadata’s forms. ${noEffect}`, true),
    supportsDatabase: flag(`A mark of OpenMetadata’s forms. ${noEffect}`, true),
    supportsQueryComment: flag(`A mark of OpenMetadata’s forms. ${noEffect}`, true),
    sampleDataStorageConfig: sampleDataStorage,
    supportsDataDiff: flag(`A mark of OpenMetadata’s forms. ${noEffect}`, true),
  },
  ['hostPort', 'username', 'database'],
);
