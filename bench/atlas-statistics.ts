import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, startStandIns } from './measure.ts';

/**
 * Profiles from the statistics that Atlas holds, of a few and of many tables: `node bench/atlas-statistics.ts [FEW MANY]`. Prints time,
 * requests, and the highest memory of the whole process.
 */
const [few = 1000, many = 10_000] = process.argv.slice(2).map(Number);
const program = 'bin/meridian.mjs';

async function profiled(tables: number): Promise<object> {
  const home = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  const standIns = await startStandIns(['--tables', String(tables), '--columns', '5']);
  try {
    const recipe = (config: object, more: object = {}): string => {
      const path = join(home, 'recipe.json');
      const connection = {
        username: 'admin',
        password: 'admin',
        entity_type: 'hive_table',
        databaseServiceName: ['hive'],
      };
      const source = {
        ...{ type: 'Atlas', serviceName: 'bench_atlas', sourceConfig: { config } },
        serviceConnection: { config: { ...connection, hostPort: standIns.atlas } },
      };
      const server = { hostPort: standIns.openmetadata, securityConfig: { jwtToken: standIns.token } };
      const workflowConfig = { openMetadataServerConfig: server };
      writeFileSync(path, JSON.stringify({ source, sink: { type: 'metadata-rest' }, workflowConfig, ...more }), {
        mode: 0o600,
      });
      return path;
    };
    const env = { MERIDIAN_HOME: home };
    const brought = recipe({ type: 'DatabaseMetadata' }, { meridian: { mode: 'create' } });
    const ingest = await measure([program, 'ingest', '-c', brought], env);
    if (ingest.exitCode !== 0) throw new Error('The tables could not be brought.');
    const run = await measure([program, 'profile', '-c', recipe({ type: 'Profiler' }), '-o', 'json'], env);
    const { stages, source } = JSON.parse(run.stdout);
    return {
      tables,
      profiled: stages.tableProfile.created,
      requestsToAtlas: source.requests,
      seconds: Number(run.seconds.toFixed(1)),
      processorSeconds: Number(run.processorSeconds.toFixed(1)),
      peakMb: Math.round(run.peakMb),
    };
  } finally {
    await standIns.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

for (const tables of [few, many]) console.log(JSON.stringify(await profiled(tables)));
