import type { FailureAnswer } from '../../../src/server/console-api/console-types.ts';
import { texts } from '../texts/texts.ts';
import { ApiError } from './api-error.ts';

let csrfToken = '';

/** Keeps what the session answered for requests that change something. */
export function rememberCsrfToken(token: string): void {
  csrfToken = token;
}

export interface RequestOptions {
  /** `GET` unless set. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * One request to the console's API.
 *
 * @param path below `/api`, such as `/console/pipelines`
 * @throws ApiError with what the server said, or that nothing sensible answered
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  if (response.status === 204) return undefined as T;
  const answer = await answerOf(response);
  if (!response.ok) throw failureOf(response.status, answer);
  return answer as T;
}

/** As `request`, for answers that are read as they come. */
export async function requestStream(
  path: string,
  options: RequestOptions = {},
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const response = await send(path, options);
  if (!response.ok) throw failureOf(response.status, await answerOf(response));
  return response.body ?? new ReadableStream();
}

async function send(path: string, { method = 'GET', body, signal }: RequestOptions): Promise<Response> {
  try {
    return await fetch(`/api${path}`, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(method !== 'GET' && { 'x-csrf-token': csrfToken }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'console.unreachable', texts.failure.unreachable, { help: texts.failure.unreachableHelp });
  }
}

async function answerOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new ApiError(response.status, 'console.not-json', `${texts.failure.notJson} (HTTP ${response.status})`, {
      help: texts.failure.notJsonHelp,
    });
  }
}

function failureOf(status: number, answer: unknown): ApiError {
  const { error, code, help, problems } = (answer ?? {}) as Partial<FailureAnswer>;
  return new ApiError(status, code ?? `http.${status}`, error ?? `HTTP ${status}`, { help, problems });
}
