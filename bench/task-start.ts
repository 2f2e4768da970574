import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { RealAirflow } from '../test/airflow/real-airflow.testing.ts';
import { recipeFor } from '../test/recorded-atlas.ts';
import { median, root } from './measure.ts';
import { row } from './results.ts';

interface Times {
  /** Seconds from the start that Airflow notes for the task to its first request at the source. */
  readonly toRequest: number;
  /** Seconds that the task took in all. */
  readonly whole: number;
}

/**
 * Measures on a real Airflow how soon a task asks the source for something, run natively and by Bash, the two in turn. It needs
 * Python, and takes a minute.
 */
export async function measureTaskStart(rounds = 7): Promise<void> {
  const [airflow, atlas, target] = await Promise.all([
    RealAirflow.start(),
    startAtlas({ generate: { tables: 10, columns: 3 } }),
    startOpenMetadata({ version: '1.13.0' }),
  ]);
  const watched = await startWatch(atlas.url);
  try {
    const forms = ['native', 'bash'] as const;
    for (const form of forms) {
      const recipe = recipeFor(watched, target, {
        more: { airflow: { dagId: form, form, schedule: null, retries: 0 } },
      });
      await deploy(airflow, form, recipe);
    }
    const times: Record<(typeof forms)[number], Times[]> = { native: [], bash: [] };
    // The first of each fills caches, Airflow's and Node's.
    for (let round = 0; round <= rounds; round += 1) {
      for (const form of forms) {
        const measured = await measureRun(airflow, form, watched);
        if (round > 0) times[form].push(measured);
      }
    }
    for (const form of forms) {
      const told = (key: keyof Times): string => {
        const values = times[form].map((each) => each[key]);
        return `${median(values).toFixed(2)} s (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
      };
      row(`task by ${form}: from its start to the first request (median of ${rounds})`, told('toRequest'));
      row(`task by ${form}: the whole task`, told('whole'));
    }
    const ratio = median(times.bash.map((each) => each.toRequest)) / median(times.native.map((each) => each.toRequest));
    row('Bash ÷ native, to the first request', ratio.toFixed(1));
  } finally {
    await airflow.close();
    await Promise.all([watched.close(), atlas.close(), target.close()]);
  }
}

async function measureRun(airflow: RealAirflow, dagId: string, watched: Watch): Promise<Times> {
  watched.reset();
  const runId = await airflow.trigger(dagId);
  const state = await airflow.untilRun(dagId, runId);
  const { task_instances: tasks } = await airflow.api<{
    task_instances: { task_id: string; start_date: string; duration: number }[];
  }>('GET', `/dags/${dagId}/dagRuns/${encodeURIComponent(runId)}/taskInstances`);
  // With its memory in SQLite a run has one part, and that task is the first to ask.
  const ingest = tasks.find(({ task_id: id }) => id === 'ingest');
  if (state !== 'success' || !ingest || watched.first === undefined) {
    throw new Error(`The run ${runId} of ${dagId} cannot be measured: ${state}.`);
  }
  return { toRequest: (watched.first - Date.parse(ingest.start_date)) / 1000, whole: ingest.duration };
}

async function deploy(airflow: RealAirflow, name: string, recipe: object): Promise<void> {
  const file = join(airflow.home, `${name}.json`);
  await writeFile(file, JSON.stringify(recipe), { mode: 0o600 });
  const folders = ['--dags', airflow.dags, '--bundles', airflow.bundles, '-o', 'json'];
  const argv = [join(root, 'bin/meridian.mjs'), 'airflow', 'deploy', '-c', file, ...folders];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env: { ...process.env, ...airflow.env } });
  const { connections } = JSON.parse(stdout) as { connections: { id: string; path: string }[] };
  for (const { id, path } of connections) {
    const password = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], recipe);
    await airflow.api('POST', '/connections', { connection_id: id, conn_type: 'generic', password });
  }
  await airflow.untilDag(name);
}

interface Watch {
  readonly url: string;
  /** Milliseconds since 1970 of the first request since the last reset. */
  readonly first: number | undefined;
  reset(): void;
  close(): Promise<void>;
}

/** Passes requests on, and keeps the moment of the first. */
async function startWatch(target: string): Promise<Watch> {
  const { hostname, port } = new URL(target);
  let first: number | undefined;
  const server = createServer((incoming, outgoing) => {
    first ??= Date.now();
    const { method, url, headers } = incoming;
    const passed = forward({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get first() {
      return first;
    },
    reset() {
      first = undefined;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
