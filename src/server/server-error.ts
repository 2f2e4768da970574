import { MeridianError, type MeridianErrorOptions } from '../errors.ts';

/** A request that is refused. Its exit code is never seen; its status is. */
export class ServerError extends MeridianError {
  /** HTTP status, 400 to 499. */
  readonly status: number;
  /** Seconds, for `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(code: string, message: string, options: MeridianErrorOptions & { status: number; retryAfter?: number }) {
    super(code, message, options);
    this.status = options.status;
    this.retryAfter = options.retryAfter;
  }
}
