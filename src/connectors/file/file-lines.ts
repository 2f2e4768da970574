import { open } from 'node:fs/promises';
import { ConfigurationError } from '../../errors.ts';

/** Bytes of one line at most. A table of thousands of columns has a few million. */
const longestLine = 128 * 1024 ** 2;
const newline = 10;

export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Undefined for bytes that are no UTF-8 text. */
  readonly text: string | undefined;
  /** False for a last line that the file ends in the middle of. */
  readonly ended: boolean;
}

/**
 * The lines of a file, read as a stream.
 *
 * @throws ConfigurationError `records-file.unreadable`, `records-file.broken-line` for one that never ends
 */
export async function* fileLines(path: string, signal: AbortSignal): AsyncGenerator<FileLine> {
  let number = 0;
  let parts: Buffer[] = [];
  let held = 0;
  const line = (ended: boolean): FileLine => {
    number += 1;
    const bytes = Buffer.concat(parts);
    parts = [];
    held = 0;
    return { number, text: decoded(bytes), ended };
  };
  for await (const chunk of chunksOf(path)) {
    signal.throwIfAborted();
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      parts.push(chunk.subarray(from, at));
      from = at + 1;
      yield line(true);
    }
    parts.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > longestLine) {
      throw new ConfigurationError('records-file.broken-line', `Line ${number + 1} of the file at path has no end.`, {
        help: 'A file of records has one record a line: export it again.',
      });
    }
  }
  if (held > 0) yield line(false);
}

async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      if (!(await file.stat()).isFile()) throw new Error('it is no file');
      for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 })) {
        yield chunk as Buffer;
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : (cause as Error).message;
    throw new ConfigurationError('records-file.unreadable', `The file ${path} cannot be read: ${why}.`, {
      help: 'Check path in the recipe (it starts from the recipe’s folder) and the rights of the file.',
      cause,
    });
  }
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
