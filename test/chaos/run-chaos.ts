/**
 * `npm run chaos -- --seeds 100 --from 1`: one story after another, a line for each, and one line for all at the end.
 * Exits 1 when a promise was broken, with the seeds.
 */
import { parseArgs } from 'node:util';
import { type ChaosOutcome, runChaos } from './chaos-run.ts';

const { seeds, from } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' } },
}).values;
const started = performance.now();
const outcomes: ChaosOutcome[] = [];
for (let seed = Number(from); seed < Number(from) + Number(seeds); seed += 1) {
  const outcome = await runChaos(seed);
  outcomes.push(outcome);
  const { version, scope, runs, kills, faults, problems } = outcome;
  const verdict = problems.length === 0 ? 'ok' : `FAILED\n  ${problems.join('\n  ')}`;
  console.log(
    `seed ${seed}, ${scope}, OpenMetadata ${version}: ${runs} runs, ${kills} killed, ${faults} faults: ${verdict}`,
  );
}
const sum = (key: 'runs' | 'kills' | 'faults'): number => outcomes.reduce((n, outcome) => n + outcome[key], 0);
const failed = outcomes.filter(({ problems }) => problems.length > 0).map(({ seed }) => seed);
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  `\n${outcomes.length} seeds, ${sum('runs')} runs, ${sum('kills')} killed, ${sum('faults')} faults, ${seconds} s: ` +
    `${outcomes.length - failed.length} ended as an undisturbed run, ${failed.length} did not`,
);
for (const seed of failed) console.log(`repeat with: npm run chaos -- --seeds 1 --from ${seed}`);
process.exitCode = failed.length > 0 ? 1 : 0;
