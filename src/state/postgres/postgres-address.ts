import { ConfigurationError } from '../../errors.ts';

export interface PostgresAddress {
  /** As the client library takes it; a secret. */
  readonly connectionString: string;
  /** For people: user, host and database, nothing that is secret. */
  readonly place: string;
}

/**
 * Checks the address of a PostgreSQL database. `sslmode` means what it means to psql (`require` encrypts, `verify-ca`
 * and `verify-full` also check who answers), except that `prefer` insists on TLS.
 *
 * @throws ConfigurationError `state.bad-address`, which does not quote the address: it may hold a password
 */
export function postgresAddress(address: string | undefined): PostgresAddress {
  if (address === undefined || address === '') {
    throw badAddress('meridian.state.type is postgres, and meridian.state.connectionString is missing.');
  }
  if (!isPostgresAddress(address)) {
    throw badAddress('meridian.state.connectionString is no address of a PostgreSQL database.');
  }
  const url = new URL(address);
  const parameters = url.searchParams;
  const user = parameters.get('user') ?? decoded(url.username);
  const host = parameters.get('host') ?? (url.host === '' ? 'localhost' : url.host);
  const place = `postgres://${user === '' ? '' : `${user}@`}${host}${decoded(url.pathname)}`;
  // Without this the library takes `require` for `verify-full`, and says so on standard error.
  if (parameters.has('sslmode') && !parameters.has('uselibpqcompat')) parameters.set('uselibpqcompat', 'true');
  return { connectionString: url.href, place };
}

/** True for `postgres://…` and `postgresql://…`. */
export function isPostgresAddress(text: string): boolean {
  return URL.canParse(text) && /^postgres(ql)?:\/\//.test(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function badAddress(message: string): ConfigurationError {
  return new ConfigurationError('state.bad-address', message, {
    help: 'Write it as postgres://user:password@host:5432/database; characters such as @ and / in a password as %40 and %2F.',
  });
}
