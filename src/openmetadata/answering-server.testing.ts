import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  /** Encoded, behind `/api`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  /** Sent as JSON, or as it is when it is a text. */
  readonly body?: unknown;
  readonly type?: string;
}

export interface AnsweringServer {
  /** With `/api` at its end. */
  readonly hostPort: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

async function read(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text === '' ? undefined : JSON.parse(text);
}

/** A server for tests that answers as it is told and remembers what it was asked. `drop` closes the connection. */
export async function answer(handle: (asked: Asked) => Answer | 'drop'): Promise<AnsweringServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    const one: Asked = {
      method: request.method!,
      path: url.pathname.replace(/^\/api/, ''),
      query: url.searchParams,
      headers: request.headers,
      body: await read(request),
    };
    asked.push(one);
    const reply = handle(one);
    if (reply === 'drop') {
      request.socket.destroy();
      return;
    }
    const { status = 200, body, type = 'application/json' } = reply;
    response.writeHead(status, { 'content-type': type });
    response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    hostPort: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers what every connection begins with; undefined for other paths. */
export function greeting(asked: Asked, version: string): Answer | undefined {
  if (asked.path === '/v1/system/version') return { body: { version, revision: 'x', timestamp: 1 } };
  if (asked.path === '/v1/users/loggedInUser') return { body: { id: 'bot-id', name: 'ingestion-bot', isBot: true } };
  return undefined;
}
