import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { meridianHome } from '../state/state-location.ts';
import type { CommandContext } from './command-context.ts';
import type { Environment } from './terminal.ts';
import { version } from './version.ts';

interface Finding {
  readonly name: string;
  readonly verdict: 'ok' | 'note' | 'FAIL';
  readonly message: string;
}

/** Less free space than this is told: a first run of a million tables needs about as much. */
const leastFreeBytes = 2 * 1024 ** 3;

export function configureDoctor(command: Command, context: CommandContext): void {
  const { terminal } = context;
  command.action(async () => {
    const palette = terminal.dataPalette;
    const paint = { ok: palette.green, note: palette.yellow, FAIL: palette.red };
    for (const { name, verdict, message } of await examine(terminal.env)) {
      terminal.data(`${paint[verdict](verdict.padEnd(4))}  ${name}: ${message}\n`);
      if (verdict === 'FAIL') context.exitCode = 1;
    }
  });
}

async function examine(env: Environment): Promise<Finding[]> {
  return [
    { name: 'Meridian', verdict: 'ok', message: version() },
    { name: 'Node', verdict: 'ok', message: `${process.versions.node} at ${process.execPath}` },
    await sqlite(),
    ...home(meridianHome(env)),
    ...proxies(env),
    ...certificates(env),
  ];
}

async function sqlite(): Promise<Finding> {
  try {
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(':memory:');
    const row = database.prepare('SELECT sqlite_version() AS version').get() as { version: string };
    database.close();
    return { name: 'SQLite', verdict: 'ok', message: row.version };
  } catch (error) {
    return { name: 'SQLite', verdict: 'FAIL', message: `this Node has none (${String(error)})` };
  }
}

function home(path: string): Finding[] {
  const name = 'Home';
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
  } catch {
    const message = `${path} cannot be written; set MERIDIAN_HOME to a folder that can`;
    return [{ name, verdict: 'FAIL', message }];
  }
  const { bavail, bsize } = statfsSync(path);
  const free = bavail * bsize;
  const gib = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return [{ name, verdict: free < leastFreeBytes ? 'note' : 'ok', message: `${path}, ${gib}` }];
}

function proxies(env: Environment): Finding[] {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].filter((name) => env[name] ?? env[name.toLowerCase()]);
  if (names.length === 0) return [];
  const message = `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} set; requests go by ${names.length === 1 ? 'it' : 'them'}`;
  return [{ name: 'Proxy', verdict: 'note', message }];
}

function certificates(env: Environment): Finding[] {
  const file = env['NODE_EXTRA_CA_CERTS'];
  if (file && !existsSync(file)) {
    const message = `NODE_EXTRA_CA_CERTS names ${file}, which is not there (folder ${dirname(file)})`;
    return [{ name: 'Certificates', verdict: 'FAIL', message }];
  }
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    const message = 'NODE_TLS_REJECT_UNAUTHORIZED=0: no server’s certificate is checked';
    return [{ name: 'Certificates', verdict: 'note', message }];
  }
  return [];
}
