import { createHash } from 'node:crypto';
import { idFrom } from '../config/airflow-rules.ts';
import { defaults } from '../config/defaults.ts';
import { secondsOfDuration } from '../config/duration.ts';
import type { Recipe } from '../schema/generated/recipe.ts';
import type { AirflowSettings } from './deployment.ts';

type Block = NonNullable<Recipe['airflow']>;

/** Id of a recipe's DAG: as `airflow.dagId` says, else made from the service's name and from what is done beside metadata. */
export function dagIdOf({ airflow, source }: Pick<Recipe, 'airflow' | 'source'>): string {
  if (airflow?.dagId !== undefined) return airflow.dagId;
  const { type } = source.sourceConfig.config;
  const work = type === 'Profiler' ? '_profile' : type === 'AutoClassification' ? '_classification' : '';
  const id = idOf(source.serviceName);
  return `${id}${work}`;
}

function idOf(serviceName: string): string {
  const id = idFrom(serviceName);
  // A name without a Latin letter: Airflow has none of its letters, so it gets a number that stays.
  return id === '' ? `meridian_${createHash('sha256').update(serviceName).digest('hex').slice(0, 8)}` : id;
}

function descriptionOf({ serviceName, type, sourceConfig }: Recipe['source']): string {
  const kind = sourceConfig.config.type;
  if (kind === 'Profiler') return `Profiles the tables of ${serviceName} (${type}), by Meridian.`;
  if (kind === 'AutoClassification') return `Looks for personal data in ${serviceName} (${type}), by Meridian.`;
  return `Brings OpenMetadata in step with ${serviceName} (${type}), by Meridian.`;
}

/** Fills the defaults of a valid `airflow:` block in. */
export function airflowSettings({ airflow: block = {}, source }: Pick<Recipe, 'airflow' | 'source'>): AirflowSettings {
  const byDefault = defaults.airflow;
  const email = block.email ?? [];
  return {
    description: block.description ?? descriptionOf(source),
    owner: block.owner ?? byDefault.owner,
    email,
    emailOnFailure: block.emailOnFailure ?? byDefault.emailOnFailure,
    smtpConnectionId: block.smtpConnectionId ?? byDefault.smtpConnectionId,
    retries: block.retries ?? byDefault.retries,
    retryDelaySeconds: seconds(block, 'retryDelay'),
    executionTimeoutSeconds: seconds(block, 'executionTimeout'),
    startDate: block.startDate ?? byDefault.startDate,
    endDate: block.endDate ?? null,
    schedule: block.schedule === undefined ? byDefault.schedule : (block.schedule?.trim() ?? null),
    timezone: block.timezone ?? byDefault.timezone,
    catchup: block.catchup ?? byDefault.catchup,
    maxActiveRuns: block.maxActiveRuns ?? byDefault.maxActiveRuns,
    isPausedUponCreation: block.isPausedUponCreation ?? byDefault.isPausedUponCreation,
    tags: block.tags ?? byDefault.tags,
    form: block.form ?? byDefault.form,
    queue: block.queue ?? byDefault.queue,
    bashQueue: block.queue ?? null,
    partitions: block.partitions ?? byDefault.partitions,
  };
}

function seconds(block: Block, key: 'retryDelay' | 'executionTimeout'): number {
  return secondsOfDuration(String(block[key] ?? defaults.airflow[key]))!;
}
