import type { ChangeBatch, ChangeFeed } from '../../change-feed.ts';
import { NotificationReader } from './notification-reader.ts';
import { startPositions } from './start-positions.ts';

/** A topic of one partition in memory, with the position of one group: it behaves as Kafka's, without a broker. */
export class MemoryTopic {
  readonly #messages: string[] = [];
  readonly #waiting = new Set<() => void>();
  committed: bigint | undefined;
  earliest = 0n;
  /** How many commits there were. */
  commits = 0;

  write(...messages: readonly string[]): void {
    this.#messages.push(...messages);
    for (const wake of this.#waiting) wake();
  }

  get latest(): bigint {
    return BigInt(this.#messages.length);
  }

  read(from: bigint, count: number): readonly string[] {
    return this.#messages.slice(Number(from), Number(from) + count);
  }

  /** Resolves with the next message, or with the signal. */
  written(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    });
  }
}

export function memoryFeed(topic: MemoryTopic, batchSize = 100, incrementalAbove = 1_000): ChangeFeed {
  const reader = new NotificationReader();
  async function* batches(signal: AbortSignal): AsyncGenerator<ChangeBatch> {
    const { earliest, latest, committed } = topic;
    const start = startPositions([{ partition: 0, earliest, latest, committed }], incrementalAbove);
    let at = start.offsets.get(0)!;
    const committing = (offset: bigint) => async (): Promise<void> => {
      topic.committed = offset;
      topic.commits += 1;
    };
    yield { notices: [], messages: 0, unreadable: new Map(), gaps: start.gaps, commit: committing(at) };
    while (!signal.aborted) {
      const from = at;
      const values = topic.read(from, batchSize);
      if (values.length === 0) {
        await topic.written(signal);
        continue;
      }
      at += BigInt(values.length);
      const read = reader.read(values.map((value, i) => ({ partition: 0, offset: from + BigInt(i), value })));
      yield { ...read, commit: committing(read.next.get(0) ?? at) };
    }
  }
  return { batches, close: async () => undefined };
}
