import type { ColumnProfile } from '../../profiler/profiling-engine.ts';
import type { Change, ProfiledType } from '../../reconcile/change.ts';
import type { DeadLetterFile } from '../dead-letters.ts';
import { countChange, noteFailure, noteSkipped, type RunReport, stageOf } from '../report.ts';

type Request = { readonly method: string; readonly path: string; readonly body?: unknown };

/** What was approximated, of how many columns, and the largest of the errors that are known. */
interface Approximated {
  columns: number;
  error: number;
}

const distinctNames = ['distinctCount', 'distinctProportion', 'uniqueCount', 'uniqueProportion'] as const;
const quartileNames = ['median', 'firstQuartile', 'thirdQuartile', 'interQuartileRange'] as const;

function note(
  of: Approximated,
  errors: NonNullable<ColumnProfile['approximate']>,
  names: readonly (keyof typeof errors)[],
): void {
  const found = names.filter((name) => errors[name] !== undefined);
  if (found.length === 0) return;
  of.columns += 1;
  of.error = Math.max(of.error, ...found.map((name) => errors[name] ?? 0));
}

/** The one place where a run that profiles counts what became of its tables. */
export class ProfileLedger {
  readonly report: RunReport;
  readonly #redact: (text: string) => string;
  readonly #onChange: (change: Change) => void;
  readonly #deadLetters: DeadLetterFile | undefined;
  readonly #distinct: Approximated = { columns: 0, error: 0 };
  readonly #quartiles: Approximated = { columns: 0, error: 0 };

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

  /** Takes note of what was approximated of a column. */
  approximated(errors: NonNullable<ColumnProfile['approximate']>): void {
    note(this.#distinct, errors, distinctNames);
    note(this.#quartiles, errors, quartileNames);
  }

  /** What is told once, at the end. */
  close(): void {
    const { warnings } = this.report;
    const within = ({ error }: Approximated): string =>
      error > 0 ? `, within about ${(100 * error).toFixed(1).replace(/\.0$/, '')} %` : '';
    if (this.#distinct.columns > 0) {
      warnings.push(
        `Distinct values of ${this.#distinct.columns} columns were counted by an approximation${within(this.#distinct)} ` +
          '(meridian.profiler.approximateAbove says from how many rows on; statistics may always be so).',
      );
    }
    if (this.#quartiles.columns > 0) {
      warnings.push(
        `Median and quartiles of ${this.#quartiles.columns} columns are approximate${within(this.#quartiles)} of the ranks: this engine has no exact ones.`,
      );
    }
  }
}
