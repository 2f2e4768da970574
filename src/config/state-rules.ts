import { isPostgresAddress } from '../state/postgres/postgres-address.ts';
import type { Finding } from './validate-recipe.ts';

const path = ['meridian', 'state'];

/** What a schema cannot say of `meridian.state`: an address where one is needed, and one that is right. */
export function stateFindings({ type, connectionString }: Readonly<Record<string, unknown>>): Finding[] {
  const expected = 'an address such as postgres://meridian:${env:STATE_PASSWORD}@db.example:5432/meridian';
  if (connectionString === undefined) {
    if (type !== 'postgres') return [];
    return [{ path: [...path, 'type'], message: 'PostgreSQL needs connectionString.', expected }];
  }
  const at = [...path, 'connectionString'];
  // Not quoted: it may hold a password.
  if (typeof connectionString === 'string' && !isPostgresAddress(connectionString)) {
    return [{ path: at, message: 'This is no address of a PostgreSQL database.', expected }];
  }
  if (type === 'postgres') return [];
  return [{ path: at, at: 'key', message: 'Only PostgreSQL has an address.', suggestion: 'Add type: postgres.' }];
}
