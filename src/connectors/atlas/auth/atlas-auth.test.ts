import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../../../../sandbox/atlas/start-atlas.ts';
import { loadRecipe } from '../../../config/load-recipe.ts';
import { TestAuthority } from '../../../http/certificates.testing.ts';
import { createSource } from '../../create-source.ts';
import type { SourceCheck } from '../../source.ts';
import { type KnoxGateway, type KnoxGatewayOptions, startKnoxGateway } from './knox-gateway.testing.ts';

const authority = new TestAuthority();
const server = authority.issue('127.0.0.1');
const signal = new AbortController().signal;
const certificateOf = ({ certificate, key }: typeof server): ServerOptions => ({ cert: certificate, key });

let atlas: AtlasStandIn;
let folder: string;
const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  atlas = await startAtlas();
  folder = await mkdtemp(join(tmpdir(), 'meridian-atlas-auth-'));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(async () => {
  await atlas.close();
  await rm(folder, { recursive: true });
});

async function gateway(options: Partial<KnoxGatewayOptions>): Promise<KnoxGateway> {
  const tls = certificateOf(server);
  const started = await startKnoxGateway({ behind: atlas.url, tls, admits: () => false, ...options });
  closing.push(started.close);
  return started;
}

const trusting = { verifySSL: 'validate', sslConfig: { caCertificate: authority.certificate } };

