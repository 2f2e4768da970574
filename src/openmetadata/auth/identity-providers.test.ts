import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { AuthenticationError, ConnectionError, MeridianError } from '../../errors.ts';
import { createAuth } from './create-auth.ts';
import { type Answer, type SeenRequest, startTokenEndpoint, type TokenEndpoint } from './token-endpoint.testing.ts';

const secret = 'S3cret/with+signs=&';
const given: Answer = { body: { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600 } };
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function endpoint(answer: Parameters<typeof startTokenEndpoint>[0] = () => given): Promise<TokenEndpoint> {
  const started = await startTokenEndpoint(answer);
  closing.push(started.close);
  return started;
}

const form = (text: string) => ({
  method: 'POST',
  contentType: 'application/x-www-form-urlencoded;charset=UTF-8',
  body: text,
});
const encoded = encodeURIComponent(secret);

async function header(authProvider: string, securityConfig: object): Promise<string> {
  const auth = await createAuth({ authProvider, securityConfig: { ...securityConfig } });
  return (await auth.authorize(false))['Authorization']!;
}

describe('the request for a token', () => {
  it('of Auth0 asks for the management API’s audience', async () => {
    const { url, seen } = await endpoint();
    expect(await header('auth0', { clientId: 'me', secretKey: secret, domain: url })).toBe('Bearer token-1');
    const audience = encodeURIComponent(`${url}/api/v2/`);
    expect(seen).toMatchObject([{ method: 'POST', path: '/oauth/token', authorization: undefined }]);
    expect(new Set(seen[0]!.body.split('&'))).toEqual(
      new Set(['grant_type=client_credentials', 'client_id=me', `client_secret=${encoded}`, `audience=${audience}`]),
    );
  });

  it.each(['tokenEndpoint', 'domain'])('of an OpenID Connect provider goes to the endpoint in %s', async (key) => {
    const { url, seen } = await endpoint();
    const security = { clientId: 'me', secretKey: secret, [key]: `${url}/realms/x/protocol/openid-connect/token` };
    expect(await header('custom-oidc', security)).toBe('Bearer token-1');
    expect(seen).toMatchObject(
      [form('')].map(({ method }) => ({ method, path: '/realms/x/protocol/openid-connect/token' })),
    );
    expect(new Set(seen[0]!.body.split('&'))).toEqual(
      new Set(['grant_type=client_credentials', 'client_id=me', `client_secret=${encoded}`]),
    );
    expect(seen[0]!.authorization).toBeUndefined();
  });

  it('of Amazon Cognito has the client in its header, and goes there from authProvider auth0 as well', async () => {
    const { url, seen } = await endpoint();
    const security = { clientId: 'me', secretKey: 'secret', domain: url, scopes: ['om/read', 'om/write'] };
    expect(await header('aws-cognito', security)).toBe('Bearer token-1');
    expect(seen).toMatchObject([
      { path: '/oauth2/token', authorization: `Basic ${Buffer.from('me:secret').toString('base64')}` },
    ]);
    expect(new Set(seen[0]!.body.split('&'))).toEqual(
      new Set(['grant_type=client_credentials', 'scope=om%2Fread+om%2Fwrite']),
    );
  });

  it.each([
    ['PEM', pem],
    ['PEM of the older kind', privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['JWK', JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'key-7' })],
  ])('of Okta is an assertion in the address, signed by a key as %s, and no body', async (what, key) => {
    const { url, seen } = await endpoint();
    const orgURL = `${url}/oauth2/default/v1/token`;
    const security = {
      clientId: 'me',
      orgURL,
      privateKey: key,
      email: 'bot@example.org',
      scopes: ['token', 'om read'],
    };
    expect(await header('okta', security)).toBe('Bearer token-1');
    const [{ method, path, body, contentType }] = seen as [SeenRequest];
    expect({ method, body, contentType }).toEqual({
      method: 'POST',
      body: '',
      contentType: 'application/x-www-form-urlencoded',
    });
    const [at, query] = path.split('?') as [string, string];
    const parts = query.split('&');
    expect([at, parts[0], parts[1], parts[3]]).toEqual([
      '/oauth2/default/v1/token',
      'grant_type=client_credentials',
      'client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer',
      'scope=token%20om%20read',
    ]);
    const assertion = parts[2]!.replace('client_assertion=', '');
    const { payload } = await jwtVerify(assertion, await importSPKI(publicPem, 'RS256'));
    expect(payload).toMatchObject({ iss: 'me', sub: 'me', aud: orgURL, jti: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(payload.exp! - payload.iat!).toBe(3600);
    expect(decodeProtectedHeader(assertion).kid).toBe(what === 'JWK' ? 'key-7' : undefined);
  });

  it('of Google is a signed wish for an ID token, to the address in the key', async () => {
    const inAnHour = Math.floor(Date.now() / 1000) + 3600;
    const idToken = `e30.${Buffer.from(JSON.stringify({ exp: inAnHour })).toString('base64url')}.c2ln`;
    const { url, seen } = await endpoint(() => ({ body: { id_token: idToken } }));
    const account = {
      type: 'service_account',
      client_email: 'bot@project.iam.example',
      private_key: pem,
      private_key_id: 'k1',
      token_uri: `${url}/token`,
    };
    const folder = await mkdtemp(join(tmpdir(), 'meridian-google-'));
    closing.push(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'key.json'), JSON.stringify(account));
    const audience = 'https://www.googleapis.com/oauth2/v4/token';
    expect(await header('google', { secretKey: JSON.stringify(account), audience })).toBe(`Bearer ${idToken}`);
    // The audience is the documented one unless set.
    expect(await header('google', { secretKey: join(folder, 'key.json') })).toBe(`Bearer ${idToken}`);
    const wishes = seen.map(({ body }) => decodeJwt(new URLSearchParams(body).get('assertion')!));
    expect(wishes.map((wish) => wish['target_audience'])).toEqual([audience, audience]);
    expect(seen).toHaveLength(2);
    const sent = new URLSearchParams(seen[0]!.body);
    expect(sent.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const assertion = sent.get('assertion')!;
    expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'RS256' });
    const claims = decodeJwt(assertion);
    expect(claims).toMatchObject({
      iss: 'bot@project.iam.example',
      aud: 'https://oauth2.googleapis.com/token',
      target_audience: audience,
    });
    expect(claims.exp! - claims.iat!).toBe(3600);
  });
});

