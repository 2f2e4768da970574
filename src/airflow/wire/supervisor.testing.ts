import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { encode } from '@msgpack/msgpack';
import { type Frame, FrameReader } from './frames.ts';
import type { StartupDetails } from './messages.ts';

export type Body = Readonly<Record<string, unknown>>;

/** One answer of Airflow, as bytes. */
export function answerFrame(id: number, body: unknown, error: unknown = null): Buffer {
  const content = encode([id, body, error]);
  const header = Buffer.alloc(4);
  header.writeUInt32BE(content.byteLength);
  return Buffer.concat([header, content]);
}

/** One connection between a task and nobody in particular: what the test says goes over it byte by byte. */
export async function socketPair(): Promise<{ task: Socket; airflow: Socket; close(): Promise<void> }> {
  const server = createServer();
  const port = await listen(server);
  const task = createConnection(port, '127.0.0.1');
  const [airflow] = (await once(server, 'connection')) as [Socket];
  airflow.on('error', () => airflow.destroy());
  return {
    task,
    airflow,
    async close() {
      task.destroy();
      airflow.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export interface StandInOptions {
  readonly connections?: Readonly<Record<string, Body>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** By task id: a value, or of a mapped task the values by map index. */
  readonly xcoms?: Readonly<Record<string, unknown>>;
  readonly mapped?: Readonly<Record<string, readonly unknown[]>>;
  readonly ti?: Partial<StartupDetails['ti']>;
  readonly context?: Partial<StartupDetails['ti_context']>;
  readonly conf?: Body;
  /** Types that it never answers. */
  readonly silent?: readonly string[];
  /** Said in place of an answer to a type. */
  readonly answers?: Readonly<Record<string, { body?: unknown; error?: unknown }>>;
}

/** A labelled stand-in of Airflow's supervisor: it behaves as the recorded one does, and keeps what it is told. */
export class SupervisorStandIn {
  readonly requests: Body[] = [];
  readonly lines: Record<string, unknown>[] = [];
  /** What ended the log, as Airflow would end it. */
  brokenLine: string | undefined;
  comm = '';
  logs = '';
  /** Resolved once the task has closed its log. */
  readonly logEnded: Promise<void>;
  readonly #options: StandInOptions;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #comm: Socket | undefined;
  readonly #told: (() => void)[] = [];

  readonly #endLog: () => void;

  private constructor(options: StandInOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.logEnded = promise;
    this.#endLog = resolve;
  }

  static async start(options: StandInOptions = {}): Promise<SupervisorStandIn> {
    const standIn = new SupervisorStandIn(options);
    const logs = createServer((socket) => standIn.#readLog(socket));
    const comm = createServer((socket) => standIn.#serve(socket));
    standIn.#servers.push(logs, comm);
    standIn.logs = `127.0.0.1:${await listen(logs)}`;
    standIn.comm = `127.0.0.1:${await listen(comm)}`;
    return standIn;
  }

  /** Requests of one type. */
  of(type: string): Body[] {
    return this.requests.filter((each) => each['type'] === type);
  }

  /** Resolves once what was said so far satisfies the condition. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#told.push(resolve));
  }

  /** As a supervisor that dies. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.hangUp();
    for (const server of this.#servers) {
      server.close();
      if (server.listening) await once(server, 'close');
    }
  }

  #tell(): void {
    for (const resolve of this.#told.splice(0)) resolve();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    this.#comm = socket;
    socket.on('error', () => socket.destroy());
    const frames = new FrameReader();
    socket.on('data', (piece) => {
      for (const { id, body } of frames.push(piece)) this.#answer(socket, id, body as Body);
    });
    socket.write(answerFrame(0, this.startup()));
  }

  startup(): StartupDetails {
    const { ti, context, conf } = this.#options;
    const run = { dag_id: 'hive', run_id: 'manual__1' };
    return {
      type: 'StartupDetails',
      ti: {
        id: '01a20b20-6502-754d-b309-5d6cc6cc21e1',
        ...run,
        task_id: 'plan',
        try_number: 1,
        map_index: -1,
        queue: 'node',
        ...ti,
      },
      ti_context: {
        dag_run: {
          ...run,
          logical_date: null,
          data_interval_start: null,
          data_interval_end: null,
          run_type: 'manual',
          conf: conf ?? {},
        },
        max_tries: 0,
        should_retry: false,
        xcom_keys_to_clear: [],
        ...context,
      },
    };
  }

  #answer(socket: Socket, id: number, body: Body): void {
    this.requests.push(body);
    this.#tell();
    const type = String(body['type']);
    if (this.#options.silent?.includes(type)) return;
    const said = this.#options.answers?.[type] ?? this.#answerOf(type, body);
    if (said) socket.write(answerFrame(id, said.body ?? null, said.error ?? null));
  }

  #answerOf(type: string, body: Body): { body?: unknown; error?: unknown } | undefined {
    const { connections = {}, variables = {}, xcoms = {}, mapped = {} } = this.#options;
    const missing = (error: string) => ({ body: { type: 'ErrorResponse', error, detail: {} } });
    switch (type) {
      case 'GetConnection': {
        const found = connections[String(body['conn_id'])];
        const none = { host: null, schema: null, login: null, password: null, port: null, extra: null };
        const more = { conn_id: body['conn_id'], conn_type: 'http', ...none, ...found, type: 'ConnectionResult' };
        return found ? { body: more } : missing('CONNECTION_NOT_FOUND');
      }
      case 'GetVariable': {
        const key = String(body['key']);
        const value = variables[key];
        return value === undefined ? missing('VARIABLE_NOT_FOUND') : { body: { type: 'VariableResult', key, value } };
      }
      case 'GetXCom': {
        const found = xcoms[`${body['task_id']}.${body['key']}`] ?? null;
        return { body: { type: 'XComResult', key: body['key'], value: found } };
      }
      case 'GetXComCount':
        return { body: { type: 'XComCountResponse', len: mapped[String(body['task_id'])]?.length ?? 0 } };
      case 'GetXComSequenceSlice':
        return { body: { type: 'XComSequenceSliceResult', root: mapped[String(body['task_id'])] ?? [] } };
      case 'MaskSecret':
      case 'SetRenderedMapIndex':
      case 'SetXCom':
      case 'DeleteXCom':
      case 'SucceedTask':
      case 'RetryTask':
      case 'TaskState':
        return {};
      default:
        // What Airflow does not know it never answers.
        return undefined;
    }
  }

  #readLog(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', this.#endLog);
    let rest = '';
    socket.on('data', (piece) => {
      const lines = (rest + piece.toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.#line(line);
      this.#tell();
    });
  }

  /** What makes Airflow's own code fail on a line: it closes the task's connection then, and says nothing. */
  #line(text: string): void {
    let line: Record<string, unknown>;
    try {
      line = JSON.parse(text) as Record<string, unknown>;
    } catch {
      return;
    }
    const collides = ['target', 'msg', 'self'].some((name) => name in line);
    const time = Date.parse(String(line['timestamp']));
    if (typeof line['level'] !== 'string' || Number.isNaN(time) || collides) {
      this.brokenLine ??= text;
      this.#comm?.end();
      return;
    }
    this.lines.push(line);
  }
}

/** Reads every frame that arrives, as a list that grows. */
export function framesOf(socket: Socket): Frame[] {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  socket.on('data', (piece) => frames.push(...reader.push(piece)));
  return frames;
}
