import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthenticationError, ConfigurationError } from '../../errors.ts';
import { createAuth } from './create-auth.ts';
import { JwtAuth } from './jwt-auth.ts';

function jwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
}

const inAnHour = Math.floor(Date.now() / 1000) + 3600;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-auth-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('signing in with a token', () => {
  it.each([
    ['one that ends later', jwt({ sub: 'bot', exp: inAnHour })],
    ['one that never ends', jwt({ sub: 'bot' })],
    ['one that is no JWT', 'opaque'],
    ['one with claims that cannot be read', 'a.%%%.b'],
  ])('uses %s', async (_, token) => {
    expect(await new JwtAuth(` ${token}\n`).authorize(false)).toEqual({ Authorization: `Bearer ${token}` });
  });

  it('says when it ended, before anything is sent, and never shows it', async () => {
    const token = jwt({ sub: 'bot', exp: 1_700_000_000 });
    const failure = await new JwtAuth(token).authorize(false).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AuthenticationError);
    expect(failure).toMatchObject({ code: 'auth.token-expired', message: expect.stringContaining('2023-11-14') });
    expect(`${(failure as Error).stack}${(failure as AuthenticationError).help}`).not.toContain(token);
  });

  it('reads it from a file, and reads the file again when it changes', async () => {
    const file = join(folder, 'token.jwt');
    await writeFile(file, `${jwt({ n: 1, exp: 1 })}\n`);
    const auth = new JwtAuth(file);
    await expect(auth.authorize(false)).rejects.toMatchObject({ code: 'auth.token-expired' });
    const fresh = jwt({ n: 2, exp: inAnHour });
    await writeFile(file, fresh);
    await utimes(file, new Date(), new Date(Date.now() + 5000));
    expect(await auth.authorize(false)).toEqual({ Authorization: `Bearer ${fresh}` });
  });

  it('reads the file again when the server refuses what it held a moment ago', async () => {
    const file = join(folder, 'revoked.jwt');
    const [old, fresh] = [jwt({ n: 1, exp: inAnHour }), jwt({ n: 2, exp: inAnHour })];
    await writeFile(file, old);
    const auth = new JwtAuth(file);
    expect(await auth.authorize(false)).toEqual({ Authorization: `Bearer ${old}` });
    await writeFile(file, fresh);
    expect(await auth.authorize(true)).toEqual({ Authorization: `Bearer ${fresh}` });
    expect(await auth.authorize(false)).toEqual({ Authorization: `Bearer ${fresh}` });
  });

  it('says that the file is empty', async () => {
    const file = join(folder, 'empty.jwt');
    await writeFile(file, '\n');
    await expect(new JwtAuth(file).authorize(false)).rejects.toMatchObject({ code: 'auth.token-missing' });
  });
});

describe('the authProvider of a recipe', () => {
  it.each(['no-auth', 'basic', 'ldap', 'saml'])(
    'sends a word that is no token for %s without one',
    async (authProvider) => {
      const auth = await createAuth({ authProvider });
      expect(await auth.authorize(false)).toEqual({ Authorization: 'Bearer no_token' });
    },
  );

  it.each(['openmetadata', 'basic', 'google', 'custom-oidc', 'okta'])('takes the token of %s', async (authProvider) => {
    const auth = await createAuth({ authProvider, securityConfig: { jwtToken: 'token' } });
    expect(await auth.authorize(false)).toEqual({ Authorization: 'Bearer token' });
  });

  it('misses the token of openmetadata', async () => {
    await expect(createAuth({ authProvider: 'openmetadata' })).rejects.toThrow(AuthenticationError);
  });

  it.each(['http://[::1', 'ftp://somewhere.example', '', 'https://'])(
    'refuses %j as the address of a provider',
    async (domain) => {
      const securityConfig = { clientId: 'me', secretKey: 'secret', domain };
      for (const authProvider of ['auth0', 'custom-oidc', 'aws-cognito']) {
        await expect(createAuth({ authProvider, securityConfig })).rejects.toMatchObject({ code: 'auth.bad-address' });
      }
    },
  );

  it.each([
    ['okta', /no securityConfig/],
    ['toString', /unknown/],
    ['kerberos', /unknown/],
  ])('refuses %s without its keys', async (authProvider, words) => {
    await expect(createAuth({ authProvider })).rejects.toThrow(ConfigurationError);
    await expect(createAuth({ authProvider })).rejects.toThrow(words);
  });
});
