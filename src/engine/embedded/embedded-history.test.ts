import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PipelineWorld, startPipelineWorld } from '../pipeline-world.testing.ts';
import type { RunEvent, RunRecord, RunTransition } from '../run-history.ts';
import { EmbeddedEngine } from './embedded-engine.ts';

let world: PipelineWorld;
let home: string;
let engine: EmbeddedEngine;

beforeAll(async () => {
  world = await startPipelineWorld();
  home = await mkdtemp(join(tmpdir(), 'meridian-history-'));
  engine = await EmbeddedEngine.open({ home, settings: { stopGraceSeconds: 2, maxRuns: 2 } });
});
afterAll(async () => {
  await engine?.close();
  await world?.close();
  await rm(home, { recursive: true, force: true });
});

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function eventsOf(runId: string, after?: string): Promise<RunEvent[]> {
  return allOf(engine.history.follow({ runId, ...(after !== undefined && { after }) }));
}

async function ended(runId: string): Promise<RunRecord> {
  for await (const event of engine.history.follow({ runId }))
    if (event.type === 'state' && event.run.endedAt) return event.run;
  throw new Error('It never ended.');
}

const logOf = (events: readonly RunEvent[]): string =>
  events.flatMap((event) => (event.type === 'log' ? [event.text] : [])).join('');

