import { ConfigurationError } from '../../../errors.ts';
import type { HttpClientOptions } from '../../../http/http-client.ts';
import { KnoxSso } from './knox-sso.ts';
import { KnoxTokenService } from './knox-token-service.ts';
import { atlasUrlOf, ssoUrlOf } from './sso-url.ts';
import { TokenText } from './token-text.ts';

/** What a connection says of signing in, from `connectionArguments` and beside them. */
export interface AtlasSignIn {
  readonly auth?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  readonly passcode?: string | undefined;
  readonly tokenUrl?: string | undefined;
  /** Of KnoxSSO; found from `hostPort` unless set. */
  readonly ssoUrl?: string | undefined;
  readonly hostPort?: string | undefined;
}

type Tls = NonNullable<HttpClientOptions['tls']>;

export interface AtlasAuthContext {
  readonly tls?: Tls | undefined;
  readonly redact?: ((text: string) => string) | undefined;
  /** Told every token that is got while running. */
  readonly learn?: ((secret: string) => void) | undefined;
}

/** How requests are signed in: headers that never change, or ones that are asked for each time. */
export interface AtlasAuth {
  readonly headers?: Readonly<Record<string, string>>;
  readonly authorize?: NonNullable<HttpClientOptions['authorize']>;
  /** A redirect leads to a login page: the sign-in is over. */
  readonly redirectEndsSignIn?: boolean;
  close?(): Promise<void>;
}

type Factory = (signIn: AtlasSignIn, context: AtlasAuthContext) => AtlasAuth;

export function basic(username = '', password = ''): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

const bearer = (token = ''): AtlasAuth => {
  const text = new TokenText(token);
  return { authorize: async () => ({ authorization: `Bearer ${await text.read()}` }) };
};

const ways: Readonly<Record<string, Factory>> = {
  basic: ({ username, password }) => ({ headers: basic(username, password) }),
  token: ({ token }) => bearer(token),
  knox: ({ token, passcode, tokenUrl, username, password }, context) => {
    if (token !== undefined) return bearer(token);
    // Knox takes a passcode for a password, of a user of this name.
    if (passcode !== undefined) return { headers: basic('Passcode', passcode) };
    const service = new KnoxTokenService({ tokenUrl: tokenUrl ?? '', headers: basic(username, password), ...context });
    return {
      authorize: async (refresh) => ({ authorization: `Bearer ${await service.token(refresh)}` }),
      close: () => service.close(),
    };
  },
  knoxsso: ({ hostPort = '', ssoUrl = ssoUrlOf(hostPort) ?? '', username, password }, context) => {
    const sso = new KnoxSso({ ssoUrl, atlasUrl: atlasUrlOf(hostPort), headers: basic(username, password), ...context });
    return {
      authorize: async (refresh) => ({ cookie: await sso.cookie(refresh) }),
      redirectEndsSignIn: true,
      close: () => sso.close(),
    };
  },
  certificate: () => ({}),
  none: () => ({}),
};

/**
 * Refuses a way to sign in that there is not.
 *
 * @throws ConfigurationError `atlas.sign-in`
 */
export function checkAtlasSignIn({ auth = 'basic' }: AtlasSignIn): void {
  if (Object.hasOwn(ways, auth)) return;
  const isKerberos = auth === 'kerberos';
  throw new ConfigurationError(
    'atlas.sign-in',
    isKerberos ? 'Kerberos (SPNEGO) is no way to sign in here.' : `There is no way to sign in called “${auth}”.`,
    {
      help: isKerberos
        ? 'Reach Atlas through Knox with auth: knox, or with auth: token or basic, which Atlas takes beside Kerberos.'
        : `connectionArguments.auth is one of ${Object.keys(ways).join(', ')}.`,
    },
  );
}

/** @throws ConfigurationError `atlas.sign-in` */
export function createAtlasAuth(signIn: AtlasSignIn, context: AtlasAuthContext = {}): AtlasAuth {
  checkAtlasSignIn(signIn);
  return ways[signIn.auth ?? 'basic']!(signIn, context);
}
