import { setTimeout as sleep } from 'node:timers/promises';

/** Lets at most so many requests a second through, evenly spaced. */
export class RateLimit {
  readonly #everyMs: number;
  #next = 0;

  constructor(requestsPerSecond: number) {
    this.#everyMs = 1000 / requestsPerSecond;
  }

  async take(signal: AbortSignal | undefined): Promise<void> {
    const now = Date.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#everyMs;
    if (at > now) await sleep(at - now, undefined, signal ? { signal } : {});
  }
}
