import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AtlasStandInOptions } from '../sandbox/atlas/start-atlas.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { MemoryTopic, memoryFeed } from '../src/connectors/atlas/notifications/memory-feed.testing.ts';
import type { ChangeFeed } from '../src/connectors/change-feed.ts';
import { openState } from '../src/state/open-state.ts';
import { RunLock } from '../src/state/run-lock.ts';
import { statePlaceOf } from '../src/workflow/identity.ts';
import { Watcher } from '../src/workflow/watcher.ts';
import { beforeChanges, Pair, silent, writes } from './exchangeable-pair.ts';
import { haveRecordings, type RunOptions, recipeFor, recordings } from './recorded-atlas.ts';

const folder = (name: string): AtlasStandInOptions => ({ dataDir: join(recordings, name) });
const options: RunOptions = { meridian: { deletes: { maxSharePercent: 50 } } };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
async function open(atlas: AtlasStandInOptions): Promise<Pair> {
  const pair = await Pair.open(atlas);
  closing.push(() => pair.close());
  return pair;
}

interface Watching {
  readonly watcher: Watcher;
  readonly notes: string[];
  /** Lines of what was applied: how the source was read, and how many changes asked for it. */
  readonly runs: string[];
  /** Waits until the topic has been applied to its end. */
  applied(): Promise<void>;
  stop(): Promise<void>;
}

async function watch(
  pair: Pair,
  topic: MemoryTopic,
  feed: ChangeFeed = memoryFeed(topic),
  lookEveryMs = 0,
): Promise<Watching> {
  const notes: string[] = [];
  const runs: string[] = [];
  const watcher = await Watcher.create(recipeFor(pair.atlas, pair.om, options), {
    env: pair.env,
    feed,
    backOffMs: [50],
    lookEveryMs,
    onNote: (note) => notes.push(note),
    onRun: (run, changes) => runs.push(changes === undefined ? run.reading : `${changes} changes`),
  });
  const ended = watcher.execute();
  ended.catch(() => undefined);
  const stop = async (): Promise<void> => {
    await watcher.stop();
    await ended;
  };
  closing.push(() => stop().catch(() => undefined));
  return {
    watcher,
    notes,
    runs,
    applied: async () => {
      await expect.poll(() => topic.committed, { timeout: 240_000 }).toBe(topic.latest);
    },
    stop,
  };
}

/** All recorded messages; the last ones tell the changes of CHANGES.md. */
const recorded = (): string[] =>
  readFileSync(join(recordings, 'recorded-notifications.jsonl'), 'utf8').split('\n').filter(Boolean);
const ofChanges = (): string[] =>
  recorded().filter((line) => (JSON.parse(line) as { msgCreationTime: number }).msgCreationTime >= beforeChanges);

function notification(guid: string, typeName = 'hive_table'): string {
  return JSON.stringify({ message: { operationType: 'ENTITY_UPDATE', entity: { guid, typeName } } });
}
const orders = '3a974e4c-c1d6-4403-8f06-7233d3fc5320';

