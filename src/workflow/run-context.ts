import { MeridianError } from '../errors.ts';
import type { Change } from '../reconcile/change.ts';
import type { DesiredOptions } from '../reconcile/desired-labels.ts';
import type { MergePolicy } from '../reconcile/merge-asset.ts';
import type { StateStore } from '../state/state-store.ts';
import type { DeadLetter, DeadLetterFile } from './dead-letters.ts';
import type { RunReport } from './report.ts';
import { countChange, emptyStage } from './report.ts';
import { RunJournal } from './run-journal.ts';
import type { Scratch } from './scratch.ts';
import type { Target } from './target.ts';
import type { TaskPool } from './task-pool.ts';
import { UndoMarks } from './undo/undo-marks.ts';

const shownFailures = 100;
const shownNames = 10;

export interface RunParts {
  readonly target: Target;
  readonly state: StateStore;
  readonly scratch: Scratch;
  readonly pool: TaskPool;
  readonly report: RunReport;
  readonly policy: MergePolicy;
  readonly desired: DesiredOptions;
  readonly includeOwners: boolean;
  /** False for a plan: decide, send nothing. */
  readonly write: boolean;
  /**
   * True for a run that reads only what has changed: the target is not listed, each asset is looked up when it is needed,
   * and what the run does not see is not gone.
   */
  readonly lazy: boolean;
  readonly signal: AbortSignal;
  readonly deadLetters: DeadLetterFile | undefined;
  readonly redact: (text: string) => string;
  readonly onChange: (change: Change) => void;
}

/** What every stage of one run shares, and the one place where outcomes are counted. */
export class RunContext implements RunParts {
  readonly target: Target;
  readonly state: StateStore;
  readonly journal: RunJournal;
  /** What earlier undos have taken back, once they were read. */
  readonly undone: UndoMarks;
  readonly scratch: Scratch;
  readonly pool: TaskPool;
  readonly report: RunReport;
  readonly policy: MergePolicy;
  readonly desired: DesiredOptions;
  readonly includeOwners: boolean;
  readonly write: boolean;
  readonly lazy: boolean;
  /** Something that earlier runs had brought is not there any more: the next run must read everything. */
  baseLost = false;
  readonly signal: AbortSignal;
  readonly deadLetters: DeadLetterFile | undefined;
  readonly redact: (text: string) => string;
  readonly onChange: (change: Change) => void;

  constructor(parts: RunParts) {
    this.target = parts.target;
    this.state = parts.state;
    this.journal = new RunJournal(parts.state, parts.report.runId, parts.report.startedAt);
    this.undone = new UndoMarks(parts.state);
    this.scratch = parts.scratch;
    this.pool = parts.pool;
    this.report = parts.report;
    this.policy = parts.policy;
    this.desired = parts.desired;
    this.includeOwners = parts.includeOwners;
    this.write = parts.write;
    this.lazy = parts.lazy;
    this.signal = parts.signal;
    this.deadLetters = parts.deadLetters;
    this.redact = parts.redact;
    this.onChange = parts.onChange;
  }

  /** Counts a decided (and, in an ingest, sent) change. */
  done(change: Change): void {
    countChange(this.report, change);
    this.onChange(change);
  }

  /** One entity failed: counted, listed, written to the dead letters. The run goes on. */
  failed(
    stage: RunReport['failures'][number]['stage'],
    name: string,
    error: unknown,
    request?: DeadLetter['request'],
  ): void {
    const code = error instanceof MeridianError ? error.code : 'run.unexpected';
    const message = this.redact(error instanceof Error ? error.message : String(error));
    this.report.failureCount += 1;
    if (stage !== 'source' && stage !== 'processor') {
      const counts = this.report.stages[stage] ?? emptyStage();
      this.report.stages[stage] = counts;
      counts.failed += 1;
    }
    if (this.report.failures.length < shownFailures) this.report.failures.push({ stage, name, code, message });
    if (request) {
      const { runId } = this.report;
      this.deadLetters?.write({ runId, entityType: stage, name, request }, error);
    }
  }

  /** Something has no place in the target: counted under its reason with a few names. */
  skipped(reason: string, message: string, name: string, count = 1): void {
    let group = this.report.skipped.find((other) => other.reason === reason);
    if (!group) {
      group = { reason, message, count: 0, samples: [] };
      this.report.skipped.push(group);
    }
    group.count += count;
    if (group.samples.length < shownNames) group.samples.push(name);
  }
}
