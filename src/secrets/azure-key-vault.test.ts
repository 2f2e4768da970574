import type { TokenCredential } from '@azure/identity';
import { describe, expect, it } from 'vitest';
import { type Answer, type Asked, answeringManager, deadAddress } from './answering-manager.testing.ts';
import { azureKeyVault } from './azure-key-vault.ts';

const credential: TokenCredential = {
  getToken: async () => ({ token: 'token-of-entra', expiresOnTimestamp: Date.now() + 3_600_000 }),
};
const unauthorised: Answer = {
  status: 401,
  headers: {
    'www-authenticate': 'Bearer authorization="https://login.example/t", resource="https://vault.azure.net"',
  },
  body: { error: { code: 'Unauthorized', message: 'AKV10000: Request is missing a Bearer token.' } },
};
const secret = { value: 'of-atlas', id: 'https://v.vault.azure.net/secrets/om-atlas/1', attributes: { enabled: true } };
const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message } },
});

/** A vault asks for a token first, as the real one does. */
async function read(answer: (asked: Asked, count: number) => Answer, who = credential, url?: string) {
  const server = await answeringManager((asked, count) =>
    asked.headers.authorization === undefined ? unauthorised : answer(asked, count),
  );
  try {
    const env = { AZURE_KEY_VAULT_NAME: url ?? server.url };
    const manager = await azureKeyVault({ env, airflow: () => undefined }, who);
    return { value: await manager.read('om-atlas').catch((error: unknown) => error), asked: server.asked };
  } finally {
    await server.close();
  }
}

describe('Azure Key Vault', () => {
  it('reads the current version with a token', async () => {
    const { value, asked } = await read(() => ({ status: 200, body: secret }));
    expect(value).toBe('of-atlas');
    expect(asked.at(-1)).toMatchObject({ method: 'GET', headers: { authorization: 'Bearer token-of-entra' } });
    expect(asked.at(-1)!.path).toMatch(/^\/secrets\/om-atlas\/?\?api(-|%2D)version=\d/);
  });

  it('knows an id that is not there', async () => {
    expect((await read(() => refusal(404, 'SecretNotFound', 'A secret was not found'))).value).toBeUndefined();
  });

  it('says what right is missing, and what a sign-in was refused for', async () => {
    const { value } = await read(() => refusal(403, 'Forbidden', 'The user does not have secrets get permission'));
    expect(value).toMatchObject({ code: 'secrets.not-allowed', message: expect.stringContaining('get permission') });
    const nobody = {
      getToken: () =>
        Promise.reject(
          Object.assign(new Error('AADSTS7000215: Invalid client secret.'), { name: 'AuthenticationError' }),
        ),
    };
    const refused = await read(() => ({ status: 200, body: secret }), nobody);
    expect(refused.value).toMatchObject({
      code: 'secrets.not-allowed',
      message: expect.stringContaining('AADSTS7000215'),
    });
  });

  it('asks again after too many requests', async () => {
    const slow: Answer = { ...refusal(429, 'Throttled', 'Too many requests'), headers: { 'retry-after': '0' } };
    let refused = 0;
    const { value } = await read(() => {
      refused += 1;
      return refused === 1 ? slow : { status: 200, body: secret };
    });
    expect([value, refused]).toEqual(['of-atlas', 2]);
  });

  it('tells other refusals, and an address at which nothing listens', async () => {
    expect((await read(() => refusal(400, 'BadParameter', 'The name is invalid'))).value).toMatchObject({
      code: 'secrets.refused',
    });
    const server = await deadAddress();
    const manager = await azureKeyVault(
      { env: { AZURE_KEY_VAULT_NAME: server }, airflow: () => undefined },
      credential,
    );
    await expect(manager.read('x')).rejects.toMatchObject({ code: 'secrets.unreachable' });
  });

  it('needs a vault', async () => {
    const none = azureKeyVault({ env: {}, airflow: () => undefined }, credential);
    await expect(none).rejects.toMatchObject({
      code: 'secrets.settings',
      help: expect.stringMatching(/AZURE_KEY_VAULT_NAME/),
    });
  });
});
