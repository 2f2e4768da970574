import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** One property of the object that is sent: a value, an array made item by item, or an object made entry by entry. */
export type JsonPart =
  | { readonly key: string; readonly value: unknown }
  | { readonly key: string; readonly items: Iterable<unknown>; readonly omitEmpty?: boolean }
  | { readonly key: string; readonly entries: Iterable<readonly [string, unknown]>; readonly omitEmpty?: boolean };

/** Text is handed to the socket in pieces of about this many characters. */
const PIECE = 64 * 1024;

export const JSON_TYPE = 'application/json;charset=utf-8';

/** Sends one JSON object without ever holding it whole; waits whenever the reader is slower. */
export async function sendJsonParts(res: ServerResponse, status: number, parts: readonly JsonPart[]): Promise<void> {
  res.writeHead(status, { 'Content-Type': JSON_TYPE });
  let piece = '';
  for (const text of jsonText(parts)) {
    piece += text;
    if (piece.length >= PIECE) {
      if (!res.write(piece)) {
        await drained(res);
      }
      piece = '';
      if (res.destroyed) {
        return;
      }
    }
  }
  res.end(piece);
}

async function drained(res: ServerResponse): Promise<void> {
  if (res.destroyed) {
    return;
  }
  const gone = new AbortController();
  try {
    await Promise.race([once(res, 'drain', gone), once(res, 'close', gone)]);
  } finally {
    gone.abort();
  }
}

function* jsonText(parts: readonly JsonPart[]): Iterable<string> {
  let separator = '{';
  for (const part of parts) {
    const head = `${separator}${JSON.stringify(part.key)}:`;
    let sent = true;
    if ('value' in part) {
      yield head + JSON.stringify(part.value);
    } else if ('items' in part) {
      sent = yield* list(head, '[', ']', jsonItems(part.items), part.omitEmpty === true);
    } else {
      sent = yield* list(head, '{', '}', jsonEntries(part.entries), part.omitEmpty === true);
    }
    separator = sent ? ',' : separator;
  }
  yield separator === '{' ? '{}' : '}';
}

function* jsonItems(items: Iterable<unknown>): Iterable<string> {
  for (const item of items) {
    yield JSON.stringify(item);
  }
}

function* jsonEntries(entries: Iterable<readonly [string, unknown]>): Iterable<string> {
  for (const [key, value] of entries) {
    yield `${JSON.stringify(key)}:${JSON.stringify(value)}`;
  }
}

function* list(
  head: string,
  open: string,
  close: string,
  texts: Iterable<string>,
  omitEmpty: boolean,
): Generator<string, boolean> {
  let count = 0;
  for (const text of texts) {
    yield count === 0 ? `${head}${open}${text}` : `,${text}`;
    count += 1;
  }
  if (count === 0 && omitEmpty) {
    return false;
  }
  yield count === 0 ? `${head}${open}${close}` : close;
  return true;
}
