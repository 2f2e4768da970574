import * as oidc from 'openid-client';
import type { IdentityProvider } from '../../sign-in/identity-provider.ts';
import { endOf } from '../../sign-in/sign-in-context.ts';
import type { Token } from '../../sign-in/token-cache.ts';
import { expiryOf } from './jwt-auth.ts';

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** How the client says who it is: in the form (`post`) or in a header (`basic`). */
  readonly authentication: 'post' | 'basic';
  /** Sent along in the form. */
  readonly parameters?: Readonly<Record<string, string>>;
}

const methods = { post: oidc.ClientSecretPost, basic: oidc.ClientSecretBasic } as const;

/** A client at an OAuth 2 server whose token endpoint is known. */
export function clientAt(tokenEndpoint: string, credentials: ClientCredentials, provider: IdentityProvider) {
  const { clientId, clientSecret, authentication } = credentials;
  const server = { issuer: new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint };
  const client = new oidc.Configuration(server, clientId, clientSecret, methods[authentication](clientSecret));
  return prepared(client, tokenEndpoint, provider);
}

function prepared(client: oidc.Configuration, address: string, provider: IdentityProvider): oidc.Configuration {
  client[oidc.customFetch] = provider.fetch as unknown as oidc.CustomFetch;
  if (address.startsWith('http:')) oidc.allowInsecureRequests(client);
  return client;
}

/** A client at an OpenID Connect issuer, found by its discovery document. */
export async function discover(
  issuer: string,
  credentials: Omit<ClientCredentials, 'authentication'>,
  provider: IdentityProvider,
): Promise<oidc.Configuration> {
  const { clientId, clientSecret } = credentials;
  const options = {
    [oidc.customFetch]: provider.fetch as unknown as oidc.CustomFetch,
    ...(issuer.startsWith('http:') && { execute: [oidc.allowInsecureRequests] }),
  };
  const found = await oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, options);
  const server = found.serverMetadata();
  const supported = server.token_endpoint_auth_methods_supported ?? ['client_secret_post'];
  const authentication = supported.includes('client_secret_post') ? 'post' : 'basic';
  const client = new oidc.Configuration(server, clientId, clientSecret, methods[authentication](clientSecret));
  return prepared(client, issuer, provider);
}

/** Asks for a token with client credentials. */
export async function grant(
  client: oidc.Configuration,
  parameters: Readonly<Record<string, string>> | undefined,
): Promise<Token> {
  const answer = await oidc.clientCredentialsGrant(client, { ...parameters });
  return { value: answer.access_token, expiresAt: endOf(answer.expires_in) ?? expiryOf(answer.access_token) };
}
