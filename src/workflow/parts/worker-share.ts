import { randomUUID } from 'node:crypto';
import type { RequestShare } from '../../http/request-share.ts';
import type { StateStore } from '../../state/state-store.ts';
import { prefixOf } from './run-pages.ts';

const beatEveryMs = 200;
/** A process that has not moved for so many beats has ended or hangs. */
const patience = 75;

/**
 * Divides what one process may ask of a server among those that work on the run at this moment. They find each other in
 * the pipeline's memory, where each counts on several times a second; nobody's clock matters. A process that comes takes one request
 * at a time until the others must have seen it, so that all together never ask for more than one alone would.
 */
export class WorkerShare implements RequestShare {
  readonly #state: StateStore;
  readonly #prefix: string;
  readonly #id = randomUUID();
  readonly #timer: NodeJS.Timeout;
  readonly #seen = new Map<string, { readonly count: string; readonly beat: number }>();
  #beat = 0;
  #live: readonly string[] = [this.#id];
  #beating: Promise<void> | undefined;
  /** The others know of this one. */
  #isKnown = false;

  private constructor(state: StateStore, runId: string, beatMs: number) {
    this.#state = state;
    this.#prefix = `${prefixOf(runId)}worker/`;
    this.#timer = setInterval(() => {
      this.#beating ??= this.#count().finally(() => {
        this.#beating = undefined;
      });
    }, beatMs);
    this.#timer.unref();
  }

  static async join(state: StateStore, runId: string, beatMs = beatEveryMs): Promise<WorkerShare> {
    const share = new WorkerShare(state, runId, beatMs);
    await share.#count();
    // Nobody to wait for.
    share.#isKnown = share.#live.length === 1;
    return share;
  }

  get processes(): number {
    return this.#live.length;
  }

  of(all: number): number {
    if (!this.#isKnown) return 1;
    const rank = this.#live.indexOf(this.#id);
    return Math.max(1, Math.floor(all / this.#live.length) + (rank < all % this.#live.length ? 1 : 0));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    await this.#state.setMeta(this.#prefix + this.#id, undefined).catch(() => undefined);
  }

  async #count(): Promise<void> {
    this.#beat += 1;
    try {
      await this.#state.setMeta(this.#prefix + this.#id, String(this.#beat));
      const live: string[] = [];
      for await (const [key, count] of this.#state.listMeta(this.#prefix)) {
        const id = key.slice(this.#prefix.length);
        const before = this.#seen.get(id);
        if (before?.count !== count) this.#seen.set(id, { count, beat: this.#beat });
        if (this.#beat - this.#seen.get(id)!.beat <= patience) live.push(id);
      }
      this.#live = live;
      // At the third beat a whole one of everybody else's has passed.
      if (this.#beat >= 3) this.#isKnown = true;
    } catch {
      // The store tells of its failures by itself.
    }
  }
}
