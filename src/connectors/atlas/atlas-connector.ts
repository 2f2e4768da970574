import { defaults } from '../../config/defaults.ts';
import type { ResolvedSettings } from '../../config/resolve-settings.ts';
import { type TlsConfig, tlsOptions } from '../../http/tls-options.ts';
import type { ConnectionSettings, Connector, SourceOptions } from '../connector.ts';
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

export interface AtlasSettings extends ConnectionSettings<'Atlas'>, EntitySettings {
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
