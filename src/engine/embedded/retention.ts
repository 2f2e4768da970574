import { rmSync } from 'node:fs';
import type { EngineSettings } from './engine-settings.ts';
import type { EngineStore } from './engine-store.ts';
import type { RunQueue } from './run-queue.ts';

const dayMs = 24 * 60 * 60_000;

/** Forgets runs that are older, or more, than what is kept of a pipeline; their folders go first. */
export function removeExpired(params: {
  readonly pipelineIds: readonly string[];
  readonly store: EngineStore;
  readonly settings: EngineSettings;
  readonly queue: Pick<RunQueue, 'files'>;
  /** Epoch milliseconds. */
  readonly now: number;
}): void {
  const { store, settings, queue, now } = params;
  const endedBefore = now - settings.keepDays * dayMs;
  for (const pipelineId of params.pipelineIds) {
    const runIds = store.expired(pipelineId, { keep: settings.keepRuns, endedBefore });
    if (runIds.length === 0) continue;
    for (const runId of runIds) rmSync(queue.files({ pipelineId, runId }).folder, { recursive: true, force: true });
    store.removeRuns(runIds);
  }
}
