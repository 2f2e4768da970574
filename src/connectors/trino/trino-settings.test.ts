import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRecipe } from '../../config/load-recipe.ts';
import { type TrinoSettings, trinoTls } from './trino-settings.ts';

function recipe(config: object): object {
  return {
    source: {
      type: 'Trino',
      serviceName: 'trino',
      serviceConnection: { config: { type: 'Trino', hostPort: 'trino:8080', username: 'ada', ...config } },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: { hostPort: 'http://om:8585/api', securityConfig: { jwtToken: 'token-of-the-bot' } },
    },
  };
}

const load = (config: object = {}) => loadRecipe(recipe(config), { env: {} });
const settings = async (config: object = {}): Promise<TrinoSettings> =>
  (await load(config)).settings.connection as TrinoSettings;

/** The paths of all mistakes. */
async function problemsOf(config: object): Promise<string[]> {
  const error = await load(config).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return ((error as { problems?: readonly { path: string }[] })?.problems ?? []).map(({ path }) => path);
}

describe('the connection of a Trino recipe', () => {
  it.each([
    [{}, 'http://trino:8080'],
    [{ hostPort: 'trino:443' }, 'https://trino:443'],
    [{ authType: { password: 'p' } }, 'https://trino:8080'],
    [{ authType: { jwt: 'j' } }, 'https://trino:8080'],
    [{ authType: { password: 'p' }, connectionArguments: { http_scheme: 'http' } }, 'http://trino:8080'],
    [{ connectionOptions: { http_scheme: 'https' } }, 'https://trino:8080'],
    [{ hostPort: 'https://gateway.example/trino/' }, 'https://gateway.example/trino'],
    [{ hostPort: 'http://trino:8080', authType: { password: 'p' } }, 'http://trino:8080'],
  ])('%j is spoken to at %s', async (config, address) => {
    expect((await settings(config)).address).toBe(address);
  });

  it.each(['http://', 'trino 8080', 'ftp://trino:8080', 'http://ada:secret@trino:8080'])(
    'refuses %s as an address, and does not show it',
    async (hostPort) => {
      expect(await problemsOf({ hostPort })).toEqual(['source.serviceConnection.config.hostPort']);
      await expect(load({ hostPort })).rejects.toThrow(expect.not.stringContaining('secret'));
    },
  );

  it('takes every key of OpenMetadata’s own, and no other', async () => {
    const { warnings } = await load({
      scheme: 'trino',
      catalog: 'hive',
      databaseSchema: 'sales',
      proxies: { http: 'http://proxy:3128' },
      verify: 'true',
      connectionOptions: {},
      connectionArguments: { legacy_primitive_types: true },
      schemaFilterPattern: { includes: ['s'] },
      tableFilterPattern: { includes: ['t'] },
      databaseFilterPattern: { includes: ['d'] },
      supportsMetadataExtraction: true,
      supportsProfiler: true,
      sampleDataStorageConfig: {},
      queryHistoryTable: '"system"."runtime"."queries"',
    });
    expect(warnings).toEqual([]);
    await expect(load({ catalogue: 'hive' })).rejects.toThrow(/catalog/);
  });

  it('takes the arguments of Trino’s Python client, also as texts', async () => {
    const { headers, session, extraCredential, source, requestTimeoutMs, queryTimeoutMs, retries } = await settings({
      connectionArguments: {
        source: 'catalogue',
        client_tags: ['nightly', 'metadata'],
        roles: '{"hive": "reader", "system": "ALL"}',
        timezone: 'Europe/Berlin',
        session_properties: { query_priority: '2' },
        http_headers: { 'X-Gateway': 'blue' },
        extra_credential: { store: 'key-of-the-store' },
        request_timeout: '30',
        query_timeout: 60,
        max_attempts: 3,
      },
    });
    expect(headers).toEqual({
      'X-Gateway': 'blue',
      'X-Trino-Role': 'hive=ROLE%7Breader%7D,system=ALL',
      'X-Trino-Client-Tags': 'nightly,metadata',
      'X-Trino-Time-Zone': 'Europe/Berlin',
    });
    expect({ session, extraCredential, source }).toEqual({
      session: { query_priority: '2' },
      extraCredential: { store: 'key-of-the-store' },
      source: 'catalogue',
    });
    expect({ requestTimeoutMs, queryTimeoutMs, retries }).toEqual({
      requestTimeoutMs: 30_000,
      queryTimeoutMs: 60_000,
      retries: 2,
    });
    const wrong = { connectionArguments: { session_properties: 'query_priority=2', request_timeout: '0' } };
    expect(await problemsOf(wrong)).toEqual([
      'source.serviceConnection.config.connectionArguments.session_properties',
      'source.serviceConnection.config.connectionArguments.request_timeout',
    ]);
  });

  it('refuses a sign-in that needs a browser, and half of one', async () => {
    expect(await problemsOf({ authType: 'OAuth2' })).toEqual(['source.serviceConnection.config.authType']);
    expect(await problemsOf({ authType: { azureConfig: { clientId: 'c', clientSecret: 's' } } })).toHaveLength(2);
    const whole = { azureConfig: { clientId: 'c', clientSecret: 's', tenantId: 't', scopes: 'api://x/.default' } };
    expect((await settings({ authType: whole })).signIn).toMatchObject({ kind: 'azure' });
  });

  it('hides what signs in', async () => {
    const { secrets } = await load({
      authType: { jwt: 'token-of-ada' },
      proxies: { https: 'http://me:pass-of-the-proxy@proxy:3128' },
      connectionArguments: {
        http_headers: { 'X-Api-Key': 'key-of-the-gateway' },
        extra_credential: { store: 'key-of-the-store' },
      },
    });
    expect(secrets).toEqual(
      expect.arrayContaining(['token-of-ada', 'pass-of-the-proxy', 'key-of-the-gateway', 'key-of-the-store']),
    );
    expect((await load({ authType: { password: 'pass-of-ada' } })).secrets).toContain('pass-of-ada');
  });

  it('checks certificates as verify says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meridian-test-'));
    const file = join(folder, 'ca.pem');
    writeFileSync(file, 'pem');
    expect(trinoTls(await settings())).toEqual({});
    expect(trinoTls(await settings({ verify: 'False' }))).toEqual({ rejectUnauthorized: false });
    expect(trinoTls(await settings({ verify: file }))).toEqual({ ca: 'pem', rejectUnauthorized: true });
    rmSync(folder, { recursive: true });
    expect(() => trinoTls({ verify: file })).toThrow(expect.objectContaining({ code: 'tls.certificate' }));
  });
});
