import { AuthenticationError } from '../../../errors.ts';
import { HttpClient } from '../../../http/http-client.ts';
import type { AtlasAuthContext } from './atlas-auth.ts';

export interface KnoxTokenOptions extends AtlasAuthContext {
  /** `https://knox:8443/gateway/<topology>/knoxtoken/api/v1/token` */
  readonly tokenUrl: string;
  /** Sign in there. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Held {
  readonly token: string;
  readonly fetchedAt: number;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/** A token is replaced so long before it ends, or when half of its time is over, whichever is later. */
const marginMs = 60_000;
/** A token this new is not asked for again when a server refuses it. */
const freshMs = 1_000;

/**
 * Knox' token service (KNOXTOKEN): a GET with user and password gives a JWT, and when it ends, in epoch milliseconds.
 * Asked once however many requests wait; kept in memory only.
 */
export class KnoxTokenService {
  readonly #http: HttpClient;
  readonly #learn: (secret: string) => void;
  #held: Held | undefined;
  #asking: Promise<Held> | undefined;

  constructor({ tokenUrl, headers, tls, redact, learn }: KnoxTokenOptions) {
    this.#http = new HttpClient({
      baseUrl: tokenUrl,
      name: 'Knox’ token service',
      headers,
      ...(tls && { tls }),
      ...(redact && { redact }),
    });
    this.#learn = learn ?? (() => undefined);
  }

  /** @throws AuthenticationError, ConnectionError */
  async token(refresh: boolean): Promise<string> {
    const now = Date.now();
    const held = this.#held;
    if (held && (refresh ? now - held.fetchedAt < freshMs : !isDue(held, now))) return held.token;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    this.#held = await this.#asking;
    return this.#held.token;
  }

  async #ask(): Promise<Held> {
    const { body } = await this.#http.request<{ access_token?: unknown; expires_in?: unknown } | undefined>({
      method: 'GET',
      path: '',
    });
    const fetchedAt = Date.now();
    const token = body?.access_token;
    if (typeof token !== 'string' || token === '') {
      throw new AuthenticationError('atlas.no-token', 'Knox’ token service answered without a token.', {
        help: 'Check connectionArguments.tokenUrl; it ends in /knoxtoken/api/v1/token.',
      });
    }
    this.#learn(token);
    const endsAt = Number(body?.expires_in);
    return { token, fetchedAt, endsAt: Number.isFinite(endsAt) && endsAt > 0 ? endsAt : Number.POSITIVE_INFINITY };
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}

function isDue({ fetchedAt, endsAt }: Held, now: number): boolean {
  return now >= endsAt - Math.min(marginMs, Math.max(0, endsAt - fetchedAt) / 2);
}
