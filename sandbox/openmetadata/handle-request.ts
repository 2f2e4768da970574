import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveControl } from '../control-routes.ts';
import type { Faults } from '../faults.ts';
import type { RequestCounter } from '../request-counter.ts';
import { ApiError } from './api-error.ts';
import { serveBrowsePage } from './browse-page.ts';
import { type Actor, ADMIN, BOT, type Context } from './context.ts';
import { serveDump } from './dump.ts';
import type { Orchestration } from './orchestration.ts';
import type { OutsideTokens } from './outside-tokens.ts';
import type { Reply } from './reply.ts';
import { isWrite, pathTemplate, route } from './router.ts';

export interface Settings {
  readonly faults: Faults;
  readonly requests: RequestCounter;
  readonly adminToken: string;
  readonly botToken: string;
  readonly writeLatencyMs: number;
  readonly outsideTokens: OutsideTokens | undefined;
  readonly orchestration: Orchestration;
}

const LABEL = { 'X-Meridian-Stand-In': 'openmetadata' } as const;
const API = '/api/v1/';

/** Answers whatever comes in: the API, the pages for people, and the ways to steer the stand-in. Never throws. */
export async function handleRequest(
  req: IncomingMessage,
  res: ServerResponse,
  context: Context,
  settings: Settings,
): Promise<void> {
  res.setHeader('X-Meridian-Stand-In', LABEL['X-Meridian-Stand-In']);
  try {
    if (await serveControl(req, res, settings)) {
      return;
    }
    const url = new URL(req.url ?? '/', 'http://stand-in');
    if (!url.pathname.startsWith(API)) {
      if (serveDump(url, res, context) || serveBrowsePage(url, res, context)) {
        req.resume();
        return;
      }
    }
    const path = pathOf(url);
    countWhenDone(req, res, pathTemplate(path, context), settings);
    await settings.faults.apply(req, res, () => serveApi(req, res, { url, path }, context, settings));
  } catch (error) {
    // Nothing is expected to come here; a fault of the stand-in itself must not look like an answer of the server.
    res.statusCode = 599;
    res.end(error instanceof Error ? error.stack : String(error));
  }
}

function pathOf(url: URL): string[] {
  if (!url.pathname.startsWith(API)) {
    return ['{other}'];
  }
  return url.pathname.slice(API.length).split('/').map(decode);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function countWhenDone(req: IncomingMessage, res: ServerResponse, template: string, settings: Settings): void {
  res.once('close', () => {
    settings.requests.add(req.method ?? 'GET', template, res.writableFinished ? res.statusCode : 0);
  });
}

async function serveApi(
  req: IncomingMessage,
  res: ServerResponse,
  place: { readonly url: URL; readonly path: readonly string[] },
  context: Context,
  settings: Settings,
): Promise<void> {
  const { url, path } = place;
  const method = req.method ?? 'GET';
  const text = await readText(req);
  try {
    if (path.join('/') === 'system/version') {
      send(res, { status: 200, body: versionOf(context) });
      return;
    }
    const actor = await signIn(req.headers.authorization, settings, res, context);
    if (settings.writeLatencyMs > 0 && isWrite(method, path, context)) {
      await sleep(settings.writeLatencyMs * (path.at(-1) === 'bulk' ? rowsIn(text) : 1));
    }
    const contentType = req.headers['content-type'] ?? '';
    const request = { method, path, query: url.searchParams, text, contentType, actor };
    send(res, (await settings.orchestration.answer(request, context)) ?? route(request, context));
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    const answer = error.answer(context.version);
    res.writeHead(answer.status, { 'Content-Type': answer.type, 'Content-Length': Buffer.byteLength(answer.body) });
    res.end(answer.body);
  }
}

/** The version says that it is none: its revision names the stand-in. */
function versionOf(context: Context): Record<string, unknown> {
  return { version: context.version.text, revision: 'meridian-stand-in', timestamp: STARTED };
}

const STARTED = Date.now();

async function signIn(
  header: string | undefined,
  settings: Settings,
  res: ServerResponse,
  context: Context,
): Promise<Actor> {
  const token = header?.replace(/^Bearer\s+/i, '');
  if (token === settings.botToken) {
    return BOT;
  }
  if (token === settings.adminToken) {
    return ADMIN;
  }
  const isMissing = token === undefined || token === '';
  const refusal = isMissing
    ? 'Not Authorized! Token not present'
    : settings.outsideTokens
      ? await settings.outsideTokens.refusal(token)
      : 'Invalid token';
  if (refusal === undefined) {
    return BOT;
  }
  if (context.version.atLeast(2)) {
    res.setHeader('WWW-Authenticate', 'om-auth');
  }
  throw new ApiError(401, refusal);
}

function rowsIn(text: string): number {
  try {
    const body: unknown = JSON.parse(text);
    return Array.isArray(body) ? Math.max(1, body.length) : 1;
  } catch {
    return 1;
  }
}

function send(res: ServerResponse, reply: Reply): void {
  if (reply.change !== undefined) {
    res.setHeader('X-OpenMetadata-Change', reply.change);
  }
  if (reply.body === undefined) {
    res.writeHead(reply.status, { 'Content-Length': 0 });
    res.end();
    return;
  }
  const body = Buffer.from(JSON.stringify(reply.body));
  res.writeHead(reply.status, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  res.end(body);
}

async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
