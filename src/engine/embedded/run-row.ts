import type { SQLOutputValue } from 'node:sqlite';
import type { PipelineState, RunTrigger } from '../engine.ts';
import type { RunKind, RunRecord } from '../run-history.ts';

export type RunRow = Readonly<Record<string, SQLOutputValue>>;

/** A run with what only the engine needs to know. */
export interface StoredRun {
  readonly sequence: number;
  readonly record: RunRecord;
  /** True from the moment on in which its process may be there. */
  readonly started: boolean;
  /** How often its process, or that of a run that it follows, has been lost with the server. */
  readonly losses: number;
  /** Epoch milliseconds. */
  readonly notBefore: number | undefined;
  readonly logicalDate: number | undefined;
  readonly processId: number | undefined;
  readonly processStart: string | undefined;
  /** Somebody had asked for its end. */
  readonly stopping: boolean;
}

export function runOf(row: RunRow): StoredRun {
  const state = String(row['state']);
  const startedAt = numberOf(row['started_at']);
  const endedAt = numberOf(row['ended_at']);
  const logicalDate = numberOf(row['logical_date']);
  const notBefore = numberOf(row['not_before']);
  const record: RunRecord = {
    pipelineId: String(row['pipeline_id']),
    runId: String(row['run_id']),
    kind: String(row['kind']) as RunKind,
    // While its process starts, a run waits for all that others can tell.
    state: (state === 'starting' ? 'queued' : state) as PipelineState,
    trigger: String(row['trigger']) as RunTrigger,
    attempt: Number(row['attempt']),
    queuedAt: iso(Number(row['queued_at'])),
    ...(logicalDate !== undefined && { logicalDate: iso(logicalDate) }),
    ...(startedAt !== undefined && { startedAt: iso(startedAt) }),
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    ...(startedAt !== undefined && endedAt !== undefined && { seconds: Math.max(0, endedAt - startedAt) / 1000 }),
    ...(row['reason'] != null && { reason: String(row['reason']) }),
    ...(row['counts'] != null && { counts: JSON.parse(String(row['counts'])) }),
    ...(row['follows'] != null && { follows: String(row['follows']) }),
    ...(notBefore !== undefined && { notBefore: iso(notBefore) }),
  };
  return {
    sequence: Number(row['sequence']),
    record,
    started: state === 'starting' || state === 'running',
    losses: Number(row['losses']),
    notBefore,
    logicalDate,
    processId: numberOf(row['process_id']),
    processStart: row['process_start'] == null ? undefined : String(row['process_start']),
    stopping: row['stopping'] === 1,
  };
}

function numberOf(value: SQLOutputValue | undefined): number | undefined {
  return value == null ? undefined : Number(value);
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
