import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type ClientMetadata } from 'oidc-provider';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../../../sandbox/openmetadata/start-openmetadata.ts';
import { OpenMetadataClient } from '../openmetadata-client.ts';

const secret = 'S3cret of the client/with+signs=&';
const signal = new AbortController().signal;

/** A certified OpenID Connect provider; its tokens last eight seconds, half of which we use. */
async function startProvider(way: 'client_secret_post' | 'client_secret_basic'): Promise<[Server, string]> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const client: ClientMetadata = {
    client_id: 'meridian',
    client_secret: secret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: way,
  };
  const provider = new Provider(issuer, {
    clients: [client],
    clientAuthMethods: [way],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'one' }] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'urn:openmetadata',
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: 'urn:openmetadata',
          accessTokenTTL: 8,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
  server.on('request', provider.callback());
  return [server, issuer];
}

describe.each(['client_secret_post', 'client_secret_basic'] as const)('a certified provider that wants %s', (way) => {
  let provider: Server;
  let issuer: string;
  let openmetadata: OpenMetadataStandIn;
  const clients: OpenMetadataClient[] = [];
  beforeAll(async () => {
    [provider, issuer] = await startProvider(way);
    openmetadata = await startOpenMetadata({ outsideTokens: { publicKeys: `${issuer}/jwks`, issuer } });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });
  afterAll(async () => {
    await openmetadata.close();
    provider.closeAllConnections();
    provider.close();
  });

  function clientOf(where: object, secretKey = secret): OpenMetadataClient {
    const securityConfig = { clientId: 'meridian', secretKey, ...where };
    const config = { hostPort: openmetadata.url, authProvider: 'custom-oidc', securityConfig };
    const client = new OpenMetadataClient(config, { retries: 0 });
    clients.push(client);
    return client;
  }

  it('signs in by discovery, and again when the token ends', async () => {
    const before = openmetadata.outsideTokenCount();
    const client = clientOf({ domain: issuer });
    expect((await client.connect(signal)).user?.name).toBe('ingestion-bot');
    await sleep(4200);
    await client.count('table', {}, signal);
    expect(openmetadata.outsideTokenCount()).toBeGreaterThan(before + 1);
    expect(openmetadata.requests().filter(({ status }) => status === 401)).toEqual([]);
  });

  it('refuses a wrong secret', async () => {
    const failing = clientOf({ domain: issuer }, 'not-the-secret').connect(signal);
    await expect(failing).rejects.toMatchObject({ code: 'auth.refused', exitCode: 3 });
    await expect(failing).rejects.toThrow(/invalid_client/);
    await expect(failing).rejects.not.toThrow('not-the-secret');
  });

  it('of an issuer with another name in its document nothing is taken', async () => {
    const failing = clientOf({ domain: issuer.replace('127.0.0.1', 'localhost') }).connect(signal);
    await expect(failing).rejects.toMatchObject({ code: 'auth.refused' });
  });

  if (way === 'client_secret_post') {
    it('signs in by its token endpoint', async () => {
      const { user } = await clientOf({ tokenEndpoint: `${issuer}/token` }).connect(signal);
      expect(user?.name).toBe('ingestion-bot');
    });
  }

  it('gives a token that an OpenMetadata which trusts somebody else refuses', async () => {
    const [other, otherIssuer] = await startProvider(way);
    const server = await startOpenMetadata({ outsideTokens: { publicKeys: `${otherIssuer}/jwks` } });
    const client = new OpenMetadataClient({
      hostPort: server.url,
      authProvider: 'custom-oidc',
      securityConfig: { clientId: 'meridian', secretKey: secret, domain: issuer },
    });
    try {
      await expect(client.connect(signal)).rejects.toMatchObject({ code: 'openmetadata.sign-in' });
      expect(server.outsideTokenCount()).toBe(0);
    } finally {
      await client.close();
      await server.close();
      other.closeAllConnections();
      other.close();
    }
  });
});
