import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MeridianError } from '../../errors.ts';
import { TestAuthority } from '../../http/certificates.testing.ts';
import { type PostgresServer, startPostgres } from '../../state/postgres/postgres-server.testing.ts';
import type { SourceCheck } from '../source.ts';
import { type PostgresConfig, postgresSettings, type SslMode } from './postgres-settings.ts';
import { PostgresSource } from './postgres-source.ts';
import { connectionTo, readSource } from './read-source.testing.ts';

const authority = new TestAuthority();
let server: PostgresServer;
let admin: pg.Client;

beforeAll(async () => {
  server = await startPostgres(authority.issue('localhost'));
  admin = new pg.Client(server.address('postgres'));
  await admin.connect();
  await admin.query(`CREATE ROLE reader LOGIN PASSWORD 'reader-secret'`);
  for (const name of ['one', 'two', 'closed', 'crowded']) await admin.query(`CREATE DATABASE ${name}`);
  await admin.query('REVOKE CONNECT ON DATABASE closed FROM PUBLIC');
  for (const name of ['one', 'two', 'closed', 'crowded']) {
    const inside = new pg.Client(server.address(name));
    await inside.connect();
    await inside.query(`CREATE TABLE ${name}_table (a int); CREATE SCHEMA hidden; CREATE TABLE hidden.secret (a int);
      REVOKE ALL ON SCHEMA hidden FROM PUBLIC`);
    await inside.end();
  }
});
afterAll(async () => {
  await admin?.end();
  await server?.stop();
});

const reader = { username: 'reader', authType: { password: 'reader-secret' } };

async function failure(config: PostgresConfig): Promise<MeridianError> {
  const error = await readSource(config).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MeridianError)) throw new Error(`Not a failure of ours: ${String(error)}`);
  expect(`${error.message} ${error.help}`).not.toMatch(/secret/);
  return error;
}

