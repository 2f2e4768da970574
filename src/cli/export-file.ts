import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { ConfigurationError } from '../errors.ts';

/** Characters that are written at once. */
const chunk = 256 * 1024;

/** A file that is there whole or not at all: it is written beside its place, and moved there at the end. */
export class ExportFile {
  readonly #path: string;
  readonly #file: FileHandle;
  #held: string[] = [];
  #size = 0;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** @throws ConfigurationError `cli.export-file` */
  static async open(path: string): Promise<ExportFile> {
    try {
      return new ExportFile(path, await open(`${path}.part`, 'w', 0o600));
    } catch (cause) {
      throw new ConfigurationError('cli.export-file', `The file ${path} cannot be written.`, {
        help: 'Its folder must be there, and you must be allowed to write in it.',
        cause,
      });
    }
  }

  async write(line: string): Promise<void> {
    this.#held.push(line);
    this.#size += line.length;
    if (this.#size >= chunk) await this.#flush();
  }

  async #flush(): Promise<void> {
    await this.#file.appendFile(this.#held.join(''));
    this.#held = [];
    this.#size = 0;
  }

  /** Puts the file in its place. */
  async keep(): Promise<void> {
    await this.#flush();
    await this.#file.sync();
    await this.#file.close();
    await rename(`${this.#path}.part`, this.#path);
  }

  /** Takes away what was written. What was at the place before stays. */
  async discard(): Promise<void> {
    await this.#file.close();
    await rm(`${this.#path}.part`, { force: true });
  }
}
