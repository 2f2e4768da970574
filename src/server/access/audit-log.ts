import { appendFile, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface AuditEntry {
  /** Name of who did it; of a failed sign-in, the name that was tried. */
  readonly who: string;
  readonly by?: string;
  readonly address: string;
  /** Such as `pipeline.deploy`. */
  readonly what: string;
  /** What it was done to: a pipeline, a user. */
  readonly target?: string;
  /** HTTP status that it ended with. */
  readonly status: number;
}

/**
 * Who did what: a JSON object a line, appended, for its owner's eyes only. A line is written before the answer goes out, so
 * that what was acknowledged is in it.
 */
export class AuditLog {
  readonly #file: string | undefined;
  #ready: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  /** @param file undefined: nothing is kept */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  write(entry: AuditEntry): Promise<void> {
    const file = this.#file;
    if (file === undefined) return Promise.resolve();
    const line = `${JSON.stringify({ at: new Date().toISOString(), ...shortened(entry) })}\n`;
    this.#ready ??= prepare(file);
    const ready = this.#ready;
    // One after the other: lines keep the order of what they tell.
    const written = this.#last.then(async () => {
      await ready;
      await appendFile(file, line, { mode: 0o600 });
    });
    this.#last = written.catch(() => undefined);
    return written;
  }
}

async function prepare(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a', 0o600);
  await handle.chmod(0o600);
  await handle.close();
}

/** Names come from outside and may be of any length. */
function shortened(entry: AuditEntry): AuditEntry {
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [key, typeof value === 'string' ? value.slice(0, 300) : value]),
  ) as unknown as AuditEntry;
}
