import type { AuthProvider } from '../../sign-in/auth-provider.ts';
import { IdentityProvider } from '../../sign-in/identity-provider.ts';
import { addressOf, type SignInContext } from '../../sign-in/sign-in-context.ts';
import { TokenCache } from '../../sign-in/token-cache.ts';
import { clientAt, grant } from './client-credentials.ts';

export interface CognitoConfig {
  readonly clientId: string;
  readonly secretKey: string;
  /** Domain of the user pool: `company.auth.eu-central-1.amazoncognito.com`, or one of one's own. */
  readonly domain: string;
  /** Scopes of a resource server; all that the client has unless set. */
  readonly scopes?: readonly string[];
}

export function isCognitoDomain(domain: string): boolean {
  return new URL(addressOf(domain)).hostname.endsWith('.amazoncognito.com');
}

/** Amazon Cognito: `POST {domain}/oauth2/token`, the client in the Authorization header. */
export function cognitoAuth(config: CognitoConfig, context: SignInContext): AuthProvider {
  const provider = new IdentityProvider({ name: 'Amazon Cognito', ...context });
  const credentials = { clientId: config.clientId, clientSecret: config.secretKey, authentication: 'basic' } as const;
  const client = clientAt(`${addressOf(config.domain)}/oauth2/token`, credentials, provider);
  const scope = config.scopes?.join(' ');
  return new TokenCache(() => provider.run(() => grant(client, scope ? { scope } : undefined)), context);
}
