import { setTimeout as sleep } from 'node:timers/promises';

/** Lets at most so many requests a second through, evenly spaced. */
export class RateLimit {
  readonly #everyMs: () => number;
  #next = 0;

  /** @param processes how many share these requests, now */
  constructor(requestsPerSecond: number, processes: () => number = () => 1) {
    this.#everyMs = () => (1000 / requestsPerSecond) * processes();
  }

  async take(signal: AbortSignal | undefined): Promise<void> {
    const now = Date.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#everyMs();
    if (at > now) await sleep(at - now, undefined, signal ? { signal } : {});
  }
}
