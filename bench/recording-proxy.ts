import { createWriteStream, type WriteStream } from 'node:fs';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';

/** One request as it went through, and the ids in its answer. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: string;
  readonly status: number | undefined;
  readonly answerIds: readonly string[];
}

/** The ids of the entities in an answer: that of the entity, or those of the rows of a listing. */
export function idsIn(answer: string, method: string): string[] {
  // An entity begins with its id; of a listing all are taken, those of what its rows refer to as well.
  const isListing = method === 'GET' && answer.startsWith('{"data":');
  const text = isListing ? answer : answer.slice(0, 400);
  const found = Array.from(text.matchAll(/"id":\s*"([0-9a-f-]{36})"/g), ([, id]) => id!);
  return isListing ? found : found.slice(0, 1);
}

export interface RecordingProxy {
  /** The same for all recordings: an ingest goes on where it left off only with the servers that it knows. */
  readonly url: string;
  /** Writes what `work` sends to a file. */
  record(file: string, work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Passes requests on to a server and writes them down in the order of their answers, a JSON line each. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const { hostname, port, pathname } = new URL(target);
  let lines: WriteStream | undefined;
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
          const recorded: Recorded = {
            ...{ method, path: url, contentType: headers['content-type'], body: body.toString() },
            ...{ status: answer.statusCode, answerIds: idsIn(text.toString(), method) },
          };
          lines?.write(`${JSON.stringify(recorded)}\n`);
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
    async record(file, work) {
      const own = createWriteStream(file);
      lines = own;
      await work();
      lines = undefined;
      own.end();
      await finished(own);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
