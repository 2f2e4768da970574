import type { IdentityProviderOptions } from './identity-provider.ts';

/** What every provider gets beside its own keys. */
export interface SignInContext extends Omit<IdentityProviderOptions, 'name'> {
  /** Told every token and assertion. */
  readonly learn?: ((secret: string) => void) | undefined;
}

/** A host or an address, as recipes write it, as an address: https unless it says otherwise. */
export function addressOf(text: string): string {
  const trimmed = text.trim().replace(/\/+$/, '');
  return /^https?:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
}

/** When a token ends, by the seconds that its provider gives it; undefined where it gives none that makes sense. */
export function endOf(expiresIn: unknown, now = Date.now()): number | undefined {
  const seconds = typeof expiresIn === 'string' ? Number(expiresIn) : expiresIn;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? now + seconds * 1000 : undefined;
}
