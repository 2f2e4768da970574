import { openMetadataConnection } from '../../schema/openmetadata-connection.ts';
import { requireRecipeRights } from '../recipe-rights.ts';
import { splitConnection } from './connection-options.ts';
import type { DeployedPipeline, ServerConnection } from './deployed-pipeline.ts';
import type { ServiceDefaults } from './service-defaults.ts';

type Recipe = Readonly<Record<string, unknown>>;

/** A service as OpenMetadata holds it. */
export interface DeployedService {
  readonly name: string;
  /** Such as `Atlas`: a recipe's `source.type`. */
  readonly serviceType: string;
  readonly connection: Recipe;
}

/**
 * The recipe of a pipeline that was made on OpenMetadata's pages: its service's connection, the pipeline's source config,
 * and what this service adds. What people wrote on those pages may not reach into this machine.
 *
 * @throws ServerError `server.recipe-rights`, `managed.bad-option`
 */
export function recipeOfDeployment(
  pipeline: DeployedPipeline,
  service: DeployedService,
  defaults: ServiceDefaults,
): Recipe {
  const source = sourceOf(service, pipeline.sourceConfig.config ?? {});
  return defaults.applyTo(
    {
      ...source,
      sink: { type: 'metadata-rest', config: {} },
      workflowConfig: {
        ...(pipeline.loggerLevel !== undefined && { loggerLevel: pipeline.loggerLevel }),
        ...(pipeline.raiseOnError !== undefined && { raiseOnError: pipeline.raiseOnError }),
        openMetadataServerConfig: knownConnection(pipeline.openMetadataServerConnection),
      },
      ingestionPipelineFQN: pipeline.fullyQualifiedName,
    },
    service.name,
  );
}

/** A recipe that only tests a connection. */
export function recipeOfTest(service: DeployedService, server: ServerConnection, defaults: ServiceDefaults): Recipe {
  const source = sourceOf(service, { type: 'DatabaseMetadata' });
  return defaults.applyTo(
    {
      ...source,
      sink: { type: 'metadata-rest', config: {} },
      workflowConfig: { openMetadataServerConfig: knownConnection(server) },
    },
    service.name,
  );
}

/** What people wrote on OpenMetadata's pages. */
function sourceOf({ name, serviceType, connection: whole }: DeployedService, config: Recipe): Recipe {
  const { connection, meridian } = splitConnection(whole);
  const written = {
    source: {
      type: serviceType,
      serviceName: name,
      serviceConnection: { config: connection },
      sourceConfig: { config },
    },
    ...(meridian && { meridian }),
  };
  // A server with a secrets manager puts secret:<id> into connections itself: that is not a person's word.
  requireRecipeRights(withoutManagedSecrets(written), 'operator');
  return written;
}

function withoutManagedSecrets(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith('secret:') ? '' : value;
  if (Array.isArray(value)) return value.map(withoutManagedSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutManagedSecrets(item)]));
}

const knownKeys = new Set(Object.keys(openMetadataConnection['properties'] as object));

/** Later servers say more of themselves than a recipe knows; what it does not know, it does not need. */
export function knownConnection(connection: ServerConnection): ServerConnection {
  const known = Object.entries(connection).filter(([key]) => knownKeys.has(key));
  return { ...Object.fromEntries(known), hostPort: connection.hostPort };
}
