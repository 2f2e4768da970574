import { AuthenticationError, ConfigurationError, ConnectionError, MeridianError } from '../../errors.ts';
import { codeOf, messageOf } from '../../postgres/driver-error.ts';

/** Codes of the system and of PostgreSQL (SQLSTATE) that say: the connection is gone, or there is none to be had now. */
const noConnection =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOST\w+|ENET\w+|ENOTFOUND|EAI_AGAIN|ENOENT|EACCES|08...|57P0[1-4]|53300)$/;
/** Errors of the library that have no code. */
const lostConnection = /connection terminated|timeout exceeded when trying to connect|connection ended unexpectedly/i;

/** Worth another try a little later: every statement of ours does the same when it is sent twice. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  return noConnection.test(code) || code === '40001' || code === '40P01' || lostConnection.test(messageOf(error));
}

/**
 * What a failure of the database means to a user. The server's message is quoted, its details are not: they hold values.
 *
 * @param place the database, for people
 */
export function postgresError(error: unknown, place: string): MeridianError {
  if (error instanceof MeridianError) return error;
  const code = codeOf(error);
  const message = messageOf(error);
  if (code === '28P01' || code === '28000' || message.startsWith('SASL')) {
    return new AuthenticationError('state.sign-in', `The state store ${place} does not let us in: ${message}`, {
      help: 'Check user and password in meridian.state.connectionString, and the server’s pg_hba.conf.',
      cause: error,
    });
  }
  if (code === '3D000') {
    return new ConfigurationError('state.no-database', `The state store ${place} is not there: ${message}`, {
      help: 'Create the database, or correct its name at the end of meridian.state.connectionString.',
      cause: error,
    });
  }
  if (code === '42501' || code === '25006') {
    return new ConfigurationError('state.no-right', `The user may not write to the state store ${place}: ${message}`, {
      help: 'Let the user create the schema once (GRANT CREATE ON DATABASE …), or have it made for him: CREATE SCHEMA meridian AUTHORIZATION ….',
      cause: error,
    });
  }
  if (code === '' || isPassing(error) || /^(ERR_|CERT_|DEPTH_|SELF_|UNABLE_)/.test(code)) {
    return new ConnectionError('state.unreachable', `The state store ${place} cannot be reached: ${message}`, {
      help: 'Check host, port and sslmode in meridian.state.connectionString, and that the server runs.',
      cause: error,
    });
  }
  return new MeridianError('state.refused', `The state store ${place} refused: ${message} (${code})`, {
    help: 'Look at the server’s log; then run again, nothing is lost.',
    cause: error,
  });
}
