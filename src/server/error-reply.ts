import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { RecipeError } from '../config/recipe-error.ts';
import { AuthenticationError, ConnectionError, MeridianError } from '../errors.ts';
import type { FailureAnswer } from './console-api/console-types.ts';
import { ServerError } from './server-error.ts';

/** Nothing of the inside goes out with a failure that is ours. */
export const ours = 'Something went wrong inside of Meridian. The log of “meridian serve” says what.';

const notThere = new Set(['engine.unknown-pipeline', 'engine.unknown-run']);

/** HTTP status for an error; 500 for what nobody expected. */
export function statusOf(error: unknown): number {
  if (error instanceof ServerError) return error.status;
  if (error instanceof AuthenticationError || error instanceof ConnectionError) return 424;
  if (error instanceof MeridianError) {
    if (notThere.has(error.code)) return 404;
    return error.code === 'engine.pipeline-taken' ? 409 : 400;
  }
  const { statusCode = 500 } = error as Partial<FastifyError>;
  return statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}

export function failureAnswer(error: unknown): FailureAnswer {
  if (statusOf(error) >= 500) return { code: 'server.failed', error: ours };
  if (!(error instanceof MeridianError)) return { code: 'server.bad-request', error: (error as Error).message };
  const { message, code, help } = error;
  return {
    error: message,
    code,
    ...(help !== undefined && { help }),
    ...(error instanceof RecipeError && { problems: error.problems }),
  };
}

/** Fastify's error handler. @param bodyOf what the caller understands of a failure; the console's form unless set */
export function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  bodyOf: (error: unknown) => object = failureAnswer,
): void {
  const status = statusOf(error);
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  if (error instanceof ServerError && error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter);
  void reply.code(status).header('cache-control', 'no-store').send(bodyOf(error));
}
