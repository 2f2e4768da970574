import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const version = '26.4.0';
const cache = join(import.meta.dirname, '../../../node_modules/.cache', `keycloak-${version}`);
const admin = { username: 'lane-admin', password: 'only-for-this-lane' };

export interface KeycloakClient {
  readonly clientId: string;
  readonly secret: string;
}

/** A real Keycloak on the loopback address, with nothing but its own realm. */
export interface Keycloak {
  /** Makes a realm whose tokens last so many seconds. @returns its issuer */
  makeRealm(name: string, tokenSeconds: number): Promise<string>;
  /** Makes a client that may sign in for itself. */
  makeClient(realm: string, client: KeycloakClient): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts Keycloak (from Maven Central, kept under node_modules/.cache) with everything in memory. Needs Java 17 and Maven.
 *
 * @throws with the output of what failed
 */
export async function startKeycloak(): Promise<Keycloak> {
  const home = await installKeycloak();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const options = ['--http-host=127.0.0.1', `--http-port=${port}`, '--db=dev-mem', '--cache=local'];
  const server = spawn('bash', [join(home, 'bin/kc.sh'), 'start-dev', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The script starts Java as a child: a group of its own lets both be ended by its number.
    detached: true,
    env: {
      ...process.env,
      KC_BOOTSTRAP_ADMIN_USERNAME: admin.username,
      KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password,
      JAVA_OPTS_KC_HEAP: '-Xmx512m',
    },
  });
  try {
    await untilReady(server, `${url}/realms/master`);
  } catch (error) {
    await stop(server);
    throw error;
  }
  return {
    async makeRealm(realm, accessTokenLifespan) {
      await post(url, '/admin/realms', { realm, enabled: true, accessTokenLifespan, sslRequired: 'none' });
      return `${url}/realms/${realm}`;
    },
    async makeClient(realm, { clientId, secret }) {
      await post(url, `/admin/realms/${realm}/clients`, {
        clientId,
        secret,
        enabled: true,
        publicClient: false,
        serviceAccountsEnabled: true,
        standardFlowEnabled: false,
      });
    },
    close: () => stop(server),
  };
}

/** The administrator's token lasts a minute only, so each request gets its own. */
async function post(url: string, path: string, body: object): Promise<void> {
  const signIn = await fetch(`${url}/realms/master/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...admin }),
  });
  const { access_token: token } = (await signIn.json()) as { access_token: string };
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.status !== 201) throw new Error(`Keycloak answered ${answer.status} to ${path}: ${await answer.text()}`);
}

async function installKeycloak(): Promise<string> {
  const home = join(cache, `keycloak-${version}`);
  if (existsSync(home)) return home;
  const part = `${cache}.${process.pid}`;
  await mkdir(part, { recursive: true });
  const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:zip`;
  const goal = ['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${part}`];
  await run('mvn', ['-q', '-B', ...goal], { cwd: part, maxBuffer: 64 * 1024 * 1024 });
  const zip = join(part, `keycloak-quarkus-dist-${version}.zip`);
  await run('jar', ['xf', zip], { cwd: part });
  await rm(zip);
  // Whole or not at all: a second run beside this one must not meet half of it.
  await rename(part, cache).catch(async (error: unknown) => {
    await rm(part, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  });
  return home;
}

async function untilReady(server: ChildProcess, address: string): Promise<void> {
  let output = '';
  const take = (part: Buffer): void => {
    output = (output + part.toString()).slice(-20_000);
  };
  server.stdout?.on('data', take);
  server.stderr?.on('data', take);
  for (;;) {
    if (server.exitCode !== null) throw new Error(`Keycloak ended with ${server.exitCode}:\n${output}`);
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(250);
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const ended = new Promise((resolve) => server.once('close', resolve));
  process.kill(-server.pid, 'SIGKILL');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
