import { defaults } from '../config/defaults.ts';
import {
  closed,
  filterPattern,
  flag,
  type JsonSchema,
  mapOfTexts,
  noEffect,
  oneOf,
  open,
  secret,
  text,
  typeName,
  whole,
} from './parts.ts';
import { authProviders, signInConditions } from './sign-ins.ts';

const byDefault = defaults.openMetadata;

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

const managers = [
  ...['db', 'noop', 'managed-aws', 'aws', 'managed-aws-ssm', 'aws-ssm', 'managed-azure-kv', 'azure-kv'],
  ...['in-memory', 'gcp', 'kubernetes'],
];

/** `workflowConfig.openMetadataServerConfig`. */
export const openMetadataConnection: JsonSchema = {
  ...closed(
    'How to reach the OpenMetadata server.',
    {
      type: typeName('OpenMetadata', 'Kind of the connection, in any case.'),
      clusterName: text(`Label of the server. ${noEffect}`, { default: byDefault.clusterName }),
      hostPort: text('Address of the server, with /api at its end.', { default: byDefault.hostPort }),
      apiVersion: text('Version in the paths.', { default: byDefault.apiVersion }),
      authProvider: oneOf(
        authProviders,
        'Who the server trusts. openmetadata, with a bot’s token, works with every server.',
        byDefault.authProvider,
      ),
      securityConfig: open('What signs in; its keys follow from authProvider. A jwtToken is taken with any provider.'),
      verifySSL: oneOf(
        ['no-ssl', 'ignore', 'validate'],
        'How the server’s certificate is checked: no-ssl as usual for https, ignore not at all, validate against sslConfig.',
        byDefault.verifySSL,
      ),
      sslConfig: closed('Certificates, each as a path or as PEM text.', {
        caCertificate: text('Authority that the server’s certificate comes from.'),
        sslCertificate: text('Certificate of the client, where the server asks for one.'),
        sslKey: secret('Key of that certificate.'),
      }),
      extraHeaders: mapOfTexts('Headers added to each request; %(Authorization)s stands for another header’s value.'),
      secretsManagerProvider: oneOf(
        managers,
        'Secrets manager that has the values written secret:<id>. With db, noop and in-memory nothing can be looked up.',
        byDefault.secretsManagerProvider,
      ),
      secretsManagerLoader: oneOf(
        ['noop', 'airflow', 'env'],
        'Where the manager’s own settings are: airflow looks into Airflow’s configuration first, then into the environment as the others do.',
        byDefault.secretsManagerLoader,
      ),
      enableVersionValidation: flag(
        'Whether a server of a later major version than 1 is refused; any of 1.1 to 1.13 is served.',
        byDefault.enableVersionValidation,
      ),
      forceEntityOverwriting: flag(noEffect, byDefault.forceEntityOverwriting),
      storeServiceConnection: flag(noEffect, byDefault.storeServiceConnection),
      limitRecords: whole(`Records a batch of the search index. ${noEffect}`, 1, byDefault.limitRecords),
      elasticsSearch: closed(
        `Sink of the search index. ${noEffect}`,
        { type: text('Kind of the sink.'), config: open('Its settings.') },
        ['type'],
      ),
      schemaFilterPattern: filterPattern('schemas'),
      tableFilterPattern: filterPattern('tables'),
      databaseFilterPattern: filterPattern('databases'),
      supportsDataInsightExtraction: flag(noEffect, byDefault.supported),
      supportsElasticSearchReindexingExtraction: flag(noEffect, byDefault.supported),
      ...Object.fromEntries(
        indexFlags.map((name) => [name, flag(`For the search index. ${noEffect}`, byDefault.indexed)]),
      ),
    },
    ['hostPort'],
  ),
  allOf: signInConditions,
};
