import { readFile, stat } from 'node:fs/promises';
import { AuthenticationError } from '../../errors.ts';
import type { AuthProvider } from '../../sign-in/auth-provider.ts';

const HOW_TO_GET_ONE =
  "In OpenMetadata open Settings, Bots, ingestion-bot, and copy its token into workflowConfig's securityConfig.jwtToken.";

/** When a JWT ends, in epoch milliseconds; undefined for one that never does, or for a text that is no JWT. */
export function expiryOf(token: string): number | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const exp = (claims as { exp?: unknown } | null)?.exp;
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

/** Milliseconds for which a token file counts as unchanged: a run asks for the token with every request. */
const lookAgainMs = 1_000;

interface TokenFile {
  readonly changed: string;
  readonly token: string;
}

interface SignIn {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiry: number | undefined;
  /** Epoch milliseconds until which it is used without another look. */
  readonly until: number;
}

/** Signs in with a token that stands in the recipe, or in a file that the recipe names. */
export class JwtAuth implements AuthProvider {
  readonly #value: string;
  readonly #learn: (secret: string) => void;
  #file: TokenFile | undefined;
  #signIn: SignIn | undefined;

  /**
   * @param jwtToken the token, or the path of an existing file that holds it; the file is read again within a second of its change
   * @param learn told each token that comes from a file, so that it can be masked
   */
  constructor(jwtToken: string, learn: (secret: string) => void = () => undefined) {
    this.#value = jwtToken.trim();
    this.#learn = learn;
    if (this.#value === '') {
      throw new AuthenticationError('auth.token-missing', 'There is no token to sign in to OpenMetadata with.', {
        help: HOW_TO_GET_ONE,
      });
    }
  }

  async authorize(refresh: boolean): Promise<Record<string, string>> {
    const now = Date.now();
    const isExpired = ({ expiry }: SignIn): boolean => expiry !== undefined && expiry <= now;
    let signIn = this.#signIn;
    if (refresh || !signIn || signIn.until <= now || isExpired(signIn)) {
      const token = await this.#token(refresh);
      signIn = { token, expiry: expiryOf(token), until: now + lookAgainMs };
      this.#signIn = signIn;
    }
    if (isExpired(signIn)) {
      throw new AuthenticationError(
        'auth.token-expired',
        `The token for OpenMetadata expired at ${new Date(signIn.expiry!).toISOString()}.`,
        { help: `Nothing was sent. ${HOW_TO_GET_ONE}` },
      );
    }
    return { Authorization: `Bearer ${signIn.token}` };
  }

  async #token(refresh: boolean): Promise<string> {
    // A token is far longer than any path and has neither separators nor line ends; asking the disk costs little.
    const found = this.#value.length < 4096 ? await stat(this.#value).catch(() => undefined) : undefined;
    if (!found?.isFile()) return this.#value;
    const changed = `${found.mtimeMs} ${found.size} ${found.ino}`;
    if (!refresh && this.#file?.changed === changed) return this.#file.token;
    let token: string;
    try {
      token = (await readFile(this.#value, 'utf8')).trim();
    } catch (cause) {
      throw new AuthenticationError('auth.token-file', `The token file ${this.#value} cannot be read.`, {
        help: 'Check the rights of the file that securityConfig.jwtToken names.',
        cause,
      });
    }
    if (token === '') {
      throw new AuthenticationError('auth.token-missing', `The token file ${this.#value} is empty.`, {
        help: HOW_TO_GET_ONE,
      });
    }
    this.#learn(token);
    this.#file = { changed, token };
    return token;
  }
}
