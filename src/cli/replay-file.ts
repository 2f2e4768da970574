import { createReadStream, renameSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { AuthenticationError, ConfigurationError, ConnectionError } from '../errors.ts';
import type { DeadLetter } from '../workflow/dead-letters.ts';
import type { ReplayTarget } from './replay-command.ts';

export interface ReplayOutcome {
  readonly sent: number;
  /** Letters that stay in the file: refused again, or without a request. */
  readonly left: number;
}

/**
 * Sends the letters of a file in their order and leaves in it what did not go well.
 *
 * @param refused told of each letter that stays, and why
 * @throws ConfigurationError `replay.file` for a file that is none of ours; the file is as it was then
 * @throws AuthenticationError, ConnectionError when the target is lost; what was sent before is out of the file
 */
export async function replayFile(
  path: string,
  target: Pick<ReplayTarget, 'send'>,
  refused: (letter: DeadLetter, reason: string) => void,
): Promise<ReplayOutcome> {
  const rest = `${path}.rest`;
  writeFileSync(rest, '', { mode: 0o600 });
  let sent = 0;
  let left = 0;
  let lost: unknown;
  try {
    for await (const { line, letter } of letters(path)) {
      const reason = lost === undefined ? await trySend(letter, target) : 'not tried';
      if (reason === undefined) {
        sent += 1;
        continue;
      }
      if (reason instanceof Error) lost = reason;
      else if (lost === undefined) refused(letter, reason);
      left += 1;
      await appendFile(rest, `${line}\n`);
    }
  } catch (error) {
    rmSync(rest, { force: true });
    throw error;
  }
  if (left > 0) renameSync(rest, path);
  else for (const file of [rest, path]) rmSync(file);
  if (lost !== undefined) throw lost;
  return { sent, left };
}

/** Undefined when it went well, a reason when it was refused, the error when nothing more can be sent. */
async function trySend(letter: DeadLetter, target: Pick<ReplayTarget, 'send'>): Promise<Error | string | undefined> {
  if (!letter.request) return 'holds no request; the next ingest tries it anew';
  try {
    await target.send(letter.request);
    return undefined;
  } catch (error) {
    if (error instanceof AuthenticationError || error instanceof ConnectionError) return error;
    return error instanceof Error ? error.message : String(error);
  }
}

async function* letters(path: string): AsyncIterable<{ line: string; letter: DeadLetter }> {
  let number = 0;
  const input = createReadStream(path, 'utf8');
  const opened = new Promise<void>((resolve, reject) => input.once('open', () => resolve()).once('error', reject));
  try {
    await opened;
  } catch (cause) {
    throw new ConfigurationError('replay.file', `The dead-letter file ${path} cannot be read.`, { cause });
  }
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    yield { line, letter: parseLetter(line, `${path}:${number}`) };
  }
}

function parseLetter(line: string, place: string): DeadLetter {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || !('entityType' in value) || !('name' in value)) {
    throw new ConfigurationError('replay.file', `${place} is no dead letter.`, {
      help: 'Give the file that an ingest wrote (--dead-letters FILE, or the path that its summary names).',
    });
  }
  return value as DeadLetter;
}
