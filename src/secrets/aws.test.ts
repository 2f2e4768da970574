import { describe, expect, it } from 'vitest';
import { type Answer, type Asked, answeringManager, deadAddress } from './answering-manager.testing.ts';
import { openSecretsManager } from './open-secrets-manager.ts';

const credentials = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret-key',
};
const refusal = (type: string, message: string, status = 400): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': type },
  body: { __type: type, message },
});

/** AWS JSON 1.1, as both services speak it. */
const services = {
  aws: {
    variable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
    target: 'secretsmanager.GetSecretValue',
    asks: { SecretId: '/om/atlas/password' },
    answer: { ARN: 'arn:x', Name: '/om/atlas/password', SecretString: 'of-atlas', VersionId: 'v1' },
    missing: 'ResourceNotFoundException',
    right: 'secretsmanager:GetSecretValue',
  },
  'managed-aws-ssm': {
    variable: 'AWS_ENDPOINT_URL_SSM',
    target: 'AmazonSSM.GetParameter',
    asks: { Name: '/om/atlas/password', WithDecryption: true },
    answer: { Parameter: { Name: '/om/atlas/password', Type: 'SecureString', Value: 'of-atlas', Version: 1 } },
    missing: 'ParameterNotFound',
    right: 'ssm:GetParameter',
  },
} as const;

async function read(provider: keyof typeof services, answer: (asked: Asked, count: number) => Answer, env = {}) {
  const server = await answeringManager(answer);
  try {
    const settings = { ...credentials, [services[provider].variable]: server.url, ...env };
    const manager = await openSecretsManager(provider, 'env', settings);
    const value = await manager.read('/om/atlas/password').catch((error: unknown) => error);
    return { value, asked: server.asked };
  } finally {
    await server.close();
  }
}

describe.each(Object.keys(services) as (keyof typeof services)[])('%s', (provider) => {
  const { target, asks, answer, missing, right } = services[provider];

  it('reads a value with a signed request', async () => {
    const { value, asked } = await read(provider, () => ({ status: 200, body: answer }));
    expect(value).toBe('of-atlas');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/' });
    expect(asked[0]!.headers).toMatchObject({
      'x-amz-target': target,
      'content-type': 'application/x-amz-json-1.1',
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-central-1\//),
    });
    expect(JSON.parse(asked[0]!.body)).toEqual(asks);
  });

  it('knows an id that is not there', async () => {
    expect((await read(provider, () => refusal(missing, 'not found'))).value).toBeUndefined();
  });

  it.each([
    ['AccessDeniedException', 'User: arn:aws:iam::1:user/x is not authorized'],
    ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
    ['ExpiredTokenException', 'The security token included in the request is expired'],
  ])('says who refused at %s, and which right is needed', async (type, message) => {
    const { value } = await read(provider, () => refusal(type, message));
    expect(value).toMatchObject({
      code: 'secrets.not-allowed',
      exitCode: 3,
      message: expect.stringContaining(message),
    });
    expect((value as { help: string }).help).toContain(right);
  });

  it('asks again after too many requests, and gives up in the end', async () => {
    const slow = refusal('ThrottlingException', 'Rate exceeded');
    const { value, asked } = await read(provider, (_, count) => (count === 1 ? slow : { status: 200, body: answer }));
    expect([value, asked.length]).toEqual(['of-atlas', 2]);
    const never = await read(provider, () => slow);
    expect(never.value).toMatchObject({ code: 'secrets.refused', message: expect.stringContaining('Rate exceeded') });
    expect(never.asked.length).toBeGreaterThan(2);
  });

  it('tells other refusals in the words of the manager', async () => {
    const { value } = await read(provider, () => refusal('InvalidRequestException', 'It was marked for deletion.'));
    expect(value).toMatchObject({ code: 'secrets.refused', message: expect.stringContaining('marked for deletion') });
  });

  it('tells an address at which nothing listens', async () => {
    const url = await deadAddress();
    const { value } = await read(provider, () => ({ status: 200 }), { [services[provider].variable]: url });
    expect(value).toMatchObject({ code: 'secrets.unreachable', exitCode: 3 });
  });

  it('takes region and keys from Airflow’s settings where the loader says so', async () => {
    const server = await answeringManager(() => ({ status: 200, body: answer }));
    try {
      const prefix = 'AIRFLOW__OPENMETADATA_SECRETS_MANAGER__AWS';
      const manager = await openSecretsManager(provider, 'airflow', {
        [services[provider].variable]: server.url,
        [`${prefix}_REGION`]: 'us-east-2',
        [`${prefix}_ACCESS_KEY_ID`]: 'AKIAAIRFLOW',
        [`${prefix}_SECRET_ACCESS_KEY`]: 'x',
      });
      expect(await manager.read('/om/atlas/password')).toBe('of-atlas');
      expect(server.asked[0]!.headers['authorization']).toMatch(/Credential=AKIAAIRFLOW\/\d+\/us-east-2\//);
    } finally {
      await server.close();
    }
  });
});
