import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { fixedAccount } from './access/accounts.ts';
import { createServer, type ServerOptions } from './create-server.ts';
import { FakeEngine } from './fake-engine.testing.ts';
import type { ServerDeps } from './server-deps.ts';

/** Accounts of the server that tests talk to, by role. */
export const testAccounts = {
  admin: { name: 'ada', password: 'ada-s-password' },
  operator: { name: 'olaf', password: 'olaf-s-password' },
  viewer: { name: 'vera', password: 'vera-s-password' },
} as const;

export interface TestServer {
  readonly app: FastifyInstance;
  readonly engine: FakeEngine;
  readonly home: string;
  /** A request with the basic credentials of a role. */
  as(role: keyof typeof testAccounts, request: InjectOptions): Promise<LightMyRequestResponse>;
  /** Signs in as the console does. @returns headers for requests of that session */
  signIn(role: keyof typeof testAccounts): Promise<{ readonly cookie: string; readonly 'x-csrf-token': string }>;
  close(): Promise<void>;
}

/** A server on a stand-in of an engine, with an account for each role. */
export async function startTestServer(
  deps: Partial<ServerDeps> = {},
  options: ServerOptions = {},
): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), 'meridian-serve-'));
  const engine = new FakeEngine();
  const accounts = await Promise.all(
    (['admin', 'operator', 'viewer'] as const).map((role) => {
      const { name, password } = testAccounts[role];
      return fixedAccount(name, password, role);
    }),
  );
  const app = await createServer({ engine, accounts, home, env: {}, ...deps }, options);
  await app.ready();
  return {
    app,
    engine,
    home,
    as: (role, request) => app.inject({ ...request, headers: { ...request.headers, ...basicHeader(role) } }),
    signIn: async (role) => {
      const { name, password } = testAccounts[role];
      const answer = await app.inject({
        method: 'POST',
        url: '/api/session',
        payload: { name, password },
      });
      const [cookie] = answer.cookies;
      return { cookie: `${cookie!.name}=${cookie!.value}`, 'x-csrf-token': answer.json().csrfToken };
    },
    close: async () => {
      await app.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export function basicHeader(role: keyof typeof testAccounts): { readonly authorization: string } {
  const { name, password } = testAccounts[role];
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}
