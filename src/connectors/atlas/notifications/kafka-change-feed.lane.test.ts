import { readFileSync } from 'node:fs';
import { Admin, Producer, stringSerializers } from '@platformatic/kafka';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WatchSettings } from '../../../config/watch-settings.ts';
import type { ChangeBatch } from '../../change-feed.ts';
import { type KafkaBroker, startKafkaBroker } from './kafka-broker.testing.ts';
import { KafkaChangeFeed } from './kafka-change-feed.ts';

let broker: KafkaBroker;
let admin: Admin;
let producer: Producer<string, string, string, string>;
let topics = 0;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  broker = await startKafkaBroker();
  const client = { clientId: 'test', bootstrapBrokers: [broker.plain] };
  admin = new Admin(client);
  producer = new Producer({ ...client, serializers: stringSerializers });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  await producer?.close();
  await admin?.close();
  await broker?.close();
});

async function newTopic(partitions = 1): Promise<string> {
  topics += 1;
  const topic = `ATLAS_ENTITIES_${topics}`;
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 });
  return topic;
}

async function write(topic: string, guids: readonly string[], partition = 0): Promise<void> {
  const value = (guid: string): string =>
    JSON.stringify({ message: { operationType: 'ENTITY_UPDATE', entity: { guid, typeName: 'hive_table' } } });
  await producer.send({ messages: guids.map((guid) => ({ topic, key: '', value: value(guid), partition })) });
}

function settingsFor(topic: string, more: Partial<WatchSettings> = {}): WatchSettings {
  return {
    brokers: [broker.plain],
    topic,
    groupId: undefined,
    signIn: undefined,
    tls: false,
    caCertificate: undefined,
    sslCertificate: undefined,
    sslKey: undefined,
    batchSize: 100,
    batchMs: 200,
    incrementalAbove: 10_000,
    lookEveryMs: 0,
    ...more,
  };
}

interface Follower {
  /** The next batch. */
  next(): Promise<ChangeBatch>;
  /** Takes (and, unless told otherwise, commits) batches until so many notices have come. */
  take(count: number, commit?: boolean): Promise<string[]>;
  stop(): Promise<void>;
  readonly notes: string[];
}

function follow(settings: WatchSettings): Follower {
  const notes: string[] = [];
  const feed = new KafkaChangeFeed({
    settings,
    groupId: `group-${settings.topic}`,
    onNote: (note) => notes.push(note),
  });
  const abort = new AbortController();
  const batches = feed.batches(abort.signal)[Symbol.asyncIterator]();
  let ended = false;
  const follower: Follower = {
    notes,
    async next() {
      const { value, done } = await batches.next();
      if (done) throw new Error('the feed ended');
      return value;
    },
    async take(count, commit = true) {
      const guids: string[] = [];
      while (guids.length < count) {
        const batch = await follower.next();
        guids.push(...batch.notices.map(({ guid }) => guid));
        if (commit) await batch.commit();
      }
      return guids;
    },
    async stop() {
      if (ended) return;
      ended = true;
      abort.abort();
      await batches.return?.(undefined);
      await feed.close();
    },
  };
  closing.push(() => follower.stop());
  return follower;
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `guid-${from + i}`);

