import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';

/** Which tokens of an identity provider the server takes beside its own. */
export interface OutsideTokenOptions {
  /** Address of the provider's public keys, as in the server's `publicKeyUrls`. */
  readonly publicKeys: string;
  /** Who must have made the token; anybody with such a key unless set. */
  readonly issuer?: string;
}

/** Checks tokens that an identity provider has signed: signature, end, and who made them. */
export class OutsideTokens {
  readonly #keys: JWTVerifyGetKey;
  readonly #issuer: string | undefined;
  readonly #seen = new Set<string>();

  constructor({ publicKeys, issuer }: OutsideTokenOptions) {
    this.#keys = createRemoteJWKSet(new URL(publicKeys));
    this.#issuer = issuer;
  }

  /** Different tokens let in so far. */
  get count(): number {
    return this.#seen.size;
  }

  /** @returns why the token is refused, in the server's words; undefined when it is let in */
  async refusal(token: string): Promise<string | undefined> {
    try {
      await jwtVerify(token, this.#keys, this.#issuer === undefined ? {} : { issuer: this.#issuer });
      this.#seen.add(token);
      return undefined;
    } catch (error) {
      return error instanceof errors.JWTExpired ? 'Expired token!' : 'Invalid token';
    }
  }
}
