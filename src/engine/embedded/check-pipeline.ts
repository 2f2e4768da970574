import { ConfigurationError } from '../../errors.ts';
import type { PipelineDefinition } from '../engine.ts';
import { Schedule } from './schedule.ts';
import { commandFor } from './served-types.ts';

const idForm = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,249}$/;

/**
 * What an engine must know before it takes a pipeline on.
 *
 * @throws ConfigurationError `engine.bad-pipeline-id`, `engine.bad-pipeline`, `engine.bad-schedule`, `engine.type-not-served`
 */
export function checkPipeline(pipeline: PipelineDefinition): Schedule {
  checkPipelineId(pipeline.id);
  commandFor(pipeline.pipelineType);
  checkNumber(pipeline, 'retries', 0, true);
  checkNumber(pipeline, 'retryDelaySeconds', 0, false);
  checkNumber(pipeline, 'timeoutSeconds', Number.MIN_VALUE, false);
  checkNumber(pipeline, 'maxActiveRuns', 1, true);
  return new Schedule(pipeline.schedule);
}

function checkPipelineId(id: string): void {
  if (idForm.test(id)) return;
  throw new ConfigurationError('engine.bad-pipeline-id', `“${id.slice(0, 60)}” cannot be the id of a pipeline.`, {
    help: 'Use 1 to 250 letters, digits, dots, hyphens and underscores, and no dot at the beginning.',
  });
}

function checkNumber(
  pipeline: PipelineDefinition,
  key: 'retries' | 'retryDelaySeconds' | 'timeoutSeconds' | 'maxActiveRuns',
  least: number,
  whole: boolean,
): void {
  const value: unknown = pipeline[key];
  const isOne = typeof value === 'number' && Number.isFinite(value) && (!whole || Number.isInteger(value));
  if (isOne && value >= least) return;
  throw new ConfigurationError('engine.bad-pipeline', `${key} of the pipeline ${pipeline.id} is ${String(value)}.`, {
    help: `Give a ${whole ? 'whole ' : ''}number${least < 1 ? (whole ? ' from 0 on' : ' above 0') : ' from 1 on'}.`,
  });
}