describe('a real broker', () => {
  it('begins with a gap at the end of an unknown topic, and gives what comes after that', async () => {
    const topic = await newTopic();
    await write(topic, numbered(1, 3));
    const follower = follow(settingsFor(topic));
    const first = await follower.next();
    expect(first.gaps).toMatchObject([{ reason: 'no-position' }]);
    expect(first.notices).toEqual([]);
    await first.commit();
    await write(topic, numbered(4, 6));
    expect(await follower.take(3)).toEqual(numbered(4, 6));
  });

  it('gives again what was not committed, and nothing that was', async () => {
    const topic = await newTopic();
    const one = follow(settingsFor(topic));
    await (await one.next()).commit();
    await write(topic, numbered(1, 2));
    expect(await one.take(2)).toEqual(numbered(1, 2));
    await write(topic, numbered(3, 4));
    expect(await one.take(2, false)).toEqual(numbered(3, 4));
    await one.stop();
    const other = follow(settingsFor(topic));
    expect((await other.next()).gaps).toEqual([]);
    expect(await other.take(2)).toEqual(numbered(3, 4));
  });

  it('makes batches of at most the size asked for', async () => {
    const topic = await newTopic();
    const follower = follow(settingsFor(topic, { batchSize: 4 }));
    await (await follower.next()).commit();
    await write(topic, numbered(1, 10));
    const sizes: number[] = [];
    for (let n = 0; n < 10; ) {
      const batch = await follower.next();
      await batch.commit();
      sizes.push(batch.messages);
      n += batch.messages;
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
  });

  it('tells a gap when the brokers have dropped what was not read', async () => {
    const topic = await newTopic();
    const one = follow(settingsFor(topic));
    await (await one.next()).commit();
    await one.stop();
    await write(topic, numbered(1, 5));
    await admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition: 0, offset: 3n }] }] });
    const other = follow(settingsFor(topic));
    expect((await other.next()).gaps).toMatchObject([{ reason: 'expired' }]);
  });

  it('tells a gap instead of reading more than an incremental run costs, at the start and while it follows', async () => {
    const topic = await newTopic();
    const one = follow(settingsFor(topic));
    await (await one.next()).commit();
    await one.stop();
    await write(topic, numbered(1, 30));
    const other = follow(settingsFor(topic, { incrementalAbove: 20, batchSize: 10 }));
    const first = await other.next();
    expect(first.gaps).toMatchObject([{ reason: 'too-many' }]);
    await first.commit();
    await write(topic, numbered(31, 70));
    const gaps: string[] = [];
    while (gaps.length === 0) {
      const batch = await other.next();
      gaps.push(...batch.gaps.map(({ reason }) => reason));
      await batch.commit();
    }
    expect(gaps).toEqual(['too-many']);
    await write(topic, ['after']);
    expect(await other.take(1)).toEqual(['after']);
  });

  it('shares partitions between watchers, and gives all to the one that stays', async () => {
    const topic = await newTopic(2);
    const one = follow(settingsFor(topic));
    await (await one.next()).commit();
    const other = follow(settingsFor(topic));
    const seen: string[] = [];
    const pull = async (follower: Follower): Promise<void> => {
      for (;;) {
        const batch = await follower.next().catch(() => undefined);
        if (!batch) return;
        seen.push(...batch.notices.map(({ guid }) => guid));
        await batch.commit().catch(() => undefined);
      }
    };
    const pulling = [pull(one), pull(other)];
    await write(topic, numbered(1, 20), 0);
    await write(topic, numbered(21, 40), 1);
    await expect.poll(() => new Set(seen).size, { timeout: 60_000 }).toBe(40);
    await other.stop();
    await write(topic, numbered(41, 50), 0);
    await write(topic, numbered(51, 60), 1);
    await expect.poll(() => new Set(seen).size, { timeout: 60_000 }).toBe(60);
    await one.stop();
    await Promise.all(pulling);
  });

  it('goes on after the broker was killed, with a note', async () => {
    const topic = await newTopic();
    const follower = follow(settingsFor(topic));
    await (await follower.next()).commit();
    await write(topic, ['before']);
    expect(await follower.take(1)).toEqual(['before']);
    const waiting = follower.take(1);
    await broker.restart();
    await write(topic, ['after']);
    expect(await waiting).toEqual(['after']);
    expect(follower.notes.join()).toMatch(/Trying again in/);
  });
});

describe('signing in', () => {
  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)(
    'with %s, in the open and by TLS',
    async (mechanism) => {
      const { username, password, caCertificate } = broker;
      const signIn = { mechanism, username, password };
      for (const more of [
        { brokers: [broker.sasl], signIn },
        { brokers: [broker.tls], signIn, tls: true, caCertificate },
        { brokers: [broker.tls], signIn, tls: true, caCertificate: readFileSync(caCertificate, 'utf8') },
      ]) {
        const topic = await newTopic();
        const follower = follow(settingsFor(topic, more));
        await (await follower.next()).commit();
        await write(topic, ['x']);
        expect(await follower.take(1)).toEqual(['x']);
        await follower.stop();
      }
    },
  );

  it('tells a wrong password, and never shows it', async () => {
    const topic = await newTopic();
    const signIn = { mechanism: 'SCRAM-SHA-256' as const, username: broker.username, password: 'wrong-word' };
    const failing = follow(settingsFor(topic, { brokers: [broker.sasl], signIn })).next();
    await expect(failing).rejects.toMatchObject({ code: 'kafka.sign-in', exitCode: 3 });
    await expect(failing).rejects.not.toThrow('wrong-word');
  });

  it('tells a certificate that nobody vouches for', async () => {
    const { username, password } = broker;
    const signIn = { mechanism: 'PLAIN' as const, username, password };
    const failing = follow(settingsFor(await newTopic(), { brokers: [broker.tls], signIn, tls: true })).next();
    await expect(failing).rejects.toMatchObject({ code: 'kafka.unreachable', message: /certificate/i });
  });

  it('tells a topic that is missing, and brokers that are not there', async () => {
    const missing = follow(settingsFor('NO_SUCH_TOPIC')).next();
    await expect(missing).rejects.toMatchObject({ code: 'kafka.topic-missing', exitCode: 2 });
    const nobody = follow(settingsFor('ATLAS_ENTITIES', { brokers: ['127.0.0.1:1'] })).next();
    await expect(nobody).rejects.toMatchObject({ code: 'kafka.unreachable', exitCode: 3 });
  });
});
