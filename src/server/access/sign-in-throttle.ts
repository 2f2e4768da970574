/** Failed sign-ins that are free. */
const freeByName = 5;
const freeByAddress = 20;
const windowMs = 60_000;
const mostKept = 10_000;

interface Failures {
  count: number;
  endsAt: number;
}

/**
 * Slows down guessing: of one name from one address, and from one address whatever the name. A name alone is never
 * locked, or anybody could lock out anybody.
 */
export class SignInThrottle {
  readonly #failures = new Map<string, Failures>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Seconds to wait before the next try; 0 when it may be now. */
  waitSeconds(address: string, name: string): number {
    const now = this.#now();
    const waits = keysOf(address, name).map(([key, free]) => {
      const found = this.#failures.get(key);
      return found && found.endsAt > now && found.count >= free ? found.endsAt - now : 0;
    });
    return Math.ceil(Math.max(...waits) / 1000);
  }

  failed(address: string, name: string): void {
    const now = this.#now();
    for (const [key] of keysOf(address, name)) {
      const found = this.#failures.get(key);
      const current = found && found.endsAt > now ? found : { count: 0, endsAt: now + windowMs };
      current.count += 1;
      this.#failures.delete(key);
      this.#failures.set(key, current);
    }
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= mostKept) break;
      this.#failures.delete(key);
    }
  }

  succeeded(address: string, name: string): void {
    this.#failures.delete(keysOf(address, name)[0]![0]);
  }
}

function keysOf(address: string, name: string): readonly (readonly [key: string, free: number])[] {
  return [
    [`${address} ${name.slice(0, 200)}`, freeByName],
    [address, freeByAddress],
  ];
}
