import type { AuthProvider } from '../../sign-in/auth-provider.ts';
import { IdentityProvider } from '../../sign-in/identity-provider.ts';
import { addressOf, type SignInContext } from '../../sign-in/sign-in-context.ts';
import { TokenCache } from '../../sign-in/token-cache.ts';
import { clientAt, grant } from './client-credentials.ts';
import { cognitoAuth, isCognitoDomain } from './cognito-auth.ts';

export interface Auth0Config {
  readonly clientId: string;
  readonly secretKey: string;
  readonly domain: string;
}

/**
 * Auth0: `POST https://{domain}/oauth/token` with the audience of its management API (CONTRACT §8). The documentation
 * page also writes Amazon Cognito this way: its domains are recognised.
 */
export function auth0Auth(config: Auth0Config, context: SignInContext): AuthProvider {
  if (isCognitoDomain(config.domain)) return cognitoAuth(config, context);
  const provider = new IdentityProvider({ name: 'Auth0', ...context });
  const address = addressOf(config.domain);
  const credentials = { clientId: config.clientId, clientSecret: config.secretKey, authentication: 'post' } as const;
  const client = clientAt(`${address}/oauth/token`, credentials, provider);
  const audience = `${address}/api/v2/`;
  return new TokenCache(() => provider.run(() => grant(client, { audience })), context);
}
