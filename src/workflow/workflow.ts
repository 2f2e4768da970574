import type { Change } from '../reconcile/change.ts';
import type { Progress } from './progress.ts';
import type { RunReport } from './report.ts';

export interface WorkflowOptions {
  /** Decide everything, send nothing but reads. */
  readonly dryRun?: boolean;
  /** Each change as it is decided (plan) or has been sent (ingest). */
  readonly onChange?: (change: Change) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly onWarning?: (message: string) => void;
}

/** Placeholder of the shape; the body lands with the merge. */
export interface WorkflowHandle {
  execute(): Promise<RunReport>;
  raiseFromStatus(raiseWarnings?: boolean): void;
  printStatus(): void;
  stop(): Promise<void>;
}
