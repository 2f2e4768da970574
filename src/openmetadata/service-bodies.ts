import type { ServiceKind } from '../model/records.ts';
import type { Body } from './bodies.ts';
import { connectionBody } from './connections.ts';
import type { EntityReference } from './entities.ts';

export interface TargetService {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  /** OpenMetadata's service type, such as `Hive`. */
  readonly serviceType: string;
  /** Host and port of the service itself, where it is known. */
  readonly hostPort?: string;
  /** Its connection, where the source knows all that a service of this type must have. */
  readonly connection?: Readonly<Record<string, unknown>>;
}

/** A service as later servers take it: without a connection, which people give it themselves. */
export function unconnectedBody({ name, displayName, description, serviceType }: TargetService): Body {
  return {
    name,
    ...(displayName !== undefined && { displayName }),
    ...(description && { description }),
    serviceType,
  };
}

/** A service of any kind but the metadata ones. */
export function serviceBody(kind: ServiceKind, input: TargetService): Body {
  const { name, displayName, description, serviceType, hostPort, connection } = input;
  const isKnown = connection !== undefined && Object.keys(connection).length > 0;
  return {
    name,
    ...(displayName !== undefined && { displayName }),
    ...(description && { description }),
    ...(isKnown
      ? { serviceType, connection: { config: { type: serviceType, ...connection } } }
      : connectionBody(kind, serviceType, hostPort)),
  };
}

export interface TargetAtlasService {
  readonly name: string;
  readonly description?: string;
  readonly hostPort: string;
  readonly username: string;
  readonly databaseServiceName?: readonly string[];
  readonly messagingServiceName?: readonly string[];
  readonly entityType: string;
}

/** Stands where the server demands a password. */
const MASKED_PASSWORD = '*********';

/**
 * The Atlas service that a recipe describes, as people see it in OpenMetadata. The password is never among it: any bot can
 * read a stored one back in clear (seen on 1.1), and nothing that we run needs it there. A masked text takes its place.
 */
export function metadataServiceBody(input: TargetAtlasService): Body {
  const { name, description, hostPort, username, databaseServiceName, messagingServiceName, entityType } = input;
  return {
    name,
    ...(description && { description }),
    serviceType: 'Atlas',
    connection: {
      config: {
        type: 'Atlas',
        hostPort,
        username,
        password: MASKED_PASSWORD,
        databaseServiceName: [...(databaseServiceName ?? [])],
        messagingServiceName: [...(messagingServiceName ?? [])],
        entity_type: entityType,
      },
    },
  };
}

export interface TargetIngestionPipeline {
  readonly name: string;
  readonly displayName?: string;
  readonly service: EntityReference;
  readonly pipelineType: string;
  /** `sourceConfig.config` of the recipe. */
  readonly sourceConfig: Readonly<Record<string, unknown>>;
}

export function ingestionPipelineBody(input: TargetIngestionPipeline): Body {
  const { name, displayName, service, pipelineType, sourceConfig } = input;
  return {
    name,
    ...(displayName !== undefined && { displayName }),
    pipelineType,
    service: { id: service.id, type: service.type },
    sourceConfig: { config: sourceConfig },
    airflowConfig: {},
  };
}
