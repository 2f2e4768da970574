import { addressFindings } from '../../config/address-rule.ts';
import { missingSignIn, providerFindings } from '../../config/sign-in-rules.ts';
import { tlsOptions } from '../../http/tls-options.ts';
import type { ServiceKind } from '../../model/records.ts';
import { apiAddress } from '../../openmetadata/api-address.ts';
import type { ServerConfig } from '../../openmetadata/server-config.ts';
import type { ConnectionSettings, Connector } from '../connector.ts';

/** What of a server is read. */
export interface ReadSelection {
  /** Kinds of services that are read, each with the names of those that are: all of a kind where it has none. */
  readonly services: ReadonlyMap<ServiceKind, readonly string[]>;
  readonly glossaries: boolean;
  readonly tags: boolean;
}

export interface OpenMetadataSettings extends ConnectionSettings<'OpenMetadata'> {
  readonly server: ServerConfig;
  readonly selection: ReadSelection;
}

/** What errors call it: the target is an OpenMetadata, too. */
const sourceName = 'OpenMetadata (source)';

/** `source.type: OpenMetadata`: another server, of any version from 1.1 on. */
export const openMetadataConnector: Connector<'OpenMetadata', OpenMetadataSettings> = {
  settings(connection) {
    const { databaseServiceName = [], messagingServiceName = [] } = connection;
    const hostPort = apiAddress(connection.hostPort);
    const { includeTables, includeTopics, includeContainers, includePipelines, includeMlModels } = connection;
    const kinds: readonly (readonly [ServiceKind, boolean | undefined, readonly string[] | undefined])[] = [
      ['databaseService', includeTables, databaseServiceName],
      ['messagingService', includeTopics, messagingServiceName],
      ['storageService', includeContainers, connection.storageServiceName],
      ['pipelineService', includePipelines, connection.pipelineServiceName],
      ['mlmodelService', includeMlModels, connection.mlmodelServiceName],
    ];
    return {
      type: 'OpenMetadata',
      place: URL.canParse(hostPort) ? new URL(hostPort).host : hostPort,
      server: { ...(connection as ServerConfig), hostPort },
      databaseServiceName,
      messagingServiceName,
      selection: {
        services: new Map(
          kinds.filter(([, isIncluded]) => isIncluded ?? true).map(([kind, , names]) => [kind, names ?? []]),
        ),
        glossaries: connection.includeGlossaryTerms ?? true,
        tags: connection.includeTags ?? true,
      },
    };
  },
  findings(connection) {
    return [
      ...addressFindings(connection['hostPort'], ['hostPort'], 'http://old-openmetadata.example:8585/api'),
      ...missingSignIn(connection, []),
      ...providerFindings(connection, ['securityConfig']),
    ];
  },
  server({ server }) {
    return { name: sourceName, address: server.hostPort, tls: tlsOptions(server) };
  },
  shape({ server, selection: { services, glossaries, tags } }) {
    return { hostPort: server.hostPort, services: [...services], glossaries, tags };
  },
  async create({ server, selection }, settings, { redact, learn, targetNames, share }) {
    const [{ OpenMetadataClient }, { OpenMetadataSource }] = await Promise.all([
      import('../../openmetadata/openmetadata-client.ts'),
      import('./openmetadata-source.ts'),
    ]);
    const client = new OpenMetadataClient(server, {
      name: sourceName,
      redact,
      ...(learn && { learn }),
      share,
      concurrency: settings.concurrency,
    });
    return new OpenMetadataSource({
      client,
      selection: {
        ...selection,
        glossaries: selection.glossaries && settings.glossaries,
        tags: selection.tags && settings.sourceConfig.includeTags,
      },
      concurrency: settings.concurrency,
      targetNames,
    });
  },
};
