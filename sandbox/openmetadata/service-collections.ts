import { type Collection, collection, commonRules } from './collection.ts';
import { INGESTION_TYPES, serviceTypes } from './enums.ts';
import { nameCheck } from './name-rules.ts';
import type { ServerVersion } from './server-version.ts';
import { objectOf, oneOf, shapeOf } from './shape.ts';
import { keysSince, type SharedShapes } from './shapes.ts';

/** Type, path and first minor of every kind of service. */
const KINDS: ReadonlyArray<readonly [type: string, path: string, minor: number]> = [
  ['databaseService', 'databaseServices', 1],
  ['messagingService', 'messagingServices', 1],
  ['pipelineService', 'pipelineServices', 1],
  ['storageService', 'storageServices', 1],
  ['mlmodelService', 'mlmodelServices', 1],
  ['dashboardService', 'dashboardServices', 1],
  ['metadataService', 'metadataServices', 1],
  ['searchService', 'searchServices', 2],
  ['apiService', 'apiServices', 5],
  ['driveService', 'driveServices', 9],
];

/** The Java names differ from the type's in one case. */
function className(type: string): string {
  return type === 'mlmodelService' ? 'MlModelService' : `${type[0]!.toUpperCase()}${type.slice(1)}`;
}

export function serviceCollections(version: ServerVersion, shared: SharedShapes): Collection[] {
  const services = KINDS.filter(([, , minor]) => version.atLeast(minor)).map(([type, path]) => {
    const name = `org.openmetadata.schema.api.services.Create${className(type)}`;
    const create = shapeOf(
      name,
      keysSince(
        version,
        `name displayName description tags serviceType connection ${version.ownerKey}`,
        [1, type === 'pipelineService' ? 'scheduleInterval' : ''],
        [1, type === 'metadataService' ? 'provider' : ''],
        [2, `${version.atLeast(9) ? 'domains' : 'domain'} dataProducts`],
        [7, 'ingestionRunner'],
      ),
      {
        ...commonRules(shared),
        serviceType: oneOf(`${name}$${className(type)}Type`, serviceTypes(type, version)),
      },
      {
        // The measured 1.1 wants a connection; later ones let a service be made without.
        required: version.atLeast(2) ? 'name serviceType' : 'name serviceType connection',
        check: nameCheck('plain', version),
      },
    );
    return collection(version, type, `services/${path}`, create, {
      values: 'connection',
      keys: 'pipelines testConnectionResult',
      defaults: type === 'metadataService' ? { provider: 'user' } : {},
    });
  });
  return [...services, ingestionPipelines(version, shared)];
}

function ingestionPipelines(version: ServerVersion, shared: SharedShapes): Collection {
  const create = shapeOf(
    'org.openmetadata.schema.api.services.ingestionPipelines.CreateIngestionPipeline',
    keysSince(
      version,
      `name displayName description pipelineType sourceConfig airflowConfig loggerLevel service ${version.ownerKey}`,
      [5, version.atLeast(9) ? 'domains' : 'domain'],
      [7, 'raiseOnError provider'],
      [9, 'processingEngine'],
      [10, 'enableStreamableLogs'],
    ),
    {
      ...commonRules(shared),
      service: objectOf(shared.reference),
      pipelineType: oneOf('org.openmetadata.schema.entity.services.ingestionPipelines.PipelineType', INGESTION_TYPES),
    },
    { required: 'name pipelineType service sourceConfig airflowConfig', check: nameCheck('plain', version) },
  );
  return collection(version, 'ingestionPipeline', 'services/ingestionPipelines', create, {
    keys: 'deployed enabled openMetadataServerConnection pipelineStatuses provider ingestionRunner applicationType',
    values: 'sourceConfig airflowConfig loggerLevel enabled deployed',
    defaults: { loggerLevel: 'INFO', deployed: false, enabled: true, provider: 'user' },
  });
}
