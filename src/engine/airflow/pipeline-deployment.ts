import type { AirflowDeployment, EnginePipeline } from '../../airflow/deployment.ts';
import { type MadeDeployment, makeDeployment } from '../../airflow/make-deployment.ts';
import { loadRecipe } from '../../config/load-recipe.ts';
import type { PipelineDefinition } from '../engine.ts';

/** Airflow has one word each for these. */
const sameSchedule: Readonly<Record<string, string>> = { '@annually': '@yearly', '@midnight': '@daily' };

/**
 * A pipeline as it goes to Airflow. References of its recipe are looked up where its tasks run.
 *
 * @param command how workers start Meridian; this installation unless given
 * @throws RecipeError, ConfigurationError `airflow.mixed-secret`
 */
export async function pipelineDeployment(
  pipeline: PipelineDefinition,
  command?: readonly string[],
): Promise<MadeDeployment> {
  const recipe = withFqn(pipeline);
  const loaded = await loadRecipe(recipe, { env: {}, deferReferences: true, readManagedSecrets: false });
  const made = makeDeployment({
    ...loaded,
    config: { ...loaded.config, airflow: { ...loaded.config.airflow, dagId: pipeline.id } },
  });
  const { fqn, pipelineType, displayName, schedule, enabled } = pipeline;
  const { startDate, endDate, timezone, catchup } = schedule;
  const { settings } = made.deployment;
  const deployment: AirflowDeployment = {
    ...made.deployment,
    ...(fqn !== undefined && { pipeline: fqn }),
    ...(command && { command }),
    engine: {
      ...(fqn !== undefined && { fqn }),
      pipelineType,
      ...(displayName !== undefined && { displayName }),
      schedule,
      enabled,
    },
    settings: {
      ...settings,
      description: pipeline.description ?? pipeline.displayName ?? settings.description,
      owner: pipeline.owner ?? settings.owner,
      email: pipeline.email ?? settings.email,
      tags: pipeline.tags ?? settings.tags,
      retries: pipeline.retries,
      retryDelaySeconds: pipeline.retryDelaySeconds,
      executionTimeoutSeconds: pipeline.timeoutSeconds,
      maxActiveRuns: pipeline.maxActiveRuns,
      startDate: startDate ?? settings.startDate,
      endDate: endDate ?? null,
      timezone: timezone ?? 'UTC',
      // Without a beginning there is nothing to catch up with.
      catchup: catchup && startDate !== undefined,
      isPausedUponCreation: false,
    },
  };
  return { ...made, deployment: withEnabled(deployment, enabled) };
}

/**
 * A disabled pipeline is a DAG without a schedule: one that Airflow has paused would not run on demand either.
 */
export function withEnabled(deployment: AirflowDeployment, enabled: boolean): AirflowDeployment {
  const engine: EnginePipeline = { ...deployment.engine!, enabled };
  const cron = engine.schedule.cron?.trim();
  const schedule = enabled && cron !== undefined ? (sameSchedule[cron] ?? cron) : null;
  return { ...deployment, engine, settings: { ...deployment.settings, schedule } };
}

/** The recipe with the FQN that its runs report their status to. */
function withFqn({ recipe, fqn }: PipelineDefinition): Readonly<Record<string, unknown>> {
  if (fqn === undefined) return recipe;
  const inner = recipe['openMetadataWorkflowConfig'];
  if (typeof inner === 'object' && inner !== null) {
    return { ...recipe, openMetadataWorkflowConfig: { ingestionPipelineFQN: fqn, ...inner } };
  }
  return { ingestionPipelineFQN: fqn, ...recipe };
}
