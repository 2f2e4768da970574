import { readFileSync } from 'node:fs';
import { JWT } from 'google-auth-library';
import { defaults } from '../../config/defaults.ts';
import { ConfigurationError } from '../../errors.ts';
import type { AuthProvider } from '../../sign-in/auth-provider.ts';
import { IdentityProvider } from '../../sign-in/identity-provider.ts';
import type { SignInContext } from '../../sign-in/sign-in-context.ts';
import { TokenCache } from '../../sign-in/token-cache.ts';
import { expiryOf } from './jwt-auth.ts';

export interface GoogleConfig {
  /** Path or content of the service account's JSON key. */
  readonly secretKey: string;
  readonly audience?: string;
}

interface ServiceAccount {
  readonly client_email: string;
  readonly private_key: string;
  readonly private_key_id?: string;
  readonly token_uri?: string;
}

const help = 'securityConfig.secretKey is the path of a service account’s JSON key, or its content.';

/** Google by its own library: an ID token of a service account for the audience (CONTRACT §8). */
export function googleAuth(config: GoogleConfig, context: SignInContext): AuthProvider {
  const provider = new IdentityProvider({ name: 'Google', ...context });
  const account = readAccount(config.secretKey);
  context.learn?.(account.private_key);
  const client = new JWT({
    email: account.client_email,
    key: account.private_key,
    ...(account.private_key_id !== undefined && { keyId: account.private_key_id }),
    transporterOptions: {
      // The library knows one address only; the key's own says where its token comes from.
      fetchImplementation: ((url: string, init: object) =>
        provider.fetch(account.token_uri ?? url, init)) as unknown as typeof fetch,
    },
  });
  const token = async () => {
    const value = await client.fetchIdToken(config.audience ?? defaults.openMetadata.googleAudience);
    return { value, expiresAt: expiryOf(value) };
  };
  return new TokenCache(() => provider.run(token), context);
}

function readAccount(secretKey: string): ServiceAccount {
  const text = secretKey.trimStart().startsWith('{') ? secretKey : contentOf(secretKey);
  let account: Partial<ServiceAccount>;
  try {
    account = JSON.parse(text) as Partial<ServiceAccount>;
  } catch {
    // Without its cause, which quotes from the key.
    throw new ConfigurationError('auth.google-key', 'The key of the Google service account is no JSON.', { help });
  }
  const { client_email: email, private_key: key } = account ?? {};
  if (typeof email === 'string' && typeof key === 'string') return account as ServiceAccount;
  throw new ConfigurationError(
    'auth.google-key',
    'The key of the Google service account lacks client_email or private_key.',
    {
      help: `${help} A user’s credentials do not do.`,
    },
  );
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationError('auth.google-key', 'The file of the Google service account’s key cannot be read.', {
      help,
      cause,
    });
  }
}
