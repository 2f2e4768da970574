import { setFlagsFromString } from 'node:v8';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isRole, type Role, roles } from '../server/access/role.ts';
import type { CommandContext } from './command-context.ts';

interface ServeFlags {
  readonly settings?: string;
  readonly port?: number;
  readonly host?: string;
  readonly engine?: 'embedded' | 'airflow';
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly behindProxy?: boolean;
  readonly defaults?: string;
  readonly openmetadata?: string;
  readonly openmetadataVersion?: string;
}

export function configureServe(command: Command, context: CommandContext): void {
  command
    .option('--settings <file>', 'settings, YAML (“meridian schema serve”); options win over it')
    .option('--port <n>', 'port to listen on, 8586 unless set (0: any)', portNumber)
    .option('--host <address>', 'address to listen on, 127.0.0.1 unless set')
    .addOption(new Option('--engine <name>', 'what runs the pipelines').choices(['embedded', 'airflow']))
    .option('--tls-cert <file>', 'certificate (PEM) to speak https with')
    .option('--tls-key <file>', 'key (PEM) of that certificate')
    .option('--behind-proxy', 'a proxy stands before us, speaks https, and sets X-Forwarded-*')
    .option('--defaults <file>', 'what is added to the recipes of pipelines from OpenMetadata, by service')
    .option('--openmetadata <url>', 'address of the OpenMetadata server, to learn its version')
    .option('--openmetadata-version <version>', 'its version, where it cannot be asked')
    .addHelpText('after', afterHelp)
    .action(async (flags: ServeFlags) => {
      // A service waits most of the time: its young generation need not grow with the loading of its code.
      setFlagsFromString('--semi-space-growth-factor=1');
      const { serve } = await import('../server/serve.ts');
      await serve(flags, context);
    });
  configureUsers(command, context);
}

const afterHelp = `
Prints one JSON line {"url": …} when it is ready, and runs until Ctrl-C or SIGTERM.
Signs in: MERIDIAN_USERNAME and MERIDIAN_PASSWORD (an admin), and “meridian serve user add NAME”.
MERIDIAN_API_TOKEN lets programs in by a bearer token. MERIDIAN_HOME has all that is kept.`;

function configureUsers(command: Command, { terminal }: CommandContext): void {
  const user = command.command('user').description('Who may sign in by name and password.');
  user
    .command('add <name>')
    .description('Add somebody, or give another password and role; the password comes on standard input.')
    .option('--role <role>', `${roles.join(', ')}; viewer unless set`, roleName, 'viewer')
    .action(async (name: string, { role }: { readonly role: Role }) => {
      const file = await usersFile(terminal.env);
      const { readPassword } = await import('../server/settings/read-password.ts');
      const isNew = await file.put({ name, role, password: await readPassword(terminal) });
      terminal.note(`${name} ${isNew ? 'was added' : 'was changed'}: ${role}.\n`);
    });
  user
    .command('list')
    .description('Show who there is.')
    .action(async () => {
      const accounts = (await usersFile(terminal.env)).list();
      for (const { name, role } of accounts) terminal.data(`${name}\t${role}\n`);
      if (accounts.length === 0) terminal.note('There is nobody yet.\n');
    });
  user
    .command('remove <name>')
    .description('Let somebody in no more; who is signed in is signed out.')
    .action(async (name: string) => {
      await (await usersFile(terminal.env)).remove(name);
      terminal.note(`${name} was removed.\n`);
    });
}

async function usersFile(env: CommandContext['terminal']['env']) {
  const { openUsersFile } = await import('../server/settings/open-users-file.ts');
  return openUsersFile(env);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It is a number from 0 to 65535.');
}

function roleName(text: string): Role {
  if (isRole(text)) return text;
  throw new InvalidArgumentError(`It is one of ${roles.join(', ')}.`);
}
