import type { BenchIngest } from './bench-ingest.ts';
import type { Measured, StandIns } from './measure.ts';
import { row, times } from './results.ts';

/** Share of the entities that change before the run of changes. */
const changedShare = 0.001;

const args = (tables: number, columns: number): string[] => [
  ...['--tables', String(tables), '--columns', String(columns), '--seed', '1', '--openmetadata-version', '1.13.0'],
];

/** Gives a share of the made-up tables another comment. */
async function change(servers: StandIns): Promise<void> {
  const answer = await fetch(`${new URL(servers.atlas).origin}/__sandbox/atlas/change`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ share: changedShare }),
  });
  if (!answer.ok) throw new Error(`the stand-in did not change its tables: ${answer.status} ${await answer.text()}`);
}

const runs = [
  { name: 'first', what: 'first run', flags: [], before: async () => undefined },
  { name: 'unchanged', what: 'unchanged full run', flags: ['--full'], before: async () => undefined },
  {
    name: 'changes',
    what: `run of changes (${changedShare * 100} % changed)`,
    flags: ['--incremental'],
    before: change,
  },
] as const;

/** Runs a command against stand-ins, and tells what these took of the processor meanwhile. */
async function against<T extends Measured>(
  servers: StandIns,
  work: () => Promise<T>,
): Promise<T & { standIns: string }> {
  const before = servers.processorSeconds();
  const outcome = await work();
  return { ...outcome, standIns: `stand-ins ${(servers.processorSeconds() - before).toFixed(1)} s` };
}

interface LargeCatalogue {
  readonly tables: number;
  readonly columns: number;
  /** False: ours alone, for a third of the work. */
  readonly withBare: boolean;
}

/**
 * A first run, an unchanged full run and a run of changes on a large catalogue, each right before a bare script that sends
 * the same requests; and the first run's memory against that of a catalogue a tenth of the size. What is recorded for the
 * bare script, ours and the bare script have stand-ins of their own, which go on from run to run.
 */
export async function measureLargeCatalogue(
  bench: BenchIngest,
  { tables, columns, withBare }: LargeCatalogue,
): Promise<void> {
  let smallPeak = 0;
  await bench.withStandIns(args(tables / 10, columns), async (servers) => {
    const small = await bench.ingest(servers, 'tenth');
    smallPeak = small.peakMb;
    row(`${tables / 10} tables × ${columns}: first run, peak memory`, `${times(small)}, ${smallPeak.toFixed(0)} MB`);
  });
  const large = args(tables, columns);
  await bench.withStandIns(large, (forOurs) =>
    bench.withStandIns(large, (forBare) =>
      bench.withStandIns(large, (forRecording) =>
        bench.withRecorder(forRecording, async (record) => {
          for (const { name, what, flags, before } of runs) {
            await before(forOurs);
            const ours = await against(forOurs, () => bench.ingest(forOurs, 'large', flags));
            const { source, target } = ours.report;
            row(`${what}: time, peak memory`, `${times(ours)}, ${ours.standIns}, ${ours.peakMb.toFixed(0)} MB`);
            row(`${what}: requests to Atlas, to OpenMetadata`, `${source.requests}, ${target.requests}`);
            row(`${what}: writes`, String(target.writes));
            if (name === 'first')
              row('peak memory ÷ that of a tenth of the tables', (ours.peakMb / smallPeak).toFixed(2));
            if (!withBare) continue;
            await before(forRecording);
            await record(name, 'recorded', flags);
            await before(forBare);
            const bare = await against(forBare, () => bench.bare(forBare, name, 'ids-large'));
            const { all, refused } = bare.answers;
            row(`${what}: bare script`, `${times(bare)}, ${bare.standIns}, ${all} requests, ${refused} refused`);
            const processor = (ours.processorSeconds / bare.processorSeconds).toFixed(2);
            row(`${what} ÷ bare script`, `${(ours.seconds / bare.seconds).toFixed(2)} (processor time ${processor})`);
          }
        }),
      ),
    ),
  );
}
