import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashPassword, matchesHash } from './password-hash.ts';
import type { Role } from './role.ts';

export interface Account {
  readonly name: string;
  readonly role: Role;
  /** See `hashPassword`. */
  readonly passwordHash: string;
}

/** Where accounts come from: asked for each sign-in, so that who was taken out is out. */
export interface AccountSource {
  find(name: string): Account | undefined;
}

/** Sign-ins that are worked out at once: each takes 32 MB. */
const mostAtOnce = 2;
const waitingAtMost = 50;
/** A server that calls with basic authentication does not wait for scrypt each time. */
const rememberedMs = 5 * 60_000;
const rememberedAtMost = 100;
/** As long as any password may be; more is no password. */
const longestPassword = 1024;

/**
 * Checks names and passwords. A wrong name takes as long as a wrong password, so that names cannot be found out by time.
 */
export class Accounts {
  readonly #sources: readonly AccountSource[];
  readonly #key = randomBytes(32);
  readonly #remembered = new Map<string, number>();
  #decoy: Promise<string> | undefined;
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  constructor(sources: readonly AccountSource[]) {
    this.#sources = sources;
  }

  find(name: string): Account | undefined {
    for (const source of this.#sources) {
      const found = source.find(name);
      if (found) return found;
    }
    return undefined;
  }

  /** @returns undefined when name or password is wrong, or when too many wait for an answer already */
  async signIn(name: string, password: string): Promise<Account | undefined> {
    if (password.length > longestPassword || this.#waiting.length >= waitingAtMost) return undefined;
    const account = this.find(name);
    const mark = account && this.#mark(account, password);
    const until = mark && this.#remembered.get(mark);
    if (until && until > Date.now()) return account;
    this.#decoy ??= hashPassword(randomBytes(16).toString('hex'));
    const matches = await this.#checked(password, account?.passwordHash ?? (await this.#decoy));
    if (!account || !mark || !matches) return undefined;
    this.#remember(mark);
    return account;
  }

  async #checked(password: string, hash: string): Promise<boolean> {
    if (this.#active >= mostAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#active += 1;
    try {
      return await matchesHash(password, hash);
    } finally {
      this.#active -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Worth nothing outside of this process, and nothing any more once the password has changed. */
  #mark({ name, passwordHash }: Account, password: string): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([name, passwordHash, password]))
      .digest('base64');
  }

  #remember(mark: string): void {
    this.#remembered.delete(mark);
    this.#remembered.set(mark, Date.now() + rememberedMs);
    if (this.#remembered.size <= rememberedAtMost) return;
    const oldest = this.#remembered.keys().next().value;
    if (oldest !== undefined) this.#remembered.delete(oldest);
  }
}

/** The one account that the environment names (`MERIDIAN_USERNAME`, `MERIDIAN_PASSWORD`). */
export async function fixedAccount(name: string, password: string, role: Role): Promise<AccountSource> {
  const account: Account = { name, role, passwordHash: await hashPassword(password) };
  return { find: (asked) => (sameText(asked, name) ? account : undefined) };
}

/** Whether two texts are the same, in a time that does not tell how much of them is. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHmac('sha256', 'same').update(text).digest());
  return timingSafeEqual(left!, right!);
}
