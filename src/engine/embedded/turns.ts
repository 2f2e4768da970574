/** Lets so many through at once, in their order. A turn ends when it is told to, or after its time. */
export class Turns {
  readonly #atOnce: number;
  readonly #longestMs: number;
  readonly #waiting = new Map<string, () => void>();
  readonly #taken = new Map<string, NodeJS.Timeout>();

  constructor(options: { readonly atOnce: number; readonly longestMs: number }) {
    this.#atOnce = options.atOnce;
    this.#longestMs = options.longestMs;
  }

  /** Until it is the turn of `id`, or `done(id)` says that it is not needed any more. */
  wait(id: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#next();
    });
  }

  done(id: string): void {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
    const timer = this.#taken.get(id);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.#taken.delete(id);
    this.#next();
  }

  #next(): void {
    for (const [id, resolve] of this.#waiting) {
      if (this.#taken.size >= this.#atOnce) return;
      this.#waiting.delete(id);
      this.#taken.set(
        id,
        setTimeout(() => this.done(id), this.#longestMs),
      );
      resolve();
    }
  }
}
