import { ConfidentialClientApplication } from '@azure/msal-node';
import { AuthenticationError } from '../../errors.ts';
import type { AzureSettings } from './trino-settings.ts';

/** Tokens of Microsoft Entra ID by its own library, which keeps them while they hold. */
export function azureToken(
  { clientId, clientSecret, tenantId, scopes }: AzureSettings,
  learn: ((secret: string) => void) | undefined,
): (refresh: boolean) => Promise<string> {
  const authority = URL.canParse(tenantId) ? tenantId : `https://login.microsoftonline.com/${tenantId}`;
  const client = new ConfidentialClientApplication({ auth: { clientId, clientSecret, authority } });
  return async (refresh) => {
    const wish = { scopes: [...scopes], skipCache: refresh };
    const answer = await client.acquireTokenByClientCredential(wish).catch((cause: unknown) => {
      throw new AuthenticationError('trino.azure', 'Microsoft Entra ID gave no token for Trino.', {
        help: 'Check clientId, clientSecret, tenantId and scopes of authType.azureConfig, and that this machine may reach it.',
        cause,
      });
    });
    if (!answer) throw new AuthenticationError('trino.azure', 'Microsoft Entra ID answered without a token.');
    learn?.(answer.accessToken);
    return answer.accessToken;
  };
}
