import { closeSync, createReadStream, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ConfigurationError } from '../../errors.ts';
import type { LogChunk } from '../engine.ts';

/** A file of a log. Positions count the bytes of all that was ever written, so that they stay when a file is removed. */
export interface LogSegment {
  readonly file: string;
  /** Position of its first byte. */
  readonly start: number;
  readonly size: number;
}

const blockBytes = 256 * 1024;

export function segmentFile(folder: string, start: number): string {
  return join(folder, `log.${start}`);
}

/** In their order; none where there is no such folder. */
export function logSegments(folder: string): LogSegment[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const start = /^log\.(\d+)$/.exec(name)?.[1];
      return start === undefined
        ? []
        : [{ file: join(folder, name), start: Number(start), size: sizeOf(join(folder, name)) }];
    })
    .sort((a, b) => a.start - b.start);
}

/** The log of a run as it is on disk, in pieces. */
export class RunLog {
  readonly #folder: string;
  /** Characters by file, as far as they have been counted. */
  readonly #counted = new Map<string, { bytes: number; characters: number }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws ConfigurationError `engine.bad-position` */
  read(after: string | undefined, maxCharacters: number): LogChunk {
    const segments = logSegments(this.#folder);
    const pieces: string[] = [];
    let characters = 0;
    let position = positionOf(after);
    for (const segment of segments) {
      const end = segment.start + segment.size;
      if (end <= position) continue;
      position = Math.max(position, segment.start);
      while (position < end) {
        const block = wholeCharacters(readBytes(segment, position, Math.min(blockBytes, end - position)));
        const bytes = cut(block, maxCharacters - characters, pieces.length === 0);
        if (bytes === 0) break;
        const text = block.toString('utf8', 0, bytes);
        pieces.push(text);
        characters += text.length;
        position += bytes;
      }
      if (position < end) break;
    }
    const more = segments.some(({ start, size }) => start + size > position);
    return { text: pieces.join(''), total: this.#total(segments), ...(more && { after: String(position) }) };
  }

  /** Whole lines from a position on, at most about a quarter of a megabyte; `end` is where the next ones begin. */
  lines(from: number): { readonly text: string; readonly end: number } {
    for (const segment of logSegments(this.#folder)) {
      const end = segment.start + segment.size;
      if (end <= from) continue;
      const start = Math.max(from, segment.start);
      const block = readBytes(segment, start, Math.min(blockBytes, end - start));
      const lineEnd = block.lastIndexOf(10) + 1;
      // A line longer than a block is cut between characters.
      const bytes = lineEnd > 0 || block.length < blockBytes ? lineEnd : wholeCharacters(block).length;
      return { text: block.toString('utf8', 0, bytes), end: start + bytes };
    }
    return { text: '', end: from };
  }

  /** All of it, to be read once. */
  stream(): Readable {
    const segments = logSegments(this.#folder);
    return Readable.from(
      (async function* () {
        for (const { file } of segments) yield* createReadStream(file);
      })(),
    );
  }

  #total(segments: readonly LogSegment[]): number {
    let total = 0;
    for (const segment of segments) {
      const counted = this.#counted.get(segment.file) ?? { bytes: 0, characters: 0 };
      while (counted.bytes < segment.size) {
        const from = segment.start + counted.bytes;
        const block = readBytes(segment, from, Math.min(blockBytes, segment.size - counted.bytes));
        if (block.length === 0) break;
        for (const byte of block) counted.characters += charactersAt(byte);
        counted.bytes += block.length;
      }
      this.#counted.set(segment.file, counted);
      total += counted.characters;
    }
    return total;
  }
}

/** @throws ConfigurationError `engine.bad-position` */
export function positionOf(after: string | undefined): number {
  if (after === undefined) return 0;
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw new ConfigurationError('engine.bad-position', 'This is no position in a log.', {
    help: 'Give what the last piece said as “after”, or leave it out to read from the beginning.',
  });
}

function readBytes({ file, start }: LogSegment, from: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    // Removed since it was listed.
    return Buffer.alloc(0);
  }
  try {
    return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, from - start));
  } finally {
    closeSync(descriptor);
  }
}

/** Without a last character that is cut off. */
function wholeCharacters(block: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, block.length); back += 1) {
    const byte = block[block.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back && block.length > back ? block.subarray(0, block.length - back) : block;
  }
  return block;
}

/** Bytes that hold at most so many characters of JavaScript. */
function cut(block: Buffer, characters: number, atLeastOne: boolean): number {
  let left = characters;
  for (let at = 0; at < block.length; at += 1) {
    const needed = charactersAt(block[at]!);
    if (needed > Math.max(0, left) && !(atLeastOne && at === 0)) return at;
    left -= needed;
  }
  return block.length;
}

/** What a byte of UTF-8 begins: nothing, a character, or a pair of them. */
function charactersAt(byte: number): number {
  if ((byte & 0xc0) === 0x80) return 0;
  return byte >= 0xf0 ? 2 : 1;
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