async function checks(config: PostgresConfig): Promise<SourceCheck[]> {
  const source = new PostgresSource(postgresSettings(config), { serviceName: 'pg', reads: () => true });
  const all: SourceCheck[] = [];
  for await (const check of source.test(new AbortController().signal)) all.push(check);
  await source.close();
  return all;
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a server that cannot be read', () => {
  it.each<readonly [about: string, more: Partial<PostgresConfig>, code: string, exitCode: number]>([
    ['a wrong password', { authType: { password: 'wrong-secret' } }, 'sign-in', 3],
    ['an unknown user', { username: 'nobody', authType: { password: 'x-secret' } }, 'sign-in', 3],
    ['no password at all', { authType: {} }, 'sign-in', 3],
    ['an unknown database', { database: 'nowhere' }, 'no-database', 2],
    ['a database that the user may not connect to', { ...reader, database: 'closed' }, 'no-right', 3],
    ['nobody who listens', { hostPort: '127.0.0.1:1' }, 'unreachable', 3],
    ['an unknown host', { hostPort: 'no-such-host.invalid:5432' }, 'unreachable', 3],
    ['a certificate of nobody we know', { sslMode: 'verify-ca' }, 'certificate', 3],
  ])('%s', async (_, more, code, exitCode) => {
    expect(await failure(connectionTo(server, 'one', more))).toMatchObject({ code: `postgres.${code}`, exitCode });
  });

  it('something that speaks no PostgreSQL', async () => {
    const web = createHttpServer((_, response) => response.end('hello'));
    const greeter = createServer((socket) => socket.on('error', () => {}).end('220 mail.example ESMTP\r\n'));
    const silent = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end()));
    try {
      for (const each of [web, greeter]) {
        const hostPort = await listening(each);
        for (const sslMode of ['disable', 'require'] as const) {
          const error = await failure({ ...connectionTo(server, 'one'), hostPort, sslMode });
          expect(error).toMatchObject({ code: 'postgres.not-postgres', exitCode: 3 });
        }
      }
      const hostPort = await listening(silent);
      expect(await failure({ ...connectionTo(server, 'one'), hostPort })).toMatchObject({
        code: 'postgres.unreachable',
      });
    } finally {
      for (const each of [web, greeter, silent]) each.close();
    }
  });

  it('says so in a test of the connection, step by step', async () => {
    expect(await checks(connectionTo(server, 'one', { authType: { password: 'wrong-secret' } }))).toEqual([
      {
        name: 'sign in at PostgreSQL',
        ok: false,
        message: expect.stringContaining('does not let us in'),
        help: expect.any(String),
      },
    ]);
    expect(await checks(connectionTo(server, 'one', reader))).toMatchObject([
      { name: 'sign in at PostgreSQL', ok: true, message: expect.stringMatching(/^PostgreSQL \d+.* as reader$/) },
      { name: 'read one', ok: true, message: expect.stringMatching(/2 schemas, 2 tables, 0 views; rows of 2 /) },
    ]);
  });

  it('stops at once when it is told to', async () => {
    const controller = new AbortController();
    const reading = readSource(connectionTo(server, 'one'), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    const sessions = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'meridian'`;
    while ((await admin.query(sessions)).rows.length > 0) await setTimeout(10);
  });
});

describe('TLS', () => {
  const isEncrypted = async (sslMode: SslMode, more: Partial<PostgresConfig> = {}): Promise<boolean> => {
    const config = connectionTo(server, 'one', { sslMode, ...more });
    const { openClient } = await import('./open-client.ts');
    const client = await openClient(postgresSettings(config), 'one', new AbortController().signal);
    const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    await client.end();
    return rows[0].ssl;
  };

  it('is used as sslMode says', async () => {
    expect(await isEncrypted('disable')).toBe(false);
    expect(await isEncrypted('allow')).toBe(false);
    expect(await isEncrypted('prefer')).toBe(true);
    expect(await isEncrypted('require')).toBe(true);
    expect(
      await isEncrypted('disable', { sslMode: undefined, connectionOptions: { sslmode: 'require' } } as never),
    ).toBe(true);
  });

  it('checks the authority, and with verify-full the name', async () => {
    const sslConfig = { caCertificate: authority.certificate };
    expect(await isEncrypted('verify-ca', { sslConfig })).toBe(true);
    expect(await isEncrypted('verify-full', { sslConfig, hostPort: `localhost:${server.port}` })).toBe(true);
    await expect(isEncrypted('verify-full', { sslConfig })).rejects.toMatchObject({ code: 'postgres.certificate' });
    await expect(isEncrypted('verify-full')).rejects.toMatchObject({ code: 'postgres.certificate' });
    expect(await isEncrypted('require', { sslConfig })).toBe(true);
  });

  it('is asked for where the server wants it', async () => {
    const { rows } = await admin.query<{ file: string; content: string }>(
      `SELECT current_setting('hba_file') AS file, pg_read_file(current_setting('hba_file')) AS content`,
    );
    const [{ file, content } = { file: '', content: '' }] = rows;
    const allow = async (lines: string): Promise<void> => {
      await admin.query(
        `COPY (SELECT unnest(string_to_array(${pg.escapeLiteral(lines)}, E'\\n'))) TO ${pg.escapeLiteral(file)}`,
      );
      await admin.query('SELECT pg_reload_conf()');
    };
    await allow('hostssl all all 127.0.0.1/32 scram-sha-256');
    try {
      // The server takes its new rules a moment after it was told to.
      while (await isEncrypted('allow').then((encrypted) => !encrypted)) await setTimeout(20);
      expect(await failure(connectionTo(server, 'one'))).toMatchObject({ code: 'postgres.tls-needed', exitCode: 3 });
      expect(await isEncrypted('require')).toBe(true);
    } finally {
      await allow(content.trim());
    }
  });

  it('is missed where the server has none', async () => {
    const without = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.write('N')));
    const hostPort = await listening(without);
    expect(await failure({ ...connectionTo(server, 'one'), hostPort, sslMode: 'require' })).toMatchObject({
      code: 'postgres.no-tls',
      exitCode: 3,
    });
    without.close();
  });
});

describe('a server with several databases', () => {
  const all = (more: Partial<PostgresConfig> = {}) =>
    connectionTo(server, 'postgres', { ingestAllDatabases: true, ...more });
  const databasesOf = (read: Awaited<ReturnType<typeof readSource>>) =>
    read.records.flatMap((record) => (record.kind === 'table' ? [record.path.slice(1).join('.')] : [])).sort();

  it('is read whole when the recipe asks for it, and else one database of it', async () => {
    const one = await readSource(connectionTo(server, 'one'));
    expect(databasesOf(one)).toEqual(['one.hidden.secret', 'one.public.one_table']);
    const read = await readSource(all());
    expect(databasesOf(read)).toHaveLength(8);
    expect(read.records.filter(({ kind }) => kind === 'database')).toHaveLength(5);
    await Promise.all([one.source.close(), read.source.close()]);
  });

  it('may be asked for a template by its name, and leaves templates out otherwise', async () => {
    const { source, records } = await readSource(connectionTo(server, 'template1'));
    await source.close();
    expect(records.filter(({ kind }) => kind === 'database')).toMatchObject([{ path: ['pg', 'template1'] }]);
    const others = await readSource(all());
    await others.source.close();
    expect(JSON.stringify(others.records)).not.toContain('template1');
  });

  it('has its schemas and tables told also where the user may not read their rows', async () => {
    const read = await readSource(connectionTo(server, 'two', reader));
    expect(databasesOf(read)).toEqual(['two.hidden.secret', 'two.public.two_table']);
    expect(read.issues).toEqual([]);
    await read.source.close();
  });

  it('tells which databases the user may not connect to; what was in them is not missed', async () => {
    const read = await readSource(all({ ...reader, database: 'one' }));
    expect(read.issues).toEqual([
      {
        outcome: 'skipped',
        kind: 'database',
        reason: 'no-right-to-connect',
        name: 'closed',
        message: 'the user may not connect to this database',
      },
    ]);
    const covers = (database: string) => read.source.covers('postgres_table', ['pg', database, 'public', 't']);
    expect(['one', 'two', 'closed', 'dropped'].map(covers)).toEqual([true, true, false, true]);
    expect(await checks(all({ ...reader, database: 'one' }))).toContainEqual({
      name: 'read databases',
      ok: true,
      message: '5 databases; the user may not connect to closed',
    });
    await read.source.close();
  });

  it('does not connect to databases that the patterns keep out', async () => {
    const read = await readSource(all({ ...reader, database: 'one' }), { reads: (name) => name === 'one' });
    expect(read.issues).toEqual([]);
    expect(databasesOf(read)).toEqual(['one.hidden.secret', 'one.public.one_table']);
    // Told, so that the filter can count them.
    expect(read.records.filter(({ kind }) => kind === 'database')).toHaveLength(5);
    expect(read.source.covers('postgres_table', ['pg', 'two', 'public', 't'])).toBe(false);
    await read.source.close();
  });

  it('goes on when one cannot be read, and says so', async () => {
    await admin.query('ALTER DATABASE crowded CONNECTION LIMIT 0');
    try {
      const read = await readSource(all({ ...reader, database: 'one' }), { reads: (name) => name !== 'closed' });
      expect(read.issues.map(({ outcome, kind, reason, name }) => [outcome, kind, reason, name])).toEqual(
        ['databaseSchema', 'table', 'lineage'].map((kind) => ['failed', kind, 'database-unreadable', 'crowded']),
      );
      expect(read.records.filter(({ kind }) => kind === 'database')).toHaveLength(5);
      expect(databasesOf(read)).toHaveLength(4);
      await read.source.close();
      expect((await checks(all({ ...reader, database: 'one' }))).filter(({ ok }) => !ok)).toMatchObject([
        { name: 'read crowded', message: expect.stringContaining('too many connections') },
      ]);
    } finally {
      await admin.query('ALTER DATABASE crowded CONNECTION LIMIT -1');
    }
  });
});
