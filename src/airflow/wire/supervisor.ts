import type { Socket } from 'node:net';
import { ConnectionError, MeridianError, ResponseError } from '../../errors.ts';
import { brokenProtocol, encodeRequest, type Frame, FrameReader } from './frames.ts';
import type { AnswerMessage, ErrorResponse, RequestMessage, StartupDetails } from './messages.ts';

interface Waiting {
  readonly what: string;
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: MeridianError) => void;
  readonly timer: NodeJS.Timeout;
}

export interface SupervisorOptions {
  /** Milliseconds that an answer may take; two minutes unless set: a busy API server was seen to take 30 seconds. */
  readonly timeoutMs?: number;
}

const patienceMs = 120_000;

/**
 * Airflow's supervisor, at the other end of the connection that it gave us (`--comm`). Requests may be under way at once;
 * each has a time limit, since Airflow never answers what it does not understand. When the supervisor goes away, everything
 * under way fails and `gone` tells: the process has to leave then, because nobody else ends it.
 */
export class Supervisor {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  readonly #frames = new FrameReader();
  readonly #waiting = new Map<number, Waiting>();
  readonly #gone = new AbortController();
  readonly #startup = Promise.withResolvers<StartupDetails>();
  #lastId = 0;

  /** @param socket connected */
  constructor(socket: Socket, { timeoutMs = patienceMs }: SupervisorOptions = {}) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    this.#startup.promise.catch(() => undefined);
    socket.setNoDelay(true);
    socket.on('data', (piece) => this.#read(piece));
    socket.on('error', (error) =>
      this.#end(goneAway(`the connection broke (${(error as NodeJS.ErrnoException).code})`)),
    );
    socket.on('end', () =>
      this.#end(
        goneAway(this.#frames.atBoundary ? 'it closed the connection' : 'it stopped in the middle of a message'),
      ),
    );
    socket.on('close', () => this.#end(goneAway('the connection is closed')));
  }

  /** What the task is; Airflow says it first, once its API server has noted the start. */
  get startup(): Promise<StartupDetails> {
    return this.#startup.promise;
  }

  /** Aborted when there is nobody to talk to any more; the reason is an error. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /**
   * Asks, and waits for the answer: null for what is only noted.
   *
   * @throws ConnectionError `airflow.gone`, `airflow.no-answer`, `airflow.protocol`
   * @throws ResponseError `airflow.refused`, with what Airflow says: nothing of this name, or a refusal by its API server
   */
  async request(message: RequestMessage, { timeoutMs = this.#timeoutMs }: SupervisorOptions = {}): Promise<unknown> {
    if (this.gone.aborted) throw this.gone.reason as MeridianError;
    this.#lastId += 1;
    const id = this.#lastId;
    const frame = encodeRequest(id, message);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      this.#waiting.delete(id);
      reject(noAnswer(message.type, timeoutMs));
    }, timeoutMs);
    this.#waiting.set(id, { what: message.type, resolve, reject, timer });
    this.#socket.write(frame);
    return promise;
  }

  /** As `request`, for what is answered with a certain message. */
  async ask<T extends AnswerMessage>(message: RequestMessage, answer: T['type']): Promise<T> {
    const body = await this.request(message);
    if ((body as { type?: unknown } | null)?.type === answer) return body as T;
    throw brokenProtocol(`${message.type} was not answered with ${answer}`);
  }

  /** Ends the connection once everything said has gone out. */
  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    await new Promise<void>((resolve) => this.#socket.end(resolve));
    this.#socket.destroy();
  }

  #read(piece: Buffer): void {
    try {
      for (const frame of this.#frames.push(piece)) this.#take(frame);
    } catch (error) {
      this.#end(error instanceof MeridianError ? error : brokenProtocol('a message cannot be read', error));
      this.#socket.destroy();
    }
  }

  #take({ id, body, error }: Frame): void {
    if ((body as { type?: unknown } | null)?.type === 'StartupDetails') {
      this.#startup.resolve(body as StartupDetails);
      return;
    }
    // What nobody waits for is an answer that came too late, or a message that this version does not know.
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    const refusal = error ?? (isError(body) ? body : null);
    if (refusal === null) waiting.resolve(body);
    else waiting.reject(refused(waiting.what, refusal as ErrorResponse));
  }

  #end(reason: MeridianError): void {
    if (this.gone.aborted) return;
    this.#startup.reject(reason);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(reason);
    }
    this.#waiting.clear();
    this.#gone.abort(reason);
  }
}

function isError(body: unknown): boolean {
  return (body as { type?: unknown } | null)?.type === 'ErrorResponse';
}

function goneAway(why: string): ConnectionError {
  return new ConnectionError('airflow.gone', `Airflow’s supervisor of this task has gone away: ${why}.`, {
    help: 'What was done is kept; the next try goes on from there. The reason is in the log of the scheduler or worker.',
  });
}

function noAnswer(what: string, timeoutMs: number): ConnectionError {
  return new ConnectionError('airflow.no-answer', `Airflow has not answered ${what} within ${timeoutMs / 1000} s.`, {
    help: 'Look whether its API server has too much to do; another version of Airflow may not know the request.',
  });
}

function refused(what: string, { error, detail }: ErrorResponse): ResponseError {
  const { status_code: status, message } = (detail ?? {}) as { status_code?: unknown; message?: unknown };
  const name = String(error ?? 'GENERIC_ERROR');
  const words = typeof message === 'string' ? message.slice(0, 300) : name;
  return new ResponseError('airflow.refused', `Airflow refuses ${what}: ${words}.`, {
    status: typeof status === 'number' ? status : name.endsWith('_NOT_FOUND') ? 404 : 500,
    body: JSON.stringify({ error: name, detail }),
    help: 'Check that what it asks for is there, under this name, and that the task’s run has not been removed.',
  });
}
