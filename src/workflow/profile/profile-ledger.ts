import type { Change, ProfiledType } from '../../reconcile/change.ts';
import type { DeadLetterFile } from '../dead-letters.ts';
import { countChange, noteFailure, noteSkipped, type RunReport, stageOf } from '../report.ts';

type Request = { readonly method: string; readonly path: string; readonly body?: unknown };

/** The one place where a run that profiles counts what became of its tables. */
export class ProfileLedger {
  readonly report: RunReport;
  readonly #redact: (text: string) => string;
  readonly #onChange: (change: Change) => void;
  readonly #deadLetters: DeadLetterFile | undefined;
  #approximated = 0;
  #largestError = 0;

  constructor(options: {
    readonly report: RunReport;
    readonly redact: (text: string) => string;
    readonly onChange: (change: Change) => void;
    /** Undefined for a run that sends nothing. */
    readonly deadLetters: DeadLetterFile | undefined;
  }) {
    this.report = options.report;
    this.#redact = options.redact;
    this.#onChange = options.onChange;
    this.#deadLetters = options.deadLetters;
  }

  read(): void {
    stageOf(this.report, 'tableProfile').read += 1;
  }

  filtered(): void {
    stageOf(this.report, 'tableProfile').filtered += 1;
  }

  done(change: Change): void {
    countChange(this.report, change);
    this.#onChange(change);
  }

  /** One table, or one part of what is stored of it, failed. The run goes on. */
  failed(stage: ProfiledType, fqn: string, error: unknown, request?: Request): void {
    noteFailure(this.report, stage, fqn, error, this.#redact);
    if (!request) return;
    const { runId } = this.report;
    this.#deadLetters?.write({ runId, entityType: stage, name: fqn, request }, error);
  }

  /** A whole table that there is nothing to store of. */
  skipped(fqn: string, reason: string, message: string): void {
    noteSkipped(this.report, reason, message, fqn);
    this.done({ action: 'skipped', entityType: 'tableProfile', fqn, reason: message, fields: [] });
  }

  /** Some part of a profile that could not be had. */
  problem(name: string, reason: string, message: string): void {
    noteSkipped(this.report, reason, this.#redact(message), name);
  }

  /** @param error relative, to be expected */
  approximated(error: number): void {
    this.#approximated += 1;
    this.#largestError = Math.max(this.#largestError, error);
  }

  /** What is told once, at the end. */
  close(): void {
    if (this.#approximated === 0) return;
    const error = (100 * this.#largestError).toFixed(1).replace(/\.0$/, '');
    this.report.warnings.push(
      `Distinct values of ${this.#approximated} columns were counted by an approximation, within about ${error} % ` +
        '(meridian.profiler.approximateAbove says from how many rows on; statistics may always be so).',
    );
  }
}
