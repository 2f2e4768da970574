import type { Body } from './bodies.ts';
import type { EntityReference } from './entities.ts';

export interface TargetService {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  /** OpenMetadata's service type, such as `Hive`. */
  readonly serviceType: string;
  /** Host and port of the service itself, where it is known. */
  readonly hostPort?: string;
}

/**
 * Service types that can be made knowing no more than a host. Others demand a user, a database or an account, which a
 * catalogue does not know: those services are made as custom ones, and people can connect them later.
 */
const HOST_ONLY: ReadonlySet<string> = new Set(['Hive', 'Impala']);

/** A database service. 1.1 refuses one without a connection, so each gets the smallest that is valid. */
export function databaseServiceBody(input: TargetService): Body {
  const { name, displayName, description } = input;
  const serviceType = HOST_ONLY.has(input.serviceType) ? input.serviceType : 'CustomDatabase';
  const host = input.hostPort ?? 'localhost:10000';
  const config = serviceType === 'CustomDatabase' ? { type: serviceType } : { type: serviceType, hostPort: host };
  return {
    name,
    ...(displayName !== undefined && { displayName }),
    ...(description && { description }),
    serviceType,
    connection: { config },
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
