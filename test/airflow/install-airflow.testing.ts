import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const airflowVersion = '3.3.2';
/** Airflow 3.3 runs on these. */
const pythons = ['python3.11', 'python3.12', 'python3.10', 'python3.13'];
/** Milliseconds after which another process's installation counts as given up. */
const patienceMs = 15 * 60_000;
/** What it speaks to PostgreSQL with: one for its commands, one for its API. */
const drivers = ['psycopg2-binary', 'asyncpg'];

/**
 * Gives a virtual environment with Airflow in it, outside of the checkout so that the next run finds it; from PyPI by pip when it
 * is not there yet (about 75 s).
 *
 * @returns its `bin` folder
 * @throws with pip's words when it cannot be had
 */
export async function installAirflow(version = airflowVersion): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meridian-testing');
  const home = join(cache, `airflow-${version}-postgresql`);
  const done = join(home, '.installed');
  const lock = `${home}.lock`;
  await mkdir(cache, { recursive: true });
  while (!existsSync(done)) {
    if (!(await taken(lock))) {
      // Another test file installs it just now.
      await sleep(500);
      continue;
    }
    try {
      if (existsSync(done)) break;
      await rm(home, { recursive: true, force: true });
      await run(await python(), ['-m', 'venv', home]);
      const options = ['install', '--quiet', '--disable-pip-version-check', `apache-airflow==${version}`, ...drivers];
      await run(join(home, 'bin', 'pip'), options, { maxBuffer: 64 * 1024 * 1024 });
      await writeFile(done, version);
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  }
  return join(home, 'bin');
}

async function taken(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const since = await stat(lock).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - since > patienceMs) await rm(lock, { recursive: true, force: true });
    return false;
  }
}

async function python(): Promise<string> {
  for (const name of pythons) {
    const works = await run(name, ['-c', 'import venv, ensurepip']).then(
      () => true,
      () => false,
    );
    if (works) return name;
  }
  throw new Error(`A real Airflow needs one of ${pythons.join(', ')} with its venv module; none of them is there.`);
}
