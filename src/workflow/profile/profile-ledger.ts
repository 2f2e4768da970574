import type { MetricName } from '../../profiler/metric-names.ts';
import type { ColumnProfile } from '../../profiler/profiling-engine.ts';
import type { Change, ProfiledType } from '../../reconcile/change.ts';
import type { DeadLetterFile } from '../dead-letters.ts';
import { countChange, noteFailure, noteSkipped, type RunReport, stageOf } from '../report.ts';

type Request = { readonly method: string; readonly path: string; readonly body?: unknown };

const quartileNames: ReadonlySet<MetricName> = new Set([
  'median',
  'firstQuartile',
  'thirdQuartile',
  'interQuartileRange',
  'nonParametricSkew',
]);

/** The one place where a run that profiles counts what became of its tables. */
export class ProfileLedger {
  readonly report: RunReport;
  readonly #redact: (text: string) => string;
  readonly #onChange: (change: Change) => void;
  readonly #deadLetters: DeadLetterFile | undefined;
  readonly #distinct = { columns: 0, error: 0 };
  readonly #quartiles = { columns: 0, error: 0 };

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
    for (const [of, names] of [
      [this.#quartiles, quartileNames],
      // What follows from it, such as duplicates, may be relatively far off: next to nothing times the same error.
      [this.#distinct, ['distinctCount']],
    ] as const) {
      const found = [...names].flatMap((name) => errors[name] ?? []);
      if (found.length === 0) continue;
      of.columns += 1;
      of.error = Math.max(of.error, ...found);
    }
  }

  /** What is told once, at the end. */
  close(): void {
    const { warnings } = this.report;
    const percent = (error: number): string => (100 * error).toFixed(1).replace(/\.0$/, '');
    if (this.#distinct.columns > 0) {
      warnings.push(
        `Distinct values of ${this.#distinct.columns} columns were counted by an approximation, within about ${percent(this.#distinct.error)} % ` +
          '(meridian.profiler.approximateAbove says from how many rows on; statistics may always be so).',
      );
    }
    if (this.#quartiles.columns > 0) {
      warnings.push(
        `Median and quartiles of ${this.#quartiles.columns} columns are approximate, by about ${percent(this.#quartiles.error)} % of the ranks: this engine has no exact ones.`,
      );
    }
  }
}
