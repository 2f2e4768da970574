import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PartitionReport, RunPlan, RunReport } from '../src/index.ts';
import { startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import { BenchIngest } from './bench-ingest.ts';
import { type Measured, measure, root, type StandIns } from './measure.ts';
import { begin, row, times } from './results.ts';

/**
 * A first and an unchanged second run in 1, 2 and 4 partitions, each a process of its own, against one plain process; all of
 * them with their memory in PostgreSQL, into a target that takes 20 ms for every request. Beside the time that went by it
 * tells the processor time that comes after each other, which stands also where others keep the cores busy.
 * `node bench/partitions.ts [tables] [columns] [rounds] [version of OpenMetadata]`
 */
const [tables = '12000', columns = '5', rounds = '2', version = '1.13.0'] = process.argv.slice(2);
const latency = JSON.stringify([{ kind: 'latency', ms: 20 }]);
const standIns = [
  ...['--tables', tables, '--columns', columns, '--seed', '1', '--openmetadata-version', version],
  ...['--openmetadata-faults', latency],
];
const worker = join(root, 'test/part-worker.ts');

interface Timed {
  /** Seconds of each step; of the partitions, those of the longest. */
  readonly seconds: number;
  readonly steps: string;
  readonly processorSeconds: number;
  /** Of it, what comes after each other: what the run takes at least, however many cores there are. */
  readonly chainSeconds: number;
  readonly peakMb: number;
  readonly report: Pick<RunReport, 'source' | 'target' | 'state'>;
}

async function step<T>(name: 'plan' | 'ingest' | 'finish', args: unknown[]): Promise<Measured & { value: T }> {
  // As the command line does it by itself: compiled code is kept between processes.
  const env = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
  const measured = await measure([worker], env, JSON.stringify({ step: name, args }));
  if (measured.exitCode !== 0) throw new Error(`${name} ended with ${measured.exitCode}: ${measured.stderr}`);
  return { ...measured, value: JSON.parse(measured.stdout) as T };
}

async function parted(recipe: object): Promise<Timed> {
  const plan = await step<RunPlan>('plan', [recipe]);
  const parts = await Promise.all(
    plan.value.partitions.map((partition) => step<PartitionReport>('ingest', [recipe, partition])),
  );
  const reports = parts.map(({ value }) => value);
  const finish = await step<RunReport>('finish', [recipe, plan.value, reports]);
  const all = [plan, ...parts, finish];
  const longest = Math.max(...parts.map(({ seconds }) => seconds));
  return {
    seconds: plan.seconds + longest + finish.seconds,
    steps: `plan ${plan.seconds.toFixed(1)}, partitions ${longest.toFixed(1)}, finish ${finish.seconds.toFixed(1)}`,
    processorSeconds: all.reduce((sum, one) => sum + one.processorSeconds, 0),
    chainSeconds:
      plan.processorSeconds + Math.max(...parts.map((part) => part.processorSeconds)) + finish.processorSeconds,
    peakMb: Math.max(...all.map(({ peakMb }) => peakMb)),
    report: finish.value,
  };
}

// The servers end with this process.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
const postgres = await startPostgres();
try {
  begin();
  const bench = new BenchIngest(folder);
  const state = { type: 'postgres', connectionString: postgres.address('postgres') };
  const meridian = (max: number) => ({ state, partitions: { max, minTables: 1 } });
  let count = 0;
  const recipeOf = (servers: StandIns, max: number): { name: string; recipe: Record<string, unknown> } => {
    count += 1;
    const name = `parted-${count}`;
    bench.more = meridian(max);
    const recipe = JSON.parse(readFileSync(bench.writeRecipe(name, servers), 'utf8')) as Record<string, unknown>;
    return { name, recipe: { ...recipe, ingestionPipelineFQN: `bench_atlas.${name}` } };
  };
  for (let round = 1; round <= Number(rounds); round += 1) {
    const alone = new Map<string, Timed>();
    for (const partitions of [0, 2, 4, 1]) {
      await bench.withStandIns(standIns, async (servers) => {
        const { recipe } = recipeOf(servers, Math.max(1, partitions));
        const run = partitions === 0 ? plain : parted;
        for (const which of ['first', 'second'] as const) {
          const timed = await run(recipe);
          if (partitions === 0) alone.set(which, timed);
          const base = alone.get(which)!;
          const what = partitions === 0 ? 'one plain process' : `${partitions} partitions`;
          const { source, target } = timed.report;
          const requests = `${source.requests} + ${target.requests} requests, ${target.writes} writes`;
          const speed = `× ${(base.seconds / timed.seconds).toFixed(2)} elapsed`;
          const chain = `${timed.chainSeconds.toFixed(1)} s of it after each other, × ${(base.chainSeconds / timed.chainSeconds).toFixed(2)}`;
          const memory = `${timed.peakMb.toFixed(0)} MB`;
          row(
            `round ${round}, ${which} run, ${what}`,
            [times(timed), speed, chain, timed.steps, requests, memory].join('; '),
          );
        }
      });
    }
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** The command line, which is what one process is. */
async function plain(recipe: object): Promise<Timed> {
  const report = join(folder, 'report.json');
  const args = [join(root, 'bin/meridian.mjs'), 'ingest', '-c', '-', '--full', '--report', report];
  const measured = await measure(args, {}, JSON.stringify(recipe));
  if (measured.exitCode !== 0) throw new Error(`the ingest ended with ${measured.exitCode}: ${measured.stderr}`);
  const chainSeconds = measured.processorSeconds;
  return { ...measured, chainSeconds, steps: 'ingest', report: JSON.parse(readFileSync(report, 'utf8')) as RunReport };
}
