import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PipelineWorld, startPipelineWorld } from '../pipeline-world.testing.ts';
import { EmbeddedEngine } from './embedded-engine.ts';

const key = Buffer.alloc(32, 9).toString('base64');
const confSecret = 'Secret-of-one-run-4711';
let world: PipelineWorld;
let home: string;
let engine: EmbeddedEngine;

beforeAll(async () => {
  world = await startPipelineWorld();
  home = await mkdtemp(join(tmpdir(), 'meridian-secrets-'));
  const env = { ...process.env, MERIDIAN_KEY: key, MERIDIAN_PASSWORD: 'Console-password' };
  engine = await EmbeddedEngine.open({ home, env, settings: { stopGraceSeconds: 2 } });
});
afterAll(async () => {
  await engine?.close();
  await world?.close();
  await rm(home, { recursive: true, force: true });
});

async function ended(runId: string) {
  for await (const event of engine.history.follow({ runId }))
    if (event.type === 'state' && event.run.endedAt) return event.run;
  throw new Error('It never ended.');
}

describe('secrets that an engine keeps', () => {
  it('are in no file, in no log and in no list of processes', async () => {
    await engine.deploy({ pipeline: world.quick({ id: 'good' }) });
    await engine.deploy({ pipeline: world.failing({ id: 'bad', retries: 1 }) });
    await engine.deploy({ pipeline: world.endless({ id: 'long' }) });
    const conf = { source: { serviceConnection: { config: { password: confSecret } } } };
    const wrong = await engine.trigger({ pipelineId: 'good', conf });
    expect(await ended(wrong.runId)).toMatchObject({ state: 'failed' });
    expect(await ended((await engine.trigger({ pipelineId: 'good' })).runId)).toMatchObject({ state: 'success' });
    await ended((await engine.history.plan({ pipelineId: 'good' })).runId);
    await ended((await engine.trigger({ pipelineId: 'bad' })).runId);
    const { runId } = await engine.trigger({ pipelineId: 'long', conf });
    for await (const event of engine.history.follow({ runId })) if (event.type === 'progress') break;

    const secrets = [...world.secrets, confSecret];
    const told = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout;
    expect(told).toContain(runId);
    for (const secret of secrets) expect(told).not.toContain(secret);
    const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(10);
    for (const { parentPath, name } of files) {
      if (parentPath.includes('compiled')) continue;
      const content = await readFile(join(parentPath, name));
      for (const secret of secrets) {
        for (const form of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]) {
          expect(content.includes(form), `${name} holds a secret`).toBe(false);
        }
      }
    }
    for (const folder of ['engine', 'runs/good', `runs/long/${runId}`]) {
      expect((await stat(join(home, folder))).mode & 0o077, folder).toBe(0);
    }
    await engine.stop({ pipelineId: 'long' });
  });

  it.each(['MERIDIAN_KEY', 'MERIDIAN_PASSWORD'])(
    'of the server itself (%s) are none that a recipe can refer to',
    async (name) => {
      const pipeline = world.quick({ id: 'curious' });
      const conf = { source: { serviceConnection: { config: { password: `\${env:${name}}` } } } };
      await engine.deploy({ pipeline });
      const { runId } = await engine.trigger({ pipelineId: 'curious', conf });
      expect(await ended(runId)).toMatchObject({ state: 'failed' });
      expect((await engine.logs({ pipelineId: 'curious', runId })).text).toMatch(new RegExp(`${name}.*not set`));
    },
  );

  it('cannot be had by a command that a recipe runs', async () => {
    await engine.deploy({ pipeline: world.quick({ id: 'curious' }) });
    const conf = { source: { serviceConnection: { config: { password: '${exec:cat /etc/hostname}' } } } };
    const { runId } = await engine.trigger({ pipelineId: 'curious', conf });
    expect(await ended(runId)).toMatchObject({ state: 'failed' });
    expect((await engine.logs({ pipelineId: 'curious', runId })).text).toMatch(/run a command, which is not allowed/);
  });
});
