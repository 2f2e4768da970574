import { MeridianError } from '../errors.ts';
import { addressOf } from '../openmetadata/auth/sign-in-context.ts';
import { isPlaceholder } from './address-rule.ts';
import type { Finding, Path } from './validate-recipe.ts';

type Values = Readonly<Record<string, unknown>>;

/** Where a provider's tokens come from; the first key that is there counts. */
const addressKeys: Readonly<Record<string, readonly string[]>> = {
  auth0: ['domain'],
  azure: ['authority'],
  'custom-oidc': ['tokenEndpoint', 'domain'],
  okta: ['orgURL'],
  'aws-cognito': ['domain'],
};

/** An identity provider's address in `securityConfig` that is none: a run would stop there before it contacts anybody. */
export function providerFindings(server: object, path: Path): Finding[] {
  const { authProvider, securityConfig } = server as Values;
  if (typeof authProvider !== 'string' || !Object.hasOwn(addressKeys, authProvider) || !isMap(securityConfig))
    return [];
  // A token of the server's own goes before the provider.
  if (typeof securityConfig['jwtToken'] === 'string') return [];
  const key = addressKeys[authProvider]!.find((each) => securityConfig[each] !== undefined);
  const value = key === undefined ? undefined : securityConfig[key];
  if (key === undefined || typeof value !== 'string' || isPlaceholder(value)) return [];
  try {
    addressOf(value);
    return [];
  } catch (error) {
    if (!(error instanceof MeridianError)) throw error;
    // Not quoted: it may hold a password.
    const expected = 'a host name, or an address that begins with https://';
    return [{ path: [...path, key], message: 'This is no address of an identity provider.', expected }];
  }
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
