import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin, Consumer, Producer, stringSerializers } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KafkaBroker, startKafkaBroker } from '../src/connectors/atlas/notifications/kafka-broker.testing.ts';
import type { WatchReport } from '../src/workflow/watch-report.ts';
import { Pair, writes } from './exchangeable-pair.ts';
import { haveRecordings, type RunOptions, recipeFor, recordings } from './recorded-atlas.ts';

const command = join(import.meta.dirname, '..', 'bin', 'meridian.mjs');
const topic = 'ATLAS_ENTITIES';
const groupId = 'meridian-lane';
const password = 'only-for-this-broker';

interface Child {
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  /** Everything that it has shown. */
  shown(): string;
  /** Waits for a line. */
  shows(pattern: RegExp): Promise<void>;
}

describe.skipIf(!haveRecordings)('meridian watch on a real Kafka, by TLS and SCRAM (skipped without ../shared)', () => {
  let broker: KafkaBroker;
  let admin: Admin;
  let producer: Producer<string, string, string, string>;
  let followed: Pair;
  let full: Pair;
  let folder: string;
  let recipe: string;
  const children: Child[] = [];
  let options: RunOptions;

  beforeAll(async () => {
    broker = await startKafkaBroker();
    const client = { clientId: 'lane', bootstrapBrokers: [broker.plain] };
    admin = new Admin(client);
    producer = new Producer({ ...client, serializers: stringSerializers });
    await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
    followed = await Pair.open({ dataDir: join(recordings, 'recorded') });
    full = await Pair.open({ dataDir: join(recordings, 'recorded') });
    folder = await mkdtemp(join(tmpdir(), 'meridian-watch-'));
    recipe = join(folder, 'recipe.json');
    const watch = {
      brokers: [broker.tls],
      topic,
      groupId,
      saslMechanism: 'SCRAM-SHA-256',
      username: broker.username,
      password: broker.password,
      tls: true,
      caCertificate: broker.caCertificate,
      batchSize: 40,
      batchSeconds: 0.2,
      incrementalEveryMinutes: 0,
    };
    options = { meridian: { deletes: { maxSharePercent: 50 }, watch } };
    await writeFile(recipe, JSON.stringify(recipeFor(followed.atlas, followed.om, options)));
  });

  afterAll(async () => {
    for (const child of children) child.process.kill('SIGKILL');
    await producer?.close();
    await admin?.close();
    await followed?.close();
    await full?.close();
    await broker?.close();
    await rm(folder, { recursive: true, force: true });
  });

  function start(): Child {
    const args = [command, 'watch', '-c', recipe, '--report', join(folder, 'report.json')];
    const child = spawn(process.execPath, args, { env: followed.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString()));
    const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    let ended = false;
    void exited.then(() => (ended = true));
    const started: Child = {
      process: child,
      exited,
      shown: () => text,
      async shows(pattern) {
        while (!pattern.test(text)) {
          if (ended) throw new Error(`It ended without showing ${pattern}:\n${text}`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
    };
    children.push(started);
    return started;
  }

  async function send(messages: readonly string[]): Promise<void> {
    await producer.send({ messages: messages.map((value) => ({ topic, key: '', value })) });
  }

  /** Where the group stands; -1 where it has never been. */
  async function committed(): Promise<number> {
    const consumer = new Consumer({ clientId: 'lane', groupId, bootstrapBrokers: [broker.plain] });
    try {
      const offsets = await consumer.listCommittedOffsets({ topics: [{ topic, partitions: [0] }] });
      return Number(offsets.get(topic)?.[0] ?? -1n);
    } finally {
      await consumer.close();
    }
  }

  it('applies the 481 recorded messages through a kill, and ends where a full run ends', async () => {
    const messages = readFileSync(join(recordings, 'recorded-notifications.jsonl'), 'utf8').split('\n').filter(Boolean);
    expect(messages).toHaveLength(481);
    await full.run('full', options);

    const first = start();
    await first.shows(/Full run: created/);
    await followed.exchange({ dataDir: join(recordings, 'recorded-after-changes') });
    await full.exchange({ dataDir: join(recordings, 'recorded-after-changes') });
    await send(messages);
    await first.shows(/\d+ changes: /);
    first.process.kill('SIGKILL');
    await first.exited;
    const reached = await committed();
    expect(reached).toBeLessThan(messages.length);

    const second = start();
    await second.shows(/Incremental run: /);
    await expect.poll(committed, { timeout: 300_000, interval: 500 }).toBe(messages.length);
    second.process.kill('SIGTERM');
    expect(await second.exited).toBe(143);
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as WatchReport;
    expect(report).toMatchObject({ state: 'stopped', failureCount: 0, gaps: {}, unreadable: {} });
    expect(report.changes).toBe(messages.length - reached);

    expect(writes((await followed.run('full', { ...options, dryRun: true })).changes)).toEqual([]);
    await full.run('full', options);
    expect(await followed.content()).toEqual(await full.content());
    for (const child of children) expect(child.shown()).not.toContain(password);
  });

  it('reads what has changed instead of messages that the broker has dropped', async () => {
    const before = await committed();
    await send(['{}', '{}', '{}']);
    const partitions = [{ partition: 0, offset: BigInt(before + 2) }];
    await admin.deleteRecords({ topics: [{ name: topic, partitions }] });
    const watching = start();
    await watching.shows(/dropped 2 messages unread/);
    await watching.shows(/Incremental run: everything was in step/);
    await expect.poll(committed, { timeout: 300_000, interval: 500 }).toBe(before + 3);
    watching.process.kill('SIGINT');
    expect(await watching.exited).toBe(130);
  });

  it('tells a wrong password, and never shows it', async () => {
    const wrong = JSON.parse(await readFile(recipe, 'utf8')) as { meridian: { watch: { password: string } } };
    wrong.meridian.watch.password = 'another-password';
    await writeFile(recipe, JSON.stringify(wrong));
    const refused = start();
    expect(await refused.exited).toBe(3);
    expect(refused.shown()).toContain('(kafka.sign-in)');
    expect(refused.shown()).not.toContain('another-password');
  });
});
