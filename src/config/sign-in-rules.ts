import { MeridianError } from '../errors.ts';
import { addressOf } from '../sign-in/sign-in-context.ts';
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

/** Servers that sign people in by themselves give ingestion a token, or none (before OpenMetadata 1.3). */
const withoutKeys: ReadonlySet<unknown> = new Set(['no-auth', 'basic', 'ldap', 'saml']);

/** A sign-in at OpenMetadata without what it needs: a token for `openmetadata`, keys for the others. */
export function missingSignIn(server: Values, path: Path): readonly Finding[] {
  const provider: unknown = server['authProvider'] ?? 'openmetadata';
  if (typeof provider !== 'string' || isPlaceholder(provider)) return [];
  if (withoutKeys.has(provider)) return [];
  // What is missing above, and an empty securityConfig, the schema tells.
  if (server['securityConfig'] !== undefined || Object.keys(server).length === 0) return [];
  if (provider !== 'openmetadata') {
    return [
      {
        path: [...path, 'authProvider'],
        message: `The sign-in “${provider}” has no securityConfig.`,
        suggestion: 'Give its keys there (docs/sign-in.md), or a bot’s token as securityConfig.jwtToken.',
      },
    ];
  }
  return [
    {
      path,
      at: 'key',
      message: 'The token is missing.',
      expected: 'securityConfig.jwtToken with the token of a bot (Settings, Bots in OpenMetadata)',
    },
  ];
}

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