function recipeFor(hostPort: string, more: object): object {
  return {
    source: {
      type: 'Atlas',
      serviceName: 'atlas',
      serviceConnection: {
        config: { type: 'Atlas', hostPort, databaseServiceName: ['hive'], entity_type: 'hive_table', ...more },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: { hostPort: 'http://om.example/api', securityConfig: { jwtToken: 'token' } },
    },
  };
}

/** Checks of the source, with every text that was learnt to be secret. */
async function check(hostPort: string, more: object): Promise<{ checks: SourceCheck[]; learnt: string[] }> {
  const { settings } = await loadRecipe(recipeFor(hostPort, more), { env: {} });
  const learnt: string[] = [];
  const source = await createSource(settings, {
    redact: (text) => text,
    learn: (text) => learnt.push(text),
    targetNames: { databases: async () => undefined },
  });
  closing.push(() => source.close());
  const checks: SourceCheck[] = [];
  for await (const one of source.test(signal)) checks.push(one);
  return { checks, learnt };
}

const refusedAs = (help: RegExp) => [{ ok: false, message: expect.stringMatching(help) }];
const passed = (checks: readonly SourceCheck[]): boolean => checks.length > 1 && checks.every(({ ok }) => ok);

describe('signing in at Atlas', () => {
  it('with a bearer token, and headers of one’s own', async () => {
    const { atlas: hostPort, seen } = await gateway({
      admits: ({ authorization }) => authorization === 'Bearer of-me',
    });
    const headers = { 'X-Requested-By': 'meridian', 'x-tenant': 'sales' };
    const connectionArguments = { auth: 'token', token: 'of-me', headers, ...trusting };
    expect(passed((await check(hostPort, { connectionArguments })).checks)).toBe(true);
    expect(seen[0]!.headers).toMatchObject({ 'x-requested-by': 'meridian', 'x-tenant': 'sales' });
    const wrong = { ...connectionArguments, token: 'of-another' };
    expect((await check(hostPort, { connectionArguments: wrong })).checks).toMatchObject(refusedAs(/refused.*401/));
  });

  it('with a token in a file, which is read again when it changes', async () => {
    let expected = 'one';
    const { atlas: hostPort } = await gateway({
      admits: ({ authorization }) => authorization === `Bearer ${expected}`,
    });
    const token = join(folder, 'token');
    await writeFile(token, 'one\n');
    const connectionArguments = { auth: 'token', token, ...trusting };
    expect(passed((await check(hostPort, { connectionArguments })).checks)).toBe(true);
    expected = 'two';
    await writeFile(token, 'two\n');
    await utimes(token, new Date(), new Date(Date.now() + 5000));
    expect(passed((await check(hostPort, { connectionArguments })).checks)).toBe(true);
    const missing = { ...connectionArguments, token: join(folder, 'no-such-file') };
    expect((await check(hostPort, { connectionArguments: missing })).checks).toMatchObject(refusedAs(/token.*missing/));
  });

  it('with a passcode of Knox', async () => {
    const { atlas: hostPort } = await gateway({
      admits: ({ authorization }) => authorization === `Basic ${btoa('Passcode:p4sscode')}`,
    });
    const connectionArguments = { auth: 'knox', passcode: 'p4sscode', ...trusting };
    expect(passed((await check(hostPort, { connectionArguments })).checks)).toBe(true);
  });

  it('with tokens of Knox’ token service, a new one when the last is over', async () => {
    const valid = new Set<string>();
    const {
      atlas: hostPort,
      tokenUrl,
      seen,
    } = await gateway({
      admits: ({ authorization = '' }) => valid.has(authorization),
      token: ({ authorization }, count) => {
        if (authorization !== `Basic ${btoa('reader:secret word')}`) return undefined;
        valid.add(`Bearer knox-${count}`);
        // Each is over at once.
        return { access_token: `knox-${count}`, token_type: 'Bearer', expires_in: Date.now() };
      },
    });
    const user = { username: 'reader', password: 'secret word' };
    const connectionArguments = { auth: 'knox', tokenUrl, ...trusting };
    const { checks, learnt } = await check(hostPort, { ...user, connectionArguments });
    expect(passed(checks)).toBe(true);
    expect(learnt.slice(0, 2)).toEqual(['knox-1', 'knox-2']);
    expect(seen[0]!.path).toBe('/gateway/company/knoxtoken/api/v1/token');
    expect(seen[1]!.authorization).toBe('Bearer knox-1');
    const wrong = await check(hostPort, { ...user, password: 'wrong', connectionArguments });
    expect(wrong.checks).toMatchObject(refusedAs(/Knox’ token service.*refused the sign-in/));
    expect(JSON.stringify(wrong.checks)).not.toContain('secret word');
  });

  it('with the client’s certificate and nothing else', async () => {
    const own = authority.issue('reader-of-atlas');
    const { atlas: hostPort, seen } = await gateway({
      tls: { ...certificateOf(server), ca: authority.certificate, requestCert: true, rejectUnauthorized: false },
      admits: ({ certificate, authorization }) => certificate === 'reader-of-atlas' && authorization === undefined,
    });
    const sslConfig = { ...trusting.sslConfig, sslCertificate: own.certificate, sslKey: own.key };
    const connectionArguments = { auth: 'certificate', verifySSL: 'validate', sslConfig };
    expect(passed((await check(hostPort, { connectionArguments })).checks)).toBe(true);
    expect(seen.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  it('by nothing but an authority that nobody here knows is refused, unless the recipe says to look away', async () => {
    const { atlas: hostPort } = await gateway({ admits: () => true });
    const signIn = { username: 'admin', password: 'admin' };
    expect((await check(hostPort, signIn)).checks).toMatchObject(refusedAs(/certificate is not accepted/));
    const connectionArguments = { verifySSL: 'ignore', timeoutSeconds: 20 };
    expect(passed((await check(hostPort, { ...signIn, connectionArguments })).checks)).toBe(true);
  });
});

describe('a recipe', () => {
  const load = (more: object) => loadRecipe(recipeFor('http://atlas.example:21000', more), { env: {} });

  it.each([
    ['no password', { username: 'reader' }],
    ['no token', { connectionArguments: { auth: 'token' } }],
    ['nothing for Knox', { connectionArguments: { auth: 'knox' } }],
    ['no user for Knox’ token service', { connectionArguments: { auth: 'knox', tokenUrl: 'https://knox/token' } }],
    ['no certificate', { connectionArguments: { auth: 'certificate' } }],
    ['another word', { connectionArguments: { auth: 'ntlm' } }],
  ])('with %s is refused', async (_, more) => {
    await expect(load(more)).rejects.toMatchObject({ code: 'recipe.invalid', exitCode: 2 });
  });

  it('that asks for Kerberos is told what to use instead', async () => {
    await expect(load({ connectionArguments: { auth: 'kerberos' } })).rejects.toMatchObject({
      code: 'atlas.sign-in',
      exitCode: 2,
      help: expect.stringMatching(/Knox/),
    });
  });

  it('with arguments for other tools stays valid', async () => {
    const { warnings } = await load({ username: 'a', password: 'b', connectionArguments: { http_scheme: 'https' } });
    expect(warnings).toEqual([]);
  });
});
