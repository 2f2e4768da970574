import type { QueryError } from 'trino-client';
import { ResponseError } from '../../errors.ts';

/** A query that Trino took and that failed, by Trino's own name for the failure (`TABLE_NOT_FOUND` …). */
export class TrinoQueryError extends ResponseError {
  readonly errorName: string;

  constructor(code: string, message: string, details: { readonly errorName: string; readonly help: string }) {
    super(code, message, { status: 200, body: message, help: details.help });
    this.errorName = details.errorName;
  }
}

const longest = 500;

/** @param redact masks secrets in Trino's words, which may quote the query */
export function queryError(error: QueryError, place: string, redact: (text: string) => string): TrinoQueryError {
  const { errorName } = error;
  const words = redact(error.message ?? '').slice(0, longest);
  if (errorName === 'PERMISSION_DENIED') {
    return new TrinoQueryError('trino.not-allowed', `Trino at ${place} does not allow it: ${words}`, {
      errorName,
      help: 'Give the user of the recipe the right to see it, or leave the catalog out.',
    });
  }
  if (errorName === 'EXCEEDED_TIME_LIMIT' || errorName === 'EXCEEDED_CPU_LIMIT') return timeLimit(place, words);
  return new TrinoQueryError('trino.query', `Trino at ${place} could not run a query: ${words} (${errorName})`, {
    errorName,
    help: 'The message has Trino’s words; its page of queries has the whole story.',
  });
}

export function timeLimit(place: string, words: string): TrinoQueryError {
  return new TrinoQueryError('trino.time-limit', `A query took Trino at ${place} too long: ${words}`, {
    errorName: 'EXCEEDED_TIME_LIMIT',
    help: 'Look at what keeps the cluster busy, read fewer catalogs or schemas, or raise the limit.',
  });
}
