import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './answer-statement.ts';
import { TrinoError } from './trino-error.ts';

/** Milliseconds that an answer waits for a query to have something to say. */
const longPoll = 200;

/** A page of a query: what the server answers, but for addresses. */
export interface Page {
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Path of the next page; undefined on the last. */
  readonly next: string | undefined;
}

/**
 * One statement on its way: QUEUED, RUNNING, and FINISHED or FAILED. Pages are made as they are asked for, and the last
 * one is kept, since a client whose connection broke asks for it again.
 */
export class RunningQuery {
  readonly id: string;
  readonly sql: string;
  readonly #slug = randomBytes(8).toString('hex');
  readonly #abort = new AbortController();
  readonly #pageRows: number;
  readonly #answer: Promise<Answer>;
  #settled: { readonly answer: Answer } | { readonly error: TrinoError } | undefined;
  #token = 0;
  #last: Page | undefined;
  #cancelled = false;

  constructor(
    id: string,
    sql: string,
    run: (signal: AbortSignal) => Promise<Answer>,
    options: { readonly pageRows: number; readonly timeLimitMs: number },
  ) {
    this.id = id;
    this.sql = sql;
    this.#pageRows = options.pageRows;
    this.#answer = run(this.#abort.signal);
    this.#answer.then(
      (answer) => {
        this.#settled ??= { answer };
      },
      (error: unknown) => {
        const said = error instanceof Error ? error.message : String(error);
        this.#settled ??= {
          error: error instanceof TrinoError ? error : new TrinoError('GENERIC_INTERNAL_ERROR', said),
        };
      },
    );
    if (Number.isFinite(options.timeLimitMs)) {
      const message = `Query exceeded the maximum run time limit of ${options.timeLimitMs}ms`;
      setTimeout(() => this.#fail(new TrinoError('EXCEEDED_TIME_LIMIT', message)), options.timeLimitMs).unref();
    }
  }

  /** QUEUED, RUNNING, FINISHED, FAILED or CANCELED. */
  get state(): string {
    if (this.#cancelled) return 'CANCELED';
    if (this.#settled && 'error' in this.#settled) return 'FAILED';
    if (this.#last && this.#last.next === undefined) return 'FINISHED';
    return this.#token === 0 ? 'QUEUED' : 'RUNNING';
  }

  /** The answer to the POST. */
  first(): Page {
    this.#last = this.#page('QUEUED', {}, this.#path('queued', 1));
    return this.#last;
  }

  /** The page of a token: the next one, or the last one again; undefined for any other. */
  async page(slug: string, token: number): Promise<Page | undefined> {
    if (slug !== this.#slug) return undefined;
    if (token === this.#token && this.#last) return this.#last;
    if (token !== this.#token + 1) return undefined;
    this.#token = token;
    this.#last = await this.#make();
    return this.#last;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#fail(new TrinoError('USER_CANCELED', 'Query was canceled'));
  }

  #fail(error: TrinoError): void {
    if (this.#last && this.#last.next === undefined) return;
    this.#settled = { error };
    this.#abort.abort();
  }

  async #make(): Promise<Page> {
    const following = this.#path('executing', this.#token + 1);
    // The first page after the queue tells of no rows yet, as a server does that has just begun.
    if (this.#token === 1 && !this.#settled) return this.#page('RUNNING', {}, following);
    await Promise.race([this.#answer.catch(() => undefined), sleep(longPoll, undefined, { ref: false })]);
    const settled = this.#settled;
    if (!settled) return this.#page('RUNNING', {}, following);
    if ('error' in settled) return this.#page('FAILED', { error: settled.error.toBody() }, undefined);
    const { result, headers } = settled.answer;
    const columns = result.columns.map(({ name, type }) => ({
      name,
      type,
      typeSignature: { rawType: type.split('(')[0], arguments: [] },
    }));
    const data: (readonly unknown[])[] = [];
    while (data.length < this.#pageRows) {
      const { done, value } = result.rows.next();
      if (done) {
        const rows = data.length > 0 ? { data } : {};
        return { ...this.#page('FINISHED', { columns, ...rows }, undefined), headers: headers ?? {} };
      }
      data.push(value);
    }
    return this.#page('RUNNING', { columns, data }, following);
  }

  #page(state: string, more: Readonly<Record<string, unknown>>, next: string | undefined): Page {
    const stats = { state, queued: state === 'QUEUED', scheduled: state !== 'QUEUED', nodes: 1, processedRows: 0 };
    return { body: { id: this.id, ...more, stats, warnings: [] }, headers: {}, next };
  }

  #path(state: 'queued' | 'executing', token: number): string {
    return `/v1/statement/${state}/${this.id}/${this.#slug}/${token}`;
  }
}
