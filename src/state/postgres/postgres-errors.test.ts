import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeridianError } from '../../errors.ts';
import { type OpenedState, openState } from '../open-state.ts';
import { postgresAddress } from './postgres-address.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { PostgresLockTable } from './postgres-lock-table.ts';
import { type PostgresServer, startPostgres } from './postgres-server.testing.ts';

let server: PostgresServer;
let admin: pg.Client;

beforeAll(async () => {
  server = await startPostgres();
  admin = await connected(server.address('postgres'));
  await admin.query(`CREATE ROLE guest LOGIN PASSWORD 'guest-secret'`);
  await admin.query(`CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
  await admin.query('CREATE DATABASE later');
  const later = await connected(server.address('later'));
  await later.query('CREATE SCHEMA meridian; CREATE TABLE meridian.schema_version AS SELECT 99 AS version');
  await later.end();
});
afterAll(async () => {
  await admin?.end();
  await server?.stop();
});

async function connected(address: string): Promise<pg.Client> {
  const client = new pg.Client(address);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

const open = (address: string | undefined, use: 'keep' | 'rehearse' = 'keep'): Promise<OpenedState> =>
  openState(
    {
      settings: { stateType: 'postgres', stateConnection: address, statePath: undefined },
      identity: { targetHost: 'host:1', sourceType: 'Atlas', serviceName: 's' },
      env: {},
    },
    use,
  );

/** Opens what cannot be opened, both ways; the error must not tell a password. */
async function failure(address: string | undefined): Promise<MeridianError> {
  const [keep, rehearse] = await Promise.all(
    (['keep', 'rehearse'] as const).map((use) =>
      open(address, use).then(
        () => undefined,
        (error: MeridianError) => error,
      ),
    ),
  );
  expect(keep, 'opened').toBeDefined();
  expect(rehearse?.code).toBe(keep!.code);
  for (const { message, help } of [keep!, rehearse!]) expect(`${message} ${help}`).not.toMatch(/secret/);
  return keep!;
}

describe('a PostgreSQL store that cannot be had', () => {
  it('names what is wrong with its address, without showing it', async () => {
    for (const address of [undefined, '', 'host:5432/db', 'mysql://u:secret@host/db', 'postgres://u:se#cret@host/db']) {
      expect(await failure(address)).toMatchObject({ code: 'state.bad-address', exitCode: 2 });
    }
  });

  it('says that nobody answers, or that the answer is no TLS', async () => {
    const nobody = await failure('postgres://u:secret@127.0.0.1:1/db');
    expect(nobody).toMatchObject({ code: 'state.unreachable', exitCode: 3 });
    expect(nobody.message).toContain('postgres://u@127.0.0.1:1/db');
    expect(await failure('postgres://u:secret@no-such-host.invalid/db')).toMatchObject({ code: 'state.unreachable' });
    const plain = await failure(`${server.address('postgres')}?sslmode=require`);
    expect(plain).toMatchObject({ code: 'state.unreachable', exitCode: 3 });
    expect(plain.message).toMatch(/SSL/);
    expect(await failure(`${server.address('postgres')}?sslrootcert=/no/such/file`)).toMatchObject({
      code: 'state.unreachable',
    });
  });

  it('says that it does not let us in', async () => {
    for (const address of [
      server.address('postgres', 'owner', 'wrong-secret'),
      server.address('postgres', 'stranger', 'secret'),
      server.address('postgres').replace(':owner-secret', ''),
    ]) {
      expect(await failure(address)).toMatchObject({ code: 'state.sign-in', exitCode: 3 });
    }
  });

  it('says that the database is not there, in another encoding, or of another release', async () => {
    expect(await failure(server.address('nowhere'))).toMatchObject({ code: 'state.no-database', exitCode: 2 });
    expect(await failure(server.address('latin'))).toMatchObject({ code: 'state.encoding', exitCode: 2 });
    expect(await failure(server.address('later'))).toMatchObject({ code: 'state.other-version', exitCode: 2 });
  });

  it('says that the user may not make it, while a plan needs no right to', async () => {
    const address = server.address('postgres', 'guest', 'guest-secret');
    await expect(open(address)).rejects.toMatchObject({ code: 'state.no-right', exitCode: 2 });
    const plan = await open(address, 'rehearse');
    expect(plan.existed).toBe(false);
    await plan.store.setMeta('k', 'v');
    await plan.store.close();
    const { rows } = await admin.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'meridian'`);
    expect(rows).toEqual([]);
  });
});

