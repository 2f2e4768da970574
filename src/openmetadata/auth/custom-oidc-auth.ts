import type { Configuration } from 'openid-client';
import type { AuthProvider } from '../../sign-in/auth-provider.ts';
import { IdentityProvider } from '../../sign-in/identity-provider.ts';
import { addressOf, type SignInContext } from '../../sign-in/sign-in-context.ts';
import { TokenCache } from '../../sign-in/token-cache.ts';
import { clientAt, discover, grant } from './client-credentials.ts';

export interface CustomOidcConfig {
  readonly clientId: string;
  readonly secretKey: string;
  /** As in OpenMetadata's schema. */
  readonly tokenEndpoint?: string;
  /** As on its documentation page: a token endpoint, or an issuer whose discovery document names it. */
  readonly domain?: string;
}

/**
 * Any OpenID Connect provider (Keycloak, OneLogin …): client credentials in the form (CONTRACT §8). Where the recipe has an
 * issuer instead of a token endpoint, the endpoint is discovered.
 */
export function customOidcAuth(config: CustomOidcConfig, context: SignInContext): AuthProvider {
  const provider = new IdentityProvider({ name: 'The OpenID Connect provider', ...context });
  const address = addressOf(config.tokenEndpoint ?? config.domain ?? '');
  const credentials = { clientId: config.clientId, clientSecret: config.secretKey };
  const isEndpoint = config.tokenEndpoint !== undefined || /\/token$/.test(new URL(address).pathname);
  let client: Promise<Configuration> | undefined;
  const open = (): Promise<Configuration> =>
    isEndpoint
      ? Promise.resolve(clientAt(address, { ...credentials, authentication: 'post' }, provider))
      : discoverAny(issuersFor(address), (issuer) => discover(issuer, credentials, provider));
  const token = async () => {
    client ??= open();
    try {
      return await grant(await client, undefined);
    } catch (error) {
      // The provider may have moved its endpoint: look again next time.
      client = undefined;
      throw error;
    }
  };
  return new TokenCache(() => provider.run(token), context);
}

/** OneLogin's issuer lies below its domain. */
function issuersFor(address: string): readonly string[] {
  const { hostname, pathname } = new URL(address);
  const isOneLogin = hostname.endsWith('.onelogin.com') && pathname.length <= 1;
  return isOneLogin ? [`${address}/oidc/2`, address] : [address];
}

async function discoverAny(
  issuers: readonly string[],
  discoverOne: (issuer: string) => Promise<Configuration>,
): Promise<Configuration> {
  const [first, ...others] = issuers;
  try {
    return await discoverOne(first!);
  } catch (error) {
    if (others.length === 0) throw error;
    return discoverAny(others, discoverOne);
  }
}
