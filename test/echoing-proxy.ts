import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer in place of the server's own; undefined lets the request through. */
export type Instead = (request: Passing) => { readonly status: number; readonly body: string } | undefined;

export interface EchoingProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands before a server as a proxy does that shows everything it knows when it is not content. */
export async function startEchoingProxy(upstream: string, instead: Instead): Promise<EchoingProxy> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = 'GET', url = '/', headers } = request;
    const passing: Passing = {
      method,
      path: url,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body: Buffer.concat(parts).toString('utf8'),
    };
    const own = instead(passing);
    if (own) {
      response.writeHead(own.status, { 'content-type': 'application/json' }).end(own.body);
      return;
    }
    const { host: _host, connection: _connection, 'content-length': _length, ...rest } = passing.headers;
    const hasBody = method !== 'GET' && method !== 'HEAD' && passing.body !== '';
    const answer = await fetch(`${upstream}${url}`, { method, headers: rest, ...(hasBody && { body: passing.body }) });
    const type = answer.headers.get('content-type');
    const text = await answer.text();
    response.writeHead(answer.status, type ? { 'content-type': type } : {}).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Everything that a request brought along, in every way in which a server may quote it. */
export function echoOf({ method, path, headers }: Passing): string {
  const values = Object.values(headers).join(' ');
  const decoded = (headers['authorization'] ?? '').replace(/^Basic (.+)$/, (_, code: string) =>
    Buffer.from(code, 'base64').toString('utf8'),
  );
  const message = [
    `${method} ${path} is refused for ${values} ${decoded}`,
    encodeURIComponent(`${values} ${decoded}`),
    JSON.stringify({ headers, decoded }),
    Buffer.from(`${values} ${decoded}`).toString('base64'),
    `<p>${decoded.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}</p>`,
  ].join('\n');
  return JSON.stringify({ code: 400, message, errorMessage: message, errorCode: 'ATLAS-400-00-000' });
}
