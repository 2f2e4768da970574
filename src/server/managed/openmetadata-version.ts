import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import { NEWEST_KNOWN } from '../../openmetadata/server-version.ts';

export interface OpenMetadataVersionOptions {
  /** Said whatever was learnt. */
  readonly configured?: string | undefined;
  /** Address of the server, ending in `/api`: asked for its version, which takes no sign-in. */
  readonly hostPort?: string | undefined;
  /** Folder that what was learnt is kept in. */
  readonly home: string;
}

/** A server is upgraded now and then; asking is cheap. */
const askAgainMs = 60_000;
const patienceMs = 3_000;

/**
 * The version that we say we are of: a server works with an ingestion service of its own version only, and every version
 * from 1.1 on is served here. It is configured, or asked of the server, or learnt from the one that deployed last.
 */
export class OpenMetadataVersion {
  readonly #options: OpenMetadataVersionOptions;
  readonly #file: string;
  #learnt: string | undefined;
  #asked: Promise<void> | undefined;
  #askAgainAt = 0;

  constructor(options: OpenMetadataVersionOptions) {
    this.#options = options;
    this.#file = join(options.home, 'openmetadata-version.txt');
  }

  async current(): Promise<string> {
    const { configured, hostPort } = this.#options;
    if (configured !== undefined) return configured;
    this.#learnt ??= await this.#kept();
    if (hostPort !== undefined && Date.now() >= this.#askAgainAt) {
      this.#asked ??= this.#ask(hostPort).finally(() => {
        this.#asked = undefined;
      });
      await this.#asked;
    }
    return this.#learnt ?? `${NEWEST_KNOWN.major}.${NEWEST_KNOWN.minor}.0`;
  }

  /** False as long as nobody has said it: a server of another version would find us unfit then. */
  async isKnown(): Promise<boolean> {
    const { configured, hostPort } = this.#options;
    return configured !== undefined || hostPort !== undefined || (await this.#kept()) !== undefined;
  }

  /** Keeps what a server that calls us has said. */
  async learn(version: string): Promise<void> {
    if (version === this.#learnt) return;
    this.#learnt = version;
    const fresh = `${this.#file}.new`;
    await writeFile(fresh, `${version}\n`, { mode: 0o600 });
    await rename(fresh, this.#file);
  }

  async #kept(): Promise<string | undefined> {
    try {
      const text = (await readFile(this.#file, 'utf8')).trim();
      return /^[\w.+-]{1,50}$/.test(text) ? text : undefined;
    } catch {
      return undefined;
    }
  }

  async #ask(hostPort: string): Promise<void> {
    const client = new OpenMetadataClient({ hostPort, authProvider: 'no-auth' }, { retries: 0, timeoutMs: patienceMs });
    try {
      await this.learn(await client.readVersion(AbortSignal.timeout(patienceMs)));
    } catch {
      // It does not answer now; what is known stays, and the next question asks again.
    } finally {
      this.#askAgainAt = Date.now() + askAgainMs;
      await client.close();
    }
  }
}
