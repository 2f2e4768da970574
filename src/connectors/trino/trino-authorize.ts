import type { HttpClientOptions } from '../../http/http-client.ts';
import type { SignInContext } from '../../sign-in/sign-in-context.ts';
import type { TrinoSettings } from './trino-settings.ts';

/**
 * The header that signs requests in; undefined where the user's name is enough.
 *
 * @param context `learn` is told what is sent, so that it is masked too
 */
export async function trinoAuthorize(
  { user, signIn }: Pick<TrinoSettings, 'user' | 'signIn'>,
  context: SignInContext,
): Promise<HttpClientOptions['authorize']> {
  if (signIn.kind === 'user') return undefined;
  if (signIn.kind === 'azure') {
    const { azureAuth } = await import('../../sign-in/azure-auth.ts');
    const provider = azureAuth(signIn.config, context);
    return (refresh) => provider.authorize(refresh);
  }
  if (signIn.kind === 'jwt') return async () => ({ authorization: `Bearer ${signIn.token}` });
  const encoded = Buffer.from(`${user}:${signIn.password}`).toString('base64');
  context.learn?.(encoded);
  return async () => ({ authorization: `Basic ${encoded}` });
}
