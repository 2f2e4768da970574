import { mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { consoleFolder } from './console-folder.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'meridian-console-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function writePage(text: string): Promise<void> {
  await mkdir(join(root, 'console'), { recursive: true });
  await writeFile(join(root, 'console', 'index.html'), `<!doctype html><title>${text}</title>`);
}

const builtPage = (): Promise<string> => readFile(join(root, 'dist', 'console', 'index.html'), 'utf8');

it('takes the console of the package as it is', async () => {
  expect(await consoleFolder({ root, onBuild: () => expect.unreachable() })).toBe(join(root, 'dist', 'console'));
});

it('builds where nothing is built, and again once the sources are newer', async () => {
  await writePage('first');
  let builds = 0;
  const options = { root, onBuild: () => builds++ };
  await consoleFolder(options);
  expect(await builtPage()).toContain('first');
  await consoleFolder(options);
  expect(builds).toBe(1);

  await writePage('second');
  const later = new Date(Date.now() + 10_000);
  await utimes(join(root, 'console', 'index.html'), later, later);
  await consoleFolder(options);
  expect(builds).toBe(2);
  expect(await builtPage()).toContain('second');
});

it('two that build at once both find it built', async () => {
  await writePage('both');
  const folders = await Promise.all([consoleFolder({ root }), consoleFolder({ root })]);
  expect(folders[0]).toBe(folders[1]);
  expect(await builtPage()).toContain('both');
});

it('says why it cannot be built', async () => {
  await mkdir(join(root, 'console'), { recursive: true });
  await symlink('/nowhere', join(root, 'console', 'index.html'));
  await expect(consoleFolder({ root })).rejects.toMatchObject({ code: 'console.build' });
});
