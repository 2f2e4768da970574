import { ConfigurationError } from '../../errors.ts';
import type { AuthProvider } from '../../sign-in/auth-provider.ts';
import type { SignInContext } from '../../sign-in/sign-in-context.ts';
import { JwtAuth } from './jwt-auth.ts';
import { NoAuth } from './no-auth.ts';

/** The sign-in part of `openMetadataServerConfig`; the keys of `securityConfig` follow from `authProvider`. */
export interface AuthConfig {
  readonly authProvider?: string | undefined;
  readonly securityConfig?: Readonly<Record<string, unknown>> | undefined;
}

type Factory = (security: never, context: SignInContext) => Promise<AuthProvider>;

/** Providers that give tokens of their own, each with its library loaded only when it is used. */
const identityProviders: Readonly<Record<string, Factory>> = {
  auth0: async (security, context) => (await import('./auth0-auth.ts')).auth0Auth(security, context),
  azure: async (security, context) => (await import('../../sign-in/azure-auth.ts')).azureAuth(security, context),
  'custom-oidc': async (security, context) => (await import('./custom-oidc-auth.ts')).customOidcAuth(security, context),
  google: async (security, context) => (await import('./google-auth.ts')).googleAuth(security, context),
  okta: async (security, context) => (await import('./okta-auth.ts')).oktaAuth(security, context),
  'aws-cognito': async (security, context) => (await import('./cognito-auth.ts')).cognitoAuth(security, context),
};

/** Servers that sign people in by themselves: ingestion has a token (1.3 and later), or the word of servers without one. */
const ownSignIn: ReadonlySet<string> = new Set(['no-auth', 'basic', 'ldap', 'saml']);

/**
 * A token in `securityConfig.jwtToken` signs in with any provider, as it does with OpenMetadata's own client since 1.3.
 *
 * @throws ConfigurationError `auth.provider-not-available` for an unknown provider, or one whose keys are missing
 * @throws AuthenticationError `auth.token-missing` for `openmetadata` without a token
 */
export async function createAuth(config: AuthConfig, context: SignInContext = {}): Promise<AuthProvider> {
  const name = config.authProvider ?? 'openmetadata';
  const security = config.securityConfig;
  const token = security?.['jwtToken'];
  if (typeof token === 'string' && name !== 'no-auth') return new JwtAuth(token, context.learn);
  if (name === 'openmetadata') return new JwtAuth('');
  if (ownSignIn.has(name)) return new NoAuth();
  const factory = Object.hasOwn(identityProviders, name) ? identityProviders[name] : undefined;
  if (factory && security) return factory(security as never, context);
  const what = factory ? 'has no securityConfig' : 'is unknown';
  throw new ConfigurationError('auth.provider-not-available', `The authProvider "${name}" ${what}.`, {
    help: factory
      ? 'Give its keys in securityConfig, or a bot’s token in securityConfig.jwtToken.'
      : 'Use authProvider: openmetadata with a bot’s token in securityConfig.jwtToken.',
  });
}
