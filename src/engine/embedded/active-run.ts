import { appendFileSync, mkdirSync } from 'node:fs';
import type { Progress } from '../../workflow/progress.ts';
import type { PipelineDefinition } from '../engine.ts';
import type { RunRecord } from '../run-history.ts';
import type { RunFiles } from './run-files.ts';
import type { RunJob } from './run-job.ts';
import { logSegments, segmentFile } from './run-log.ts';
import { type RunExit, RunProcess } from './run-process.ts';
import type { RunRemains } from './settle.ts';

/** The longest time that a timer of Node can wait. */
const longestTimerMs = 2 ** 31 - 1;

export interface ActiveRunOptions {
  readonly record: RunRecord;
  readonly pipeline: Omit<PipelineDefinition, 'recipe'>;
  readonly files: RunFiles;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly memoryMegabytes: number;
  readonly stopGraceMs: number;
  readonly onUp: () => void;
  readonly onProgress: (progress: Progress) => void;
}

/** A run whose process is there, or about to be. */
export class ActiveRun {
  readonly record: RunRecord;
  readonly files: RunFiles;
  progress: Progress | undefined;
  /** True once its process has said that it is there. */
  up = false;
  /** When its process is up, or gone. */
  readonly upOrGone: Promise<unknown>;
  /** True once its process has gone. */
  gone = false;
  readonly #process: RunProcess;
  readonly #options: ActiveRunOptions;
  readonly #timer: NodeJS.Timeout;
  #endedBy: RunRemains['endedBy'];

  constructor(options: ActiveRunOptions) {
    const { record, pipeline, files } = options;
    this.record = record;
    this.files = files;
    this.#options = options;
    mkdirSync(files.folder, { recursive: true, mode: 0o700 });
    const up = Promise.withResolvers<void>();
    this.#process = new RunProcess({
      pipelineId: record.pipelineId,
      runId: record.runId,
      folder: files.folder,
      env: options.env,
      memoryMegabytes: options.memoryMegabytes,
      onUp: () => {
        this.up = true;
        up.resolve();
        options.onUp();
      },
      onProgress: (progress) => {
        this.progress = progress;
        options.onProgress(progress);
      },
    });
    const gone = this.#process.ended.then(() => {
      this.gone = true;
    });
    this.upOrGone = Promise.race([up.promise, gone]);
    const timeoutMs = Math.min(longestTimerMs, pipeline.timeoutSeconds * 1000);
    this.#timer = setTimeout(() => this.stop('timeout'), timeoutMs);
  }

  get processId(): number | undefined {
    return this.#process.processId;
  }

  get ended(): Promise<RunExit> {
    return this.#process.ended;
  }

  give(job: RunJob, recipe: string): void {
    this.#process.give(job, recipe);
  }

  /** The first reason counts. */
  stop(why: NonNullable<RunRemains['endedBy']>): void {
    this.#endedBy ??= why;
    this.#process.stop(this.#options.stopGraceMs);
  }

  /** What it has left, once its process is gone. */
  remains({ spawnError, ...exit }: RunExit): RunRemains {
    clearTimeout(this.#timer);
    return {
      exit,
      ...(spawnError !== undefined && { spawnError }),
      endedBy: this.#endedBy,
      outcome: this.files.outcome(),
      report: this.files.report(),
      timeoutSeconds: this.#options.pipeline.timeoutSeconds,
      memoryMegabytes: this.#options.memoryMegabytes,
    };
  }
}

/** A last line in the log of a run that could not write it itself. */
export function noteInLog(files: RunFiles, line: string): void {
  const last = logSegments(files.folder).at(-1);
  try {
    mkdirSync(files.folder, { recursive: true, mode: 0o700 });
    const text = `${new Date().toISOString()} ${line}\n`;
    appendFileSync(last?.file ?? segmentFile(files.folder, 0), text, { mode: 0o600 });
  } catch {
    // A full disk: the reason is in the history all the same.
  }
}
