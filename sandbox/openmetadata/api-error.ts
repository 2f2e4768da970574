import type { ServerVersion } from './server-version.ts';

type ErrorForm = 'message' | 'exception' | 'plain';

/**
 * An answer that is not the wanted one. A 1.1 server has three forms of them: `{code, message}`; `{responseMessage}`
 * around an unexpected exception, always 500; and bare text for JSON that cannot be read.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly form: ErrorForm;
  /** What servers after 1.1 say in place of the 500: they let the status of the framework through. */
  readonly laterStatus: number;

  constructor(status: number, message: string, form: ErrorForm = 'message', laterStatus: number = status) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.form = form;
    this.laterStatus = laterStatus;
  }

  /** Status, content type and body as the given version sends them. */
  answer(version: ServerVersion): { status: number; type: string; body: string } {
    if (this.form === 'plain' && !version.atLeast(2)) {
      return { status: this.status, type: 'text/plain', body: this.message };
    }
    if (this.form === 'exception' && !version.atLeast(2)) {
      const responseMessage = `An exception with message [${this.message}] was thrown while processing request.`;
      return { status: 500, type: 'application/json', body: JSON.stringify({ responseMessage }) };
    }
    const code = this.form === 'exception' ? this.laterStatus : this.status;
    return { status: code, type: 'application/json', body: JSON.stringify({ code, message: this.message }) };
  }
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, message);
}

/** @param key the id or the fully qualified name that was asked for. */
export function notFound(type: string, key: string): ApiError {
  return new ApiError(404, `${type} instance for ${key} not found`);
}

/** An exception that the server did not foresee: 500 in every version unless the framework has a status of its own. */
export function unforeseen(message: string, laterStatus = 500): ApiError {
  return new ApiError(500, message, 'exception', laterStatus);
}

export function unknownPath(): ApiError {
  return unforeseen('HTTP 404 Not Found', 404);
}
