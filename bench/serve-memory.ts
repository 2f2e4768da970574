import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './measure.ts';
import { row } from './results.ts';

const idleMs = 30_000;
const account = { MERIDIAN_USERNAME: 'admin', MERIDIAN_PASSWORD: 'of-the-benchmark' };

/**
 * Memory of `meridian serve` that has nothing to do, after somebody has signed in and looked at the console's list, beside a
 * Node that does nothing at all. With compiled code at hand, as from the second start on, and without.
 */
export async function measureServe(): Promise<void> {
  const bare = spawn(process.execPath, ['-e', `setTimeout(() => {}, ${2 * idleMs})`]);
  await sleep(1_000);
  row('memory of a Node that waits, in MB', residentMb(bare).toFixed(0));
  bare.kill('SIGKILL');
  for (const [name, env] of [
    ['first start', { NODE_DISABLE_COMPILE_CACHE: '1' }],
    ['later starts', {}],
  ] as const) {
    row(`meridian serve, idle (${name}): memory in MB`, (await idleServe(env)).join(', '));
  }
}

async function idleServe(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const home = mkdtempSync(join(tmpdir(), 'meridian-bench-serve-'));
  const args = [join(root, 'bin/meridian.mjs'), 'serve', '--port', '0'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...account, ...env, MERIDIAN_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface(child.stdout), 'line');
    const { url } = JSON.parse(line as string) as { readonly url: string };
    const pair = Buffer.from(`${account.MERIDIAN_USERNAME}:${account.MERIDIAN_PASSWORD}`).toString('base64');
    const answer = await fetch(`${url}/api/console/pipelines`, { headers: { authorization: `Basic ${pair}` } });
    if (!answer.ok) throw new Error(`The service answered ${answer.status}.`);
    const seen: string[] = [];
    for (let look = 0; look < 2; look += 1) {
      await sleep(idleMs / 2);
      seen.push(residentMb(child).toFixed(0));
    }
    child.kill('SIGTERM');
    await once(child, 'close');
    return seen;
  } finally {
    child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
}

/** Resident memory now; 0 where the system does not tell. */
function residentMb({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
