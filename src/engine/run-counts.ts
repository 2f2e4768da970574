import type { RunReport } from '../workflow/report.ts';
import type { RunCounts } from './run-history.ts';

type Summed = 'read' | 'created' | 'updated' | 'restored' | 'unchanged' | 'kept' | 'deleted';

/**
 * Sums over the stages of a run's report.
 * @param deadLetters requests that can be replayed
 */
export function countsOf({ stages, failureCount }: RunReport, deadLetters: number): RunCounts {
  const sum = (key: Summed): number => Object.values(stages).reduce((total, stage) => total + stage[key], 0);
  return {
    read: sum('read'),
    created: sum('created'),
    updated: sum('updated') + sum('restored'),
    unchanged: sum('unchanged') + sum('kept'),
    deleted: sum('deleted'),
    failed: failureCount,
    deadLetters,
  };
}
