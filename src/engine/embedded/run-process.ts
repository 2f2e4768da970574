import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Progress } from '../../workflow/progress.ts';
import type { RunJob, RunMessage } from './run-job.ts';
import { segmentFile } from './run-log.ts';

const entry = fileURLToPath(
  new URL(`${import.meta.url.endsWith('.ts') ? '../../..' : '../../../..'}/bin/run-process.cjs`, import.meta.url),
);

export interface RunExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why there was no process at all. */
  readonly spawnError?: string;
}

export interface RunProcessOptions {
  /** Shown in the list of processes, with the run's id. */
  readonly pipelineId: string;
  readonly runId: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly memoryMegabytes: number;
  readonly onUp: () => void;
  readonly onProgress: (progress: Progress) => void;
}

/** The process of a run, seen from the server. */
export class RunProcess {
  /** When it is gone, whatever it has left. Never rejects. */
  readonly ended: Promise<RunExit>;
  readonly #child: ChildProcess;
  #gone = false;
  #kill: NodeJS.Timeout | undefined;

  /** Starts it; it does nothing before `give`. */
  constructor(options: RunProcessOptions) {
    const { pipelineId, runId, folder, env, memoryMegabytes } = options;
    // What V8 says when it aborts goes to the log, too.
    const log = openSync(segmentFile(folder, 0), 'a', 0o600);
    try {
      const flags = [`--max-old-space-size=${memoryMegabytes}`, '--disable-warning=ExperimentalWarning'];
      this.#child = spawn(process.execPath, [...flags, entry, pipelineId, runId], {
        env: env as NodeJS.ProcessEnv,
        stdio: ['pipe', log, log, 'ipc'],
        windowsHide: true,
      });
    } finally {
      closeSync(log);
    }
    const child = this.#child;
    child.on('message', (message: RunMessage) => {
      if (message.type === 'up') options.onUp();
      else if (message.type === 'progress') options.onProgress(message.progress);
    });
    // It may end before it has read everything.
    child.stdin?.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        if (child.pid === undefined) resolve({ code: null, signal: null, spawnError: error.message });
      });
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    void this.ended.then(() => {
      this.#gone = true;
      clearTimeout(this.#kill);
    });
  }

  /** Undefined when it could not be started. */
  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** Hands it its work: the recipe goes through a pipe, and stands nowhere else. */
  give(job: RunJob, recipe: string): void {
    if (this.#child.pid === undefined) return;
    this.#child.send(job, () => undefined);
    this.#child.stdin?.end(recipe);
  }

  /** Asks it to stop, and ends it when it does not within `graceMs`. */
  stop(graceMs: number): void {
    if (this.#gone || this.#kill) return;
    this.#child.kill('SIGTERM');
    this.#kill = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
  }
}
