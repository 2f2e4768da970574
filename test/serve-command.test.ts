import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, fetch as fetchWith } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestAuthority } from '../src/http/certificates.testing.ts';

const program = join(import.meta.dirname, '..', 'bin', 'meridian.mjs');
const admin = { MERIDIAN_USERNAME: 'admin', MERIDIAN_PASSWORD: 'pass-of-the-admin' };

let home: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meridian-serve-'));
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[], env: Record<string, string>, input?: string) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [program, 'serve', ...args], {
    env: { PATH, HOME: home, MERIDIAN_HOME: home, ...env },
  });
  started.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(input ?? '');
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, stdout, stderr }));
  return { child, ended, stderr: () => stderr };
}

const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

it('says where it is in one JSON line, serves console, APIs and figures, and ends cleanly on SIGTERM', async () => {
  const { child, ended } = start(['--port', '0'], admin);
  const [line] = await once(createInterface(child.stdout!), 'line');
  const { url } = JSON.parse(line);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const page = await fetch(url);
  expect(await page.text()).toContain('<div id="root">');
  expect(page.headers.get('content-security-policy')).toMatch(/style-src 'self' 'nonce-/);
  expect((await fetch(`${url}/docs/json`)).status).toBe(200);
  const headers = basic(admin.MERIDIAN_USERNAME, admin.MERIDIAN_PASSWORD);
  const health = await fetch(`${url}/api/v1/openmetadata/health-auth`, { headers });
  expect(await health.json()).toMatchObject({ status: 'healthy' });
  const figures = await (await fetch(`${url}/metrics`, { headers })).text();
  expect(figures).toMatch(/^meridian_runs_queued 0$/m);
  expect(figures).toMatch(/meridian_request_duration_seconds_count\{method="GET",route="\/readyz",status="200"\} 1/);

  child.kill('SIGTERM');
  const { code, stdout, stderr } = await ended;
  expect([code, stdout.trim().split('\n').length]).toEqual([143, 1]);
  expect(stderr).not.toContain(admin.MERIDIAN_PASSWORD);
});

it('keeps users whose passwords come on standard input, and lets them in at once', async () => {
  const user = (args: readonly string[], input?: string) => start(['user', ...args], {}, input).ended;
  expect(await user(['add', 'vera'], 'short\n')).toMatchObject({ code: 2 });
  expect(await user(['add', 'vera', '--role', 'viewer'], 'pass-of-vera\n')).toMatchObject({ code: 0 });
  expect(await user(['list'])).toMatchObject({ code: 0, stdout: 'vera\tviewer\n' });
  expect(await readFile(join(home, 'users.json'), 'utf8')).not.toContain('pass-of-vera');
  expect((await stat(join(home, 'users.json'))).mode & 0o777).toBe(0o600);

  const { child, ended } = start(['--port', '0'], {});
  const [line] = await once(createInterface(child.stdout!), 'line');
  const { url } = JSON.parse(line);
  const pipelines = () => fetch(`${url}/api/console/pipelines`, { headers: basic('vera', 'pass-of-vera') });
  expect((await pipelines()).status).toBe(200);
  expect(await user(['remove', 'vera'])).toMatchObject({ code: 0 });
  expect((await pipelines()).status).toBe(401);
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
});

it('speaks https with a certificate of its own, and nothing else on that port', async () => {
  const authority = new TestAuthority();
  const { certificate, key } = authority.issue('127.0.0.1');
  const [cert, keyFile] = [join(home, 'tls-cert.pem'), join(home, 'tls-key.pem')];
  await writeFile(cert, certificate, { mode: 0o600 });
  await writeFile(keyFile, key, { mode: 0o600 });
  const { child, ended } = start(['--port', '0', '--tls-cert', cert, '--tls-key', keyFile], admin);
  const [line] = await once(createInterface(child.stdout!), 'line');
  const { url } = JSON.parse(line);
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const dispatcher = new Agent({ connect: { ca: authority.certificate } });
  const ready = await fetchWith(`${url}/readyz`, { dispatcher });
  expect(ready.status).toBe(200);
  expect(ready.headers.get('strict-transport-security')).toMatch(/max-age=\d+/);
  const body = JSON.stringify({ name: admin.MERIDIAN_USERNAME, password: admin.MERIDIAN_PASSWORD });
  const headers = { 'content-type': 'application/json', origin: url };
  const signedIn = await fetchWith(`${url}/api/session`, { method: 'POST', headers, body, dispatcher });
  expect(signedIn.status).toBe(200);
  expect(signedIn.headers.get('set-cookie')).toMatch(/; Secure/);
  await expect(fetch(url.replace('https:', 'http:'))).rejects.toThrow();
  await dispatcher.close();
  child.kill('SIGTERM');
  expect((await ended).code).toBe(143);
});

it.each([
  ['beyond this machine in clear', ['--host', '0.0.0.0'], admin, /serve\.in-clear/],
  ['with half a sign-in', [], { MERIDIAN_USERNAME: 'admin' }, /serve\.no-users/],
  ['behind a proxy without users', ['--host', '0.0.0.0', '--behind-proxy'], {}, /serve\.no-users/],
  ['with a certificate that is none', ['--tls-cert', program, '--tls-key', program], admin, /serve\.certificate/],
  ['with half a certificate', ['--tls-cert', program], admin, /serve\.certificate/],
  ['with a file of defaults that is not there', ['--defaults', 'nowhere.yaml'], admin, /serve\.defaults-file/],
  ['with settings that are not there', ['--settings', 'nowhere.yaml'], admin, /serve\.settings/],
  ['with an Airflow that nobody named', ['--engine', 'airflow'], admin, /serve\.no-airflow/],
  ['at a port that is none', ['--port', '70000'], admin, /0 to 65535/],
] as const)('does not start %s', async (_name, args, env, expected) => {
  const { code, stdout, stderr } = await start(args, env).ended;
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(expected);
});

it('tells each mistake of its settings, and no secret of them', async () => {
  const settings = join(home, 'settings.yaml');
  const text = [
    'port: many',
    'oidc: {issuer: nowhere, clientId: x, clientSecret: "${env:CLIENT_SECRET}"}',
    'notices: {mail: {host: smtp.example, from: a@b.example, pasword: hidden-word}}',
  ];
  await writeFile(settings, text.join('\n'));
  const { code, stderr } = await start(['--settings', settings], { ...admin, CLIENT_SECRET: 'hidden-secret' }).ended;
  expect(code).toBe(2);
  expect(stderr).toMatch(/port .*integer/);
  expect(stderr).toMatch(/oidc\.issuer/);
  expect(stderr).toMatch(/pasword/);
  expect(stderr).not.toMatch(/hidden/);
});

it('leaves nothing in its folder that others may read', async () => {
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath.includes('compile')) continue;
    const path = join(entry.parentPath, entry.name);
    if (path.endsWith('settings.yaml')) continue;
    expect([path, (await stat(path)).mode & 0o077]).toEqual([path, 0]);
  }
});
