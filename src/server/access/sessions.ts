import { createHash, randomBytes } from 'node:crypto';
import type { Role } from './role.ts';

export interface Session {
  readonly name: string;
  readonly role: Role;
  /** To be sent back in `X-CSRF-Token` with whatever changes something. */
  readonly csrfToken: string;
  /** Undefined for those who were let in by an identity provider. */
  readonly passwordHash: string | undefined;
}

interface Held extends Session {
  readonly endsAt: number;
  idleAt: number;
}

export interface SessionLimits {
  /** Milliseconds after the last request. */
  readonly idleMs: number;
  /** Milliseconds after the sign-in, whatever happens. */
  readonly longestMs: number;
}

const defaultLimits: SessionLimits = { idleMs: 60 * 60_000, longestMs: 12 * 60 * 60_000 };
const mostHeld = 10_000;

/**
 * Who is signed in, in memory alone: a restart signs everybody out, and no file of this machine lets anybody in. What a
 * browser holds is kept as a hash only.
 */
export class Sessions {
  readonly #held = new Map<string, Held>();
  readonly #limits: SessionLimits;
  readonly #now: () => number;

  constructor({ limits = defaultLimits, now = Date.now }: { limits?: SessionLimits; now?: () => number } = {}) {
    this.#limits = limits;
    this.#now = now;
  }

  /** @returns the id for the cookie: always a new one, whatever cookie came along */
  open({ name, role, passwordHash }: Pick<Session, 'name' | 'role' | 'passwordHash'>): {
    readonly id: string;
    readonly session: Session;
  } {
    const id = randomBytes(32).toString('base64url');
    const now = this.#now();
    const session: Held = {
      name,
      role,
      passwordHash,
      csrfToken: randomBytes(24).toString('base64url'),
      endsAt: now + this.#limits.longestMs,
      idleAt: now + this.#limits.idleMs,
    };
    this.#sweep(now);
    this.#held.set(keyOf(id), session);
    return { id, session };
  }

  find(id: string | undefined): Session | undefined {
    if (id === undefined) return undefined;
    const key = keyOf(id);
    const session = this.#held.get(key);
    if (!session) return undefined;
    const now = this.#now();
    if (now >= session.endsAt || now >= session.idleAt) {
      this.#held.delete(key);
      return undefined;
    }
    session.idleAt = now + this.#limits.idleMs;
    return session;
  }

  close(id: string | undefined): void {
    if (id !== undefined) this.#held.delete(keyOf(id));
  }

  get size(): number {
    return this.#held.size;
  }

  #sweep(now: number): void {
    for (const [key, { endsAt, idleAt }] of this.#held) {
      if (now >= endsAt || now >= idleAt || this.#held.size >= mostHeld) this.#held.delete(key);
    }
  }
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}
