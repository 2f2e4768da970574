import { tlsOptions } from '../../http/tls-options.ts';
import type { AuthProvider } from '../../sign-in/auth-provider.ts';
import type { SignInContext } from '../../sign-in/sign-in-context.ts';
import type { ServerConfig } from '../server-config.ts';
import { createAuth } from './create-auth.ts';

/**
 * The sign-in of a recipe's server, made when it is first needed. An identity provider is always checked as usual for https;
 * a certificate authority of the recipe's own counts for it too.
 */
export function signIn(config: ServerConfig, { redact, learn }: Pick<SignInContext, 'redact' | 'learn'>): AuthProvider {
  let provider: Promise<AuthProvider> | undefined;
  return {
    async authorize(refresh) {
      const { ca, cert, key } = tlsOptions(config);
      provider ??= createAuth(config, { redact, learn, ca, cert, key });
      return (await provider).authorize(refresh);
    },
  };
}
