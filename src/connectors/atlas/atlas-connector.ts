import { defaults } from '../../config/defaults.ts';
import type { ResolvedSettings } from '../../config/resolve-settings.ts';
import { ConfigurationError } from '../../errors.ts';
import { type TlsConfig, tlsOptions } from '../../http/tls-options.ts';
import type { ProfilingEngine } from '../../profiler/profiling-engine.ts';
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
    const [reader, { NarrowingSource }, map] = await Promise.all([
      readerOf(connection, settings, options),
      import('./changes/narrowing-source.ts'),
      mappingOf(connection, settings, options),
    ]);
    return new NarrowingSource(reader, { map, glossaries: settings.glossaries });
  },
  async createProfilingEngine(connection, settings, options) {
    return statisticsOf(await readerOf(connection, settings, options), connection, settings, options);
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

async function readerOf(
  connection: AtlasSettings,
  settings: ResolvedSettings,
  { redact, learn, share }: SourceOptions,
): Promise<AtlasReader> {
  const { AtlasClient } = await import('./atlas-client.ts');
  const { requestsPerSecond, concurrency, pageSize, timeoutSeconds, retries } = settings.atlasLimits;
  const { hostPort, headers } = connection;
  const tls = tlsOptions(connection.tls);
  const client = {
    ...{ hostPort, headers, tls, concurrency, retries, redact, share },
    auth: createAtlasAuth(connection.signIn, { tls, redact, learn }),
    timeoutMs: (connection.timeoutSeconds ?? timeoutSeconds) * 1000,
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
  };
  return new AtlasClient(client, pageSize);
}

/** Profiles from the statistics that Atlas holds, over any reader of it. */
export async function statisticsOf(
  reader: AtlasReader,
  entities: EntitySettings,
  settings: ResolvedSettings,
  options: SourceOptions,
): Promise<ProfilingEngine> {
  const { AtlasStatistics } = await import('./statistics/atlas-statistics.ts');
  const source = await mappedSource(reader, entities, settings, options);
  return new AtlasStatistics({ reader, ...mappingOptions(entities, settings, options) }, source, options.memory);
}

/** The mapping of Atlas' entities over any reader of them. */
export async function mappedSource(
  reader: AtlasReader,
  entities: EntitySettings,
  settings: ResolvedSettings,
  options: SourceOptions,
): Promise<AtlasSource> {
  return (await mappingOf(entities, settings, options))(reader);
}

function mappingOptions(
  { databaseServiceName, messagingServiceName, entityType }: EntitySettings,
  settings: ResolvedSettings,
  { targetNames }: SourceOptions,
) {
  const { mode, serviceName, clusters, atlasLimits, entityTypes, services, types, pipelines } = settings;
  return {
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
}

async function mappingOf(
  entities: EntitySettings,
  settings: ResolvedSettings,
  sourceOptions: SourceOptions,
): Promise<(reader: AtlasReader, remembered?: 'remembered') => AtlasSource> {
  const { AtlasSource } = await import('./atlas-source.ts');
  const options = mappingOptions(entities, settings, sourceOptions);
  const { glossaries } = settings;
  return (reader, remembered) =>
    new AtlasSource({ reader, ...options, glossaries: glossaries && (remembered ?? true) });
}
