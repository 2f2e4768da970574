import type { ServiceKind } from '../model/records.ts';
import type { Body } from './bodies.ts';

/** The service type that stands for any service of a kind. */
const CUSTOM: Readonly<Record<ServiceKind, string>> = {
  databaseService: 'CustomDatabase',
  messagingService: 'CustomMessaging',
  storageService: 'CustomStorage',
  pipelineService: 'CustomPipeline',
  mlmodelService: 'CustomMlModel',
};

/**
 * Connections of the service types that can be made knowing no more than an address, by kind and type; the address is a
 * placeholder where none is known. Others demand a user, keys or an account, which a catalogue does not know.
 */
const CONNECTIONS: Readonly<Record<ServiceKind, Readonly<Record<string, (address: string | undefined) => Body>>>> = {
  databaseService: {
    Hive: (address = 'localhost:10000') => ({ hostPort: address }),
    Impala: (address = 'localhost:21050') => ({ hostPort: address }),
  },
  messagingService: {
    Kafka: (address = 'localhost:9092') => ({ bootstrapServers: address }),
    Redpanda: (address = 'localhost:9092') => ({ bootstrapServers: address }),
  },
  storageService: { S3: () => ({ awsConfig: { awsRegion: 'us-east-1' } }) },
  pipelineService: {},
  mlmodelService: { Sklearn: () => ({}) },
};

/**
 * Type and connection of a service that is made. 1.1 refuses a service without a connection, so each gets the smallest
 * that is valid; what cannot be made so becomes a custom service, and people can connect it later.
 */
export function connectionBody(
  kind: ServiceKind,
  serviceType: string,
  address: string | undefined,
): { readonly serviceType: string; readonly connection: { readonly config: Body } } {
  const known = CONNECTIONS[kind];
  const type = Object.hasOwn(known, serviceType) ? serviceType : CUSTOM[kind];
  return { serviceType: type, connection: { config: { type, ...known[type]?.(address) } } };
}
