import type { RunReport } from './report.ts';

/** What became of following a change feed; `meridian watch --report` writes it as JSON. */
export interface WatchReport {
  readonly watchVersion: 1;
  readonly pipeline: string;
  readonly startedAt: string;
  endedAt: string;
  /** `stopped`: by a signal, as it should be. */
  state: 'stopped' | 'failed';
  /** Messages taken from the feed and applied. */
  messages: number;
  /** Changes that they told. */
  changes: number;
  /** Messages that nobody could make sense of, by reason. */
  readonly unreadable: Record<string, number>;
  /** Gaps of the feed, by reason. */
  readonly gaps: Record<string, number>;
  /** Runs that brought the target in step, by how they read the source. */
  readonly runs: { changes: number; incremental: number; full: number };
  /** Runs that were tried again, since a server could not be reached. */
  retries: number;
  /** Requests that changed something at the target. */
  writes: number;
  /** Entities that failed; they are in the dead letters. */
  failureCount: number;
  deadLetters?: string;
}

export function newWatchReport(pipeline: string): WatchReport {
  const now = new Date().toISOString();
  return {
    watchVersion: 1,
    pipeline,
    startedAt: now,
    endedAt: now,
    state: 'failed',
    messages: 0,
    changes: 0,
    unreadable: {},
    gaps: {},
    runs: { changes: 0, incremental: 0, full: 0 },
    retries: 0,
    writes: 0,
    failureCount: 0,
  };
}

/** Adds one run that brought the target in step. */
export function addRun(report: WatchReport, run: RunReport, ofChanges: boolean): void {
  const kind = ofChanges && run.reading === 'incremental' ? 'changes' : run.reading;
  report.runs[kind] += 1;
  report.writes += run.target.writes;
  report.failureCount += run.failureCount;
  if (run.deadLetters !== undefined) report.deadLetters = run.deadLetters;
}

export function addCounts(counts: Record<string, number>, more: Iterable<readonly [string, number]>): void {
  for (const [key, count] of more) counts[key] = (counts[key] ?? 0) + count;
}