describe('the history of an embedded engine', () => {
  it('plans: every change, and nothing written', async () => {
    const pipelineId = 'planned';
    await engine.deploy({ pipeline: world.quick({ id: pipelineId }) });
    world.openmetadata.clearRequests();
    const { runId } = await engine.history.plan({ pipelineId });
    expect(await ended(runId)).toMatchObject({ kind: 'plan', state: 'success', runId });
    const changes = await allOf(engine.history.changes({ runId }));
    expect(changes.map(({ action }) => action)).toContain('create');
    const report = await engine.history.report({ runId });
    expect(report).toMatchObject({ command: 'plan', runId });
    const planned = Object.values(report!.stages).reduce((sum, stage) => sum + stage.created, 0);
    expect(changes.filter(({ action }) => action === 'create')).toHaveLength(planned);
    expect(world.openmetadata.requests().filter(({ method }) => !['GET', 'HEAD'].includes(method))).toEqual([]);
    expect(await engine.status({ pipelineId })).toEqual([]);
    expect((await engine.history.runs({ pipelineId })).map((run) => run.runId)).toEqual([runId]);
  });

  it('follows a run: state, log, progress and end, and shows who comes late all that has been', async () => {
    const pipelineId = 'followed';
    await engine.deploy({ pipeline: world.quick({ id: pipelineId }) });
    const { runId } = await engine.trigger({ pipelineId });
    const live = await eventsOf(runId);
    expect(live[0]).toMatchObject({ type: 'state', run: { runId } });
    expect(live.at(-1)).toMatchObject({ type: 'state', run: { state: 'success', counts: { failed: 0 } } });
    expect(live.filter((event) => event.type === 'state').map(({ run }) => run.state)).toContain('running');
    expect(live.some((event) => event.type === 'progress')).toBe(true);
    const whole = (await engine.logs({ pipelineId, runId })).text;
    expect(logOf(live)).toBe(whole);
    expect(whole).toMatch(/\n$/);

    const late = await eventsOf(runId);
    expect(logOf(late)).toBe(whole);
    expect(late.filter((event) => event.type === 'state')).toHaveLength(1);
    const first = live.find((event) => event.type === 'log')!;
    expect(first.text + logOf(await eventsOf(runId, first.after))).toBe(whole);
    const { fileName, open } = await engine.history.logFile({ runId });
    expect(fileName).toBe(`followed-${runId}.log`);
    expect(await text(open())).toBe(whole);
    const run = await engine.history.run({ runId });
    expect(run.counts!.created).toBeGreaterThan(0);
    expect(run.seconds).toBeGreaterThan(0);
  });

  it('stops to follow when nobody listens any more', async () => {
    const pipelineId = 'left';
    await engine.deploy({ pipeline: world.endless({ id: pipelineId }) });
    const { runId } = await engine.trigger({ pipelineId });
    const listener = new AbortController();
    for await (const event of engine.history.follow({ runId, signal: listener.signal })) {
      if (event.type === 'state' && event.run.state === 'running') listener.abort();
    }
    expect((await engine.history.run({ runId })).state).toBe('running');
    expect(await engine.stop({ pipelineId })).toBe(1);
  });

  it('keeps what was refused, and replays it, all or by name', async () => {
    const pipelineId = 'refused';
    await engine.deploy({ pipeline: world.quick({ id: pipelineId, recipe: freshService(world) }) });
    world.openmetadata.faults.set([{ kind: '409', match: '^PUT /api/v1/tables(\\?|$)' }]);
    const { runId } = await engine.trigger({ pipelineId });
    const run = await ended(runId);
    world.openmetadata.faults.clear();
    const page = await engine.history.deadLetters({ runId, limit: 2 });
    expect(page.letters).toHaveLength(2);
    expect(page.total).toBe(run.counts!.deadLetters);
    expect(page.total).toBeGreaterThan(3);
    const [first] = page.letters;
    expect(first).toMatchObject({ entityType: 'table', request: { method: 'PUT' }, answer: { status: 409 } });
    const next = await engine.history.deadLetters({ runId, after: page.after!, limit: 1000 });
    expect(next.letters).toHaveLength(page.total - 2);
    expect(next.after).toBeUndefined();

    const one = await engine.history.replay({ runId, names: [first!.name] });
    expect(await ended(one.runId)).toMatchObject({ kind: 'replay', state: 'success', follows: runId });
    const left = await engine.history.deadLetters({ runId, limit: 1000 });
    expect(left.total).toBe(page.total - 1);
    expect(left.letters.map(({ name }) => name)).not.toContain(first!.name);
    expect((await engine.history.run({ runId })).counts!.deadLetters).toBe(left.total);

    const rest = await engine.history.replay({ runId });
    expect(await ended(rest.runId)).toMatchObject({ state: 'success' });
    expect((await engine.history.deadLetters({ runId })).total).toBe(0);
    await expect(engine.history.replay({ runId })).rejects.toMatchObject({ code: 'engine.nothing-to-replay' });
  });

  it('keeps a request that is refused again', async () => {
    const pipelineId = 'refused-twice';
    await engine.deploy({ pipeline: world.quick({ id: pipelineId, recipe: freshService(world, 'twice') }) });
    world.openmetadata.faults.set([{ kind: '409', match: '^PUT /api/v1/tables(\\?|$)' }]);
    const { runId } = await engine.trigger({ pipelineId });
    const { counts } = await ended(runId);
    const again = await engine.history.replay({ runId });
    expect(await ended(again.runId)).toMatchObject({ state: 'failed', reason: expect.stringMatching(/\w/) });
    world.openmetadata.faults.clear();
    expect((await engine.history.deadLetters({ runId })).total).toBe(counts!.deadLetters);
  });

  it('shows a pipeline without its secrets, and takes it back with them', async () => {
    const pipeline = world.quick({ id: 'shown' });
    await engine.deploy({ pipeline });
    const details = await engine.history.pipeline({ pipelineId: 'shown' });
    for (const secret of world.secrets) expect(JSON.stringify(details)).not.toContain(secret);
    const { recipe } = details;
    expect(await engine.history.withKeptSecrets({ pipelineId: 'shown', recipe })).toEqual(pipeline.recipe);
  });

  it('tells metrics what waits, what runs and what has become of runs', async () => {
    const pipelineId = 'counted';
    await engine.deploy({ pipeline: world.endless({ id: pipelineId, maxActiveRuns: 5 }) });
    const seen: RunTransition[] = [];
    const off = engine.history.onTransition((transition) => seen.push(transition));
    const running = Promise.withResolvers<void>();
    const offRunning = engine.history.onTransition(() => {
      if (engine.history.figures().running === 2) running.resolve();
    });
    for (let i = 0; i < 3; i += 1) await engine.trigger({ pipelineId });
    await running.promise;
    offRunning();
    expect(engine.history.figures()).toMatchObject({ queued: 1, running: 2, limit: 2 });
    await engine.stop({ pipelineId });
    off();
    const states = Map.groupBy(seen, ({ run }) => run.state);
    expect(states.get('queued')).toHaveLength(3);
    expect(states.get('stopped')).toHaveLength(3);
    expect(engine.history.figures()).toMatchObject({ queued: 0, running: 0, oldestWaitSeconds: 0 });
  });

  it('knows no run that there never was, and no pipeline', async () => {
    const unknown = { code: 'engine.unknown-run' };
    const { history } = engine;
    for (const runId of ['nobody', '../../etc', '']) {
      await expect(history.run({ runId })).rejects.toMatchObject(unknown);
      await expect(history.report({ runId })).rejects.toMatchObject(unknown);
      await expect(history.deadLetters({ runId })).rejects.toMatchObject(unknown);
      await expect(history.logFile({ runId })).rejects.toMatchObject(unknown);
      await expect(history.replay({ runId })).rejects.toMatchObject(unknown);
      await expect(allOf(history.changes({ runId }))).rejects.toMatchObject(unknown);
      await expect(eventsOf(runId)).rejects.toMatchObject(unknown);
    }
    const nobody = { code: 'engine.unknown-pipeline' };
    await expect(history.pipeline({ pipelineId: 'x' })).rejects.toMatchObject(nobody);
    await expect(history.plan({ pipelineId: 'x' })).rejects.toMatchObject(nobody);
    await expect(history.runs({ pipelineId: 'x' })).rejects.toMatchObject(nobody);
    // A run's log under another pipeline's name is not there.
    await engine.deploy({ pipeline: world.quick({ id: 'a' }) });
    await engine.deploy({ pipeline: world.quick({ id: 'b' }) });
    const { runId } = await engine.history.plan({ pipelineId: 'b' });
    await expect(engine.logs({ pipelineId: 'a', runId })).rejects.toMatchObject(unknown);
  });

  it('pages through runs by the last one that was seen', async () => {
    const pipelineId = 'paged';
    await engine.deploy({ pipeline: world.endless({ id: pipelineId }) });
    const ids: string[] = [];
    for (let i = 0; i < 4; i += 1) ids.unshift((await engine.trigger({ pipelineId })).runId);
    const idsOf = (runs: readonly RunRecord[]): string[] => runs.map(({ runId }) => runId);
    expect(idsOf(await engine.history.runs({ pipelineId, limit: 2 }))).toEqual(ids.slice(0, 2));
    expect(idsOf(await engine.history.runs({ pipelineId, limit: 2, before: ids[1]! }))).toEqual(ids.slice(2));
    expect(await engine.history.runs({ pipelineId, kinds: ['plan'] })).toEqual([]);
    await engine.stop({ pipelineId });
  });
});

/** A recipe of the world whose tables are not there yet. */
function freshService({ quick }: PipelineWorld, word = 'once') {
  const recipe = structuredClone(quick({ id: 'any' }).recipe) as {
    source: { serviceConnection: { config: Record<string, unknown> } };
    ingestionPipelineFQN?: string;
  };
  recipe.source.serviceConnection.config['databaseServiceName'] = [`hive_${word}`];
  delete recipe.ingestionPipelineFQN;
  return recipe;
}
