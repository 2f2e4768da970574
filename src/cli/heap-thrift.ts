import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import type { Progress } from '../workflow/progress.ts';

/** Bytes: a young generation of this size is large enough for what a run holds at once. */
const enoughForTheYoung = 16 * 1024 * 1024;
/** From so many entities on, memory counts for more than the last tenth of speed. */
const largeCatalogue = 3_000;

/**
 * Keeps the heap of a run small. V8 lets a heap grow as long as collecting costs more than it brings; a run streams, so
 * what it holds is mostly dead. Its young generation stops growing at 16 MB, which costs nothing; that of a large
 * catalogue is also collected before it has grown by a fifth. Figures are in bench/RESULTS.md.
 *
 * @returns takes each progress; switches each once
 */
export function heapThrift(): (progress: Progress) => void {
  let bounded = false;
  let thrifty = false;
  return ({ total }) => {
    if (!bounded && youngGeneration() >= enoughForTheYoung) {
      bounded = true;
      setFlagsFromString('--semi-space-growth-factor=1');
    }
    if (!thrifty && total !== undefined && total >= largeCatalogue) {
      thrifty = true;
      setFlagsFromString('--heap-growing-percent=20');
    }
  };
}

function youngGeneration(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
}
