import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../state/postgres/postgres-server.testing.ts';
import { sourceContract } from '../../testing/source-contract.ts';
import { connectionTo } from './read-source.testing.ts';
import { sampleDatabase } from './sample-database.testing.ts';

/** Bytes of the sample’s answers after which the connection breaks: all that comes before the tables, and some of these. */
const breaksAfter = 20_000;

/** Passes everything on to a server, until it has answered so much. */
async function breakingProxy(port: number): Promise<Server> {
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    let answered = 0;
    for (const socket of [client, server]) socket.on('error', () => undefined);
    server.on('data', (chunk) => {
      answered += chunk.length;
      if (answered > breaksAfter) client.destroy();
    });
    client
      .on('close', () => server.destroy())
      .pipe(server)
      .pipe(client);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
}

describe('PostgreSQL as a source', () => {
  let server: PostgresServer;
  let proxy: Server;
  beforeAll(async () => {
    server = await startPostgres();
    const client = new pg.Client(server.address('postgres'));
    await client.connect();
    await client.query(sampleDatabase);
    await client.end();
    proxy = await breakingProxy(server.port);
  });
  afterAll(async () => {
    proxy?.close();
    await server?.stop();
  });
  const rules = sourceContract({
    connector: 'Postgres',
    connection: () => connectionTo(server, 'postgres'),
    failing: () => ({
      ...connectionTo(server, 'postgres'),
      hostPort: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    }),
    secrets: ['owner-secret'],
    // It does not wait for who takes its records, on purpose: all is read into a file on disk, so that no session and no
    // snapshot at the server is kept open meanwhile.
    large: 'uncountable',
  });
  for (const { name, check } of rules) it(name, check);
});
