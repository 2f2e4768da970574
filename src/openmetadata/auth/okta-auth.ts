import { createPrivateKey, type JsonWebKey, type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { ConfigurationError } from '../../errors.ts';
import type { AuthProvider } from '../../sign-in/auth-provider.ts';
import { IdentityProvider } from '../../sign-in/identity-provider.ts';
import { addressOf, endOf, type SignInContext } from '../../sign-in/sign-in-context.ts';
import { TokenCache } from '../../sign-in/token-cache.ts';
import { expiryOf } from './jwt-auth.ts';

export interface OktaConfig {
  readonly clientId: string;
  /** The whole token endpoint: `https://company.okta.com/oauth2/default/v1/token`. */
  readonly orgURL: string;
  /** PEM or JWK. */
  readonly privateKey: string;
  readonly email: string;
  readonly scopes?: readonly string[];
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const lifetimeSeconds = 3_600;
/** Okta refuses an assertion from the future, and one that lasts over an hour: clocks may differ by so much. */
const skewSeconds = 60;

/**
 * Okta: an assertion signed with the client's key, its parameters in the address and no body, as OpenMetadata's own client
 * sends it (CONTRACT §8).
 */
export function oktaAuth(config: OktaConfig, context: SignInContext): AuthProvider {
  const provider = new IdentityProvider({ name: 'Okta', ...context });
  const endpoint = addressOf(config.orgURL);
  const { signer, keyId } = readKey(config.privateKey);
  const token = async () => {
    const now = Math.floor(Date.now() / 1000) - skewSeconds;
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: 'RS256', ...(keyId !== undefined && { kid: keyId }) })
      .setIssuer(config.clientId)
      .setSubject(config.clientId)
      .setAudience(config.orgURL)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds)
      .setJti(randomUUID())
      .sign(signer);
    context.learn?.(assertion);
    const query = [
      'grant_type=client_credentials',
      `client_assertion_type=${encodeURIComponent(assertionType)}`,
      `client_assertion=${assertion}`,
      ...(config.scopes?.length ? [`scope=${config.scopes.map(encodeURIComponent).join('%20')}`] : []),
    ];
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await provider.fetch(`${endpoint}?${query.join('&')}`, { method: 'POST', headers });
    const { access_token: value, expires_in: seconds } = (await answer.json()) as Record<string, unknown>;
    const text = typeof value === 'string' ? value : '';
    return { value: text, expiresAt: endOf(seconds) ?? expiryOf(text) };
  };
  return new TokenCache(() => provider.run(token), context);
}

interface SigningKey {
  readonly signer: KeyObject;
  readonly keyId?: string;
}

function readKey(text: string): SigningKey {
  try {
    if (!text.trimStart().startsWith('{')) return { signer: createPrivateKey(text) };
    const key = JSON.parse(text) as JsonWebKey & { readonly kid?: string };
    const signer = createPrivateKey({ key, format: 'jwk' });
    return { signer, ...(key.kid !== undefined && { keyId: key.kid }) };
  } catch (error) {
    // The cause may quote the key: its code has to do.
    const { code } = error as { code?: unknown };
    throw new ConfigurationError(
      'auth.okta-key',
      `The private key for Okta cannot be read (${String(code ?? 'no key')}).`,
      {
        help: 'securityConfig.privateKey is an RSA key as PEM (BEGIN PRIVATE KEY) or as JWK.',
      },
    );
  }
}
