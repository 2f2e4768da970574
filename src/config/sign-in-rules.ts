import { ssoUrlOf } from '../connectors/atlas/auth/sso-url.ts';
import { MeridianError } from '../errors.ts';
import { addressOf } from '../openmetadata/auth/sign-in-context.ts';
import { isAddress, isPlaceholder } from './address-rule.ts';
import { defaults } from './defaults.ts';
import type { Finding, Path } from './validate-recipe.ts';

const gatewayExample = 'https://knox.example:8443/gateway';

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

/** Addresses of Knox that are none, or that nobody can know. */
export function atlasSignInFindings(connection: object, path: Path): Finding[] {
  const { hostPort = defaults.atlasConnection.hostPort, connectionArguments } = connection as Values;
  if (!isMap(connectionArguments)) return [];
  const { auth, token, passcode, tokenUrl, ssoUrl } = connectionArguments;
  if (auth === 'knox' && token === undefined && passcode === undefined) {
    return argumentFindings(tokenUrl, [...path, 'tokenUrl'], `${gatewayExample}/company/knoxtoken/api/v1/token`);
  }
  if (auth !== 'knoxsso') return [];
  const example = `${gatewayExample}/knoxsso/api/v1/websso`;
  if (ssoUrl !== undefined) return argumentFindings(ssoUrl, [...path, 'ssoUrl'], example);
  if (typeof hostPort !== 'string' || !isAddress(hostPort) || ssoUrlOf(hostPort) !== undefined) return [];
  return [
    {
      path,
      at: 'key',
      message: 'Where KnoxSSO is cannot be found from hostPort, which has no path of a gateway.',
      expected: `ssoUrl with an address such as ${example}`,
    },
  ];
}

/** Among the arguments a word between braces is a text of its own, and no placeholder; but it is no address either. */
function argumentFindings(value: unknown, path: Path, example: string): Finding[] {
  if (typeof value !== 'string' || isAddress(value)) return [];
  return [{ path, message: 'This is no address.', expected: `an address such as ${example}` }];
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
