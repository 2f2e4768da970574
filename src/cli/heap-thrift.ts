import { setFlagsFromString } from 'node:v8';
import type { Progress } from '../workflow/progress.ts';

/** From so many entities on, memory counts for more than the last quarter of speed. */
const largeCatalogue = 3_000;

/**
 * Keeps the heap of a large run small. V8 lets a heap grow as long as collecting costs more than it brings; a run
 * streams, so what it holds is mostly dead. Figures are in bench/RESULTS.md.
 *
 * @returns takes each progress; switches once
 */
export function heapThrift(): (progress: Progress) => void {
  let thrifty = false;
  return ({ total }) => {
    if (thrifty || total === undefined || total < largeCatalogue) return;
    thrifty = true;
    setFlagsFromString('--optimize-for-size');
  };
}
