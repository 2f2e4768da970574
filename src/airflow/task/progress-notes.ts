import { progressParts } from '../../workflow/format-progress.ts';
import type { Progress } from '../../workflow/progress.ts';
import { ProgressRate } from '../../workflow/progress-rate.ts';
import type { StepLog } from './step-log.ts';

const everyMs = 10_000;

/** Says every ten seconds where a task stands, also while nothing moves. */
export class ProgressNotes {
  readonly #log: StepLog;
  readonly #rate = new ProgressRate();
  readonly #timer: NodeJS.Timeout;
  #latest: Progress | undefined;
  #latestAt = 0;

  constructor(log: StepLog, intervalMs = everyMs) {
    this.#log = log;
    this.#timer = setInterval(() => this.#say(), intervalMs);
  }

  update(progress: Progress): void {
    this.#latest = progress;
    this.#latestAt = Date.now();
    this.#rate.add(progress, this.#latestAt);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #say(): void {
    if (!this.#latest) return;
    const elapsedSeconds = this.#latest.elapsedSeconds + (Date.now() - this.#latestAt) / 1000;
    const { stage, entityType, done, total, created, updated, unchanged, failed } = this.#latest;
    const { head, tail } = progressParts({ ...this.#latest, elapsedSeconds }, this.#rate.of(this.#latest));
    const fields = { stage, entity_type: entityType, done, total, created, updated, unchanged, failed };
    this.#log('info', [head, ...tail].join('  '), fields);
  }
}
