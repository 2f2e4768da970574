import { setTimeout as delay } from 'node:timers/promises';
import { Consumer, type Message } from '@platformatic/kafka';
import type { WatchSettings } from '../../../config/watch-settings.ts';
import { ConfigurationError, ConnectionError } from '../../../errors.ts';
import type { ChangeBatch, ChangeFeed } from '../../change-feed.ts';
import { kafkaError, kafkaOptions } from './kafka-options.ts';
import { type FeedMessage, NotificationReader } from './notification-reader.ts';
import { type PartitionOffsets, type StartPositions, startPositions } from './start-positions.ts';

const earliest = -2n;
const latest = -1n;
/** A stream ends after the fetch that is under way, which waits this long for a message at most. */
const fetchWaitMs = 1_000;
const closeWithinMs = 5_000;
const backOffMs = [1_000, 2_000, 5_000, 10_000, 30_000];

export interface KafkaFeedOptions {
  readonly settings: WatchSettings;
  readonly groupId: string;
  /** What a person should know and nobody must act upon: a connection that broke, partitions that moved. */
  readonly onNote: (message: string) => void;
}

type Client = Consumer<Buffer, Buffer, Buffer, Buffer>;

/**
 * Atlas' change feed on Kafka. Positions are kept by the brokers for our consumer group, and only what has been applied
 * is committed: at least once. A batch says which entities to read again and nothing of their content, so what comes
 * twice, or in another order after partitions have moved, does no harm.
 */
export class KafkaChangeFeed implements ChangeFeed {
  readonly #options: KafkaFeedOptions;
  readonly #reader = new NotificationReader();
  #consumer: Client | undefined;

  constructor(options: KafkaFeedOptions) {
    this.#options = options;
  }

  async *batches(signal: AbortSignal): AsyncGenerator<ChangeBatch> {
    let reached = false;
    let failures = 0;
    while (!signal.aborted) {
      try {
        for await (const batch of this.#session(signal)) {
          reached = true;
          failures = 0;
          yield batch;
        }
      } catch (error) {
        if (signal.aborted) return;
        const told = kafkaError(error, this.#options.settings);
        if (!reached || told instanceof ConfigurationError) throw told;
        const wait = backOffMs[Math.min(failures, backOffMs.length - 1)]!;
        failures += 1;
        this.#options.onNote(`${told.message} Trying again in ${wait / 1000} s.`);
        await delay(wait, undefined, { signal }).catch(() => undefined);
      } finally {
        await this.close();
      }
    }
  }

  async close(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    await consumer?.close(true).catch(() => undefined);
  }

  /** One connection: it lasts until it breaks, and takes new positions whenever partitions move. */
  async *#session(signal: AbortSignal): AsyncGenerator<ChangeBatch> {
    const { settings, groupId } = this.#options;
    const consumer: Client = new Consumer(kafkaOptions(settings, groupId));
    this.#consumer = consumer;
    const turn = new Turn(signal);
    consumer.on('error', (error) => turn.fail(error));
    consumer.topics.trackAll(settings.topic);
    await consumer.joinGroup();
    consumer.on('consumer:group:rebalance', () => turn.move());
    consumer.on('consumer:group:join', () => turn.move());
    while (!signal.aborted) {
      turn.begin();
      yield* this.#partitions(consumer, turn);
    }
  }

