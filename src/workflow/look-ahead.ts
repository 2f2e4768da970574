/** Pieces of work that wait for their answers at once. */
const most = 64;

/**
 * Asks ahead: the answers that pieces of work need (what is remembered of an asset) are asked for at once, and the work is
 * done piece by piece in the order in which it came. A store in another process then answers many in one round trip.
 */
export class LookAhead {
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  #failure: { readonly error: unknown } | undefined;

  /**
   * Hands a piece of work over; waits while too many do. Rejects with the first failure of an earlier piece, after which
   * none is done any more.
   */
  async add<Answer>(answer: Promise<Answer>, work: (answer: Answer) => Promise<void>): Promise<void> {
    // Told where the work is done; nobody may have waited for it by then.
    answer.catch(() => undefined);
    this.#waiting += 1;
    this.#tail = this.#tail.then(async () => {
      try {
        if (!this.#failure) await work(await answer);
      } catch (error) {
        this.#failure ??= { error };
      } finally {
        this.#waiting -= 1;
      }
    });
    if (this.#waiting >= most) await this.#tail;
    this.#throwFailure();
  }

  /** Waits until all is done. Rejects with the first failure. */
  async drain(): Promise<void> {
    await this.#tail;
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
