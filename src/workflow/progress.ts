import type { ChangedEntityType } from '../reconcile/change.ts';

/** Where a run stands; handed to `onProgress` a few times a second at most. */
export interface Progress {
  readonly stage: 'connecting' | 'reading' | 'writing' | 'lineage' | 'finishing';
  readonly entityType?: ChangedEntityType;
  /** Entities of the stage handled so far. */
  readonly done: number;
  /** How many there will be, when the source can tell. */
  readonly total?: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  /** Seconds since the run began. */
  readonly elapsedSeconds: number;
}
