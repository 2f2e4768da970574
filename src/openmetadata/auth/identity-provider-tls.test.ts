import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestAuthority } from '../../http/certificates.testing.ts';
import { type ConnectProxy, startConnectProxy } from '../../http/connect-proxy.testing.ts';
import { OpenMetadataClient } from '../openmetadata-client.ts';
import type { ServerConfig } from '../server-config.ts';
import { createAuth } from './create-auth.ts';
import { type Answer, type SeenRequest, startTokenEndpoint, type TokenEndpoint } from './token-endpoint.testing.ts';

const authority = new TestAuthority();
const stranger = new TestAuthority('Somebody else');
const good = authority.issue('127.0.0.1');
const given: Answer = { body: { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600 } };
const signal = new AbortController().signal;
const proxyNames = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy'];

const closing: (() => Promise<unknown>)[] = [];
let environment: [string, string | undefined][];
beforeEach(() => {
  environment = proxyNames.map((name) => [name, process.env[name]]);
  for (const name of proxyNames) delete process.env[name];
});
afterEach(async () => {
  for (const [name, value] of environment) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  for (const close of closing.splice(0)) await close();
});

async function endpoint(
  { certificate, key } = good,
  answer: (seen: SeenRequest) => Answer | Promise<Answer> = () => given,
): Promise<TokenEndpoint> {
  const started = await startTokenEndpoint(answer, { cert: certificate, key });
  closing.push(started.close);
  return started;
}

const oidc = (url: string) => ({
  authProvider: 'custom-oidc',
  securityConfig: { clientId: 'me', secretKey: 'secret-of-me', tokenEndpoint: `${url}/token` },
});