describe('a PostgreSQL store in use', () => {
  it('is made once by whoever may, and then serves users who may only write', async () => {
    await admin.query('CREATE DATABASE shared');
    const owner = await open(server.address('shared'));
    await owner.store.setMeta('k', 'v');
    await owner.store.close();
    const inside = await connected(server.address('shared'));
    await inside.query('GRANT USAGE ON SCHEMA meridian TO guest');
    const address = server.address('shared', 'guest', 'guest-secret');
    await expect(open(address)).rejects.toMatchObject({ code: 'state.no-right' });
    await inside.query('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA meridian TO guest');
    await inside.end();
    const guest = await open(address);
    expect(guest.existed).toBe(true);
    expect(await guest.store.getMeta('k')).toBe('v');
    await guest.store.setMeta('k', undefined);
    await guest.store.close();
  });

  it('is made by one of several first runs that begin together, and serves them all', async () => {
    await admin.query('CREATE DATABASE busy');
    const opened = await Promise.all(Array.from({ length: 6 }, () => open(server.address('busy'))));
    await Promise.all(opened.map(({ store }, i) => store.setMeta(`k${i}`, 'v')));
    for (let i = 0; i < opened.length; i += 1) expect(await opened[0]!.store.getMeta(`k${i}`)).toBe('v');
    for (const { store } of opened) await store.close();
  });

  it('outlives a crash of the server, in the middle of a listing too', async () => {
    const { store } = await open(server.address('shared'));
    for (let i = 0; i < 600; i += 1) {
      await store.putAsset({ entityType: 'table', fqn: `s.${String(i).padStart(4, '0')}`, sourceId: `${i}` });
    }
    let met = 0;
    for await (const { fqn } of store.listAssets()) {
      met += 1;
      if (fqn === 's.0300') await server.restart();
    }
    expect(met).toBe(600);
    await store.putAsset({ entityType: 'table', fqn: 's.later', sourceId: 'later' });
    expect(await store.countAssets()).toBe(601);
    await store.close();
  });

  it('tells an error of the server without the values that were sent', async () => {
    const address = server.address('shared');
    const { store } = await open(address);
    const inside = await connected(address);
    await inside.query(`ALTER TABLE meridian.meta ADD CONSTRAINT few CHECK (value <> 'private words')`);
    const refused = store.setMeta('k', 'private words');
    await expect(refused).rejects.toMatchObject({ code: 'state.refused', exitCode: 1 });
    await expect(refused).rejects.not.toThrow(/private words/);
    await inside.end();
    await store.close();
  });

  it('fails for good, and at once from then on, when the server stays away', async () => {
    const away = await startPostgres();
    const database = new PostgresDatabase(postgresAddress(away.address('postgres')), [1, 1]);
    await database.rows('SELECT 1');
    await away.stop();
    const gone = { code: 'state.unreachable', exitCode: 3 };
    // A sign of life that is not heard is given again; it ends nothing.
    await expect(new PostgresLockTable(database, '1').renew('token')).rejects.toMatchObject(gone);
    expect(database.broken.aborted).toBe(false);
    await expect(database.rows('SELECT 1')).rejects.toMatchObject(gone);
    expect(database.broken.reason).toMatchObject(gone);
    await expect(database.rows('SELECT 1')).rejects.toBe(database.broken.reason);
    await database.close();
  });
});
