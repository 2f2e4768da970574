/** What became of the work that held a slot: its status; `none` without an answer, `unknown` when it never ran. */
export type SlotOutcome = number | 'none' | 'unknown';

export interface Slot {
  /** Gives the slot back; later calls do nothing. */
  release(outcome: SlotOutcome): void;
}

/**
 * How many requests may run at once: the maximum to begin with, half as many after a server said that it has too much
 * to do (429, 503) or did not answer at all, and one more again for each full round of other answers.
 */
export class AdaptiveLimit {
  readonly #max: number;
  readonly #cap: () => number;
  #limit: number;
  #running = 0;
  /** Counts decreases: an answer to a request from before the last one says nothing new. */
  #era = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param max requests at once, at least 1
   * @param cap asked each time: how many of these there may be now
   */
  constructor(max: number, cap: () => number = () => max) {
    this.#max = Math.max(1, max);
    this.#cap = cap;
    this.#limit = this.#max;
  }

  /** Requests that may run at once now. */
  get limit(): number {
    return Math.max(1, Math.floor(Math.min(this.#limit, this.#cap())));
  }

  /** Waits for a free slot, first come first served; rejects with the signal's reason when it aborts. */
  acquire(signal?: AbortSignal): Promise<Slot> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#running < this.limit && this.#waiting.length === 0) return Promise.resolve(this.#slot());
    return new Promise<Slot>((resolve, reject) => {
      const grant = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve(this.#slot());
      };
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(grant), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(grant);
    });
  }

  #slot(): Slot {
    this.#running += 1;
    const era = this.#era;
    let held = true;
    return {
      release: (outcome) => {
        if (!held) return;
        held = false;
        this.#running -= 1;
        this.#learn(outcome, era);
        while (this.#running < this.limit && this.#waiting.length > 0) this.#waiting.shift()?.();
      },
    };
  }

  #learn(outcome: SlotOutcome, era: number): void {
    if (outcome === 'unknown') return;
    if (outcome === 'none' || outcome === 429 || outcome === 503) {
      if (era !== this.#era) return;
      this.#era += 1;
      this.#limit = Math.max(1, this.#limit / 2);
    } else {
      this.#limit = Math.min(this.#max, this.#limit + 1 / this.#limit);
    }
  }
}
