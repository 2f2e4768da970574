import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PipelineRun } from '../engine.ts';
import { type PipelineWorld, startPipelineWorld } from '../pipeline-world.testing.ts';
import { EmbeddedEngine } from './embedded-engine.ts';

let world: PipelineWorld;
let home: string;
let engine: EmbeddedEngine;
beforeAll(async () => {
  world = await startPipelineWorld();
  home = await mkdtemp(join(tmpdir(), 'meridian-profile-'));
  engine = await EmbeddedEngine.open({ home, settings: { stopGraceSeconds: 2 } });
});
afterAll(async () => {
  await engine?.close();
  await world.close();
  await rm(home, { recursive: true, force: true });
});

async function ended(pipelineId: string): Promise<PipelineRun> {
  const { runId } = await engine.trigger({ pipelineId });
  for await (const event of engine.history.follow({ runId })) {
    if (event.type === 'state' && !['queued', 'running'].includes(event.run.state)) return event.run;
  }
  throw new Error('The run never ended.');
}

it('a pipeline of type profiler profiles the tables that one of type metadata has brought', async () => {
  await engine.deploy({ pipeline: world.quick({ id: 'metadata' }) });
  expect((await ended('metadata')).state).toBe('success');

  const { recipe } = world.quick({ id: 'profiles' });
  const source = { ...(recipe['source'] as object), sourceConfig: { config: { type: 'Profiler' } } };
  const { meridian: _, ...rest } = recipe;
  const profiling = { ...rest, source, processor: { type: 'orm-profiler', config: {} } };
  const profiles = world.quick({ id: 'profiles', pipelineType: 'profiler', recipe: profiling });
  expect(await engine.deploy({ pipeline: profiles })).toBe('created');
  const run = await ended('profiles');
  const { text } = await engine.logs({ pipelineId: 'profiles', runId: run.runId });
  expect(run.state, text).toBe('success');
  expect(text).toMatch(/table profiles +\d+/);
  for (const secret of world.secrets) expect(text).not.toContain(secret);
  const stored = world.openmetadata.requests().filter(({ path }) => path.endsWith('/tableProfile'));
  expect(stored.length).toBeGreaterThan(0);

  // The wrong kind of pipeline says so, and sends nothing.
  await engine.deploy({ pipeline: world.quick({ id: 'mistaken', recipe: profiling }) });
  expect(await ended('mistaken')).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('profiles tables'),
  });
});
