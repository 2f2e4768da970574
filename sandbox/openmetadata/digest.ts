import { createHash } from 'node:crypto';
import { DUMP_PATH } from './dump.ts';

/**
 * A fingerprint of everything that a stand-in holds: entities with columns, labels, owners, texts and custom
 * properties, and lineage with its details. Ids, times, versions and authors do not count.
 * @param url root of the stand-in's API, ending in `/api`.
 * @returns SHA-256 in hexadecimal.
 */
export async function digestTarget(url: string, token: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const line of dumpTarget(url, token)) {
    hash.update(line).update('\n');
  }
  return hash.digest('hex');
}

/** The lines that `digestTarget` is made of: JSON, one line an entity or an edge, for telling what differs. */
export async function* dumpTarget(url: string, token: string): AsyncGenerator<string> {
  const answer = await fetch(new URL(DUMP_PATH, url), { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok || answer.body === null) {
    throw new Error(`${url} cannot be dumped (${answer.status}): only stand-ins can`);
  }
  let rest = '';
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
