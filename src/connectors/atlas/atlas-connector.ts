import { defaults } from '../../config/defaults.ts';
import type { ResolvedSettings } from '../../config/resolve-settings.ts';
import { ConfigurationError } from '../../errors.ts';
import { type TlsConfig, tlsOptions } from '../../http/tls-options.ts';
import type { Connector, SourceOptions } from '../connector.ts';
import { atlasFindings } from './atlas-findings.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasSource } from './atlas-source.ts';
import { type AtlasSignIn, checkAtlasSignIn, createAtlasAuth } from './auth/atlas-auth.ts';

/** What is read, wherever Atlas' entities come from. */
export interface EntitySettings {
  readonly databaseServiceName: readonly string[];
  readonly messagingServiceName: readonly string[];
  /** An Atlas type; its subtypes are read with it. */
  readonly entityType: string;
}

export interface AtlasSettings extends EntitySettings {
  readonly type: 'Atlas';
  readonly place: string;
  readonly hostPort: string;
  readonly signIn: AtlasSignIn;
  readonly headers: Readonly<Record<string, string>>;
  /** In place of the recipe's `meridian.atlas.timeoutSeconds`. */
  readonly timeoutSeconds: number | undefined;
  readonly tls: TlsConfig;
}

/** `source.type: Atlas`: a running server. */
export const atlasConnector: Connector<'Atlas', AtlasSettings> = {
  settings(connection) {
    const hostPort = connection.hostPort ?? defaults.atlasConnection.hostPort;
    const { auth, token, passcode, tokenUrl, ssoUrl, headers, timeoutSeconds, verifySSL, sslConfig } =
      connection.connectionArguments ?? {};
    const { username, password } = connection;
    const signIn = { auth, username, password, token, passcode, tokenUrl, ssoUrl, hostPort };
    checkAtlasSignIn(signIn);
    return {
      type: 'Atlas',
      place: URL.canParse(hostPort) ? new URL(hostPort).host : hostPort,
      hostPort,
      signIn,
      headers: headers ?? {},
      timeoutSeconds,
      tls: { verifySSL, sslConfig },
      databaseServiceName: connection.databaseServiceName ?? [],
      messagingServiceName: connection.messagingServiceName ?? [],
      entityType: connection.entity_type,
    };
  },
  async create(connection, settings, options) {
    const { AtlasClient } = await import('./atlas-client.ts');
    const { requestsPerSecond, concurrency, pageSize, timeoutSeconds, retries } = settings.atlasLimits;
    const { hostPort, headers } = connection;
    const { redact, learn, share } = options;
    const tls = tlsOptions(connection.tls);
    const client = {
      ...{ hostPort, headers, tls, concurrency, retries, redact, share },
      auth: createAtlasAuth(connection.signIn, { tls, redact, learn }),
      timeoutMs: (connection.timeoutSeconds ?? timeoutSeconds) * 1000,
      ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    };
    const [{ NarrowingSource }, map] = await Promise.all([
      import('./changes/narrowing-source.ts'),
      mappingOf(connection, settings, options),
    ]);
    return new NarrowingSource(new AtlasClient(client, pageSize), { map, glossaries: settings.glossaries });
  },
  async createChangeFeed(_connection, { watch }, { pipeline, onNote }) {
    if (!watch) {
      throw new ConfigurationError('watch.not-configured', 'The recipe does not say where the change feed is.', {
        help: 'Name the Kafka brokers that Apache Atlas writes to in meridian.watch.brokers.',
      });
    }
    const { KafkaChangeFeed } = await import('./notifications/kafka-change-feed.ts');
    const groupId = watch.groupId ?? `meridian-${pipeline.replace(/[^A-Za-z0-9._-]+/g, '_')}`;
    return new KafkaChangeFeed({ settings: watch, groupId, onNote });
  },
  findings: atlasFindings,
  server({ hostPort, tls }) {
    return { name: 'Apache Atlas', address: hostPort, tls: tlsOptions(tls) };
  },
  shape({ signIn, headers: _, tls: __, timeoutSeconds: ___, ...read }) {
    // Another user may see other things.
    const { username } = signIn;
    return { ...read, ...(username !== undefined && { username }) };
  },
  metadataService({ hostPort, signIn, databaseServiceName, messagingServiceName, entityType }) {
    // OpenMetadata wants a name, also where we sign in without one.
    const username = signIn.username ?? 'none';
    return { hostPort, username, databaseServiceName, messagingServiceName, entityType };
  },
};

/** The mapping of Atlas' entities over any reader of them. */
export async function mappedSource(
  reader: AtlasReader,
  entities: EntitySettings,
  settings: ResolvedSettings,
  options: SourceOptions,
): Promise<AtlasSource> {
  return (await mappingOf(entities, settings, options))(reader);
}

async function mappingOf(
  { databaseServiceName, messagingServiceName, entityType }: EntitySettings,
  settings: ResolvedSettings,
  { targetNames }: SourceOptions,
): Promise<(reader: AtlasReader, remembered?: 'remembered') => AtlasSource> {
  const { AtlasSource } = await import('./atlas-source.ts');
  const { mode, serviceName, clusters, atlasLimits, entityTypes, services, types, pipelines, glossaries } = settings;
  const options = {
    databaseServiceName,
    messagingServiceName,
    entityType,
    entityTypes,
    services,
    types,
    pipelines,
    mode,
    serviceName,
    clusters,
    columnsBySearchLimit: atlasLimits.columnsBySearchLimit,
    targetNames,
  };
  return (reader, remembered) =>
    new AtlasSource({ reader, ...options, glossaries: glossaries && (remembered ?? true) });
}
