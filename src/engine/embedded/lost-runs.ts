import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineDefinition } from '../engine.ts';
import type { RunRecord } from '../run-history.ts';
import { noteInLog } from './active-run.ts';
import type { EngineStore } from './engine-store.ts';
import { recipeOfRun } from './recipe-of-run.ts';
import { RunFiles } from './run-files.ts';
import { RunProcess } from './run-process.ts';

export interface LostRunsOptions {
  readonly store: EngineStore;
  readonly memoryMegabytes: number;
  /** How long one may take to be told of, and to end once it shall. */
  readonly patienceMs: number;
  readonly graceMs: number;
}

interface Lost {
  readonly record: RunRecord;
  readonly pipeline: Omit<PipelineDefinition, 'recipe'>;
  readonly files: RunFiles;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly endedAt: number;
}

/**
 * Tells OpenMetadata of runs whose process was killed: it has the run's status from the run alone, and shows it as running
 * otherwise. Each in a process of its own, as the run was, since the recipe is resolved there.
 */
export class LostRuns {
  readonly #options: LostRunsOptions;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: LostRunsOptions) {
    this.#options = options;
  }

  /** Returns at once; what goes wrong is noted in the run's log. */
  tell(lost: Lost): void {
    const told = this.#tell(lost).catch((error: unknown) => {
      noteInLog(lost.files, `Its end could not be told to OpenMetadata: ${String(error)}`);
    });
    this.#underWay.add(told);
    void told.finally(() => this.#underWay.delete(told));
  }

  /** When nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #tell({ record, pipeline, files, env, reason, endedAt }: Lost): Promise<void> {
    const { store, memoryMegabytes, patienceMs, graceMs } = this.#options;
    const { runId, pipelineId } = record;
    const recipe = recipeOfRun({
      recipe: store.recipe(pipelineId),
      conf: store.conf(runId),
      runId,
      fqn: pipeline.fqn,
    });
    if (!JSON.stringify(recipe).includes('"ingestionPipelineFQN"')) return;
    const own = new RunFiles(join(files.folder, 'lost'));
    mkdirSync(own.folder, { recursive: true, mode: 0o700 });
    const nothing = (): void => undefined;
    const process = new RunProcess({
      ...{ pipelineId, runId, env, memoryMegabytes, onUp: nothing, onProgress: nothing },
      folder: own.folder,
    });
    const started = Date.parse(record.startedAt ?? record.queuedAt);
    const times = ['--started', String(started), '--ended', String(endedAt)];
    process.give(
      {
        title: `The end of run ${runId}.`,
        argv: ['tell-lost', '-c', '-', ...times, '--reason', reason],
        folder: own.folder,
        logBytes: 100_000,
        outcomeFile: own.outcomeFile,
      },
      JSON.stringify(recipe),
    );
    const timer = setTimeout(() => process.stop(graceMs), patienceMs);
    const { code } = await process.ended;
    clearTimeout(timer);
    if (code === 0) return;
    const why = own.outcome()?.reason ?? 'there was no answer in time';
    noteInLog(files, `Its end could not be told to OpenMetadata: ${why}`);
  }
}