describe('a sign-in that fails', () => {
  const security = (url: string) => ({ clientId: 'me', secretKey: secret, tokenEndpoint: `${url}/token` });
  const failure = async (answer: Answer): Promise<MeridianError> => {
    const { url } = await endpoint(() => answer);
    const error = await header('custom-oidc', security(url)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MeridianError);
    const shown = `${(error as Error).message} ${(error as MeridianError).help}`;
    expect(shown).not.toContain(secret);
    return error as MeridianError;
  };

  it('says who refused, what it said and what to check', async () => {
    const error = await failure({
      status: 401,
      body: { error: 'invalid_client', error_description: 'Unknown client' },
    });
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ code: 'auth.refused', exitCode: 3 });
    expect(error.message).toMatch(/refused the sign-in \(401\): invalid_client: Unknown client/);
    expect(error.help).toMatch(/not OpenMetadata.*client id and secret/);
  });

  it.each([
    ['an error of its own', { status: 500, body: { error: 'server_error' } }, 'auth.refused', /\(500\): server_error/],
    ['a web page', { body: '<html><title>Sign in</title></html>' }, 'auth.not-a-provider', /a web page/],
    ['a web page with 502', { status: 502, body: '<html></html>' }, 'auth.not-a-provider', /502/],
    ['nothing', { body: '' }, 'auth.not-a-provider', /nothing/],
    ['half an answer', { body: '{"access_token": "to' }, 'auth.not-a-provider', /no JSON/],
    ['no token', { body: { token_type: 'Bearer', access_token: '' } }, undefined, /token/],
  ] as const)('tells %s', async (_, answer, code, words) => {
    const error = await failure(answer);
    if (code) expect(error.code).toBe(code);
    expect(error.exitCode).toBe(3);
    expect(error.message).toMatch(words);
  });

  it('takes no secret to another host', async () => {
    const other = await endpoint();
    const error = await failure({ status: 302, headers: { location: `${other.url}/token` }, body: {} });
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.code).toBe('auth.redirect');
    expect(other.seen).toEqual([]);
  });

  it('tells an address where nobody listens', async () => {
    const { url, close } = await startTokenEndpoint(() => given);
    await close();
    await expect(header('custom-oidc', security(url))).rejects.toMatchObject({ code: 'http.unreachable' });
  });
});
