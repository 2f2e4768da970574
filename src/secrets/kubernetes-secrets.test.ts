import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Asked, answeringManager, deadAddress } from './answering-manager.testing.ts';
import { kubernetesSecrets } from './kubernetes-secrets.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-kubernetes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function configFor(server: string): Promise<string> {
  const path = join(folder, 'config.json');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 'token-of-the-account' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

const found = (data: Record<string, string>): Answer => ({
  status: 200,
  body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'om-atlas' }, type: 'Opaque', data },
});
const refusal = (code: number, reason: string, message: string): Answer => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
});
const value = Buffer.from('of-atlas').toString('base64');

async function read(answer: (asked: Asked, count: number) => Answer) {
  const server = await answeringManager(answer);
  try {
    const env = { KUBECONFIG: await configFor(server.url), KUBERNETES_NAMESPACE: 'openmetadata' };
    const manager = await kubernetesSecrets({ env, airflow: () => undefined });
    return { value: await manager.read('om-atlas').catch((error: unknown) => error), asked: server.asked };
  } finally {
    await server.close();
  }
}

describe('Kubernetes', () => {
  it('reads the key “value” of a secret with the account’s token', async () => {
    const { value: read1, asked } = await read(() => found({ value, other: 'eA==' }));
    expect(read1).toBe('of-atlas');
    expect(asked[0]).toMatchObject({
      method: 'GET',
      path: '/api/v1/namespaces/openmetadata/secrets/om-atlas',
      headers: { authorization: 'Bearer token-of-the-account' },
    });
  });

  it('knows a secret that is not there, and one without that key', async () => {
    expect((await read(() => refusal(404, 'NotFound', 'secrets "om-atlas" not found'))).value).toBeUndefined();
    expect((await read(() => found({ other: value }))).value).toBeUndefined();
  });

  it('says what the account may not do, and nothing of its token', async () => {
    const words = 'secrets "om-atlas" is forbidden: User "x" cannot get resource "secrets"';
    const { value: error } = await read(() => refusal(403, 'Forbidden', words));
    expect(error).toMatchObject({
      code: 'secrets.not-allowed',
      message: expect.stringContaining('cannot get resource'),
    });
    expect(JSON.stringify(error) + (error as Error).stack).not.toContain('token-of-the-account');
  });

  it('asks again after too many requests', async () => {
    const slow = refusal(429, 'TooManyRequests', 'please try again later');
    const { value: last, asked } = await read((_, count) => (count === 1 ? slow : found({ value })));
    expect([last, asked.length]).toEqual(['of-atlas', 2]);
  });

  it('tells other refusals, an address at which nothing listens, and a configuration that is none', async () => {
    expect((await read(() => refusal(500, 'InternalError', 'etcd is gone'))).value).toMatchObject({
      code: 'secrets.refused',
      message: expect.stringContaining('etcd is gone'),
    });
    const env = { KUBECONFIG: await configFor(await deadAddress()) };
    const manager = await kubernetesSecrets({ env, airflow: () => undefined });
    await expect(manager.read('x')).rejects.toMatchObject({ code: 'secrets.unreachable' });
    const nowhere = kubernetesSecrets({ env: { KUBECONFIG: join(folder, 'none') }, airflow: () => undefined });
    await expect(nowhere).rejects.toMatchObject({
      code: 'secrets.settings',
      message: expect.stringMatching(/is not there/),
    });
  });
});
