import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox/start-sandbox.ts';
import { runCli } from '../src/cli/run-cli.ts';
import { Terminal } from '../src/cli/terminal.ts';
import { startKnoxGateway } from '../src/connectors/atlas/auth/knox-gateway.testing.ts';
import { TestAuthority } from '../src/http/certificates.testing.ts';
import { startConnectProxy } from '../src/http/connect-proxy.testing.ts';

interface Step {
  readonly system: string;
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
  readonly ms: number;
  readonly help?: string;
}

let sandbox: Sandbox;
let folder: string;
const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-test-command-'));
  sandbox = await startSandbox();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

interface Changes {
  readonly atlas?: object;
  readonly server?: object;
  readonly env?: Readonly<Record<string, string>>;
}

async function run(changes: Changes, ...more: string[]) {
  const recipe = {
    source: {
      type: 'Atlas',
      serviceName: 'atlas',
      serviceConnection: {
        config: {
          type: 'Atlas',
          hostPort: sandbox.atlas.url,
          username: 'admin',
          password: 'admin',
          databaseServiceName: ['hive'],
          entity_type: 'hive_table',
          ...changes.atlas,
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: sandbox.openmetadata.url,
        securityConfig: { jwtToken: sandbox.token },
        ...changes.server,
      },
    },
    meridian: { mode: 'create' },
  };
  const file = join(folder, 'recipe.json');
  await writeFile(file, JSON.stringify(recipe), { mode: 0o600 });
  const out = { stdout: '', stderr: '' };
  const terminal = new Terminal({
    stdout: { write: (text) => (out.stdout += text) },
    stderr: { write: (text) => (out.stderr += text) },
    env: { MERIDIAN_HOME: folder, ...changes.env },
  });
  const code = await runCli(['test', '-c', file, ...more], terminal);
  return { code, ...out };
}

async function stepsOf(changes: Changes): Promise<{ code: number; ok: boolean; fix?: string; steps: Step[] }> {
  const { code, stdout } = await run(changes, '-o', 'json');
  return { code, ...JSON.parse(stdout) };
}

const of = (steps: readonly Step[], system: string): string[] =>
  steps.filter((step) => step.system === system).map(({ name, ok }) => `${ok ? 'ok' : 'FAIL'} ${name}`);

describe('meridian test', () => {
  it('stops at a token that is not accepted, says what to change, and goes on with the source', async () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJub3QiOiJpdCJ9.c2VjcmV0LTcx';
    const { code, ok, fix, steps } = await stepsOf({ server: { securityConfig: { jwtToken: token } } });
    expect([code, ok]).toEqual([3, false]);
    expect(of(steps, 'target')).toEqual(['ok reach OpenMetadata', 'ok version of OpenMetadata', 'FAIL sign in']);
    expect(of(steps, 'source')).toContain('ok sign in at Apache Atlas');
    expect(fix).toMatch(/ingestion-bot/);
    expect(JSON.stringify(steps)).not.toContain(token);
  });

  it('tells an identity provider that cannot be reached, apart from OpenMetadata', async () => {
    const securityConfig = { clientId: 'me', secretKey: 'secret-of-me', tokenEndpoint: 'http://127.0.0.1:9/token' };
    const { code, steps } = await stepsOf({ server: { authProvider: 'custom-oidc', securityConfig } });
    expect(code).toBe(3);
    expect(of(steps, 'target')).toEqual(['ok reach OpenMetadata', 'FAIL sign in']);
    expect(steps[1]!.message).toMatch(/OpenID Connect provider.*cannot be reached/);
  });

  it('tells rights that are missing', async () => {
    const answers: Readonly<Record<string, object>> = {
      '/api/v1/system/version': { version: '1.5.0' },
      '/api/v1/users/loggedInUser': { name: 'reader' },
      '/api/v1/permissions/table': {
        resource: 'table',
        permissions: [
          { operation: 'Create', access: 'notAllow' },
          { operation: 'EditDescription', access: 'allow' },
          { operation: 'EditTags', access: 'deny' },
        ],
      },
    };
    const server = createServer((request, response) => {
      const answer = answers[request.url ?? ''] ?? { data: [], paging: { total: 0 } };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    const hostPort = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
    const { code, steps, fix } = await stepsOf({ server: { hostPort } });
    expect(code).toBe(3);
    expect(steps.find(({ name }) => name === 'rights')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/Create, EditTags/),
    });
    expect(fix).toMatch(/role/);
  });

  it('shows TLS as a step of its own, and what is wrong with it', async () => {
    const authority = new TestAuthority('Our company');
    const { certificate, key } = authority.issue('127.0.0.1');
    const gateway = await startKnoxGateway({
      behind: sandbox.atlas.url,
      tls: { cert: certificate, key },
      admits: () => true,
    });
    closing.push(gateway.close);
    const trusting = { verifySSL: 'validate', sslConfig: { caCertificate: authority.certificate } };
    const good = await stepsOf({ atlas: { hostPort: gateway.atlas, connectionArguments: trusting } });
    expect(good.code).toBe(0);
    expect(good.steps.find(({ name }) => name === 'TLS of Apache Atlas')!.message).toMatch(/TLSv1.*by Our company/);
    const bad = await stepsOf({ atlas: { hostPort: gateway.atlas } });
    expect(bad.code).toBe(3);
    expect(of(bad.steps, 'source')).toEqual(['ok reach Apache Atlas', 'FAIL TLS of Apache Atlas']);
    expect(bad.fix).toMatch(/certificate authority/);
  });

  it('tries the proxy where there is one', async () => {
    const proxy = await startConnectProxy();
    closing.push(() => proxy.close());
    const through = await stepsOf({ env: { HTTP_PROXY: proxy.url } });
    expect(through.steps[0]!.message).toBe(`through the proxy ${new URL(proxy.url).host}`);
    const past = await stepsOf({ env: { HTTP_PROXY: proxy.url, NO_PROXY: 'other.example,127.0.0.1' } });
    expect(past.steps[0]!.message).toBe(new URL(sandbox.openmetadata.url).host);
  });

  it('shows people each step with its time, and the fix below the first that fails', async () => {
    const { code, stdout } = await run({ atlas: { password: 'not-the-password-71' } });
    expect(code).toBe(3);
    expect(stdout).toMatch(/^ok {4}reach OpenMetadata: 127\.0\.0\.1:\d+ \(\d+ ms\)$/m);
    expect(stdout).toMatch(/^FAIL {2}Apache Atlas: .*refused the sign-in.*\n {6}\S.*user and password/m);
    expect(stdout).not.toContain('not-the-password-71');
  });
});
