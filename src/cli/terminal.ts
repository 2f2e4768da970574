import type { Redactor } from '../config/redactor.ts';
import type { Progress } from '../workflow/progress.ts';
import { createPalette, type Palette } from './palette.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The part of `process.stdout` that the command line uses. */
export interface OutputStream {
  write(text: string, done?: (error?: Error | null) => void): unknown;
  once?(event: 'drain' | 'close', listener: () => void): unknown;
  readonly destroyed?: boolean;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Is told what a terminal shows, in a form for programs. Secrets are not masked. */
export interface TerminalObserver {
  /** A few times a second at most. */
  progress(progress: Progress): void;
  /** What ended the command. */
  error(error: unknown): void;
}

export interface TerminalOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Environment;
  readonly observer?: TerminalObserver;
}

const defaultWidth = 80;

/**
 * Everything that the command line shows goes through here: data to standard output, all else to standard error, and
 * both through the redactor of the recipe at hand.
 */
export class Terminal {
  readonly env: Environment;
  readonly observer: TerminalObserver | undefined;
  /** Show stack traces. */
  verbose = false;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  #redactor: Pick<Redactor, 'redact' | 'redactValue'> | undefined;
  #colours: boolean | undefined;

  constructor({ stdout, stderr, env, observer }: TerminalOptions) {
    this.observer = observer;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.env = env;
    if (env['NO_COLOR']) this.#colours = false;
    else if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') this.#colours = true;
  }

  /** True when standard error is a terminal that somebody watches: no pipe, no CI, no `TERM=dumb`. */
  get interactive(): boolean {
    return this.#stderr.isTTY === true && !this.env['CI'] && this.env['TERM'] !== 'dumb';
  }

  /** True when standard output is a terminal. */
  get dataIsShown(): boolean {
    return this.#stdout.isTTY === true;
  }

  /** Columns of standard error. */
  get width(): number {
    return this.#stderr.columns ?? defaultWidth;
  }

  /** Columns of standard output; a pipe has room without end. */
  get dataWidth(): number {
    return this.#stdout.isTTY ? (this.#stdout.columns ?? defaultWidth) : 160;
  }

  get dataPalette(): Palette {
    return createPalette(this.#colours ?? this.#stdout.isTTY === true);
  }

  get notePalette(): Palette {
    return createPalette(this.#colours ?? this.#stderr.isTTY === true);
  }

  /** `--no-color` */
  disableColours(): void {
    this.#colours = false;
  }

  /** From now on nothing is shown that this would mask. */
  redactWith(redactor: Pick<Redactor, 'redact' | 'redactValue'>): void {
    this.#redactor = redactor;
  }

  redact(text: string): string {
    return this.#redactor?.redact(text) ?? text;
  }

  /** For data that is shortened before it is shown: half a secret is not recognised any more. */
  redactValue<T>(value: T): T {
    return this.#redactor?.redactValue(value) ?? value;
  }

  /** What was asked for, to standard output. */
  data(text: string): void {
    this.#stdout.write(this.redact(text));
  }

  /**
   * Rows of what Meridian remembers, to standard output as they are: they hold no secrets, and a name that happens to be
   * somebody's password must come back from an export. Waits for a slow reader.
   */
  async rows(text: string): Promise<void> {
    const { once, destroyed } = this.#stdout;
    if (destroyed || this.#stdout.write(text) !== false || !once) return;
    await new Promise<void>((resolve) => {
      for (const event of ['drain', 'close'] as const) once.call(this.#stdout, event, resolve);
    });
  }

  /**
   * A record to standard output, in which secrets have been masked already: to mask words in it would change it.
   * Waits while the reader is slow.
   *
   * @returns false when nobody reads any more
   */
  record(text: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const done = (error?: (Error & { readonly code?: string }) | null): void => {
        if (!error) resolve(true);
        else if (error.code === 'EPIPE') resolve(false);
        else reject(error);
      };
      this.#stdout.write(text, done);
    });
  }

  /** Everything else, to standard error. */
  note(text: string): void {
    this.#stderr.write(this.redact(text));
  }
}
