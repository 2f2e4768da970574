import type { PipelineRun } from '../../engine/engine.ts';

/** A run in the words of OpenMetadata's `pipelineStatus`; times are epoch milliseconds. */
export interface ManagedStatus {
  readonly runId: string;
  readonly pipelineState: string;
  readonly startDate: number;
  readonly endDate?: number;
  readonly timestamp: number;
}

export function managedStatus({ runId, state, queuedAt, startedAt, endedAt }: PipelineRun): ManagedStatus {
  const queued = Date.parse(queuedAt);
  return {
    runId,
    pipelineState: state,
    startDate: startedAt === undefined ? queued : Date.parse(startedAt),
    ...(endedAt !== undefined && { endDate: Date.parse(endedAt) }),
    timestamp: queued,
  };
}
