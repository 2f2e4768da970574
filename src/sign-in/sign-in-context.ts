import { ConfigurationError } from '../errors.ts';
import type { IdentityProviderOptions } from './identity-provider.ts';

/** What every provider gets beside its own keys. */
export interface SignInContext extends Omit<IdentityProviderOptions, 'name'> {
  /** Told every token and assertion. */
  readonly learn?: ((secret: string) => void) | undefined;
}

/**
 * A host or an address, as recipes write it, as an address: https unless it says otherwise.
 *
 * @throws ConfigurationError `auth.bad-address`
 */
export function addressOf(text: string): string {
  const trimmed = text.trim().replace(/\/+$/, '');
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  const isScheme = /^[a-z]+:$/i.test(trimmed);
  if (!isScheme && URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  throw new ConfigurationError(
    'auth.bad-address',
    'The address of the identity provider is no http or https address.',
    {
      help: 'Correct it in securityConfig: a host name, or an address that begins with https://.',
    },
  );
}

/** When a token ends, by the seconds that its provider gives it; undefined where it gives none that makes sense. */
export function endOf(expiresIn: unknown, now = Date.now()): number | undefined {
  const seconds = typeof expiresIn === 'string' ? Number(expiresIn) : expiresIn;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? now + seconds * 1000 : undefined;
}
