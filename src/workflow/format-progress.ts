import { entityWords } from './entity-words.ts';
import { count, duration } from './format-numbers.ts';
import type { Progress } from './progress.ts';

const stageWords: Readonly<Record<Progress['stage'], string>> = {
  connecting: 'Connecting',
  reading: 'Reading',
  writing: 'Working on',
  lineage: 'Working on',
  finishing: 'Finishing',
};

/** Where a run stands, in words: what it does, then more in the order of how much it matters. @param rate entities a second */
export function progressParts(
  progress: Progress,
  rate: number | undefined,
): { readonly head: string; readonly tail: readonly string[] } {
  const { stage, entityType, done, total } = progress;
  if (entityType === undefined) return { head: stageWords[stage], tail: [duration(progress.elapsedSeconds)] };
  const share = total === undefined || total === 0 ? '' : ` of ${count(total)} (${Math.floor((100 * done) / total)} %)`;
  const counted = done === 0 && total === undefined ? '' : `: ${count(done)}${share}`;
  const tail: string[] = [];
  if (progress.failed > 0) tail.push(`failed ${count(progress.failed)}`);
  if (rate !== undefined) tail.push(`${rate < 10 ? rate.toFixed(1) : count(rate)}/s`);
  if (rate && total !== undefined && done < total) tail.push(`about ${duration((total - done) / rate)} left`);
  // An export reads and changes nothing.
  if (stage !== 'reading' || progress.created + progress.updated + progress.unchanged > 0) {
    tail.push(`created ${count(progress.created)}`, `updated ${count(progress.updated)}`);
    tail.push(`unchanged ${count(progress.unchanged)}`);
  }
  tail.push(duration(progress.elapsedSeconds));
  return { head: `${stageWords[stage]} ${entityWords[entityType].many}${counted}`, tail };
}
