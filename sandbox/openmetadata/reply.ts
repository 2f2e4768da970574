import type { Actor, Context } from './context.ts';
import type { Doc } from './doc.ts';

/** One request, taken apart. */
export interface Request {
  readonly method: string;
  /** Parts of the path behind `/api/v1/`, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** The body as it came. */
  readonly text: string;
  readonly contentType: string;
  readonly actor: Actor;
}

export interface Reply {
  readonly status: number;
  /** Left out for an empty answer. */
  readonly body?: Doc | readonly unknown[];
  /** Value of the header `X-OpenMetadata-Change`. */
  readonly change?: string;
}

/** Answers requests below one path; undefined when the rest of the path is none of its own. */
export type Route = (rest: readonly string[], request: Request, context: Context) => Reply | undefined;

export function ok(body: Doc | readonly unknown[]): Reply {
  return { status: 200, body };
}
