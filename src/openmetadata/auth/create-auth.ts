import { ConfigurationError } from '../../errors.ts';
import type { AuthProvider } from './auth-provider.ts';
import { JwtAuth } from './jwt-auth.ts';
import { NoAuth } from './no-auth.ts';

/** The sign-in part of `openMetadataServerConfig`. */
export interface AuthConfig {
  readonly authProvider?: string | undefined;
  readonly securityConfig?: { readonly jwtToken?: string | undefined } | undefined;
}

type Factory = (config: AuthConfig) => AuthProvider | undefined;

const withToken: Factory = ({ securityConfig }) =>
  securityConfig?.jwtToken === undefined ? undefined : new JwtAuth(securityConfig.jwtToken);

const PROVIDERS: Readonly<Record<string, Factory>> = {
  'no-auth': () => new NoAuth(),
  openmetadata: (config) => withToken({ securityConfig: { jwtToken: '', ...config.securityConfig } }),
  // Since 1.3 a token signs in whatever the server's own sign-in is.
  basic: withToken,
  ldap: withToken,
  saml: withToken,
  google: withToken,
  okta: withToken,
  auth0: withToken,
  azure: withToken,
  'custom-oidc': withToken,
  'aws-cognito': withToken,
};

/**
 * @throws ConfigurationError `auth.provider-not-available` for a provider that has no way to sign in yet
 * @throws AuthenticationError `auth.token-missing` for `openmetadata` without a token
 */
export function createAuth(config: AuthConfig): AuthProvider {
  const name = config.authProvider ?? 'basic';
  const provider = Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name]!(config) : undefined;
  if (provider) return provider;
  throw new ConfigurationError('auth.provider-not-available', `The authProvider "${name}" is not available yet.`, {
    help: 'Use authProvider: openmetadata with a bot token in securityConfig.jwtToken.',
  });
}
