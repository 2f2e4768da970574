import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../errors.ts';

/** The checkout's or the package's folder: the nearest one above with a package.json. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Vite's command, as a file that Node can run. */
export function viteProgram(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('vite/package.json')), 'bin', 'vite.js');
}

export interface ConsoleFolderOptions {
  /** Told before a build, which takes seconds. */
  readonly onBuild?: () => void;
  /** The folder with `console/` and `dist/`; where this code lies unless set. */
  readonly root?: string;
}

/**
 * The folder with the built console. In the package it is there; in a checkout it is built where it is missing or older
 * than its sources.
 *
 * @throws ConfigurationError `console.build` when it cannot be built
 */
export async function consoleFolder({ onBuild, root = packageRoot() }: ConsoleFolderOptions = {}): Promise<string> {
  const built = join(root, 'dist', 'console');
  const sources = join(root, 'console');
  if (!existsSync(sources)) return built;
  if (await isFresh(root, built)) return built;
  onBuild?.();
  await build(root, built);
  return built;
}

/** The form is drawn from the schemas and from what connectors say of themselves: they are sources of the console, too. */
const sourceFolders = [
  'console',
  'src/schema',
  'src/connectors',
  'src/config',
  'src/profiler',
  'src/server/console-api',
];

/** Whether it is built, and newer than its sources. */
async function isFresh(root: string, built: string): Promise<boolean> {
  const page = join(built, 'index.html');
  const builtAt = existsSync(page) ? (await stat(page)).mtimeMs : 0;
  const times = await Promise.all(sourceFolders.map((folder) => newestIn(join(root, folder))));
  return builtAt > Math.max(...times);
}

/** Epoch milliseconds of the file that was changed last, at any depth; 0 where there is none. */
async function newestIn(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    entries.filter((each) => each.isFile()).map(async (each) => (await stat(join(each.parentPath, each.name))).mtimeMs),
  );
  return Math.max(0, ...times);
}

/** Into a folder of its own, which then takes the old one's place: two that build at once do not hinder each other. */
async function build(root: string, built: string): Promise<void> {
  await mkdir(dirname(built), { recursive: true });
  const fresh = await mkdtemp(`${built}-`);
  try {
    const args = [viteProgram(), 'build', join(root, 'console'), '--outDir', fresh, '--logLevel', 'error'];
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Whatever this process runs as (tests do as `test`), users get React without its checks for developers.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    if (code !== 0) {
      throw new ConfigurationError(
        'console.build',
        `The console cannot be built (vite ended with ${code}): ${said.trim()}`,
        {
          help: 'Run “npm ci”, then “npm run build:console”.',
        },
      );
    }
    // Another one may have been quicker: its build is as good, and somebody may be given its files right now.
    if (await isFresh(root, built)) return;
    await rename(built, `${fresh}-old`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(fresh, built).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    for (const folder of [fresh, `${fresh}-old`]) await rm(folder, { recursive: true, force: true });
  }
}
