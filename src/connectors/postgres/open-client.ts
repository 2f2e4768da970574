import { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { tlsOptions } from '../../http/tls-options.ts';
import { codeOf } from '../../postgres/driver-error.ts';
import { notPostgres, postgresFailure } from './postgres-failure.ts';
import type { PostgresSettings } from './postgres-settings.ts';

type Tls = ConnectionOptions | false;

/** First bytes of an answer of PostgreSQL: to a start, and to the question whether it speaks TLS. */
const answers = { plain: 'REvN', tls: 'SNE' };

/**
 * A connection to one database, signed in. The signal ends it at once.
 *
 * @throws AuthenticationError, ConnectionError, ConfigurationError `postgres.…`
 */
export async function openClient(
  settings: PostgresSettings,
  database: string,
  signal: AbortSignal,
): Promise<pg.Client> {
  const place = `${settings.place}/${database}`;
  const [first, ...others] = tlsAttempts(settings);
  try {
    return await connect(settings, database, first!, signal);
  } catch (error) {
    signal.throwIfAborted();
    const [second] = others;
    const mayHelp = codeOf(error) === '28000' || /does not support SSL/.test(String(error));
    if (second === undefined || !mayHelp) throw postgresFailure(error, place);
    try {
      return await connect(settings, database, second, signal);
    } catch (again) {
      signal.throwIfAborted();
      throw postgresFailure(again, place);
    }
  }
}

async function connect(
  { host, port, username, password, applicationName, connectTimeoutSeconds, options, place }: PostgresSettings,
  database: string,
  ssl: Tls,
  signal: AbortSignal,
): Promise<pg.Client> {
  const socket = new Socket();
  let stranger: string | undefined;
  socket.once('data', (chunk: Buffer) => {
    const byte = String.fromCharCode(chunk[0]!);
    if ((ssl ? answers.tls : answers.plain).includes(byte)) return;
    stranger = chunk
      .subarray(0, 40)
      .toString('latin1')
      .replace(/[^ -~]+/g, ' ')
      .trim();
    socket.destroy(new Error('no PostgreSQL'));
  });
  const client = new pg.Client({
    ...{ host, port, database, ssl, user: username, application_name: applicationName },
    ...(password !== undefined && { password }),
    ...(options !== undefined && { options }),
    connectionTimeoutMillis: connectTimeoutSeconds * 1000,
    keepAlive: true,
    stream: () => socket,
  });
  // Told to whoever waits for an answer; an idle connection that breaks is found out by the next question.
  client.on('error', () => undefined);
  const stop = (): void => void socket.destroy(new Error('stopped'));
  signal.addEventListener('abort', stop, { once: true });
  client.once('end', () => signal.removeEventListener('abort', stop));
  try {
    signal.throwIfAborted();
    await client.connect();
    return client;
  } catch (error) {
    socket.destroy();
    if (stranger !== undefined) throw notPostgres(place, `it says “${stranger}”`);
    throw error;
  }
}

/** What is tried in turn: `allow` and `prefer` leave it to the server, as psql does. */
function tlsAttempts({ sslMode, sslConfig }: PostgresSettings): readonly Tls[] {
  if (sslMode === 'disable') return [false];
  const own = tlsOptions({ sslConfig: sslConfig && { ...sslConfig, caCertificate: undefined } });
  const authority = sslConfig?.caCertificate ? tlsOptions({ verifySSL: 'validate', sslConfig }) : own;
  const unchecked: Tls = { ...own, rejectUnauthorized: false };
  // The host's name may differ, the authority may not.
  const byAuthority: Tls = { ...authority, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  switch (sslMode) {
    case 'allow':
      return [false, unchecked];
    case 'prefer':
      return [unchecked, false];
    case 'require':
      // As libpq: an authority that is given is checked.
      return [sslConfig?.caCertificate ? byAuthority : unchecked];
    case 'verify-ca':
      return [byAuthority];
    case 'verify-full':
      return [{ ...authority, rejectUnauthorized: true }];
  }
}
