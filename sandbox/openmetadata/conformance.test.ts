import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from './start-openmetadata.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/openmetadata/recorded-1.1');
const here = existsSync(join(FOLDER, 'index.json'));
if (!here) {
  console.warn(
    'Skipped: the recorded answers of a 1.1 server are not beside this repository (../shared/openmetadata).',
  );
}

interface Call {
  readonly n: number;
  readonly name: string;
  readonly actor: 'admin' | 'bot' | 'none' | 'bad token';
  readonly method: string;
  readonly path: string;
  readonly query: string | null;
  readonly requestBody: unknown;
  readonly contentType: string | null;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly file: string;
}

/**
 * Keys that are not compared, and why. Everything else of all calls is.
 * - time and search: differ from run to run (the recording's README says so);
 * - schema: long texts of the server's own, which a stand-in does not carry;
 * - wording: texts of records that a server ships with; the stand-in's are its own.
 */
const NOT_COMPARED: ReadonlyArray<readonly [calls: (n: number) => boolean, keys: readonly string[], why: string]> = [
  [() => true, ['updatedAt'], 'time'],
  [(n) => n === 1, ['version', 'revision', 'timestamp'], 'time, and the stand-in names itself'],
  [(n) => n === 69, ['date', 'startDate'], 'time'],
  [(n) => n === 162 || n === 163, ['timestamp'], 'time of the event; the run has its own, compared by 164'],
  [(n) => n >= 187 && n <= 190, ['took', '_score', 'max_score'], 'search'],
  [(n) => n === 109 || n === 112, ['isBot'], 'false or absent from run to run'],
  [(n) => n >= 99 && n <= 101, ['schema'], 'schema'],
  [(n) => n === 7 || n === 8, ['description', 'errorMessage'], 'wording'],
];

/** Records of the server's own whose description is reworded: where the recorded and the own wording are met first. */
const REWORDED: ReadonlyArray<readonly [n: number, find: (body: never) => unknown]> = [
  [99, (body: { description: string }) => body.description],
  [100, (body: { description: string }) => body.description],
  [108, (body: { teams: [{ description: string }] }) => body.teams[0].description],
  [108, (body: { inheritedRoles: [{ description: string }] }) => body.inheritedRoles[0].description],
];

describe.skipIf(!here)('a recorded 1.1 server and the stand-in', () => {
  const calls = here ? (JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as Call[]) : [];
  /** Recorded ids and wordings, and what stands for them here. */
  const known = new Map<string, string>();
  let server: OpenMetadataStandIn;

  beforeAll(async () => {
    server = await startOpenMetadata({ version: '1.1.0-SNAPSHOT' });
  });
  afterAll(async () => {
    await server.close();
  });

  it.each(calls)('$n $name', async (call) => {
    const recorded = readFileSync(join(FOLDER, call.file), 'utf8');
    const answer = await send(call);
    const text = await answer.text();
    expect(answer.headers.get('x-meridian-stand-in')).toBe('openmetadata');
    expect([answer.status, text === '' ? '' : undefined]).toEqual([call.status, recorded === '' ? '' : undefined]);
    expect(answer.headers.get('content-type')).toBe(call.responseHeaders['Content-Type'] ?? null);
    expect(answer.headers.get('x-openmetadata-change')).toBe(call.responseHeaders['X-OpenMetadata-Change'] ?? null);
    if (!isJson(recorded)) {
      expect(text).toBe(recorded);
      return;
    }
    learn(call.n, JSON.parse(recorded), JSON.parse(text));
    expect(normal(call.n, JSON.parse(text))).toEqual(normal(call.n, JSON.parse(translate(recorded))));
  });

  function send(call: Call): Promise<Response> {
    const token = { admin: server.adminToken, bot: server.botToken, none: undefined, 'bad token': 'not-a-jwt' }[
      call.actor
    ];
    const query = call.query === null ? '' : `?${translate(call.query)}`;
    const body = typeof call.requestBody === 'string' ? call.requestBody : spaced(call.requestBody);
    return fetch(`${server.url}${translate(call.path).slice('/api'.length)}${query}`, {
      method: call.method,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(call.contentType === null ? {} : { 'Content-Type': call.contentType }),
      },
      ...(call.requestBody === null ? {} : { body: translate(body) }),
    });
  }

  /** Replaces recorded ids, addresses and wordings by the stand-in's. */
  function translate(text: string): string {
    let result = text.replaceAll('http://127.0.0.1:8585/api', server.url);
    for (const [theirs, ours] of known) {
      result = result.replaceAll(theirs, ours);
    }
    return result;
  }

  function learn(n: number, theirs: unknown, ours: unknown): void {
    pairIds(theirs, ours);
    for (const [where, find] of REWORDED) {
      if (where === n) {
        known.set(inJson(find(theirs as never), 2), inJson(find(ours as never), 2));
        known.set(inJson(find(theirs as never), 1), inJson(find(ours as never), 1));
      }
    }
  }

  function pairIds(theirs: unknown, ours: unknown): void {
    if (Array.isArray(theirs) && Array.isArray(ours)) {
      for (const [index, item] of theirs.entries()) {
        pairIds(item, ours[index]);
      }
    } else if (isObject(theirs) && isObject(ours)) {
      if (isUuid(theirs['id']) && isUuid(ours['id']) && !known.has(theirs['id'])) {
        known.set(theirs['id'], ours['id']);
      }
      for (const key of Object.keys(theirs)) {
        pairIds(theirs[key], ours[key]);
      }
    }
  }

  function normal(n: number, value: unknown): unknown {
    const left = new Set(NOT_COMPARED.filter(([matches]) => matches(n)).flatMap(([, keys]) => keys));
    const walk = (item: unknown): unknown => {
      if (Array.isArray(item)) {
        return item.map(walk);
      }
      if (!isObject(item)) {
        return item === server.botToken ? '<jwt>' : item;
      }
      const kept = Object.entries(item).filter(([key]) => !left.has(key));
      return Object.fromEntries(kept.map(([key, inner]) => [key, walk(inner)]));
    };
    return walk(value);
  }
});

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value);
}

function isJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** JSON as the recorder wrote it, since error messages tell columns: with a blank behind commas and colons. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(spaced).join(', ')}]`;
  }
  if (!isObject(value)) {
    return JSON.stringify(value);
  }
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${spaced(item)}`)
    .join(', ')}}`;
}

/** A text as it looks inside JSON, or inside JSON inside JSON, without the quotation marks around it. */
function inJson(value: unknown, depth: number): string {
  let text = String(value);
  for (let level = 0; level < depth; level += 1) {
    text = JSON.stringify(text).slice(1, -1);
  }
  return text;
}
