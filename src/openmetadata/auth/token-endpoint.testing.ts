import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request as it came, to be compared letter by letter. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface TokenEndpoint {
  readonly url: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text as it is. */
  readonly body: unknown;
}

/** A stand-in for a token endpoint. @param answer what it says to each request, the first being number 1 */
export async function startTokenEndpoint(
  answer: (seen: SeenRequest, count: number) => Answer | Promise<Answer>,
  tls?: { readonly key: string; readonly cert: string },
): Promise<TokenEndpoint> {
  const seen: SeenRequest[] = [];
  const listener: RequestListener = async (request, response) => {
    const body = await textOf(request);
    const { method = '', url = '', headers } = request;
    const one = {
      method,
      path: url,
      contentType: headers['content-type'],
      authorization: headers.authorization,
      body,
    };
    seen.push(one);
    const { status = 200, headers: more, body: said } = await answer(one, seen.length);
    response.writeHead(status, { 'content-type': 'application/json', ...more });
    response.end(typeof said === 'string' ? said : JSON.stringify(said));
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
