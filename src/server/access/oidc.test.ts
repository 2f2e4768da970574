import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../test-server.testing.ts';

const clientSecret = 'secret-of-the-client';
const publicUrl = 'http://meridian.example';
/** Groups of the people that the provider knows. */
const groups: Readonly<Record<string, readonly string[]>> = {
  olga: ['everybody', 'data-engineers'],
  paul: ['everybody'],
};

let provider: Server;
let server: TestServer;

/** A certified OpenID Connect provider that lets in whom the test names (`login_hint`), without asking. */
async function startProvider(): Promise<string> {
  provider = createServer();
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'meridian',
        client_secret: clientSecret,
        redirect_uris: [`${publicUrl}/api/session/oidc/callback`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'one' }] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    scopes: ['openid', 'profile', 'email'],
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['a key of the stand-in'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, groups: groups[id] }),
    }),
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client!.clientId,
        accountId: context.oidc.session!.accountId!,
      });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, interaction) => `/enter/${interaction.uid}` },
  });
  provider.on('request', async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    if (!pathname.startsWith('/enter/')) return oidc.callback()(request, response);
    const accountId = searchParams.get('as') ?? '';
    await oidc.interactionFinished(request, response, { login: { accountId } });
  });
  return issuer;
}

beforeAll(async () => {
  const issuer = await startProvider();
  server = await startTestServer(
    {},
    {
      publicUrl,
      oidc: {
        issuer,
        clientId: 'meridian',
        clientSecret,
        roles: { 'data-engineers': 'operator', 'platform-admins': 'admin' },
        allowInsecure: true,
      },
    },
  );
});
afterAll(async () => {
  await server?.close();
  provider?.closeAllConnections();
  provider?.close();
});

/** Follows the browser through the provider as somebody. @returns the address that it is sent back to, and its cookie */
async function throughProvider(who: string): Promise<{ readonly back: URL; readonly cookie: string }> {
  const begun = await server.app.inject({ url: '/api/session/oidc' });
  expect(begun.statusCode).toBe(302);
  const flow = begun.cookies[0]!;
  const jar = new Map<string, string>();
  let address = new URL(begun.headers.location!);
  while (address.origin !== publicUrl) {
    if (address.pathname.startsWith('/enter/')) address.searchParams.set('as', who);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      jar.set(name!, value!);
    }
    address = new URL(answer.headers.get('location')!, address);
  }
  return { back: address, cookie: `${flow.name}=${flow.value}` };
}

const comeBack = ({ back, cookie }: { back: URL; cookie: string }) =>
  server.app.inject({ url: `${back.pathname}${back.search}`, headers: { cookie } });

it('lets in whom the provider knows, with the role of a group', async () => {
  const answer = await comeBack(await throughProvider('olga'));
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/']);
  const session = answer.cookies.find(({ name }) => name === 'meridian_session')!;
  const state = await server.app.inject({
    url: '/api/session',
    headers: { cookie: `${session.name}=${session.value}` },
  });
  expect(state.json()).toMatchObject({
    ways: { basic: true, oidc: '/api/session/oidc' },
    session: { name: 'olga', role: 'operator' },
  });
});

it('tells somebody who has no role here', async () => {
  const answer = await comeBack(await throughProvider('paul'));
  expect([answer.statusCode, answer.body]).toEqual([403, expect.stringContaining('no role here')]);
  expect(answer.cookies.some(({ name, value }) => name === 'meridian_session' && value !== '')).toBe(false);
});

it('takes an answer once, from the browser that asked, and unchanged', async () => {
  const first = await throughProvider('olga');
  expect((await comeBack({ ...first, cookie: 'meridian_oidc=of-somebody-else' })).statusCode).toBe(401);
  const forged = new URL(first.back);
  forged.searchParams.set('state', 'forged');
  expect((await comeBack({ ...first, back: forged })).statusCode).toBe(401);
  // The attempt is used up by now.
  expect((await comeBack(first)).statusCode).toBe(401);
});

it('ends the session that the browser came with', async () => {
  const earlier = await server.signIn('viewer');
  const { back, cookie } = await throughProvider('olga');
  const answer = await comeBack({ back, cookie: `${cookie}; ${earlier.cookie}` });
  expect(answer.statusCode).toBe(302);
  const state = await server.app.inject({ url: '/api/session', headers: { cookie: earlier.cookie } });
  expect(state.json().session).toBeNull();
});
