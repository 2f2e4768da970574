import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoRecipe } from '../../../sandbox/demo-recipe.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start-sandbox.ts';
import { isWrite } from '../../reconcile/change.ts';
import { Workflow } from '../../workflow/workflow.ts';
import { OpenMetadataClient } from '../openmetadata-client.ts';
import { type Keycloak, startKeycloak } from './keycloak.testing.ts';

const client = { clientId: 'meridian', secret: 'S3cret of the client/with+signs' };
const tokenSeconds = 10;
const signal = new AbortController().signal;

let keycloak: Keycloak;
let issuer: string;
let folder: string;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-keycloak-'));
  keycloak = await startKeycloak();
  issuer = await keycloak.makeRealm('company', tokenSeconds);
  await keycloak.makeClient('company', client);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(async () => {
  await keycloak?.close();
  await rm(folder, { recursive: true, force: true });
});

async function serverTrusting(realm: string, writeLatencyMs = 0): Promise<Sandbox> {
  const outsideTokens = { publicKeys: `${realm}/protocol/openid-connect/certs`, issuer: realm };
  const sandbox = await startSandbox({ openmetadata: { outsideTokens, writeLatencyMs } });
  closing.push(() => sandbox.close());
  return sandbox;
}

function serverConfig(sandbox: Sandbox, where: object, secretKey = client.secret) {
  return {
    hostPort: sandbox.openmetadata.url,
    authProvider: 'custom-oidc',
    securityConfig: { clientId: client.clientId, secretKey, ...where },
  };
}

function connectTo(sandbox: Sandbox, where: object, secretKey?: string) {
  const target = new OpenMetadataClient(serverConfig(sandbox, where, secretKey), { retries: 0 });
  closing.push(() => target.close());
  return target.connect(signal);
}

describe('a real Keycloak', () => {
  it.each([
    ['the token endpoint', 'tokenEndpoint', '/protocol/openid-connect/token'],
    ['the token endpoint under the key of the documentation page', 'domain', '/protocol/openid-connect/token'],
    ['the issuer, whose endpoint is discovered', 'domain', ''],
  ])('signs in by %s', async (_, key, path) => {
    const sandbox = await serverTrusting(issuer);
    const { user } = await connectTo(sandbox, { [key]: `${issuer}${path}` });
    expect(user?.name).toBe('ingestion-bot');
    expect(sandbox.openmetadata.outsideTokenCount()).toBe(1);
  });

  it('refuses a wrong secret, in its own words', async () => {
    const sandbox = await serverTrusting(issuer);
    const failing = connectTo(sandbox, { domain: issuer }, 'not-the-secret');
    await expect(failing).rejects.toMatchObject({ code: 'auth.refused', exitCode: 3 });
    await expect(failing).rejects.toThrow(/\(401\): unauthorized_client: Invalid client or Invalid client credentials/);
    await expect(failing).rejects.not.toThrow('not-the-secret');
  });

  it('tells an issuer that does not exist', async () => {
    const sandbox = await serverTrusting(issuer);
    const failing = connectTo(sandbox, { domain: issuer.replace('company', 'nobody') });
    await expect(failing).rejects.toMatchObject({ code: 'auth.refused' });
    await expect(failing).rejects.toThrow(/Realm does not exist/);
  });

  it('gives a token that a server trusting another realm does not accept', async () => {
    const other = await keycloak.makeRealm(`other-${Date.now()}`, tokenSeconds);
    const failing = connectTo(await serverTrusting(other), { domain: issuer });
    await expect(failing).rejects.toMatchObject({ code: 'openmetadata.sign-in', exitCode: 3 });
  });

  it('carries an ingest through the ends of its tokens', async () => {
    const sandbox = await serverTrusting(issuer, 250);
    const recipe = demoRecipe(sandbox) as { workflowConfig: object; meridian: object };
    const report = await (
      await Workflow.create(
        {
          ...recipe,
          workflowConfig: { openMetadataServerConfig: serverConfig(sandbox, { domain: issuer }) },
          meridian: { ...recipe.meridian, concurrency: 2 },
        },
        { env: { ...process.env, MERIDIAN_HOME: folder } },
      )
    ).execute();
    expect(report.failures).toEqual([]);
    expect(report.state).toBe('success');
    expect(sandbox.openmetadata.outsideTokenCount()).toBeGreaterThan(2);
    const refused = sandbox.openmetadata.requests().filter(({ status }) => status === 401);
    expect(refused).toEqual([]);

    const changes: boolean[] = [];
    const again = await Workflow.create(
      {
        ...recipe,
        workflowConfig: { openMetadataServerConfig: serverConfig(sandbox, { domain: issuer }) },
      },
      {
        env: { ...process.env, MERIDIAN_HOME: folder },
        dryRun: true,
        onChange: (change) => changes.push(isWrite(change)),
      },
    );
    await again.execute();
    expect(changes.filter(Boolean)).toEqual([]);
  });
});
