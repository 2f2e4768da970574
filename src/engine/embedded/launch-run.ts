import { mkdirSync } from 'node:fs';
import type { PipelineDefinition } from '../engine.ts';
import type { RunRecord } from '../run-history.ts';
import { ActiveRun, type ActiveRunOptions } from './active-run.ts';
import type { EngineStore } from './engine-store.ts';
import { processStart } from './process-identity.ts';
import { recipeOfRun } from './recipe-of-run.ts';
import { takeLetters } from './replay-letters.ts';
import type { RunFiles } from './run-files.ts';
import type { RunJob } from './run-job.ts';
import { commandFor } from './served-types.ts';

export interface LaunchOptions extends ActiveRunOptions {
  readonly store: EngineStore;
  readonly logBytes: number;
  /** Of the run whose requests a replay sends again. */
  readonly followed: RunFiles | undefined;
}

/**
 * Starts the process of a run, and gives it its work once the store knows of it: a process that nobody knows of does nothing.
 * The recipe goes through a pipe and stands nowhere else.
 *
 * @param taken gets the run as soon as its process is there
 */
export async function launchRun(options: LaunchOptions, taken: (active: ActiveRun) => void): Promise<ActiveRun> {
  const { record, pipeline, files, store, followed } = options;
  mkdirSync(files.folder, { recursive: true, mode: 0o700 });
  const conf = store.conf(record.runId);
  if (record.kind === 'replay' && followed) takeLetters(followed, files, namesOf(conf));
  const recipe = recipeOfRun({
    recipe: store.recipe(pipeline.id),
    conf: record.kind === 'run' ? conf : undefined,
    runId: record.runId,
    fqn: pipeline.fqn,
  });
  const job: RunJob = {
    folder: files.folder,
    logBytes: options.logBytes,
    outcomeFile: files.outcomeFile,
    ...commandLine(record, pipeline, files),
  };
  const active = new ActiveRun(options);
  taken(active);
  if (active.processId !== undefined) {
    store.markProcess(record.runId, active.processId, await processStart(active.processId));
    active.give(job, JSON.stringify(recipe));
  }
  return active;
}

/** Which requests a replay is to send: all unless it says so. */
export function namesOf(conf: PipelineDefinition['recipe'] | undefined): readonly string[] | undefined {
  return conf?.['names'] as readonly string[] | undefined;
}

function commandLine(
  { kind }: RunRecord,
  { pipelineType }: Pick<PipelineDefinition, 'pipelineType'>,
  { reportFile, deadLettersFile, changesFile }: RunFiles,
): Pick<RunJob, 'argv' | 'dataFile'> {
  if (kind === 'plan') {
    return { argv: ['plan', '-c', '-', '--report', reportFile, '-o', 'jsonl'], dataFile: changesFile };
  }
  if (kind === 'replay') return { argv: ['replay', '-c', '-', deadLettersFile] };
  return { argv: [commandFor(pipelineType), '-c', '-', '--report', reportFile, '--dead-letters', deadLettersFile] };
}