  /** Reads the partitions at hand until they change. */
  async *#partitions(consumer: Client, turn: Turn): AsyncGenerator<ChangeBatch> {
    const { settings, onNote } = this.#options;
    this.#reader.restart();
    const mine = assigned(consumer, settings.topic);
    if (mine.length === 0) {
      onNote('Another watcher of this group reads the whole topic; waiting for a part of it.');
      await turn.ended;
      return;
    }
    const start = await this.#positions(consumer, mine);
    yield this.#batch(consumer, { ...nothing, gaps: start.gaps, next: start.offsets });
    if (turn.over) return;
    const offsets = [...start.offsets].map(([partition, offset]) => ({ topic: settings.topic, partition, offset }));
    const stream = await consumer.consume({
      topics: [settings.topic],
      mode: 'manual',
      fallbackMode: 'fail',
      autocommit: false,
      maxWaitTime: fetchWaitMs,
      offsets,
    });
    stream.on('error', (error) => turn.fail(error));
    try {
      const messages = stream[Symbol.asyncIterator]();
      let waiting: Promise<IteratorResult<Message<Buffer, Buffer, Buffer, Buffer>>> | undefined;
      while (!turn.over) {
        const taken: FeedMessage[] = [];
        let until: Promise<unknown> = turn.ended;
        while (taken.length < settings.batchSize) {
          waiting ??= messages.next();
          waiting.catch(() => undefined);
          const next = await Promise.race([waiting, until]);
          if (!isResult(next)) break;
          waiting = undefined;
          if (next.done) throw new ConnectionError('kafka.unreachable', 'Kafka ended the connection.');
          const { partition, offset, value } = next.value;
          taken.push({ partition, offset, value });
          if (taken.length === 1) until = Promise.race([turn.ended, delay(settings.batchMs)]);
        }
        turn.throwIfFailed();
        if (turn.over || taken.length === 0) return;
        yield this.#batch(consumer, this.#reader.read(taken));
        // A full batch is a sign that many more wait: perhaps so many that they are not worth reading.
        if (taken.length >= settings.batchSize && (await this.#positions(consumer, mine)).gaps.length > 0) return;
      }
    } finally {
      // Before the consumer is: a stream that is just opening would leave its connections behind.
      await Promise.race([stream.close(), delay(closeWithinMs, undefined, { ref: false })]).catch(() => undefined);
    }
  }

  async #positions(consumer: Client, partitions: readonly number[]): Promise<StartPositions> {
    const { topic, incrementalAbove } = this.#options.settings;
    const asked = { topics: [topic], partitions: { [topic]: [...partitions] } };
    const [first, last, ours] = await Promise.all([
      consumer.listOffsets({ ...asked, timestamp: earliest }),
      consumer.listOffsets({ ...asked, timestamp: latest }),
      consumer.listCommittedOffsets({ topics: [{ topic, partitions: [...partitions] }] }),
    ]);
    const known = partitions.map((partition): PartitionOffsets => {
      const committed = ours.get(topic)?.[partition];
      return {
        partition,
        earliest: first.get(topic)?.[partition] ?? 0n,
        latest: last.get(topic)?.[partition] ?? 0n,
        committed: committed !== undefined && committed >= 0n ? committed : undefined,
      };
    });
    return startPositions(known, incrementalAbove);
  }

  #batch(consumer: Client, read: Omit<ChangeBatch, 'commit'> & { next: ReadonlyMap<number, bigint> }): ChangeBatch {
    const { next, ...batch } = read;
    const { topic } = this.#options.settings;
    const offsets = [...next].map(([partition, offset]) => ({ topic, partition, offset, leaderEpoch: -1 }));
    return {
      ...batch,
      commit: async () => {
        try {
          await consumer.commit({ offsets });
        } catch (error) {
          throw kafkaError(error, this.#options.settings);
        }
      },
    };
  }
}

const nothing = { notices: [], messages: 0, unreadable: new Map<string, number>() };

function assigned(consumer: Client, topic: string): readonly number[] {
  return consumer.assignments?.find((assignment) => assignment.topic === topic)?.partitions ?? [];
}

function isResult(value: unknown): value is IteratorResult<Message<Buffer, Buffer, Buffer, Buffer>> {
  return typeof value === 'object' && value !== null && 'value' in value;
}

/** The time in which our partitions stay the same. */
class Turn {
  ended: Promise<void> = Promise.resolve();
  over = false;
  readonly #signal: AbortSignal;
  #end: () => void = () => undefined;
  #error: unknown;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.move(), { once: true });
  }

  begin(): void {
    this.throwIfFailed();
    this.over = this.#signal.aborted;
    this.ended = this.over ? Promise.resolve() : new Promise((resolve) => (this.#end = resolve));
  }

  move(): void {
    this.over = true;
    this.#end();
  }

  fail(error: unknown): void {
    this.#error ??= error;
    this.move();
  }

  throwIfFailed(): void {
    if (this.#error !== undefined) throw this.#error;
  }
}
