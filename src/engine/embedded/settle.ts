import type { RunReport } from '../../workflow/report.ts';
import type { PipelineState } from '../engine.ts';
import type { RunOutcome } from './run-files.ts';

/** What is known of a run whose process is gone. */
export interface RunRemains {
  /** The system's word, where this server was there to hear it. */
  readonly exit?: { readonly code: number | null; readonly signal: NodeJS.Signals | null };
  readonly outcome: RunOutcome | undefined;
  readonly report: Pick<RunReport, 'state'> | undefined;
  /** Why this server ended it. */
  readonly endedBy?: 'request' | 'timeout' | 'shutdown' | undefined;
  /** Why its process could not be had at all. */
  readonly spawnError?: string | undefined;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
}

export interface Settled {
  readonly state: Extract<PipelineState, 'success' | 'partialSuccess' | 'failed' | 'stopped'>;
  readonly reason?: string;
  /** The run did nothing wrong itself: its process went with the server. */
  readonly lost: 'no' | 'shutdown' | 'crash';
}

/** What a run came to. */
export function settle(remains: RunRemains): Settled {
  const { exit, outcome, report, endedBy, spawnError } = remains;
  if (spawnError !== undefined) return failed(`Its process could not be started: ${spawnError}`);
  // Who asked for its end may have come too late: what has been done is told as it is.
  const finished = outcome && !outcome.orphaned && outcome.exitCode < 128 && report?.state !== 'stopped';
  if (finished) return finishedAs(outcome, report);
  if (endedBy === 'request') return { state: 'stopped', reason: 'It was stopped on request.', lost: 'no' };
  if (endedBy === 'timeout') {
    return failed(`It took longer than its time limit of ${remains.timeoutSeconds} s, and was ended.`);
  }
  if (endedBy === 'shutdown') {
    return { state: 'failed', reason: 'The server was shut down while it ran.', lost: 'shutdown' };
  }
  if (exit === undefined || outcome?.orphaned) {
    return { state: 'failed', reason: 'The server died while it ran, and its process with it.', lost: 'crash' };
  }
  return failed(abruptEnd(exit, remains.memoryMegabytes));
}

function finishedAs({ exitCode, reason }: RunOutcome, report: RunRemains['report']): Settled {
  const state = report?.state;
  if (exitCode === 0) return { state: state === 'partialSuccess' ? state : 'success', lost: 'no' };
  const why = reason ?? `Its command ended with exit code ${exitCode}.`;
  // 4: a guard kept something from being deleted; all else was done.
  if (exitCode === 4 && (state === 'success' || state === 'partialSuccess')) {
    return { state: 'partialSuccess', reason: why, lost: 'no' };
  }
  return failed(why);
}

function failed(reason: string): Settled {
  return { state: 'failed', reason, lost: 'no' };
}

function abruptEnd({ code, signal }: NonNullable<RunRemains['exit']>, memoryMegabytes: number): string {
  // V8 aborts when a heap is full.
  if (signal === 'SIGABRT' || code === 134) {
    return `Its process was aborted, most likely for want of memory: its heap may have ${memoryMegabytes} MB.`;
  }
  if (signal === 'SIGKILL')
    return 'Its process was killed (SIGKILL): by somebody, or by the system for want of memory.';
  if (signal !== null) return `Its process was ended by ${signal}.`;
  return `Its process ended with exit code ${code}, without a word.`;
}
