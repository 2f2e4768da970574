import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchIngest } from './bench-ingest.ts';
import { measureConsole } from './console.ts';
import { measureLargeCatalogue } from './large-catalogue.ts';
import { type Measured, measure, median, root } from './measure.ts';
import { measurePostgres } from './postgres.ts';
import { begin, row, times } from './results.ts';
import { measureSchedules } from './schedules.ts';
import { measureServe } from './serve-memory.ts';
import { measureTaskStart } from './task-start.ts';

/**
 * Measures ingests against a bare script that sends the same requests, in the same run on the same machine.
 * `npm run bench` prints a table and adds it to bench/measured.md, row by row; what it runs tells where it stands on the
 * error output. `npm run bench -- --memory` looks at memory alone; `npm run bench -- --large 100000 --columns 20` measures
 * a large catalogue instead: first run, unchanged run, and a run of changes; `npm run bench -- --schedules 200 --minutes 10`
 * pipelines that are due every minute; `npm run bench -- --console` the console in a real Chromium; `npm run bench --
 * --airflow` how soon a task of a real Airflow begins; `npm run bench -- --postgres` the reading of a real PostgreSQL’s
 * catalogue.
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
  await bench.withStandIns(standInArgs(tables, 10), (servers) =>
    bench.withRecorder(servers, (record) => record('first', 'recorded')),
  );
  const ratios: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    let ours: Measured | undefined;
    let bare: Measured | undefined;
    await bench.withStandIns(standInArgs(tables, 10), async (servers) => {
      const first = await bench.ingest(servers, `speed-${round}`);
      ours = first;
      if (round > 0) return;
      row('first run: requests to Atlas a table', (first.report.source.requests / tables).toFixed(4));
      row('first run: writes', String(first.report.target.writes));
      const second = await bench.ingest(servers, `speed-${round}`);
      row('second run: writes', String(second.report.target.writes));
      row('second run: requests to Atlas', String(second.report.source.requests));
      row('second run: time', times(second));
    });
    await bench.withStandIns(standInArgs(tables, 10), async (servers) => {
      bare = await bench.bare(servers, 'first', `ids-${round}`);
    });
    ratios.push(ours!.seconds / bare!.seconds);
    row(`round ${round + 1}: first run, bare script`, `${times(ours!)}, ${times(bare!)}`);
  }
  row('first run ÷ bare script (median)', median(ratios).toFixed(2));
}

async function memory(): Promise<void> {
  const peaks: number[] = [];
  for (const count of [tables, manyTables]) {
    await bench.withStandIns(standInArgs(count, 0), async (servers) => {
      const run = await bench.ingest(servers, `memory-${count}`);
      peaks.push(run.peakMb);
      row(`${count} tables: peak memory, time`, `${run.peakMb.toFixed(0)} MB, ${times(run)}`);
      row(`${count} tables: requests to Atlas`, String(run.report.source.requests));
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

// The stand-ins end with this process.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
try {
  begin();
  const schedules = flag('--schedules');
  if (schedules !== undefined) await measureSchedules({ pipelines: schedules, minutes: flag('--minutes') ?? 10 });
  else if (process.argv.includes('--airflow')) await measureTaskStart();
  else if (largeTables !== undefined) {
    const withBare = !process.argv.includes('--without-bare');
    await measureLargeCatalogue(bench, { tables: largeTables, columns: flag('--columns') ?? 20, withBare });
  } else if (process.argv.includes('--postgres')) await measurePostgres([1_000, 20_000]);
  else if (process.argv.includes('--console')) await measureConsole();
  else if (process.argv.includes('--serve')) await measureServe();
  else if (process.argv.includes('--memory')) await memory();
  else {
    await startUp();
    await speed();
    await memory();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
