/**
 * Runs tasks with bounded concurrency and back-pressure: `add` waits while the pool is full. The limit is asked each
 * time, so that it may adapt while the pool runs.
 */
export class TaskPool {
  readonly #limit: () => number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #idle: (() => void)[] = [];
  #failure: { readonly error: unknown } | undefined;

  /** @param limit how many tasks may run at once, at least 1 */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  /** Starts a task as soon as there is room. Rejects with the first failure of an earlier task. */
  async add(task: () => Promise<void>): Promise<void> {
    while (this.#running >= Math.max(1, this.#limit())) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#throwFailure();
    this.#running += 1;
    void task()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#running -= 1;
        this.#waiting.shift()?.();
        if (this.#running === 0) {
          for (const resolve of this.#idle.splice(0)) resolve();
        }
      });
  }

  /** Waits until nothing runs. Rejects with the first failure. */
  async drain(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
