import { expect, it } from 'vitest';
import { runChaos } from './chaos-run.ts';

it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('seed %i ends as an undisturbed run does', async (seed) => {
  const { problems } = await runChaos(seed);
  expect(problems, `repeat with: npm run chaos -- --seeds 1 --from ${seed}`).toEqual([]);
});
