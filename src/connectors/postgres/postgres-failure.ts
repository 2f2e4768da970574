import { AuthenticationError, ConfigurationError, ConnectionError, MeridianError } from '../../errors.ts';
import { codeOf, messageOf } from '../../postgres/driver-error.ts';

const certificate = /^(CERT_|DEPTH_|SELF_|UNABLE_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|HOSTNAME_)/;
const ownCertificate = /^(ERR_OSSL_|ERR_CRYPTO_)/;
/** PostgreSQL closes a session, or has none to give. */
const noConnection = /^(08...|57P0[1-5]|53300)$/;
const tooLate = /^(57014|55P03|25P0[34])$/;

/**
 * What a failure of the server or its client library means to a user. The server's message is quoted; its details are not,
 * since they may hold values.
 *
 * @param place host, port and database, for people
 */
export function postgresFailure(error: unknown, place: string): MeridianError {
  if (error instanceof MeridianError) return error;
  const code = codeOf(error);
  const message = messageOf(error);
  const text = `PostgreSQL at ${place}`;
  if (code === '28000' && /no encryption|SSL off/.test(message)) {
    return new ConnectionError('postgres.tls-needed', `${text} wants an encrypted connection: ${message}`, {
      help: 'Set sslMode of the connection to require, or better to verify-full with sslConfig.caCertificate.',
      cause: error,
    });
  }
  if (code.startsWith('28') || message.startsWith('SASL')) {
    return new AuthenticationError('postgres.sign-in', `${text} does not let us in: ${message}`, {
      help: 'Check username and authType.password of the connection, and the server’s pg_hba.conf.',
      cause: error,
    });
  }
  if (code === '3D000') {
    return new ConfigurationError('postgres.no-database', `${text}: ${message}`, {
      help: 'Correct database of the connection: “psql -l” lists those that there are.',
      cause: error,
    });
  }
  if (code === '42501') {
    return new AuthenticationError('postgres.no-right', `${text} does not let this user read there: ${message}`, {
      help: 'Grant the user CONNECT on the database, and SELECT on what of pg_catalog was taken from everybody.',
      cause: error,
    });
  }
  if (/does not support SSL/.test(message)) {
    return new ConnectionError('postgres.no-tls', `${text} speaks no TLS, and sslMode asks for it.`, {
      help: 'Turn ssl on at the server, or set sslMode to prefer or disable.',
      cause: error,
    });
  }
  if (certificate.test(code) && !ownCertificate.test(code)) {
    return new ConnectionError('postgres.certificate', `The certificate of ${text} is refused: ${message}`, {
      help: 'Give sslConfig.caCertificate the authority that it comes from; verify-full also wants the host’s name in it.',
      cause: error,
    });
  }
  if (tooLate.test(code)) {
    return new ConnectionError('postgres.too-slow', `${text} did not answer in time: ${message}`, {
      help: 'Run again when the server has less to do, or when nobody changes its tables (ALTER TABLE holds locks).',
      cause: error,
    });
  }
  if (code === '' || !/^[0-9A-Z]{5}$/.test(code) || noConnection.test(code)) {
    return new ConnectionError('postgres.unreachable', `${text} cannot be reached: ${message}`, {
      help: 'Check hostPort and sslMode of the connection, that the server runs, and the firewall from this machine.',
      cause: error,
    });
  }
  return new MeridianError('postgres.refused', `${text} refused: ${message} (${code})`, {
    help: 'The message has the server’s words; its log has more.',
    cause: error,
  });
}

/** Something answers, and it is no PostgreSQL. */
export function notPostgres(place: string, what: string): ConnectionError {
  return new ConnectionError('postgres.not-postgres', `What answers at ${place} is no PostgreSQL: ${what}.`, {
    help: 'Check hostPort of the connection: 5432 is PostgreSQL’s usual port.',
  });
}
