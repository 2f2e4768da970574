import {
  ConfidentialClientApplication,
  type INetworkModule,
  LogLevel,
  type NetworkRequestOptions,
} from '@azure/msal-node';
import { AuthenticationError } from '../errors.ts';
import type { AuthProvider } from './auth-provider.ts';
import { IdentityProvider } from './identity-provider.ts';
import { addressOf, type SignInContext } from './sign-in-context.ts';
import { TokenCache } from './token-cache.ts';

export interface AzureConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  /** `https://login.microsoftonline.com/{tenant}` */
  readonly authority: string;
  /** Usually `{clientId}/.default`. */
  readonly scopes: readonly string[];
}

/** Microsoft Entra ID by its own library: client credentials for the scopes (CONTRACT §8). */
export function azureAuth(config: AzureConfig, context: SignInContext): AuthProvider {
  const provider = new IdentityProvider({ name: 'Microsoft Entra ID', ...context });
  const authority = addressOf(config.authority);
  let failure: unknown;
  const network = networkOf(provider, (error) => {
    failure = error;
  });
  const client = new ConfidentialClientApplication({
    auth: {
      clientId: config.clientId,
      clientSecret: config.clientSecret,
      authority,
      // The recipe's authority is trusted: no question to another host about whether it is one.
      knownAuthorities: [new URL(authority).host],
    },
    system: {
      networkClient: network,
      loggerOptions: { loggerCallback: () => undefined, logLevel: LogLevel.Error, piiLoggingEnabled: false },
    },
  });
  const token = async () => {
    failure = undefined;
    const wish = { scopes: [...config.scopes], skipCache: true };
    // The library tells no more of a refusal than that the network failed.
    const answer = await client.acquireTokenByClientCredential(wish).catch((error: unknown) => {
      throw failure ?? error;
    });
    if (!answer) throw new AuthenticationError('auth.no-token', 'Microsoft Entra ID answered without a token.');
    return { value: answer.accessToken, expiresAt: answer.expiresOn?.getTime() };
  };
  return new TokenCache(() => provider.run(token), context);
}

/** The library's own way to the network would know neither our limits nor our certificates. */
function networkOf(provider: IdentityProvider, onFailure: (error: unknown) => void): INetworkModule {
  const send = async <T>(method: string, url: string, options: NetworkRequestOptions = {}) => {
    const { headers, body } = options;
    const request = { method, ...(headers && { headers }), ...(body && { body }) };
    const answer = await provider.fetch(url, request).catch((error: unknown) => {
      onFailure(error);
      throw error;
    });
    return {
      headers: Object.fromEntries(answer.headers.entries()),
      body: (await answer.json()) as T,
      status: answer.status,
    };
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}
