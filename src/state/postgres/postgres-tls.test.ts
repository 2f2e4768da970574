import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../../http/certificates.testing.ts';
import { postgresAddress } from './postgres-address.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { type PostgresServer, startPostgres } from './postgres-server.testing.ts';

const here = selfSigned('localhost');
const elsewhere = selfSigned('db.elsewhere.example');
let folder: string;
let servers: { readonly here: PostgresServer; readonly elsewhere: PostgresServer };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-tls-'));
  await writeFile(join(folder, 'here.pem'), here.certificate);
  await writeFile(join(folder, 'elsewhere.pem'), elsewhere.certificate);
  servers = { here: await startPostgres(here), elsewhere: await startPostgres(elsewhere) };
});
afterAll(async () => {
  await servers?.here.stop();
  await servers?.elsewhere.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Connects with an address's parameters, and says whether the connection is encrypted. */
async function encrypted(server: keyof typeof servers, parameters: string): Promise<boolean> {
  const address = `${servers[server].address('postgres').replace('127.0.0.1', 'localhost')}?${parameters}`;
  const database = new PostgresDatabase(postgresAddress(address));
  try {
    const [row] = await database.rows<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    return row!.ssl;
  } finally {
    await database.close();
  }
}

const root = (name: string): string => `sslrootcert=${encodeURIComponent(join(folder, `${name}.pem`))}`;
const refusal = { code: 'state.unreachable', exitCode: 3 };

describe('TLS to PostgreSQL is what the address says', () => {
  it('none unless asked for', async () => {
    expect(await encrypted('here', '')).toBe(false);
    expect(await encrypted('here', 'sslmode=disable')).toBe(false);
  });

  it('require encrypts, whoever answers', async () => {
    expect(await encrypted('here', 'sslmode=require')).toBe(true);
    expect(await encrypted('elsewhere', 'sslmode=require')).toBe(true);
  });

  it('verify-ca wants a certificate of the authority, for any host', async () => {
    expect(await encrypted('elsewhere', `sslmode=verify-ca&${root('elsewhere')}`)).toBe(true);
    await expect(encrypted('elsewhere', `sslmode=verify-ca&${root('here')}`)).rejects.toMatchObject(refusal);
    await expect(encrypted('here', 'sslmode=verify-ca')).rejects.toMatchObject(refusal);
  });

  it('verify-full wants it for this host', async () => {
    expect(await encrypted('here', `sslmode=verify-full&${root('here')}`)).toBe(true);
    await expect(encrypted('elsewhere', `sslmode=verify-full&${root('elsewhere')}`)).rejects.toMatchObject(refusal);
    await expect(encrypted('here', 'sslmode=verify-full')).rejects.toMatchObject(refusal);
  });
});
