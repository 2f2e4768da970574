import type { Api } from './api.ts';
import type { Capabilities } from './capabilities.ts';
import type { Entity, EntityReference, PipelineStatus } from './entities.ts';
import { isAtLeast } from './server-version.ts';
import { ingestionPipelineBody, type TargetIngestionPipeline } from './service-bodies.ts';

const PATH = '/services/ingestionPipelines';

/**
 * An ingestion pipeline, with only the keys that are needed: the server's answer holds the bot's token in clear (seen on
 * 1.1), which must not travel any further.
 */
export interface IngestionPipeline {
  readonly id: string;
  readonly name: string;
  readonly fqn: string;
  readonly pipelineType?: string;
  readonly service?: EntityReference;
}

function withoutSecrets(entity: Entity): IngestionPipeline {
  const { pipelineType, service } = entity as { pipelineType?: string; service?: EntityReference };
  return {
    id: entity.id,
    name: entity.name,
    fqn: entity.fullyQualifiedName ?? entity.name,
    ...(pipelineType !== undefined && { pipelineType }),
    ...(service && { service: { id: service.id, type: service.type, ...(service.name && { name: service.name }) } }),
  };
}

export async function getIngestionPipeline(
  api: Api,
  fqn: string,
  signal: AbortSignal,
): Promise<IngestionPipeline | undefined> {
  const found = await api.find<Entity>(`${PATH}/name/${encodeURIComponent(fqn)}`, {}, signal);
  return found && withoutSecrets(found);
}

export async function createIngestionPipeline(
  api: Api,
  pipeline: TargetIngestionPipeline,
  signal: AbortSignal,
): Promise<IngestionPipeline> {
  return withoutSecrets(await api.put<Entity>(PATH, ingestionPipelineBody(pipeline), signal));
}

/** Older servers refuse what they do not know: the counts by step (before 1.3) and the state `stopped` (before 1.12). */
function statusBody({ status, ...run }: PipelineStatus, capabilities: Capabilities): PipelineStatus {
  const knowsStopped = isAtLeast(capabilities.version, 1, 12);
  return {
    ...run,
    pipelineState: run.pipelineState === 'stopped' && !knowsStopped ? 'failed' : run.pipelineState,
    ...(status && capabilities.statusSteps && { status }),
  };
}

/** How a run stands, as it was told; undefined for a run that nobody has told of (204 without a body on 1.1). */
export async function getPipelineStatus(
  api: Api,
  fqn: string,
  runId: string,
  signal: AbortSignal,
): Promise<PipelineStatus | undefined> {
  const path = `${PATH}/${encodeURIComponent(fqn)}/pipelineStatus/${encodeURIComponent(runId)}`;
  const found = await api.find<PipelineStatus | undefined>(path, {}, signal);
  return found?.runId === undefined ? undefined : found;
}

/** Tells how a run stands; the same `runId` overwrites what was told before. */
export async function putPipelineStatus(
  api: Api,
  capabilities: Capabilities,
  fqn: string,
  status: PipelineStatus,
  signal: AbortSignal | undefined,
): Promise<void> {
  await api.put(`${PATH}/${encodeURIComponent(fqn)}/pipelineStatus`, statusBody(status, capabilities), signal);
}
