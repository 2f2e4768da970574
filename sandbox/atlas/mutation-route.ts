import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Mutation } from './mutations.ts';

/**
 * Serves `POST /__sandbox/atlas/mutate` with a JSON array of operations: how another process changes the data.
 * @returns false when the request is for another path
 */
export async function serveMutations(
  req: IncomingMessage,
  res: ServerResponse,
  change: (operations: readonly Mutation[]) => void,
): Promise<boolean> {
  if (req.method !== 'POST' || req.url?.split('?')[0] !== '/__sandbox/atlas/mutate') {
    return false;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of req) {
    chunks.push(chunk as Buffer);
  }
  let status = 200;
  let body: unknown;
  try {
    const operations: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (!Array.isArray(operations)) {
      throw new TypeError('The operations are a JSON array');
    }
    change(operations as Mutation[]);
    body = { applied: operations.length };
  } catch (error) {
    status = 400;
    body = { message: error instanceof Error ? error.message : String(error) };
  }
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(body));
  return true;
}
