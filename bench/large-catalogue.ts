import { type BenchIngest, row } from './bench-ingest.ts';
import type { StandIns } from './measure.ts';

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

/**
 * A first run, an unchanged full run and a run of changes on a large catalogue, each against a bare script that sends the
 * same requests; and the first run's memory against that of a catalogue a tenth of the size.
 */
export async function measureLargeCatalogue(bench: BenchIngest, tables: number, columns: number): Promise<void> {
  let smallPeak = 0;
  await bench.withStandIns(args(tables / 10, columns), async (servers) => {
    smallPeak = (await bench.ingest(servers, 'tenth')).peakMb;
    row(`${tables / 10} tables × ${columns}: first run, peak memory`, `${smallPeak.toFixed(0)} MB`);
  });
  await bench.withStandIns(args(tables, columns), async (servers) => {
    for (const { name, flags, before } of runs) {
      await before(servers);
      await bench.record(servers, name, 'recorded', flags);
    }
  });
  const ours: number[] = [];
  await bench.withStandIns(args(tables, columns), async (servers) => {
    for (const { what, flags, before } of runs) {
      await before(servers);
      const { seconds, peakMb, report } = await bench.ingest(servers, 'large', flags);
      ours.push(seconds);
      row(`${what}: seconds, peak memory`, `${seconds.toFixed(1)} s, ${peakMb.toFixed(0)} MB`);
      row(`${what}: requests to Atlas, to OpenMetadata`, `${report.source.requests}, ${report.target.requests}`);
      row(`${what}: writes`, String(report.target.writes));
      if (what === runs[0].what) row('peak memory ÷ that of a tenth of the tables', (peakMb / smallPeak).toFixed(2));
    }
  });
  await bench.withStandIns(args(tables, columns), async (servers) => {
    for (const [i, { name, what, before }] of runs.entries()) {
      await before(servers);
      const bare = await bench.bare(servers, name, 'ids-large');
      row(`${what} ÷ bare script`, `${(ours[i]! / bare).toFixed(2)} (${bare.toFixed(1)} s bare)`);
    }
  });
}