/** OpenMetadata as far as a first contact goes. */
async function openMetadata(tls: object): Promise<string> {
  const server: Server = createServer(tls, (request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url?.endsWith('/version') ? { version: '1.1.0' } : { name: 'bot' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
}

async function connect(config: ServerConfig): Promise<string | undefined> {
  const token = { authProvider: 'openmetadata', securityConfig: { jwtToken: 'token' } };
  const client = new OpenMetadataClient({ ...token, ...config }, { retries: 0 });
  closing.push(() => client.close());
  return (await client.connect(signal)).user?.name;
}

const refused = [
  ['of an unknown authority', stranger.issue('127.0.0.1'), /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/],
  ['that has ended', authority.issue('127.0.0.1', '210101000000Z'), /CERT_HAS_EXPIRED/],
  ['of another host', authority.issue('somewhere.example'), /ERR_TLS_CERT_ALTNAME_INVALID/],
] as const;

describe('an identity provider with TLS', () => {
  it('is trusted by the authority of the recipe', async () => {
    const { url } = await endpoint();
    const auth = await createAuth(oidc(url), { ca: authority.certificate });
    expect(await auth.authorize(false)).toEqual({ Authorization: 'Bearer token-1' });
  });

  it.each(refused)('is refused with a certificate %s, and gets no secret', async (_, certificate, words) => {
    const { url, seen } = await endpoint(certificate);
    const auth = await createAuth(oidc(url), { ca: authority.certificate });
    const failing = auth.authorize(false);
    await expect(failing).rejects.toMatchObject({ code: 'http.unreachable', exitCode: 3 });
    await expect(failing).rejects.toThrow(words);
    await expect(failing).rejects.toThrow(/OpenID Connect provider/);
    expect(seen).toEqual([]);
  });

  it('that takes too long is told as that', async () => {
    const { url } = await endpoint(good, async () => {
      await sleep(2000);
      return given;
    });
    const auth = await createAuth(oidc(url), { ca: authority.certificate, timeoutMs: 200 });
    await expect(auth.authorize(false)).rejects.toMatchObject({
      code: 'http.unreachable',
      message: expect.stringMatching(/gave no answer within the time limit/),
    });
  });
});

describe('Microsoft Entra ID', () => {
  const tenant = '6c5ce3a1-0000-4000-8000-1234567890ab';
  const security = (url: string) => ({
    authProvider: 'azure',
    securityConfig: {
      clientId: 'app-1',
      clientSecret: 'S3cret/with+signs=&',
      authority: `${url}/${tenant}`,
      scopes: ['app-1/.default'],
    },
  });
  const answers =
    (url: () => string, token: Answer) =>
    ({ path }: SeenRequest): Answer =>
      path.includes('openid-configuration')
        ? {
            body: {
              issuer: `${url()}/${tenant}/v2.0`,
              authorization_endpoint: `${url()}/${tenant}/oauth2/v2.0/authorize`,
              token_endpoint: `${url()}/${tenant}/oauth2/v2.0/token`,
              jwks_uri: `${url()}/${tenant}/discovery/v2.0/keys`,
            },
          }
        : token;

  it('is asked for the scopes with client credentials', async () => {
    let url = '';
    const started = await endpoint(
      good,
      answers(() => url, given),
    );
    url = started.url;
    const auth = await createAuth(security(url), { ca: authority.certificate });
    expect(await auth.authorize(false)).toEqual({ Authorization: 'Bearer token-1' });
    const asked = started.seen.filter(({ method }) => method === 'POST');
    expect(asked.map(({ path }) => path.split('?')[0])).toEqual([`/${tenant}/oauth2/v2.0/token`]);
    const form = new URLSearchParams(asked[0]!.body);
    expect(Object.fromEntries(form)).toMatchObject({
      client_id: 'app-1',
      client_secret: 'S3cret/with+signs=&',
      grant_type: 'client_credentials',
      scope: expect.stringContaining('app-1/.default'),
    });
  });

  it('says what it refuses, without the secret', async () => {
    let url = '';
    const said = { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' };
    const started = await endpoint(
      good,
      answers(() => url, { status: 401, body: said }),
    );
    url = started.url;
    const failing = (await createAuth(security(url), { ca: authority.certificate })).authorize(false);
    await expect(failing).rejects.toMatchObject({ code: 'auth.refused' });
    await expect(failing).rejects.toThrow(/Microsoft Entra ID.*AADSTS7000215/);
    await expect(failing).rejects.not.toThrow('S3cret');
  });
});

describe('an OpenMetadata server with TLS', () => {
  const validate = { verifySSL: 'validate', sslConfig: { caCertificate: authority.certificate } } as const;

  it('is trusted by the authority of the recipe, or by nobody’s with verifySSL: ignore', async () => {
    const hostPort = await openMetadata({ cert: good.certificate, key: good.key });
    expect(await connect({ hostPort, ...validate })).toBe('bot');
    expect(await connect({ hostPort, verifySSL: 'ignore' })).toBe('bot');
    await expect(connect({ hostPort })).rejects.toMatchObject({ code: 'http.unreachable' });
  });

  it.each(refused)('is refused with a certificate %s', async (_, { certificate, key }, words) => {
    const hostPort = await openMetadata({ cert: certificate, key });
    const failing = connect({ hostPort, ...validate });
    await expect(failing).rejects.toMatchObject({ code: 'http.unreachable', exitCode: 3 });
    await expect(failing).rejects.toThrow(words);
  });

  it('that asks for a certificate of the client gets the recipe’s', async () => {
    const own = authority.issue('client');
    const hostPort = await openMetadata({
      cert: good.certificate,
      key: good.key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const sslConfig = { ...validate.sslConfig, sslCertificate: own.certificate, sslKey: own.key };
    expect(await connect({ hostPort, verifySSL: 'validate', sslConfig })).toBe('bot');
    await expect(connect({ hostPort, ...validate })).rejects.toMatchObject({ code: 'http.unreachable' });
  });
});

describe('behind a proxy', () => {
  let proxy: ConnectProxy;
  beforeEach(async () => {
    proxy = await startConnectProxy();
    closing.push(() => proxy.close());
    process.env['HTTPS_PROXY'] = proxy.url;
  });

  it.each([
    ['go through it', '', true],
    ['go past it where NO_PROXY says so', '127.0.0.1', false],
  ])('the identity provider and the server %s', async (_, noProxy, through) => {
    process.env['NO_PROXY'] = noProxy;
    const { url } = await endpoint();
    const hostPort = await openMetadata({ cert: good.certificate, key: good.key });
    const sslConfig = { caCertificate: authority.certificate };
    expect(await connect({ hostPort, ...oidc(url), verifySSL: 'validate', sslConfig })).toBe('bot');
    const places = [url, hostPort].map((address) => new URL(address).host).sort();
    expect([...new Set(proxy.asked)].sort()).toEqual(through ? places : []);
  });
});
