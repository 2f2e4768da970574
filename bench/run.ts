import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { BenchIngest, row } from './bench-ingest.ts';
import { measureLargeCatalogue } from './large-catalogue.ts';
import { measure, median, root } from './measure.ts';

/**
 * Measures ingests against a bare script that sends the same requests, in the same run on the same machine.
 * `npm run bench` prints a table; `npm run bench -- --large 100000 --columns 20` measures a large catalogue instead:
 * first run, unchanged run, and a run of changes.
 */
const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
const bench = new BenchIngest(folder);
const tables = 2_000;
const columns = 10;

function flag(name: string): number | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
}
const manyTables = flag('--memory-tables') ?? 50_000;
const largeTables = flag('--large');

const standInArgs = (count: number, latency: number): string[] => [
  ...['--tables', String(count), '--columns', String(columns), '--seed', '1', '--write-latency', String(latency)],
];

async function speed(): Promise<void> {
  await bench.withStandIns(standInArgs(tables, 10), (servers) => bench.record(servers, 'first', 'recorded'));
  const ratios: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    let ours = 0;
    let bare = 0;
    await bench.withStandIns(standInArgs(tables, 10), async (servers) => {
      const first = await bench.ingest(servers, `speed-${round}`);
      ours = first.seconds;
      if (round > 0) return;
      row('first run: requests to Atlas a table', (first.report.source.requests / tables).toFixed(4));
      row('first run: writes', String(first.report.target.writes));
      const second = await bench.ingest(servers, `speed-${round}`);
      row('second run: writes', String(second.report.target.writes));
      row('second run: requests to Atlas', String(second.report.source.requests));
      row('second run: seconds', second.seconds.toFixed(2));
    });
    await bench.withStandIns(standInArgs(tables, 10), async (servers) => {
      bare = await bench.bare(servers, 'first', `ids-${round}`);
    });
    ratios.push(ours / bare);
    row(`round ${round + 1}: first run, bare script, seconds`, `${ours.toFixed(2)}, ${bare.toFixed(2)}`);
  }
  row('first run ÷ bare script (median)', median(ratios).toFixed(2));
}

async function memory(): Promise<void> {
  const peaks: number[] = [];
  for (const count of [tables, manyTables]) {
    await bench.withStandIns(standInArgs(count, 0), async (servers) => {
      const { peakMb, seconds, report } = await bench.ingest(servers, `memory-${count}`);
      peaks.push(peakMb);
      row(`${count} tables: peak memory, seconds`, `${peakMb.toFixed(0)} MB, ${seconds.toFixed(1)} s`);
      row(`${count} tables: requests to Atlas`, String(report.source.requests));
    });
  }
  row(`peak memory at ${manyTables} ÷ at ${tables}`, (peaks[1]! / peaks[0]!).toFixed(2));
}

async function startUp(): Promise<void> {
  const ratios: number[] = [];
  for (let i = 0; i < 7; i += 1) {
    const bare = await measure(['-e', '0']);
    const help = await measure([join(root, 'bin/meridian.mjs'), '--help']);
    ratios.push(help.seconds / bare.seconds);
  }
  row('meridian --help ÷ node -e 0 (median of 7)', median(ratios).toFixed(2));
}

try {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB\n`,
  );
  console.log('| what | measured |\n|---|---|');
  if (largeTables === undefined) {
    await startUp();
    await speed();
    await memory();
  } else {
    await measureLargeCatalogue(bench, largeTables, flag('--columns') ?? 20);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
