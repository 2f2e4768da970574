import { loadRecipe } from '../../config/load-recipe.ts';
import { Redactor } from '../../config/redactor.ts';
import { secretsOf } from '../../config/secrets-of.ts';
import type { DeployOutcome, Engine, PipelineDefinition, PipelineSchedule } from '../../engine/engine.ts';
import { isServiceType } from '../../openmetadata/collections.ts';
import { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import { reachesOf } from '../recipe-rights.ts';
import { ServerError } from '../server-error.ts';
import type { AirflowConfig, DeployedPipeline } from './deployed-pipeline.ts';
import type { OpenMetadataVersion } from './openmetadata-version.ts';
import { pipelineIdOf } from './pipeline-id.ts';
import { type DeployedService, knownConnection, recipeOfDeployment } from './recipe-of-deployment.ts';
import { requireServedConnection, servedType } from './served-pipelines.ts';
import type { ServiceDefaults } from './service-defaults.ts';

export interface DeployDeps {
  readonly engine: Engine;
  readonly defaults: ServiceDefaults;
  readonly version: OpenMetadataVersion;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A run that takes longer hangs. */
const longestRunSeconds = 24 * 60 * 60;
const patienceMs = 30_000;
/** What a server shows in place of a secret to those who may not see it. */
const mask = /^\*{3,}$/;

/**
 * Deploys a pipeline that was made on OpenMetadata's pages: reads its service's connection from that server, makes a recipe of
 * both, checks it, and gives it to the engine.
 *
 * @throws RecipeError and ServerError with what is wrong with it
 * @throws ConnectionError, AuthenticationError when the server cannot be asked
 * @throws ConfigurationError `engine.pipeline-taken` when its name belongs to another service's pipeline
 */
export async function deployPipeline(
  pipeline: DeployedPipeline,
  { engine, defaults, version, env }: DeployDeps,
): Promise<{ readonly id: string; readonly outcome: DeployOutcome }> {
  const pipelineType = servedType(pipeline.pipelineType);
  const id = pipelineIdOf(pipeline.name);
  const service = await readService(pipeline, version);
  requireServedConnection(service.serviceType, pipelineType);
  const recipe = recipeOfDeployment(pipeline, service, defaults);
  const allowExec = reachesOf(defaults.of(service.name)).some(({ does }) => does === 'runs a command');
  await loadRecipe(recipe, { env, allowExec, allowConnectors: false, readManagedSecrets: false });
  const definition: PipelineDefinition = {
    id,
    fqn: pipeline.fullyQualifiedName,
    pipelineType,
    ...describedBy(pipeline),
    recipe,
    ...scheduleOf(pipeline.airflowConfig),
    enabled: pipeline.enabled !== false && pipeline.airflowConfig.pausePipeline !== true,
    ...(allowExec && { allowExec }),
  };
  return { id, outcome: await engine.deploy({ pipeline: definition }) };
}

async function readService(
  { service: { id, type, name }, openMetadataServerConnection: server }: DeployedPipeline,
  version: OpenMetadataVersion,
): Promise<DeployedService> {
  if (!isServiceType(type)) {
    throw new ServerError('managed.unknown-service', `Meridian knows no services of type ${type}.`, { status: 400 });
  }
  const redactor = new Redactor(secretsOf(server, []));
  const client = new OpenMetadataClient(knownConnection(server), {
    redact: (text) => redactor.redact(text),
    learn: (secret) => redactor.learn(secret),
  });
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const { capabilities } = await client.connect(signal);
    await version.learn(capabilities.version.text);
    const found = await client.getById(type, id, {}, signal);
    const { serviceType, connection } = (found ?? {}) as {
      readonly serviceType?: string;
      readonly connection?: { readonly config?: Readonly<Record<string, unknown>> };
    };
    if (!found || serviceType === undefined || !connection?.config) {
      throw new ServerError('managed.unknown-service', `OpenMetadata has no service ${name ?? id} with a connection.`, {
        status: 400,
        help: 'Give the service a connection on OpenMetadata’s pages, then deploy again.',
      });
    }
    requireClearSecrets(connection.config, found.name);
    return { name: found.name, serviceType, connection: connection.config };
  } finally {
    await client.close();
  }
}

/** @throws ServerError `managed.masked-secrets` */
export function requireClearSecrets(connection: Readonly<Record<string, unknown>>, service: string): void {
  const [key] = Object.entries(connection).find(([, value]) => isHidden(value)) ?? [];
  if (key === undefined) return;
  throw new ServerError('managed.masked-secrets', `OpenMetadata does not show us ${key} of the service ${service}.`, {
    status: 400,
    help: 'The token that it deploys with must be the ingestion bot’s: bots see connections in clear.',
  });
}

function isHidden(value: unknown): boolean {
  if (typeof value === 'string') return mask.test(value) || value.startsWith('fernet:');
  return typeof value === 'object' && value !== null && Object.values(value).some(isHidden);
}

function describedBy(pipeline: DeployedPipeline): Partial<PipelineDefinition> {
  const { displayName, description, airflowConfig } = pipeline;
  const owner = pipeline.owners?.[0] ?? pipeline.owner;
  const tags = pipeline.tags?.flatMap(({ tagFQN }) => tagFQN ?? []) ?? [];
  return {
    ...(displayName && { displayName }),
    ...(description && { description }),
    ...(owner?.name && { owner: owner.name }),
    ...(airflowConfig.email && { email: airflowConfig.email.split(/[,;\s]+/).filter(Boolean) }),
    ...(tags.length > 0 && { tags }),
  };
}

type Scheduling = Pick<
  PipelineDefinition,
  'schedule' | 'retries' | 'retryDelaySeconds' | 'timeoutSeconds' | 'maxActiveRuns'
>;

function scheduleOf(airflow: AirflowConfig): Scheduling {
  const schedule: PipelineSchedule = {
    ...(airflow.scheduleInterval?.trim() && { cron: airflow.scheduleInterval.trim() }),
    ...(airflow.pipelineTimezone && { timezone: airflow.pipelineTimezone }),
    ...(airflow.startDate !== undefined && { startDate: isoTime(airflow.startDate, 'startDate') }),
    ...(airflow.endDate !== undefined && { endDate: isoTime(airflow.endDate, 'endDate') }),
    catchup: airflow.pipelineCatchup ?? false,
  };
  return {
    schedule,
    retries: airflow.retries ?? 0,
    retryDelaySeconds: airflow.retryDelay ?? 300,
    timeoutSeconds: airflow.workflowTimeout || longestRunSeconds,
    maxActiveRuns: airflow.maxActiveRuns || 1,
  };
}

function isoTime(value: string | number, key: string): string {
  const time = new Date(value);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new ServerError('managed.bad-time', `${key} of the schedule is no time: ${String(value).slice(0, 50)}.`, {
    status: 400,
  });
}
