import { setTimeout as sleep } from 'node:timers/promises';
import { type QueryResult, Trino } from 'trino-client';
import { ConnectionError } from '../../errors.ts';
import { backoffMs } from '../../http/backoff.ts';
import { HttpClient, type HttpClientOptions } from '../../http/http-client.ts';
import { lowerCased } from '../../http/lower-cased.ts';
import { QueryTransport } from './query-transport.ts';
import { queryError, TrinoQueryError, timeLimit } from './trino-query-error.ts';

export interface TrinoClientOptions
  extends Pick<HttpClientOptions, 'authorize' | 'tls' | 'proxies' | 'timeoutMs' | 'retries' | 'concurrency'> {
  /** An http or https address. */
  readonly address: string;
  readonly user: string;
  /** The name that Trino lists our queries under. */
  readonly source: string;
  /** Beside those of the protocol. */
  readonly headers: Readonly<Record<string, string>>;
  readonly session: Readonly<Record<string, string>>;
  readonly extraCredential: Readonly<Record<string, string>>;
  /** Milliseconds that a query may take, unless it says otherwise. */
  readonly queryTimeoutMs: number;
  readonly redact: (text: string) => string;
  /** For tests: waits, in milliseconds. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export type TrinoRow = readonly unknown[];

/** Some rows of an answer. */
export interface TrinoPage {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly TrinoRow[];
}

export interface QueryOptions {
  readonly signal: AbortSignal;
  /** Milliseconds; the client's own limit unless set. */
  readonly timeoutMs?: number;
}

/** Failures of a cluster that starts, ends, or has too much to do: the same query may well run a moment later. */
const passing: ReadonlySet<string> = new Set([
  'QUERY_QUEUE_FULL',
  'SERVER_STARTING_UP',
  'SERVER_SHUTTING_DOWN',
  'NO_NODES_AVAILABLE',
  'CLUSTER_OUT_OF_MEMORY',
  'TOO_MANY_REQUESTS_FAILED',
  'PAGE_TRANSPORT_ERROR',
  'PAGE_TRANSPORT_TIMEOUT',
  'REMOTE_TASK_ERROR',
]);

/** As those of a request. */
const usualRetries = 5;

/** Queries of one Trino: pages are fetched as they are asked for, so that who reads slowly holds Trino back. */
export class TrinoClient {
  readonly place: string;
  readonly #options: TrinoClientOptions;
  readonly #http: HttpClient;

  /** @throws ConfigurationError when the address is no http or https address */
  constructor(options: TrinoClientOptions) {
    const { address, headers, authorize, tls, proxies, timeoutMs, retries, concurrency, redact } = options;
    this.#options = options;
    this.place = URL.canParse(address) ? new URL(address).host : address;
    this.#http = new HttpClient({
      baseUrl: address,
      name: 'Trino',
      headers: lowerCased(headers),
      redact,
      ...(authorize && { authorize }),
      ...(tls && { tls }),
      ...(proxies && { proxies }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(retries !== undefined && { retries }),
      ...(concurrency !== undefined && { concurrency }),
    });
  }

  get requestCount(): number {
    return this.#http.requestCount;
  }

  /** The server's version. @throws ConnectionError when it is no Trino, or cannot be reached */
  async version(signal: AbortSignal): Promise<string> {
    const { body } = await this.#http.request<{ nodeVersion?: { version?: unknown } }>({
      method: 'GET',
      path: '/v1/info',
      signal,
    });
    const version = body?.nodeVersion?.version;
    if (typeof version === 'string') return version;
    throw new ConnectionError('trino.not-trino', `What answers at ${this.place} does not answer as Trino does.`, {
      help: 'Check hostPort of the source: it is the address of Trino’s coordinator, or of a gateway before it.',
    });
  }

  /**
   * Runs a query. One that is not read to its end is cancelled at the server; one that a busy or restarting cluster could not
   * run is sent again, after growing pauses, before its first rows.
   *
   * @throws TrinoQueryError when the query fails; AuthenticationError, ConnectionError; the signal's reason when it aborts
   */
  async *pages(
    sql: string,
    { signal, timeoutMs = this.#options.queryTimeoutMs }: QueryOptions,
  ): AsyncIterable<TrinoPage> {
    const limit = AbortSignal.timeout(timeoutMs);
    const either = AbortSignal.any([signal, limit]);
    for (let failures = 0; ; ) {
      let begun = false;
      const transport = new QueryTransport(this.#http, this.#options.address, either);
      try {
        for await (const page of this.#pages(sql, transport)) {
          begun = true;
          yield page;
        }
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (limit.aborted) throw timeLimit(this.place, `it was ended after ${timeoutMs / 1000} s`);
        failures += 1;
        const retries = this.#options.retries ?? usualRetries;
        const mayHelp = error instanceof TrinoQueryError && passing.has(error.errorName);
        // What was handed on already cannot be taken back.
        if (begun || !mayHelp || failures > retries) throw error;
      } finally {
        await transport.cancel();
      }
      await this.#wait(backoffMs(failures, Math.random), either);
    }
  }

  /** The rows of a query, one by one. @throws as {@link pages} */
  async *rows(sql: string, options: QueryOptions): AsyncIterable<TrinoRow> {
    for await (const { rows } of this.pages(sql, options)) yield* rows;
  }

  /** All rows of a query with few of them, by the names of their columns. @throws as {@link pages} */
  async objects(sql: string, options: QueryOptions): Promise<Readonly<Record<string, unknown>>[]> {
    const found: Readonly<Record<string, unknown>>[] = [];
    for await (const { columns, rows } of this.pages(sql, options)) {
      for (const row of rows) found.push(Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
    }
    return found;
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    const { pause = (time, abort) => sleep(time, undefined, { signal: abort }) } = this.#options;
    // Why it was stopped is told by whoever asks next.
    await pause(ms, signal).catch(() => undefined);
  }

  async *#pages(sql: string, transport: QueryTransport): AsyncIterable<TrinoPage> {
    const { address, user, source, session, extraCredential, redact } = this.#options;
    const trino = Trino.create({
      server: address,
      source,
      session,
      extraCredential,
      extraHeaders: { 'X-Trino-User': user },
    });
    transport.carry(trino);
    const pages = await trino.query(sql);
    let last: QueryResult | undefined;
    for (;;) {
      const { value, done } = (await pages.next()) as { readonly value: QueryResult; readonly done?: boolean };
      if (value.error) throw queryError(value.error, this.place, redact);
      // At its end the library gives the last page once more.
      const isNew = value !== last;
      last = value;
      if (isNew && value.data && value.data.length > 0) yield { columns: value.columns ?? [], rows: value.data };
      if (done) return;
    }
  }
}
