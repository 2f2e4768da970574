import { gunzipSync } from 'node:zlib';

/** Where a message stands in the feed. */
export interface MessagePlace {
  readonly partition: number;
  readonly offset: bigint;
}

/** What became of one message of the feed. */
export type Assembled =
  | { readonly outcome: 'whole'; readonly content: unknown }
  | { readonly outcome: 'waiting' }
  /** Nothing that Atlas writes. */
  | { readonly outcome: 'garbage'; readonly reason: string }
  /** Atlas wrote it, and a change can no longer be read from it. */
  | { readonly outcome: 'lost'; readonly reason: string };

interface Pending {
  readonly parts: (string | undefined)[];
  readonly compressed: boolean;
  readonly first: MessagePlace;
  readonly since: number;
  characters: number;
}

/** Atlas splits at about a megabyte: far more than it ever needs, and few enough to hold. */
const maxParts = 1_000;
const maxPending = 100;
const maxCharacters = 256 * 1024 * 1024;
/** Atlas' own consumers wait this long for the parts of a message (milliseconds). */
const patienceMs = 15 * 60_000;

/**
 * Puts messages together again as Atlas' own consumers do: a long message comes in parts (`msgSplitIdx` of
 * `msgSplitCount` under one `msgId`, the text in base64), a compressed one as GZIP in base64, and both at once.
 */
export class MessageAssembler {
  readonly #pending = new Map<string, Pending>();

  take(text: string, place: MessagePlace, now = Date.now()): Assembled {
    const envelope = parse(text);
    if (!isMap(envelope)) return { outcome: 'garbage', reason: 'no-json' };
    const count = envelope['msgSplitCount'];
    if (typeof count === 'number' && count > 1) return this.#part(envelope, count, place, now);
    if (typeof envelope['message'] !== 'string') return { outcome: 'whole', content: envelope };
    return open(envelope['message'], envelope['msgCompressionKind'] === 'GZIP');
  }

  /** Messages that wait for a part that will not come any more; they are forgotten. */
  expired(now = Date.now()): number {
    const old = [...this.#pending].filter(([, { since }]) => now - since > patienceMs);
    for (const [id] of old) this.#pending.delete(id);
    return old.length;
  }

  /** Offset of the earliest part that waits in a partition: behind it nothing may be committed. */
  waitingFrom(partition: number): bigint | undefined {
    const offsets = [...this.#pending.values()]
      .filter(({ first }) => first.partition === partition)
      .map(({ first }) => first.offset);
    return offsets.length === 0 ? undefined : offsets.reduce((a, b) => (b < a ? b : a));
  }

  /** Forgets the parts at hand: the feed is read from another place. */
  clear(): void {
    this.#pending.clear();
  }

  #part(envelope: Readonly<Record<string, unknown>>, count: number, place: MessagePlace, now: number): Assembled {
    const { msgId: id, msgSplitIdx: index, message } = envelope;
    const usable = typeof id === 'string' && typeof message === 'string' && Number.isInteger(index);
    if (!usable || !Number.isInteger(count) || count > maxParts) return { outcome: 'lost', reason: 'bad-part' };
    const at = Number(index);
    if (at < 0 || at >= count) return { outcome: 'lost', reason: 'bad-part' };
    let pending = this.#pending.get(id);
    if (!pending) {
      if (this.#pending.size >= maxPending) return { outcome: 'lost', reason: 'too-many-parts' };
      const compressed = envelope['msgCompressionKind'] === 'GZIP';
      pending = { parts: new Array(count).fill(undefined), compressed, first: place, since: now, characters: 0 };
      this.#pending.set(id, pending);
    }
    if (pending.parts.length !== count) return this.#drop(id, 'bad-part');
    if (pending.parts[at] === undefined) pending.characters += message.length;
    if (pending.characters > maxCharacters) return this.#drop(id, 'too-long');
    pending.parts[at] = message;
    if (pending.parts.includes(undefined)) return { outcome: 'waiting' };
    this.#pending.delete(id);
    return open(pending.parts.join(''), pending.compressed);
  }

  #drop(id: string, reason: string): Assembled {
    this.#pending.delete(id);
    return { outcome: 'lost', reason };
  }
}

/** The message within base64, and within GZIP where it is compressed. */
function open(encoded: string, compressed: boolean): Assembled {
  try {
    const bytes = Buffer.from(encoded, 'base64');
    const plain = compressed ? gunzipSync(bytes, { maxOutputLength: maxCharacters }) : bytes;
    const content = parse(plain.toString('utf8')) ?? parse(encoded);
    return isMap(content) ? { outcome: 'whole', content } : { outcome: 'lost', reason: 'bad-content' };
  } catch {
    return { outcome: 'lost', reason: 'bad-compression' };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
