import { setTimeout as sleep } from 'node:timers/promises';
import { ResponseError } from '../errors.ts';
import type { HttpClient, HttpRequest } from '../http/http-client.ts';
import { PatchConflict } from './patch-conflict.ts';

type Query = NonNullable<HttpRequest['query']>;

/** How often a write is sent again after it raced with another one. */
const RACE_TRIES = 4;

/** 1.1 says it with a 500 and this text, later servers with a 412. */
function isPatchConflict(error: unknown): boolean {
  if (!(error instanceof ResponseError)) return false;
  return error.status === 412 || (error.status === 500 && error.body.includes('JsonPatch.Operation.TEST'));
}

/** The REST calls under `/v1` and what their refusals mean. */
export class Api {
  readonly #http: HttpClient;
  readonly #root: string;

  constructor(http: HttpClient, apiVersion: string) {
    this.#http = http;
    this.#root = `/${apiVersion}`;
  }

  async get<T>(path: string, query: Query, signal: AbortSignal | undefined): Promise<T> {
    return await this.#send<T>({ method: 'GET', path, query }, signal);
  }

  /** Like `get`, but asked once: undefined where the server does not answer it, whatever it says. */
  async look<T>(path: string, query: Query, signal: AbortSignal | undefined): Promise<T | undefined> {
    try {
      return await this.#send<T>({ method: 'GET', path, query, isRetryable: () => false }, signal);
    } catch (error) {
      if (error instanceof ResponseError) return undefined;
      throw error;
    }
  }

  /** Like `get`, but undefined for what is not there. */
  async find<T>(path: string, query: Query, signal: AbortSignal | undefined): Promise<T | undefined> {
    try {
      return await this.get<T>(path, query, signal);
    } catch (error) {
      if (error instanceof ResponseError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** PUT is safe to repeat: after losing a race against another writer (409) it is sent again. */
  async put<T>(path: string, body: unknown, signal: AbortSignal | undefined): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#send<T>({ method: 'PUT', path, body }, signal);
      } catch (error) {
        if (!(error instanceof ResponseError) || error.status !== 409 || tries === RACE_TRIES) throw error;
        await sleep(25 * 2 ** tries * (0.5 + Math.random()), undefined, signal ? { signal } : {});
      }
    }
  }

  /** Makes something each time it is sent: it is sent again only where the server has surely not begun on it. */
  async post<T>(path: string, body: unknown, signal: AbortSignal | undefined): Promise<T> {
    return await this.#send<T>({ method: 'POST', path, body }, signal);
  }

  async patch<T>(path: string, operations: unknown, signal: AbortSignal | undefined): Promise<T> {
    try {
      const headers = { 'Content-Type': 'application/json-patch+json' };
      const isRetryable = (error: unknown): boolean => !isPatchConflict(error);
      return await this.#send<T>({ method: 'PATCH', path, body: operations, headers, isRetryable }, signal);
    } catch (error) {
      if (isPatchConflict(error)) throw new PatchConflict(path, error);
      throw error;
    }
  }

  /** @returns the answer; undefined when there was nothing to delete */
  async delete<T>(
    path: string,
    query: Query,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly body: T } | undefined> {
    try {
      return { body: await this.#send<T>({ method: 'DELETE', path, query }, signal) };
    } catch (error) {
      if (error instanceof ResponseError && error.status === 404) return undefined;
      throw error;
    }
  }

  async #send<T>(request: HttpRequest, signal: AbortSignal | undefined): Promise<T> {
    const path = `${this.#root}${request.path}`;
    return (await this.#http.request<T>({ ...request, path, signal })).body;
  }
}
