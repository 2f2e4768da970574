import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultRule, Faults } from './faults.ts';
import type { RequestCounter } from './request-counter.ts';

export interface ControlledServer {
  readonly faults: Faults;
  readonly requests: RequestCounter;
}

/**
 * Serves `/__sandbox/faults` (GET, PUT with a JSON array of rules, DELETE) and `/__sandbox/requests` (GET, DELETE):
 * how another process steers a stand-in and sees what it was asked. Faults never touch these paths.
 * @returns false when the request is for another path; nothing has been read or written then.
 */
export async function serveControl(
  req: IncomingMessage,
  res: ServerResponse,
  server: ControlledServer,
): Promise<boolean> {
  const path = (req.url ?? '/').split('?')[0];
  if (path === '/__sandbox/faults') {
    await serveFaults(req, res, server.faults);
    return true;
  }
  if (path === '/__sandbox/requests') {
    if (req.method === 'DELETE') {
      server.requests.clear();
    }
    req.resume();
    send(res, 200, { total: server.requests.total, requests: server.requests.list() });
    return true;
  }
  return false;
}

async function serveFaults(req: IncomingMessage, res: ServerResponse, faults: Faults): Promise<void> {
  try {
    if (req.method === 'PUT') {
      const rules: unknown = JSON.parse(await readText(req));
      if (!Array.isArray(rules)) {
        throw new TypeError('The rules are a JSON array');
      }
      faults.set(rules as FaultRule[]);
    } else {
      req.resume();
      if (req.method === 'DELETE') {
        faults.clear();
      }
    }
    send(res, 200, { rules: faults.rules(), injected: faults.injected });
  } catch (error) {
    send(res, 400, { message: error instanceof Error ? error.message : String(error) });
  }
}

async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(res: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  res.end(text);
}
