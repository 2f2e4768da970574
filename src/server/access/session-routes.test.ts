import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer, testAccounts } from '../test-server.testing.ts';
import type { Account } from './accounts.ts';
import { hashPassword } from './password-hash.ts';

let server: TestServer;
const url = '/api/session';
const signIn = (name: string, password: string, headers = {}) =>
  server.app.inject({ method: 'POST', url, payload: { name, password }, headers });
const whoIs = async (headers = {}) => (await server.app.inject({ url, headers })).json().session;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

it('signs in, says who it is, and signs out', async () => {
  const { name, password } = testAccounts.operator;
  expect(await whoIs()).toBeNull();
  const answer = await signIn(name, password);
  expect(answer.json()).toEqual({ name, role: 'operator', csrfToken: expect.any(String) });
  const cookie = answer.cookies[0]!;
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });

  const headers = { cookie: `${cookie.name}=${cookie.value}` };
  expect(await whoIs(headers)).toMatchObject({ name });
  const csrf = { ...headers, 'x-csrf-token': answer.json().csrfToken };
  expect((await server.app.inject({ method: 'DELETE', url, headers: csrf })).statusCode).toBe(204);
  expect(await whoIs(headers)).toBeNull();
});

it('says the same of a wrong name as of a wrong password, and writes both down', async () => {
  const wrongPassword = await signIn(testAccounts.viewer.name, 'wrong');
  const wrongName = await signIn('nobody', 'wrong');
  expect(wrongPassword.statusCode).toBe(401);
  expect(wrongName.body).toBe(wrongPassword.body);
  const audit = await readFile(join(server.home, 'audit.jsonl'), 'utf8');
  expect(audit).toContain('"who":"nobody"');
  expect(audit).not.toContain('wrong');
});

it('a session that somebody else put into the browser is not the one that signs in', async () => {
  const planted = 'meridian_session=planted-by-somebody';
  const { name, password } = testAccounts.viewer;
  const first = await signIn(name, password, { cookie: planted });
  expect(first.cookies[0]!.value).not.toContain('planted');
  expect(await whoIs({ cookie: planted })).toBeNull();

  // Nor does a session of one's own go on under its old id.
  const own = `meridian_session=${first.cookies[0]!.value}`;
  const second = await signIn(name, password, { cookie: own });
  expect(second.cookies[0]!.value).not.toBe(first.cookies[0]!.value);
  expect(await whoIs({ cookie: own })).toBeNull();
});

it('a session ends with the password or the role that it was opened with, and with its account', async () => {
  const { name } = testAccounts.operator;
  const [first, second] = await Promise.all([hashPassword('first'), hashPassword('second')]);
  const own: { account: Account | undefined } = { account: { name, role: 'operator', passwordHash: first } };
  const other = await startTestServer({ accounts: [{ find: (asked) => (asked === name ? own.account : undefined) }] });
  const opened = async (password: string) => {
    const answer = await other.app.inject({ method: 'POST', url, payload: { name, password } });
    return { cookie: `${answer.cookies[0]!.name}=${answer.cookies[0]!.value}` };
  };
  const whoIsThere = async (headers: { cookie: string }) =>
    (await other.app.inject({ url, headers })).json().session?.name;
  const changes: readonly (readonly [password: string, next: Account | undefined])[] = [
    ['first', { name, role: 'operator', passwordHash: second }],
    ['second', { name, role: 'viewer', passwordHash: second }],
    ['second', undefined],
  ];
  for (const [password, next] of changes) {
    const session = await opened(password);
    expect(await whoIsThere(session)).toBe(name);
    own.account = next;
    expect(await whoIsThere(session)).toBeUndefined();
  }
  await other.close();
});

it('slows down who guesses, and nobody else', async () => {
  const guess = (remoteAddress: string) =>
    server.app.inject({
      method: 'POST',
      url,
      remoteAddress,
      payload: { name: testAccounts.admin.name, password: 'guess' },
    });
  for (let tries = 0; tries < 5; tries += 1) expect((await guess('192.0.2.1')).statusCode).toBe(401);
  const refused = await guess('192.0.2.1');
  expect(refused.statusCode).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  const { name, password } = testAccounts.admin;
  expect((await signIn(name, password)).statusCode).toBe(200);
});
