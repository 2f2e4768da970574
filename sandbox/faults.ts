import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What may go wrong with a request:
 * `latency` waits `ms` and then answers normally; `409` (somebody else was faster), `429`, `500` and `503` answer with
 * that status; `drop` closes the socket before anything is done; `drop-after` does the work and closes the socket
 * without an answer; `html` is a 200 that carries a sign-in page; `login-page` is a 302 to one; `half` is the right
 * answer cut in the middle; `expired-token` is a 401.
 */
export const FAULT_KINDS = [
  'latency',
  '409',
  '429',
  '500',
  '503',
  'drop',
  'drop-after',
  'html',
  'half',
  'expired-token',
  'login-page',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultRule {
  readonly kind: FaultKind;
  /** Regular expression tested against `METHOD /path?query`. Default: every request. */
  readonly match?: string;
  /** Milliseconds for `latency` (default 100). */
  readonly ms?: number;
  /** Seconds in the `Retry-After` header of `429` and `503`. Default: no such header. */
  readonly retryAfter?: number;
  /** How often the rule acts before it is used up. Default: always. */
  readonly times?: number;
  /** How many matching requests pass before the rule starts to act. Default: 0. */
  readonly after?: number;
  /** Share of the matching requests that are hit, from 0 to 1. Default: 1. */
  readonly probability?: number;
  /** Seed of the draws for `probability`, so that a run can be repeated. Default: 1. */
  readonly seed?: number;
}

interface ArmedRule {
  readonly rule: FaultRule;
  readonly pattern: RegExp | undefined;
  readonly draw: () => number;
  seen: number;
  used: number;
}

const SIGN_IN_PAGE =
  '<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1>' +
  '<form method="post" action="/login"><input name="user"><input name="password" type="password"></form></body></html>';

/** Makes a stand-in misbehave on request. One object per server; rules are tried in order and the first hit wins. */
export class Faults {
  #rules: ArmedRule[] = [];
  #injected = 0;

  /**
   * Replaces all rules and starts their counts anew.
   * @throws {TypeError} for an unknown kind or a `match` that is no regular expression.
   */
  set(rules: readonly FaultRule[]): void {
    this.#rules = rules.map(arm);
  }

  /** Removes all rules. */
  clear(): void {
    this.#rules = [];
  }

  /** The rules in force, as they were given. */
  rules(): readonly FaultRule[] {
    return this.#rules.map((armed) => armed.rule);
  }

  /** How many faults (latency included) were injected so far. */
  get injected(): number {
    return this.#injected;
  }

  /**
   * Answers one request, with a fault when a rule says so. `latency` rules add up with one other fault.
   * @param sendNormally does the work and writes the answer to `res`; not called when a fault takes its place.
   */
  async apply(req: IncomingMessage, res: ServerResponse, sendNormally: () => Promise<void> | void): Promise<void> {
    if (this.#rules.length === 0) {
      await sendNormally();
      return;
    }
    const fault = await this.#choose(`${req.method ?? 'GET'} ${req.url ?? '/'}`);
    if (fault === undefined) {
      await sendNormally();
    } else {
      await inject(fault, req, res, sendNormally);
    }
  }

  async #choose(request: string): Promise<FaultRule | undefined> {
    for (const armed of this.#rules) {
      if (!hits(armed, request)) {
        continue;
      }
      this.#injected += 1;
      if (armed.rule.kind !== 'latency') {
        return armed.rule;
      }
      await sleep(armed.rule.ms ?? 100);
    }
    return undefined;
  }
}

function arm(rule: FaultRule): ArmedRule {
  if (!FAULT_KINDS.includes(rule.kind)) {
    throw new TypeError(`Unknown fault '${String(rule.kind)}'; known are ${FAULT_KINDS.join(', ')}`);
  }
  const pattern = rule.match === undefined ? undefined : toPattern(rule.match);
  return { rule, pattern, draw: seededDraws(rule.seed ?? 1), seen: 0, used: 0 };
}

function toPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (cause) {
    throw new TypeError(`'${text}' is not a regular expression`, { cause });
  }
}

function hits(armed: ArmedRule, request: string): boolean {
  const { rule } = armed;
  if (armed.pattern !== undefined && !armed.pattern.test(request)) {
    return false;
  }
  armed.seen += 1;
  if (armed.seen <= (rule.after ?? 0) || armed.used >= (rule.times ?? Number.POSITIVE_INFINITY)) {
    return false;
  }
  if (rule.probability !== undefined && armed.draw() >= rule.probability) {
    return false;
  }
  armed.used += 1;
  return true;
}

/** Mulberry32: small, and the same numbers on every machine. */
function seededDraws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

async function inject(
  rule: FaultRule,
  req: IncomingMessage,
  res: ServerResponse,
  sendNormally: () => Promise<void> | void,
): Promise<void> {
  switch (rule.kind) {
    case 'drop':
      req.socket.destroy();
      return;
    case 'drop-after':
      capture(res, () => req.socket.destroy());
      await sendNormally();
      return;
    case 'half':
      capture(res, (head, body) => sendHalf(req, res, head, body));
      await sendNormally();
      return;
    case 'html':
      answer(req, res, 200, 'text/html; charset=utf-8', SIGN_IN_PAGE);
      return;
    case 'login-page':
      res.setHeader('Location', '/login');
      answer(req, res, 302, 'text/html; charset=utf-8', SIGN_IN_PAGE);
      return;
    case 'expired-token':
      answerError(req, res, 401, 'Expired token!');
      return;
    default:
      if (rule.retryAfter !== undefined) {
        res.setHeader('Retry-After', String(rule.retryAfter));
      }
      answerError(
        req,
        res,
        Number(rule.kind),
        rule.kind === '409' ? 'Entity already exists' : `The sandbox was told to answer ${rule.kind}`,
      );
  }
}

function answerError(req: IncomingMessage, res: ServerResponse, status: number, message: string): void {
  answer(req, res, status, 'application/json', JSON.stringify({ code: status, message }));
}

function answer(req: IncomingMessage, res: ServerResponse, status: number, type: string, body: string): void {
  // The body of a refused request is read to its end, so that the connection stays usable for the next one.
  req.resume();
  res.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  res.end(body);
}

interface CapturedHead {
  status: number;
  headers: Record<string, number | string | readonly string[]>;
}

/** Keeps the answer from the wire: collects it, and hands it over when the handler ends it. */
function capture(res: ServerResponse, done: (head: CapturedHead, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const head: CapturedHead = { status: 200, headers: {} };
  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) {
      chunks.push(Buffer.from(chunk as string));
    }
  };
  const restore = { writeHead: res.writeHead, write: res.write, end: res.end };
  Object.assign(res, {
    writeHead(status: number, ...rest: unknown[]): ServerResponse {
      head.status = status;
      Object.assign(head.headers, rest.at(-1) ?? {});
      return res;
    },
    write(chunk: unknown): boolean {
      keep(chunk);
      return true;
    },
    end(chunk?: unknown): ServerResponse {
      keep(chunk);
      Object.assign(res, restore);
      done(head, Buffer.concat(chunks));
      return res;
    },
  });
}

function sendHalf(req: IncomingMessage, res: ServerResponse, head: CapturedHead, body: Buffer): void {
  res.removeHeader('Transfer-Encoding');
  for (const [name, value] of Object.entries(head.headers)) {
    res.setHeader(name, value);
  }
  res.setHeader('Content-Length', body.length);
  res.writeHead(head.status);
  res.write(body.subarray(0, Math.floor(body.length / 2)), () => req.socket.destroy());
}
