import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Mutation } from './mutations.ts';

export interface Changing {
  /** Applies operations to data that is held. */
  readonly mutate: (operations: readonly Mutation[]) => void;
  /** Changes a share of made-up data. @returns how many tables */
  readonly changeShare: (share: number) => number;
}

/**
 * How another process changes the data: `POST /__sandbox/atlas/mutate` with a JSON array of operations, and, of made-up
 * tables, `POST /__sandbox/atlas/change` with `{"share": 0.001}`.
 * @returns false when the request is for another path
 */
export async function serveMutations(req: IncomingMessage, res: ServerResponse, changing: Changing): Promise<boolean> {
  const path = req.url?.split('?')[0];
  const isShare = path === '/__sandbox/atlas/change';
  if (req.method !== 'POST' || (!isShare && path !== '/__sandbox/atlas/mutate')) {
    return false;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of req) {
    chunks.push(chunk as Buffer);
  }
  let status = 200;
  let body: unknown;
  try {
    const sent: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    body = { applied: isShare ? changing.changeShare(shareIn(sent)) : applied(sent, changing) };
  } catch (error) {
    status = 400;
    body = { message: error instanceof Error ? error.message : String(error) };
  }
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(body));
  return true;
}

function applied(sent: unknown, { mutate }: Changing): number {
  if (!Array.isArray(sent)) {
    throw new TypeError('The operations are a JSON array');
  }
  mutate(sent as Mutation[]);
  return sent.length;
}

function shareIn(sent: unknown): number {
  return Number((sent as { readonly share?: unknown } | null)?.share);
}
