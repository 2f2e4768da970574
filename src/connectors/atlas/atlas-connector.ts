import { defaults } from '../../config/defaults.ts';
import type { ResolvedSettings } from '../../config/resolve-settings.ts';
import type { ConnectionSettings, Connector, SourceOptions } from '../connector.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasSource } from './atlas-source.ts';

/** What is read, wherever Atlas' entities come from. */
export interface EntitySettings {
  readonly databaseServiceName: readonly string[];
  readonly messagingServiceName: readonly string[];
  /** An Atlas type; its subtypes are read with it. */
  readonly entityType: string;
}

export interface AtlasSettings extends ConnectionSettings<'Atlas'>, EntitySettings {
  readonly hostPort: string;
  readonly username: string;
  readonly password: string;
}

/** `source.type: Atlas`: a running server. */
export const atlasConnector: Connector<'Atlas', AtlasSettings> = {
  settings(connection) {
    const hostPort = connection.hostPort ?? defaults.atlasConnection.hostPort;
    return {
      type: 'Atlas',
      place: URL.canParse(hostPort) ? new URL(hostPort).host : hostPort,
      hostPort,
      username: connection.username,
      password: connection.password,
      databaseServiceName: connection.databaseServiceName ?? [],
      messagingServiceName: connection.messagingServiceName ?? [],
      entityType: connection.entity_type,
    };
  },
  async create(connection, settings, options) {
    const { AtlasClient } = await import('./atlas-client.ts');
    const { requestsPerSecond, concurrency, pageSize, timeoutSeconds, retries } = settings.atlasLimits;
    const { hostPort, username, password } = connection;
    const client = {
      ...{ hostPort, username, password, concurrency, retries },
      timeoutMs: timeoutSeconds * 1000,
      redact: options.redact,
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
