import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it went through, and the id in its answer. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: string;
  readonly answerId: string | undefined;
}

export interface RecordingProxy {
  readonly url: string;
  readonly requests: Recorded[];
  close(): Promise<void>;
}

/** Passes requests on to a server and remembers them in the order of their answers. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const { hostname, port, pathname } = new URL(target);
  const requests: Recorded[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = 'GET', url = '/', headers } = incoming;
      const passed = forward({ hostname, port, method, path: url, headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => parts.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(parts);
          const answerId = /"id":\s*"([0-9a-f-]{36})"/.exec(text.subarray(0, 400).toString())?.[1];
          requests.push({ method, path: url, contentType: headers['content-type'], body: body.toString(), answerId });
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          outgoing.end(text);
        });
      });
      passed.on('error', () => outgoing.destroy());
      passed.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
