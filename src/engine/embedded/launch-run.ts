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

/**
 * Starts the process of a run, and tells the store of it. It does nothing before it is given its work: one that the store
 * does not know of never will.
 *
 * @param taken gets the run as soon as its process is there
 */
export async function startRun(
  options: ActiveRunOptions,
  store: EngineStore,
  taken: (active: ActiveRun) => void,
): Promise<ActiveRun> {
  mkdirSync(options.files.folder, { recursive: true, mode: 0o700 });
  const active = new ActiveRun(options);
  taken(active);
  const { processId } = active;
  if (processId !== undefined) store.markProcess(options.record.runId, processId, await processStart(processId));
  return active;
}

/**
 * Gives a run its work. The recipe goes through a pipe and stands nowhere else.
 *
 * @param followed of the run whose requests a replay sends again
 */
export function giveWork(
  active: ActiveRun,
  params: {
    readonly pipeline: Pick<PipelineDefinition, 'id' | 'fqn' | 'pipelineType'>;
    readonly store: EngineStore;
    readonly logBytes: number;
    readonly followed: RunFiles | undefined;
  },
): void {
  const { record, files } = active;
  const { pipeline, store, logBytes, followed } = params;
  const conf = store.conf(record.runId);
  if (record.kind === 'replay' && followed) takeLetters(followed, files, namesOf(conf));
  const recipe = recipeOfRun({
    recipe: store.recipe(pipeline.id),
    conf: record.kind === 'run' ? conf : undefined,
    runId: record.runId,
    fqn: pipeline.fqn,
  });
  const { folder, outcomeFile } = files;
  const tries = record.attempt > 1 ? `, try ${record.attempt}` : '';
  const title = `Pipeline ${pipeline.id}: ${record.kind} ${record.runId} (${record.trigger}${tries}).`;
  active.give(
    { title, folder, outcomeFile, logBytes, ...commandLine(record, pipeline, files) },
    JSON.stringify(recipe),
  );
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
    const looking = commandFor(pipelineType) === 'profile' ? ['profile', '--dry-run'] : ['plan'];
    return { argv: [...looking, '-c', '-', '--report', reportFile, '-o', 'jsonl'], dataFile: changesFile };
  }
  if (kind === 'replay') return { argv: ['replay', '-c', '-', deadLettersFile] };
  return { argv: [commandFor(pipelineType), '-c', '-', '--report', reportFile, '--dead-letters', deadLettersFile] };
}
