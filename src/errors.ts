/**
 * Every failure that a user can meet is one of these: what happened (`message`), what to do (`help`), and a stable
 * `code` that programs check. Each code has its row in docs/errors.md; a test holds the two together.
 */
export interface MeridianErrorOptions {
  /** What the user should do next, one or two sentences. */
  readonly help?: string | undefined;
  readonly cause?: unknown;
}

/** Under which an error says which of these classes it is of. */
const kinds = Symbol.for('meridian-metadata.error');

export class MeridianError extends Error {
  /** True for an error of another copy of this package, too, such as the one that a connector has beside it. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const told = (value as { readonly [kinds]?: unknown } | null | undefined)?.[kinds];
    // biome-ignore lint/complexity/noThisInStatic: the class that is asked may be one below this one
    return Array.isArray(told) && told.includes(this.name);
  }

  readonly code: string;
  readonly help: string | undefined;

  constructor(code: string, message: string, options: MeridianErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.help = options.help;
  }

  get [kinds](): readonly string[] {
    const names: string[] = [];
    for (let made = this.constructor; made !== Error; made = Object.getPrototypeOf(made)) names.push(made.name);
    return names;
  }

  /** Exit code of the command line for this kind of error (docs/errors.md). */
  get exitCode(): number {
    return 1;
  }
}

/** The recipe or the command line is wrong: nothing was contacted or written. */
export class ConfigurationError extends MeridianError {
  override get exitCode(): number {
    return 2;
  }
}

/** A server refused who we are. */
export class AuthenticationError extends MeridianError {
  override get exitCode(): number {
    return 3;
  }
}

/** A server cannot be reached, or what answers is not the server that was expected. */
export class ConnectionError extends MeridianError {
  override get exitCode(): number {
    return 3;
  }
}

/** A guard stopped the run before it could do harm. */
export class GuardError extends MeridianError {
  override get exitCode(): number {
    return 4;
  }
}

/** A server answered in a way that ends this request for good: retrying would not help. */
export class ResponseError extends MeridianError {
  readonly status: number;
  readonly body: string;

  constructor(code: string, message: string, details: { status: number; body: string } & MeridianErrorOptions) {
    super(code, message, details);
    this.status = details.status;
    this.body = details.body;
  }
}

/** One record cannot be carried over; the run goes on without it. */
export class RecordError extends MeridianError {}
