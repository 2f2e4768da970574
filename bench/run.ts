import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { measure, median, root, type StandIns, startStandIns } from './measure.ts';
import { startRecordingProxy } from './recording-proxy.ts';

/**
 * Measures ingests against a bare script that sends the same requests, in the same run on the same machine.
 * `npm run bench` prints a table; `npm run bench -- --memory-tables 50000` sets the large catalogue's size.
 */
const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
const cli = join(root, 'bin/meridian.mjs');
const concurrency = 8;
const tables = 2_000;
const columns = 10;
const large = Number(process.argv[process.argv.indexOf('--memory-tables') + 1] || 50_000) || 50_000;

interface Report {
  readonly state: string;
  readonly source: { readonly requests: number };
  readonly target: { readonly requests: number; readonly writes: number };
}

function writeRecipe(name: string, atlas: string, openmetadata: string, token: string): string {
  const path = join(folder, `${name}.json`);
  const config = {
    type: 'Atlas',
    hostPort: atlas,
    username: 'admin',
    password: 'admin',
    databaseServiceName: ['bench_hive'],
    messagingServiceName: [],
    entity_type: 'hive_table',
  };
  const recipe = {
    source: {
      type: 'Atlas',
      serviceName: 'bench_atlas',
      serviceConnection: { config },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: openmetadata,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: token },
      },
    },
    meridian: { mode: 'create', concurrency },
  };
  writeFileSync(path, JSON.stringify(recipe), { mode: 0o600 });
  return path;
}

async function ingest(recipe: string, home: string): Promise<Awaited<ReturnType<typeof measure>> & { report: Report }> {
  const reportFile = join(folder, 'report.json');
  const measured = await measure([cli, 'ingest', '-c', recipe, '--report', reportFile], {
    MERIDIAN_HOME: join(folder, home),
  });
  if (measured.exitCode !== 0) throw new Error(`the ingest ended with ${measured.exitCode}: ${measured.stderr}`);
  return { ...measured, report: JSON.parse(readFileSync(reportFile, 'utf8')) as Report };
}

const standInArgs = (count: number, latency: number): string[] => [
  ...['--tables', String(count), '--columns', String(columns), '--seed', '1', '--write-latency', String(latency)],
];

const row = (name: string, value: string): void => console.log(`| ${name} | ${value} |`);

async function speed(): Promise<void> {
  const recording = join(folder, 'recording.json');
  await withStandIns(tables, 10, async (servers) => {
    const atlas = await startRecordingProxy(servers.atlas);
    const openmetadata = await startRecordingProxy(servers.openmetadata);
    const recipe = writeRecipe('recorded', atlas.url, openmetadata.url, servers.token);
    await ingest(recipe, 'recorded');
    writeFileSync(recording, JSON.stringify({ atlas: atlas.requests, openmetadata: openmetadata.requests }));
    await atlas.close();
    await openmetadata.close();
  });
  const ratios: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    let ours = 0;
    let bare = 0;
    await withStandIns(tables, 10, async (servers) => {
      const recipe = writeRecipe(`speed-${round}`, servers.atlas, servers.openmetadata, servers.token);
      const first = await ingest(recipe, `speed-${round}`);
      ours = first.seconds;
      if (round > 0) return;
      row('first run: requests to Atlas a table', (first.report.source.requests / tables).toFixed(4));
      row('first run: writes', String(first.report.target.writes));
      const second = await ingest(recipe, `speed-${round}`);
      row('second run: writes', String(second.report.target.writes));
      row('second run: requests to Atlas', String(second.report.source.requests));
      row('second run: seconds', second.seconds.toFixed(2));
    });
    await withStandIns(tables, 10, async (servers) => {
      const args = [recording, servers.atlas, servers.openmetadata, servers.token, String(concurrency)];
      bare = (await measure([join(root, 'bench/bare-baseline.ts'), ...args])).seconds;
    });
    ratios.push(ours / bare);
    row(`round ${round + 1}: first run, bare script, seconds`, `${ours.toFixed(2)}, ${bare.toFixed(2)}`);
  }
  row('first run ÷ bare script (median)', median(ratios).toFixed(2));
}

async function memory(): Promise<void> {
  const peaks: number[] = [];
  for (const count of [tables, large]) {
    await withStandIns(count, 0, async (servers) => {
      const recipe = writeRecipe(`memory-${count}`, servers.atlas, servers.openmetadata, servers.token);
      const { peakMb, seconds, report } = await ingest(recipe, `memory-${count}`);
      peaks.push(peakMb);
      row(`${count} tables: peak memory, seconds`, `${peakMb.toFixed(0)} MB, ${seconds.toFixed(1)} s`);
      row(`${count} tables: requests to Atlas`, String(report.source.requests));
    });
  }
  row(`peak memory at ${large} ÷ at ${tables}`, (peaks[1]! / peaks[0]!).toFixed(2));
}

async function startUp(): Promise<void> {
  const ratios: number[] = [];
  for (let i = 0; i < 7; i += 1) {
    const bare = await measure(['-e', '0']);
    const help = await measure([cli, '--help']);
    ratios.push(help.seconds / bare.seconds);
  }
  row('meridian --help ÷ node -e 0 (median of 7)', median(ratios).toFixed(2));
}

async function withStandIns(count: number, latency: number, work: (servers: StandIns) => Promise<void>): Promise<void> {
  const servers = await startStandIns(standInArgs(count, latency));
  try {
    await work(servers);
  } finally {
    await servers.stop();
  }
}

try {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB\n`,
  );
  console.log('| what | measured |\n|---|---|');
  await startUp();
  await speed();
  await memory();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
