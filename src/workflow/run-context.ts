import type { Change } from '../reconcile/change.ts';
import type { DesiredOptions } from '../reconcile/desired-labels.ts';
import type { MergePolicy } from '../reconcile/merge-asset.ts';
import type { StateStore } from '../state/state-store.ts';
import type { DeadLetter, DeadLetterFile } from './dead-letters.ts';
import type { RunReport } from './report.ts';
import { countChange, noteFailure, noteSkipped } from './report.ts';
import { RunJournal } from './run-journal.ts';
import type { Scratch } from './scratch.ts';
import type { Target } from './target.ts';
import type { TaskPool } from './task-pool.ts';
import { UndoMarks } from './undo/undo-marks.ts';

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
  /** What of the run this process does, where several share it. */
  readonly part?: RunPart | undefined;
  readonly signal: AbortSignal;
  readonly deadLetters: DeadLetterFile | undefined;
  readonly redact: (text: string) => string;
  readonly onChange: (change: Change) => void;
}

/** One process's part of a run that several share. */
export interface RunPart {
  /** `around`: vocabularies, services, what holds tables. `assets`: some of the assets. `end`: what needs all of them. */
  readonly work: 'around' | 'assets' | 'end';
  /** ISO 8601, when the run began. */
  readonly startedAt: string;
  /** Number before that of its first entry in the run's journal. */
  readonly journalFrom: number;
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
  readonly part: RunPart | undefined;
  /** Something that earlier runs had brought is not there any more: the next run must read everything. */
  baseLost = false;
  readonly signal: AbortSignal;
  readonly deadLetters: DeadLetterFile | undefined;
  readonly redact: (text: string) => string;
  readonly onChange: (change: Change) => void;

  constructor(parts: RunParts) {
    this.target = parts.target;
    this.state = parts.state;
    const { startedAt = parts.report.startedAt, journalFrom } = parts.part ?? {};
    this.journal = new RunJournal(parts.state, parts.report.runId, startedAt, journalFrom);
    this.undone = new UndoMarks(parts.state);
    this.scratch = parts.scratch;
    this.pool = parts.pool;
    this.report = parts.report;
    this.policy = parts.policy;
    this.desired = parts.desired;
    this.includeOwners = parts.includeOwners;
    this.write = parts.write;
    this.lazy = parts.lazy;
    this.part = parts.part;
    this.signal = parts.signal;
    this.deadLetters = parts.deadLetters;
    this.redact = parts.redact;
    this.onChange = parts.onChange;
  }

  /** Whether the run has not listed what the target holds, so that each asset is looked up when it is needed. */
  get looksUp(): boolean {
    return this.lazy || this.part?.work === 'end';
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
    noteFailure(this.report, stage, name, error, this.redact);
    if (request) {
      const { runId } = this.report;
      this.deadLetters?.write({ runId, entityType: stage, name, request }, error);
    }
  }

  /** Something has no place in the target: counted under its reason with a few names. */
  skipped(reason: string, message: string, name: string, count = 1): void {
    noteSkipped(this.report, reason, message, name, count);
  }
}
