import {
  anyCase,
  closed,
  filterPattern,
  flag,
  type JsonSchema,
  mapOfTexts,
  open,
  text,
  texts,
  whole,
} from './parts.ts';

export const authProviders = [
  'openmetadata',
  'no-auth',
  'basic',
  'azure',
  'google',
  'okta',
  'auth0',
  'aws-cognito',
  'custom-oidc',
  'ldap',
  'saml',
] as const;

const noEffect = 'Accepted for compatibility; no effect here.';
const indexFlags = [
  'includeTopics',
  'includeTables',
  'includeDashboards',
  'includePipelines',
  'includeMlModels',
  'includeUsers',
  'includeTeams',
  'includeGlossaryTerms',
  'includeTags',
  'includePolicy',
  'includeMessagingServices',
  'includeDatabaseServices',
  'includePipelineServices',
];

/** The keys of every documented `securityConfig`; which belong together follows from `authProvider`. */
const securityConfig = closed('How to sign in.', {
  jwtToken: text('A bot’s token, or the path of a file that holds it.', { format: 'password' }),
  clientId: text('Client id.'),
  secretKey: text('Client secret; for google the path or content of the service account’s JSON.', {
    format: 'password',
  }),
  domain: text('Domain of the identity provider.'),
  clientSecret: text('Client secret (azure).', { format: 'password' }),
  authority: text('Authority (azure).'),
  scopes: texts('Scopes.'),
  tokenEndpoint: text('Token endpoint (custom-oidc).'),
  audience: text('Audience (google).'),
  orgURL: text('Token endpoint (okta).'),
  privateKey: text('Private key (okta).', { format: 'password' }),
  email: text('Mail address (okta).'),
});

/** `workflowConfig.openMetadataServerConfig`. */
export const openMetadataConnection: JsonSchema = closed(
  'How to reach the OpenMetadata server.',
  {
    type: anyCase('OpenMetadata', 'Kind of the connection.'),
    clusterName: text('Label of the server instance.', { default: 'openmetadata' }),
    hostPort: text('Address of the server, with /api: http://openmetadata.example:8585/api.'),
    apiVersion: text('Version in the paths.', { default: 'v1' }),
    authProvider: { type: 'string', enum: [...authProviders], default: 'openmetadata', description: 'How to sign in.' },
    securityConfig,
    verifySSL: {
      type: 'string',
      enum: ['no-ssl', 'ignore', 'validate'],
      default: 'no-ssl',
      description: 'How the server’s certificate is checked; ignore does not check it.',
    },
    sslConfig: closed('Certificates, each as a path or as PEM text.', {
      caCertificate: text('Authority that the server’s certificate comes from.'),
      sslCertificate: text('Client certificate.'),
      sslKey: text('Key of the client certificate.', { format: 'password' }),
    }),
    extraHeaders: mapOfTexts('Headers added to each request; %(Authorization)s stands for another header’s value.'),
    secretsManagerProvider: {
      type: 'string',
      enum: [
        ...['db', 'noop', 'managed-aws', 'aws', 'managed-aws-ssm', 'aws-ssm', 'managed-azure-kv', 'azure-kv'],
        ...['in-memory', 'gcp', 'kubernetes'],
      ],
      default: 'db',
      description: noEffect,
    },
    secretsManagerLoader: { type: 'string', enum: ['noop', 'airflow', 'env'], default: 'noop', description: noEffect },
    enableVersionValidation: flag(
      'Accepted; the version is always found first and any of 1.1 to 1.13 is served.',
      true,
    ),
    forceEntityOverwriting: flag(noEffect, false),
    storeServiceConnection: flag(noEffect, true),
    limitRecords: whole(noEffect, 1, 1000),
    elasticsSearch: open(noEffect),
    schemaFilterPattern: filterPattern('schemas'),
    tableFilterPattern: filterPattern('tables'),
    databaseFilterPattern: filterPattern('databases'),
    supportsDataInsightExtraction: flag(noEffect),
    supportsElasticSearchReindexingExtraction: flag(noEffect),
    ...Object.fromEntries(indexFlags.map((name) => [name, flag(noEffect, true)])),
  },
  ['hostPort'],
);
