import { join } from 'node:path';
import { meridianHome } from '../../state/state-location.ts';
import { UsersFile } from '../access/users-file.ts';

/** The users of the service whose data lies in `MERIDIAN_HOME`. */
export function openUsersFile(env: Readonly<Record<string, string | undefined>>): UsersFile {
  return new UsersFile(join(meridianHome(env), 'users.json'));
}
