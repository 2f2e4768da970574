import { ApiError, unforeseen } from './api-error.ts';
import type { Context } from './context.ts';
import type { Doc } from './doc.ts';
import { toPosition } from './json-position.ts';
import type { Request } from './reply.ts';
import { checkShape, INPUT_CLASS, type Shape } from './shape.ts';

/**
 * The body as JSON.
 * @throws {ApiError} 400 (in plain text on old servers) for text that is no JSON.
 */
export function readJson(request: Request): unknown {
  try {
    return JSON.parse(request.text);
  } catch {
    const { line, column } = toPosition(request.text, request.text.length);
    throw new ApiError(
      400,
      `Unexpected end-of-input within/between Object entries\n at [Source: (${INPUT_CLASS}); line: ${line}, column: ${column}]`,
      'plain',
    );
  }
}

/** The body of a write, checked. @throws {ApiError} 400. */
export function readBody(request: Request, shape: Shape, context: Context): Doc {
  if (request.contentType !== '' && !request.contentType.startsWith('application/json')) {
    throw unforeseen('HTTP 415 Unsupported Media Type', 415);
  }
  return checkShape(readJson(request), shape, { strict: context.strict, source: request.text });
}

/** The operations of a JSON Patch. @throws {ApiError} for another content type or text that is no JSON. */
export function readPatch(request: Request): unknown {
  if (!request.contentType.startsWith('application/json-patch+json')) {
    throw unforeseen('HTTP 415 Unsupported Media Type', 415);
  }
  return readJson(request);
}

/** @throws {ApiError} the same as an unknown path, when the text is no UUID. */
export function requireUuid(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    throw unforeseen('HTTP 404 Not Found', 404);
  }
  return text;
}

export function wrongMethod(): ApiError {
  return unforeseen('HTTP 405 Method Not Allowed', 405);
}
