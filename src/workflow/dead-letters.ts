import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { MeridianError, ResponseError } from '../errors.ts';

/** A request that the target refused, as one JSON line of the dead-letter file. `meridian replay` sends it again. */
export interface DeadLetter {
  readonly at: string;
  readonly runId: string;
  readonly entityType: string;
  readonly name: string;
  readonly request?: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly answer?: { readonly status: number; readonly body: string };
  readonly code: string;
  readonly reason: string;
}

/** Appends refused requests to a file; the file is made with the first one. */
export class DeadLetterFile {
  readonly path: string;
  readonly #redact: (text: string) => string;
  #count = 0;

  constructor(path: string, redact: (text: string) => string) {
    this.path = path;
    this.#redact = redact;
  }

  get count(): number {
    return this.#count;
  }

  write(letter: Omit<DeadLetter, 'at' | 'code' | 'reason' | 'answer'>, error: unknown): void {
    const full: DeadLetter = {
      at: new Date().toISOString(),
      ...letter,
      ...(error instanceof ResponseError && { answer: { status: error.status, body: error.body } }),
      code: error instanceof MeridianError ? error.code : 'run.unexpected',
      reason: error instanceof Error ? error.message : String(error),
    };
    if (this.#count === 0) mkdirSync(dirname(this.path), { recursive: true });
    this.#count += 1;
    appendFileSync(this.path, `${this.#redact(JSON.stringify(full))}\n`, { mode: 0o600 });
  }
}