describe.skipIf(!haveRecordings)('following the messages of a real Atlas (skipped without ../shared)', () => {
  it('applies the recorded changes as they come, and ends where a full run ends', async () => {
    const [followed, full] = [await open(folder('recorded')), await open(folder('recorded'))];
    await full.run('full', options);
    const topic = new MemoryTopic();
    const watching = await watch(followed, topic);
    await watching.applied();
    expect(watching.runs).toEqual(['full']);
    await followed.exchange(folder('recorded-after-changes'));
    await full.exchange(folder('recorded-after-changes'));
    topic.write(...ofChanges());
    await watching.applied();
    await watching.stop();
    expect(watching.runs).toEqual(['full', `${ofChanges().length} changes`]);
    expect(watching.watcher.report).toMatchObject({
      state: 'stopped',
      messages: ofChanges().length,
      failureCount: 0,
      runs: { full: 1, changes: 1, incremental: 0 },
    });
    await full.run('full', options);
    // Atlas writes nothing about labels: the one that was added is found by its entity's time.
    expect(writes((await followed.run('full', { ...options, dryRun: true })).changes)).toEqual(silent);
    await followed.remember({ at: beforeChanges });
    const looking = await watch(followed, topic, memoryFeed(topic), 20);
    await expect.poll(() => looking.runs.length, { timeout: 240_000 }).toBeGreaterThan(1);
    await looking.stop();
    expect(new Set(looking.runs)).toEqual(new Set(['incremental']));
    expect(await followed.content()).toEqual(await full.content());
  });

  it('applies all 481 messages, with garbage and parts between them, and sends nothing that is in step', async () => {
    const pair = await open(folder('recorded-after-changes'));
    await pair.run('full', options);
    const before = await pair.content();
    const topic = new MemoryTopic();
    topic.committed = 0n;
    const [first, ...rest] = recorded();
    const part = (i: number): string => {
      const base64 = Buffer.from(first!).toString('base64');
      const message = i === 0 ? base64.slice(0, 400) : base64.slice(400);
      return JSON.stringify({ msgId: 'm', msgSplitIdx: i, msgSplitCount: 2, msgCompressionKind: 'NONE', message });
    };
    topic.write(part(0), 'garbage', ...rest, '{"message":1}', part(1));
    const watching = await watch(pair, topic);
    await watching.applied();
    await watching.stop();
    expect(watching.watcher.report).toMatchObject({
      messages: 484,
      changes: 481,
      unreadable: { 'no-json': 1, 'no-entity': 1 },
      gaps: {},
      failureCount: 0,
      writes: 0,
    });
    expect(await pair.content()).toEqual(before);
  });

  it('takes up where it stopped, and what was not applied comes again', async () => {
    const pair = await open(folder('recorded'));
    const topic = new MemoryTopic();
    const first = await watch(pair, topic);
    await first.applied();
    // Nothing of the batch can be applied: the target is away.
    pair.om.faults.set([{ kind: 'drop' }]);
    await pair.exchange(folder('recorded-after-changes'));
    topic.write(...ofChanges());
    await expect.poll(() => first.notes.join('\n'), { timeout: 240_000 }).toContain('Trying again');
    await first.stop();
    expect(topic.committed).toBe(0n);
    pair.om.faults.clear();
    const second = await watch(pair, topic);
    await second.applied();
    await second.stop();
    expect(topic.committed).toBe(topic.latest);
    // What Atlas writes nothing about is missing, and nothing else.
    expect(writes((await pair.run('full', options)).changes)).toEqual(silent);
  });

  it('waits while a server is away, and goes on by itself', async () => {
    const pair = await open(folder('recorded'));
    const topic = new MemoryTopic();
    const watching = await watch(pair, topic);
    await watching.applied();
    pair.atlas.faults.set([{ kind: 'drop' }]);
    topic.write(notification(orders));
    await expect.poll(() => watching.notes.join('\n'), { timeout: 240_000 }).toContain('Trying again');
    pair.atlas.faults.clear();
    await watching.applied();
    await watching.stop();
    expect(watching.watcher.report).toMatchObject({ state: 'stopped', changes: 1, failureCount: 0 });
    expect(watching.watcher.report.retries).toBeGreaterThan(0);
  });

  it('waits for a run that holds the pipeline, and leaves it free between its own', async () => {
    const pair = await open(folder('recorded'));
    const topic = new MemoryTopic();
    const watching = await watch(pair, topic);
    await watching.applied();
    const recipe = await loadRecipe(recipeFor(pair.atlas, pair.om, options));
    const { store, lock } = await openState(statePlaceOf(recipe, pair.env), 'keep');
    const held = await RunLock.take(lock, () => undefined);
    topic.write(notification(orders));
    await expect.poll(() => watching.notes.join('\n'), { timeout: 240_000 }).toContain('under way');
    expect(topic.committed).toBe(0n);
    await held.release();
    await store.close();
    await watching.applied();
    await watching.stop();
    expect(watching.runs).toEqual(['full', '1 changes']);
  });

  it('reads what has changed instead, where the feed has a gap', async () => {
    const pair = await open(folder('recorded'));
    await pair.run('full', options);
    await pair.remember({ at: beforeChanges });
    await pair.exchange(folder('recorded-after-changes'));
    const topic = new MemoryTopic();
    topic.write('{}', '{}', '{}');
    topic.committed = 1n;
    topic.earliest = 2n;
    const watching = await watch(pair, topic);
    await watching.applied();
    expect(watching.runs).toEqual(['incremental']);
    expect(watching.watcher.report.gaps).toEqual({ expired: 1 });
    topic.write(JSON.stringify({ msgId: 'x', msgSplitIdx: 5, msgSplitCount: 3, message: 'AA==' }));
    await watching.applied();
    await watching.stop();
    expect(watching.runs).toEqual(['incremental', 'incremental']);
    expect(watching.watcher.report.gaps).toEqual({ expired: 1, 'lost-part': 1 });
    expect(writes((await pair.run('full', options)).changes)).toEqual([]);
  });
});
