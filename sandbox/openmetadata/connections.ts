import { badRequest } from './api-error.ts';
import { type Doc, isDoc } from './doc.ts';

interface Connection {
  /** Keys that the connector knows; another one is refused. */
  readonly keys: ReadonlySet<string>;
  readonly defaults: Readonly<Record<string, unknown>>;
}

function connection(keys: string, defaults: Readonly<Record<string, unknown>>): Connection {
  return { keys: new Set(keys.split(' ')), defaults };
}

/** Connectors whose stored form is known; others are kept as they come. */
const CONNECTIONS: Readonly<Record<string, Connection>> = {
  Hive: connection(
    'type scheme username password hostPort auth kerberosServiceName databaseSchema databaseName authOptions useSSL sslConfig ' +
      'metastoreConnection connectionOptions connectionArguments schemaFilterPattern tableFilterPattern ' +
      'databaseFilterPattern supportsMetadataExtraction supportsDBTExtraction supportsProfiler sampleDataStorageConfig ' +
      'supportsViewLineageExtraction',
    {
      scheme: 'hive',
      auth: 'NONE',
      supportsMetadataExtraction: true,
      supportsDBTExtraction: true,
      supportsProfiler: true,
    },
  ),
  Kafka: connection(
    'type bootstrapServers schemaRegistryURL saslUsername saslPassword securityProtocol saslMechanism basicAuthUserInfo ' +
      'consumerConfig schemaRegistryConfig schemaRegistryTopicSuffixName consumerConfigSSL schemaRegistrySSL ' +
      'topicFilterPattern supportsMetadataExtraction',
    { saslMechanism: 'PLAIN', supportsMetadataExtraction: true },
  ),
  S3: connection(
    'type awsConfig bucketNames connectionOptions connectionArguments containerFilterPattern supportsMetadataExtraction ' +
      'consoleEndpointURL',
    { supportsMetadataExtraction: true },
  ),
  Postgres: connection(
    'type scheme username authType hostPort database ingestAllDatabases schemaFilterPattern tableFilterPattern ' +
      'databaseFilterPattern sslMode sslConfig classificationName connectionOptions connectionArguments ' +
      'supportsMetadataExtraction supportsUsageExtraction supportsLineageExtraction supportsDBTExtraction supportsProfiler ' +
      'supportsDatabase supportsQueryComment sampleDataStorageConfig',
    {
      scheme: 'postgresql+psycopg2',
      ingestAllDatabases: false,
      sslMode: 'disable',
      classificationName: 'PostgresPolicyTags',
      supportsMetadataExtraction: true,
      supportsUsageExtraction: true,
      supportsLineageExtraction: true,
      supportsDBTExtraction: true,
      supportsProfiler: true,
      supportsDatabase: true,
      supportsQueryComment: true,
    },
  ),
  Mlflow: connection('type trackingUri registryUri mlModelFilterPattern supportsMetadataExtraction', {
    supportsMetadataExtraction: true,
  }),
  Atlas: connection(
    'type username password hostPort databaseServiceName messagingServiceName entity_type connectionOptions ' +
      'connectionArguments schemaFilterPattern tableFilterPattern databaseFilterPattern supportsMetadataExtraction',
    { databaseServiceName: [], messagingServiceName: [], supportsMetadataExtraction: true },
  ),
};

const SECRETS = new Set(['password', 'saslPassword', 'awsSecretAccessKey', 'jwtToken', 'secretKey', 'privateKey']);
const MASK = '*********';

/**
 * A service's connection as it is stored: with the connector's defaults.
 * @throws {ApiError} 400 without a `config`, or with a key in it that the connector does not know.
 */
export function tidyConnection(serviceType: string, value: unknown): Doc {
  const config = isDoc(value) ? value['config'] : undefined;
  if (!isDoc(config)) {
    throw badRequest(
      `InvalidServiceConnectionException for service [${serviceType}] due to ` +
        `[Failed to encrypt connection instance of ${serviceType}].`,
    );
  }
  const known = CONNECTIONS[serviceType];
  if (known === undefined) {
    return { config };
  }
  for (const key of Object.keys(config)) {
    if (!known.keys.has(key)) {
      throw badRequest(
        `Failed to encrypt '${serviceType}' connection stored in DB due to an unrecognized field: '${key}'`,
      );
    }
  }
  const result: Doc = { ...known.defaults, ...config };
  if (serviceType === 'S3' && isDoc(config['awsConfig'])) {
    result['awsConfig'] = { assumeRoleSessionName: 'OpenMetadataSession', ...config['awsConfig'] };
  }
  return { config: result };
}

/** The connection as a person sees it: secrets are stars. Bots see them in clear. */
export function maskConnection(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(maskConnection);
  }
  if (!isDoc(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRETS.has(key) && typeof item === 'string' ? MASK : maskConnection(item),
    ]),
  );
}
