import type { ChangeNotice, FeedGap } from '../../change-feed.ts';
import { MessageAssembler, type MessagePlace } from './message-assembler.ts';
import { parseNotification } from './parse-notification.ts';

/** A message as it lies in the feed. */
export interface FeedMessage extends MessagePlace {
  readonly value: Buffer | string | undefined;
}

export interface NotificationBatch {
  readonly notices: readonly ChangeNotice[];
  readonly messages: number;
  readonly unreadable: ReadonlyMap<string, number>;
  readonly gaps: readonly FeedGap[];
  /** Partition → offset to go on from, once the batch has been applied. */
  readonly next: ReadonlyMap<number, bigint>;
}

/**
 * Makes notices of messages. What cannot be read is counted and never ends the feed; where Atlas itself wrote it (a part
 * is missing, a compressed text broken) a change is lost, and that is a gap.
 */
export class NotificationReader {
  readonly #assembler = new MessageAssembler();

  read(messages: readonly FeedMessage[], now = Date.now()): NotificationBatch {
    const notices: ChangeNotice[] = [];
    const unreadable = new Map<string, number>();
    const count = (reason: string): void => void unreadable.set(reason, (unreadable.get(reason) ?? 0) + 1);
    const next = new Map<number, bigint>();
    let lost = 0;
    for (const message of messages) {
      next.set(message.partition, message.offset + 1n);
      const assembled = this.#assembler.take(message.value?.toString() ?? '', message, now);
      if (assembled.outcome === 'waiting') continue;
      if (assembled.outcome === 'whole') {
        const told = parseNotification(assembled.content);
        if (told) notices.push(...told);
        else count('no-entity');
        continue;
      }
      count(assembled.reason);
      if (assembled.outcome === 'lost') lost += 1;
    }
    const expired = this.#assembler.expired(now);
    if (expired > 0) unreadable.set('part-missing', expired);
    lost += expired;
    for (const partition of next.keys()) {
      // The parts that wait must come again after a restart.
      const waiting = this.#assembler.waitingFrom(partition);
      if (waiting !== undefined) next.set(partition, waiting);
    }
    return { notices, messages: messages.length, unreadable, gaps: lost === 0 ? [] : [gapOf(lost)], next };
  }

  /** The feed is read from another place: parts at hand will come again. */
  restart(): void {
    this.#assembler.clear();
  }
}

function gapOf(lost: number): FeedGap {
  const what = lost === 1 ? 'One message of Apache Atlas' : `${lost} messages of Apache Atlas`;
  return { reason: 'lost-part', message: `${what} could not be put together.` };
}
