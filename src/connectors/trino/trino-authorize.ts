import type { HttpClientOptions } from '../../http/http-client.ts';
import type { TrinoSettings } from './trino-settings.ts';

/**
 * The header that signs requests in; undefined where the user's name is enough.
 *
 * @param learn told what is sent, so that it is masked too
 */
export async function trinoAuthorize(
  { user, signIn }: Pick<TrinoSettings, 'user' | 'signIn'>,
  learn: ((secret: string) => void) | undefined,
): Promise<HttpClientOptions['authorize']> {
  if (signIn.kind === 'user') return undefined;
  if (signIn.kind === 'azure') {
    const { azureToken } = await import('./azure-token.ts');
    const token = azureToken(signIn.config, learn);
    return async (refresh) => ({ authorization: `Bearer ${await token(refresh)}` });
  }
  if (signIn.kind === 'jwt') return async () => ({ authorization: `Bearer ${signIn.token}` });
  const encoded = Buffer.from(`${user}:${signIn.password}`).toString('base64');
  learn?.(encoded);
  return async () => ({ authorization: `Basic ${encoded}` });
}
