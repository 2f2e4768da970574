import type { Progress } from './progress.ts';

const windowMs = 10_000;
const leastMs = 500;

/** Entities a second over the last ten seconds, of one kind of entity at a time. */
export class ProgressRate {
  #key = '';
  #points: { readonly at: number; readonly done: number }[] = [];

  add(progress: Progress, at: number): void {
    const key = keyOf(progress);
    if (key !== this.#key) this.#points = [];
    this.#key = key;
    // A point every half second is enough, and keeps the list short.
    const before = this.#points.at(-2);
    if (before && at - before.at < leastMs) this.#points.pop();
    this.#points.push({ at, done: progress.done });
    while (this.#points.length > 2 && at - this.#points[1]!.at > windowMs) this.#points.shift();
  }

  /** Undefined until there is enough to tell. */
  of(progress: Progress): number | undefined {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (keyOf(progress) !== this.#key || !first || !last || last.at - first.at < leastMs) return undefined;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  }
}

function keyOf(progress: Progress): string {
  return `${progress.stage} ${progress.entityType}`;
}
