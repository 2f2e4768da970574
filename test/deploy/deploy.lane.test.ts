import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { installLinters } from './install-linters.testing.ts';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '..', '..', 'deploy');
const dockerfile = join(folder, 'Dockerfile');
const manifest = join(folder, 'kubernetes.yaml');

let bin: string | undefined;
beforeAll(async () => {
  bin = await installLinters();
  if (!bin) console.log('Skipped: the linters of deploy/ need python3.');
});

interface Ran {
  readonly code: number;
  readonly output: string;
}

async function tool(name: 'hadolint' | 'kubernetes-validate', ...args: readonly string[]): Promise<Ran> {
  const [command, first] =
    name === 'hadolint' ? [join(bin!, name), []] : [join(bin!, 'python'), ['-m', 'kubernetes_validate']];
  try {
    const { stdout, stderr } = await run(command, [...first, ...args]);
    return { code: 0, output: `${stdout}${stderr}` };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  }
}

async function changed(path: string, from: string, to: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  const copy = join(await mkdtemp(join(tmpdir(), 'meridian-deploy-')), 'copy.yaml');
  await writeFile(copy, text.replace(from, to));
  return copy;
}

describe('the Dockerfile', () => {
  it('has nothing that hadolint minds', async (context) => {
    if (!bin) return context.skip();
    expect(await tool('hadolint', dockerfile)).toEqual({ code: 0, output: '' });
  });

  it('is looked at in earnest: a floating base image is found', async (context) => {
    if (!bin) return context.skip();
    const copy = await changed(dockerfile, 'node:24-bookworm-slim', 'node');
    expect((await tool('hadolint', copy)).output).toContain('DL3006');
    await rm(join(copy, '..'), { recursive: true });
  });
});

describe('the Kubernetes manifest', () => {
  it('is valid, and has no key that Kubernetes does not know', async (context) => {
    if (!bin) return context.skip();
    const { code, output } = await tool('kubernetes-validate', '--strict', manifest);
    expect({ code, failed: output.split('\n').filter((line) => /error|fail/i.test(line)) }).toEqual({
      code: 0,
      failed: [],
    });
    for (const kind of ['deployment', 'service', 'ingress', 'persistentvolumeclaim', 'networkpolicy']) {
      expect(output).toContain(`passed for resource ${kind}/meridian`);
    }
  });

  it('is looked at in earnest: a misspelt key is found', async (context) => {
    if (!bin) return context.skip();
    const copy = await changed(manifest, 'readOnlyRootFilesystem', 'readOnlyRootFileSystem');
    expect((await tool('kubernetes-validate', '--strict', copy)).code).not.toBe(0);
    await rm(join(copy, '..'), { recursive: true });
  });
});
