import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const megabyte = 1024 * 1024;
/** A young generation of this size is large enough for what a run holds at once. */
const enoughForTheYoung = 16 * megabyte;
/** What a run holds for long is less: an old generation above this is mostly dead. */
const enoughForTheOld = 48 * megabyte;

/**
 * Keeps the heap of a run small. V8 lets a heap grow as long as collecting costs more than it brings; a run streams, so
 * what it holds is mostly dead. Its young generation stops growing at 16 MB, which costs nothing. Once the old one is
 * larger than a run needs it is collected, and from then on V8 may let it grow by a fifth only; where V8 does not come to
 * that, on cores that others keep busy, it is collected here. Figures are in bench/RESULTS.md.
 *
 * @returns looks at the heap; to be called a few times a second
 */
export function heapThrift(): () => void {
  let bounded = false;
  let collect: (() => void) | undefined;
  let enough = enoughForTheOld;
  return () => {
    if (!bounded && sizeOf('new_space', 'space_size') >= enoughForTheYoung) {
      bounded = true;
      setFlagsFromString('--semi-space-growth-factor=1');
    }
    if (sizeOf('old_space', 'space_used_size') < enough) return;
    collect ??= boundedCollector();
    collect();
    enough = Math.max(enoughForTheOld, 1.5 * sizeOf('old_space', 'space_used_size'));
  };
}

function sizeOf(space: string, size: 'space_size' | 'space_used_size'): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === space)?.[size] ?? 0;
}

function boundedCollector(): () => void {
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
