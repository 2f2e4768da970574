import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AirflowDeployment } from '../deployment.ts';
import { readBundle } from './read-bundle.ts';
import { type BundleContent, writeBundle } from './write-bundle.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-bundle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const recipe = { source: { serviceName: '”é’s $HOME `id`' } };

function content(name: string, more: Partial<AirflowDeployment> = {}): BundleContent {
  const command = [process.execPath, join(folder, "it's.mjs")];
  const deployment = { deploymentVersion: 1, dagId: 'yes', command, recipe, ...more } as unknown as AirflowDeployment;
  return { path: join(folder, name), deployment, version: '0.1.0' };
}

it('what was written is read back, can be run, and is left alone when nothing has changed', async () => {
  const first = await writeBundle(content('a'));
  expect(first).toEqual({ digest: expect.stringMatching(/^[0-9a-f]{64}$/), changed: true });
  const { ino } = await stat(join(folder, 'a'));
  expect(await writeBundle(content('a'))).toEqual({ ...first, changed: false });
  expect((await stat(join(folder, 'a'))).ino).toBe(ino);
  expect(await readBundle(join(folder, 'a'))).toMatchObject({
    digest: first.digest,
    dagIds: ['yes'],
    deployment: { recipe },
  });
  expect(await writeBundle(content('a', { folder: '/srv' }))).toMatchObject({ changed: true });
  expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o755);
  expect((await readdir(folder)).filter((name) => name.endsWith('.new'))).toEqual([]);
});

it('started as Airflow does, it becomes Node with the way to itself and Airflow’s arguments', async () => {
  await writeFile(
    join(folder, "it's.mjs"),
    'console.log(JSON.stringify({ argv: process.argv.slice(2), ppid: process.ppid }))',
  );
  const { path } = content('b');
  await writeBundle(content('b'));
  const { stdout } = await promisify(execFile)(path, ['--comm=127.0.0.1:1', '--logs=a b']);
  // Its parent is this process, not a shell: a signal reaches it.
  expect(JSON.parse(stdout)).toEqual({
    argv: ['airflow', 'task', '--bundle', path, '--comm=127.0.0.1:1', '--logs=a b'],
    ppid: process.pid,
  });
});

it('a worker with other paths says so in its environment, and one that lacks them is told what to set', async () => {
  const { path } = content('c', { command: ['/nowhere/node', '/nowhere/meridian.mjs'] });
  await writeBundle(content('c', { command: ['/nowhere/node', '/nowhere/meridian.mjs'] }));
  const run = (env: NodeJS.ProcessEnv) => promisify(execFile)(path, [], { env: { PATH: process.env['PATH'], ...env } });
  await expect(run({})).rejects.toMatchObject({ code: 127, stderr: expect.stringContaining('MERIDIAN_NODE') });
  await expect(run({ MERIDIAN_NODE: process.execPath })).rejects.toMatchObject({
    code: 127,
    stderr: expect.stringContaining('MERIDIAN_BIN'),
  });
  await writeFile(join(folder, 'other.mjs'), 'console.log("other")');
  const env = { MERIDIAN_NODE: process.execPath, MERIDIAN_BIN: join(folder, 'other.mjs') };
  expect((await run(env)).stdout).toBe('other\n');
});

it('a worker on which Meridian is a program of its own starts that', async () => {
  const path = join(folder, 'program');
  await writeFile(path, '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
  await writeBundle(content('g', { command: [path] }));
  const { stdout } = await promisify(execFile)(join(folder, 'g'), ['plan']);
  expect(stdout).toBe(`airflow task --bundle ${join(folder, 'g')} plan\n`);
});

it('everything that Airflow would pass over without a word is told', async () => {
  const path = join(folder, 'd');
  await writeBundle(content('d'));
  const good = await readFile(path);
  const broken = async (change: (bytes: Buffer) => Buffer): Promise<void> => writeFile(path, change(Buffer.from(good)));
  const expected = (words: string) => expect(readBundle(path)).rejects.toThrow(words);

  await broken((bytes) => bytes.fill('x', 30, 31));
  await expected('its launcher is not the one that was deployed');
  await broken((bytes) => bytes.fill(1, bytes.length - 12, bytes.length - 11));
  await expected('reserved bytes');
  await broken((bytes) => {
    bytes.writeUInt32LE(2, bytes.length - 56);
    return bytes;
  });
  await expected('of version 2');
  await broken((bytes) => {
    bytes.writeUInt32LE(0xffffffff, bytes.length - 64);
    return bytes;
  });
  await expected('more than the file holds');
  await broken((bytes) => {
    bytes.write('X', bytes.indexOf('serviceName'));
    return bytes;
  });
  await expected('its deployment is not the one');
  await broken((bytes) => bytes.subarray(0, bytes.length - 1));
  await expected('does not end as a task bundle does');
  await broken(() => Buffer.from('#!/bin/sh\n'));
  await expected('does not end as a task bundle does');
  await broken((bytes) => bytes);
  await appendFile(path, '\n');
  await expected('does not end as a task bundle does');
  await rm(path);
  await expected('it is not there');
});

it('a file that may not be run is none', async (context) => {
  const path = join(folder, 'e');
  await writeBundle(content('e'));
  await chmod(path, 0o644);
  if (process.platform === 'win32') context.skip('Windows has no such right.');
  await expect(readBundle(path)).rejects.toThrow('it may not be run');
});

it('a folder that cannot be written to is named', async () => {
  await expect(writeBundle(content(join('nowhere', 'f')))).rejects.toMatchObject({
    code: 'airflow.write',
    exitCode: 2,
  });
});
