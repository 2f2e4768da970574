import { closeSync, fstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { logSegments, segmentFile } from './run-log.ts';

/** Parts that a log is kept in: its beginning, and as many of its end as make up the rest. */
const parts = 4;

/**
 * Writes the log of a run, whole lines with their time. A line is in the file when `write` returns: it outlives this process.
 * A log that grows beyond its size goes on in another file, and the oldest but the first one is removed.
 */
export class RunLogWriter {
  readonly #folder: string;
  readonly #segmentBytes: number;
  #descriptor: number;
  #start: number;
  #size: number;
  #rest = '';

  /** @param bytes that may be kept of it, about */
  constructor(folder: string, bytes: number) {
    this.#folder = folder;
    this.#segmentBytes = Math.max(1024, Math.floor(bytes / parts));
    this.#start = logSegments(folder).at(-1)?.start ?? 0;
    this.#descriptor = openSync(segmentFile(folder, this.#start), 'a', 0o600);
    this.#size = fstatSync(this.#descriptor).size;
  }

  write(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    if (lines.length > 0) this.#append(lines);
  }

  /** Ends an unfinished line. */
  end(): void {
    if (this.#rest !== '') this.write('\n');
    closeSync(this.#descriptor);
  }

  #append(lines: readonly string[]): void {
    const now = new Date().toISOString();
    const bytes = Buffer.from(lines.map((line) => `${now} ${line}\n`).join(''));
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written);
    // What V8 says when it aborts goes to the same file, so that its true size counts.
    this.#size = fstatSync(this.#descriptor).size;
    if (this.#size >= this.#segmentBytes) this.#rotate();
  }

  #rotate(): void {
    closeSync(this.#descriptor);
    this.#start += this.#size;
    this.#descriptor = openSync(segmentFile(this.#folder, this.#start), 'a', 0o600);
    this.#size = 0;
    const segments = logSegments(this.#folder);
    for (const { file } of segments.slice(1, Math.max(1, segments.length - (parts - 1)))) rmSync(file, { force: true });
  }
}
