import type { RecipeProblem } from '../../../src/server/console-api/console-types.ts';

/** What the server, or the way to it, has to say against a request: `message` is what happened, `help` what to do. */
export class ApiError extends Error {
  /** HTTP status; 0 where nothing answered. */
  readonly status: number;
  readonly code: string;
  readonly help: string | undefined;
  /** Mistakes in a recipe, by place. */
  readonly problems: readonly RecipeProblem[];

  constructor(
    status: number,
    code: string,
    message: string,
    more: { readonly help?: string | undefined; readonly problems?: readonly RecipeProblem[] | undefined } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.help = more.help;
    this.problems = more.problems ?? [];
  }
}
