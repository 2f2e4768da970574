import { OAuth2Client } from 'google-auth-library';
import { describe, expect, it } from 'vitest';
import { type Answer, type Asked, answeringManager, deadAddress } from './answering-manager.testing.ts';
import { crc32c } from './crc32c.ts';
import { gcpSecretManager } from './gcp-secret-manager.ts';

const refusal = (code: number, status: string, message: string): Answer => ({
  status: code,
  body: { error: { code, message, status } },
});
const accessed = (value: string, checksum = crc32c(Buffer.from(value))): Answer => ({
  status: 200,
  body: {
    name: 'projects/1/secrets/om-atlas/versions/7',
    payload: { data: Buffer.from(value).toString('base64'), dataCrc32c: String(checksum) },
  },
});

async function read(answer: (asked: Asked, count: number) => Answer, id = 'om-atlas', url?: string) {
  const server = await answeringManager(answer);
  try {
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: 'token-of-google', expiry_date: Date.now() + 3_600_000 });
    const options = { env: { GOOGLE_CLOUD_PROJECT: 'our-project' }, airflow: () => undefined };
    const manager = await gcpSecretManager(options, { baseUrl: url ?? server.url, authClient });
    return { value: await manager.read(id).catch((error: unknown) => error), asked: server.asked };
  } finally {
    await server.close();
  }
}

describe('Google Secret Manager', () => {
  it('reads the latest version with a token', async () => {
    const { value, asked } = await read(() => accessed('für atlas'));
    expect(value).toBe('für atlas');
    expect(asked[0]).toMatchObject({
      method: 'GET',
      path: '/v1/projects/our-project/secrets/om-atlas/versions/latest:access',
      headers: { authorization: 'Bearer token-of-google' },
    });
  });

  it('takes a full name as it is', async () => {
    const { asked } = await read(() => accessed('x'), 'projects/other/secrets/s/versions/3');
    expect(asked[0]!.path).toBe('/v1/projects/other/secrets/s/versions/3:access');
  });

  it('has the checksum that Google has', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(0))).toBe(0);
  });

  it('refuses a value that was damaged on the way', async () => {
    const { value } = await read(() => accessed('of-atlas', 1));
    expect(value).toMatchObject({ code: 'secrets.refused', message: expect.stringContaining('damaged') });
    expect((value as Error).message).not.toContain('of-atlas');
  });

  it('knows an id that is not there', async () => {
    expect((await read(() => refusal(404, 'NOT_FOUND', 'Secret not found'))).value).toBeUndefined();
  });

  it.each([
    [403, 'PERMISSION_DENIED', 'secrets.not-allowed'],
    [401, 'UNAUTHENTICATED', 'secrets.not-allowed'],
    [400, 'FAILED_PRECONDITION', 'secrets.refused'],
  ])('tells a refusal with %i %s', async (code, status, ours) => {
    const { value } = await read(() => refusal(code, status, 'These are its words'));
    expect(value).toMatchObject({ code: ours, message: expect.stringContaining('These are its words') });
  });

  it('asks again after too many requests', async () => {
    const slow = refusal(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded');
    const { value, asked } = await read((_, count) => (count === 1 ? slow : accessed('of-atlas')));
    expect([value, asked.length]).toEqual(['of-atlas', 2]);
  });

  it('tells an address at which nothing listens', async () => {
    const { value } = await read(() => accessed('x'), 'om-atlas', await deadAddress());
    expect(value).toMatchObject({ code: 'secrets.unreachable' });
  });
});
