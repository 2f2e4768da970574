import { readFile, stat } from 'node:fs/promises';
import { AuthenticationError } from '../../../errors.ts';

/** A token as a recipe has it: itself, or the path of a file, which is read again when it changes. */
export class TokenText {
  readonly #text: string;
  #read: { readonly changedAt: number; readonly token: string } | undefined;

  constructor(text: string) {
    this.#text = text.trim();
  }

  /** @throws AuthenticationError `atlas.token` when there is none */
  async read(): Promise<string> {
    if (!/[/\\]/.test(this.#text) || this.#text.includes('.ey')) return given(this.#text);
    let changedAt: number;
    try {
      changedAt = (await stat(this.#text)).mtimeMs;
    } catch (error) {
      // A token of another kind may have a slash in it; one that looks like a path is meant as one.
      if (!/^([a-z]:)?\.{0,2}[/\\]/i.test(this.#text)) return this.#text;
      throw missing(error);
    }
    if (this.#read?.changedAt !== changedAt) {
      const text = await readFile(this.#text, 'utf8').catch((error: unknown) => {
        throw missing(error);
      });
      this.#read = { changedAt, token: given(text.trim()) };
    }
    return this.#read.token;
  }
}

function given(token: string): string {
  if (token !== '') return token;
  throw missing(undefined);
}

function missing(cause: unknown): AuthenticationError {
  return new AuthenticationError('atlas.token', 'The token for Atlas is missing, or its file cannot be read.', {
    help: 'connectionArguments.token of the source is the token, or the path of a file that holds it.',
    cause,
  });
}
