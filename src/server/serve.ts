import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import type { CommandContext } from '../cli/command-context.ts';
import { onStopSignals } from '../cli/stop-signals.ts';
import type { Terminal } from '../cli/terminal.ts';
import { Redactor } from '../config/redactor.ts';
import { ConfigurationError } from '../errors.ts';
import { meridianHome } from '../state/state-location.ts';
import { type AccountSource, fixedAccount } from './access/accounts.ts';
import { UsersFile } from './access/users-file.ts';
import { consoleFolder } from './console-folder.ts';
import { createServer } from './create-server.ts';
import { ServiceDefaults } from './managed/service-defaults.ts';
import { openEngine } from './open-engine.ts';
import { isLoopback, readCertificate, requireSafeHost } from './settings/listening.ts';
import { readServeSettings, type ServeSettings } from './settings/serve-settings.ts';
import { startNotices } from './start-notices.ts';

/** What the command line says; it wins over the settings file. */
export interface ServeOptions extends Pick<ServeSettings, 'port' | 'host' | 'engine' | 'behindProxy' | 'defaults'> {
  readonly settings?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** Address of the OpenMetadata server. */
  readonly openmetadata?: string;
  readonly openmetadataVersion?: string;
}

const defaultPort = 8586;

/**
 * `meridian serve`: opens the engine, listens, says where, and closes both when a signal comes.
 *
 * @throws ConfigurationError when something of it cannot be had
 */
export async function serve(options: ServeOptions, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const { env } = terminal;
  const home = meridianHome(env);
  const { settings, redactor } = await settingsOf(options, env);
  for (const name of ['MERIDIAN_PASSWORD', 'MERIDIAN_API_TOKEN', 'MERIDIAN_KEY']) redactor.learn(env[name] ?? '');
  terminal.redactWith(redactor);
  if (settings.oidc && settings.publicUrl === undefined) throw noPublicUrl();
  const { host = '127.0.0.1', port = defaultPort, behindProxy = false } = settings;
  requireSafeHost(host, { tls: settings.tls !== undefined, behindProxy });
  const tls = settings.tls && readCertificate(settings.tls);
  const serviceDefaults = settings.defaults === undefined ? undefined : await ServiceDefaults.read(settings.defaults);
  const accounts = await accountsOf(settings, home, host, terminal);
  const folder = await consoleFolder({ onBuild: () => terminal.note('Building the console …\n') });
  const opened = await openEngine({ settings, home, env, redactor });
  const { engine, history, events } = opened;
  // The log goes to standard error, a JSON object a line; standard output has the address alone.
  const log = pino(
    { base: null, level: terminal.verbose ? 'debug' : 'info' },
    { write: (line: string) => terminal.note(line) },
  );
  const notices = startNotices(settings, opened, redactor, log);
  const ended = Promise.withResolvers<void>();
  const signals = onStopSignals(() => ended.resolve());
  try {
    const app = await createServer(
      {
        engine,
        history,
        events,
        accounts,
        home,
        env,
        openMetadata: settings.openMetadata ?? {},
        ...(serviceDefaults && { serviceDefaults }),
      },
      {
        tls,
        behindProxy,
        log,
        consoleFolder: folder,
        apiToken: env['MERIDIAN_API_TOKEN'] || undefined,
        openMetadata: {
          configured: options.openmetadataVersion ?? settings.openMetadata?.version,
          hostPort: options.openmetadata ?? settings.openMetadata?.hostPort,
        },
        oidc: settings.oidc,
        publicUrl: settings.publicUrl,
        managed: { csrf: settings.openMetadata?.csrf ?? false },
      },
    );
    try {
      await app.listen({ host, port }).catch((cause: unknown) => {
        throw cannotListen(host, port, cause);
      });
      terminal.data(`${JSON.stringify({ url: urlOf(app.server.address() as AddressInfo, tls !== undefined) })}\n`);
      await ended.promise;
      log.info('stopping');
    } finally {
      await app.close();
    }
  } finally {
    await engine.close();
    await notices?.close();
    signals.release();
  }
  if (signals.exitCode !== undefined) context.exitCode = signals.exitCode;
}

async function settingsOf(
  options: ServeOptions,
  env: Terminal['env'],
): Promise<{ readonly settings: ServeSettings; readonly redactor: Redactor }> {
  const { settings: file, tlsCert, tlsKey, openmetadata: _, openmetadataVersion: __, ...flags } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new ConfigurationError('serve.certificate', 'Of --tls-cert and --tls-key, one is missing.', {
      help: 'A certificate needs its key: give both, or neither.',
    });
  }
  const read = file === undefined ? undefined : await readServeSettings(file, env);
  const tls = tlsCert !== undefined && tlsKey !== undefined ? { cert: tlsCert, key: tlsKey } : read?.settings.tls;
  return {
    settings: { ...read?.settings, ...flags, ...(tls && { tls }) },
    redactor: read?.redactor ?? new Redactor([]),
  };
}

/** @throws ConfigurationError `serve.no-users` */
async function accountsOf(
  settings: ServeSettings,
  home: string,
  host: string,
  terminal: Terminal,
): Promise<readonly AccountSource[]> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const users = new UsersFile(join(home, 'users.json'));
  const { MERIDIAN_USERNAME: name, MERIDIAN_PASSWORD: password } = terminal.env;
  if (name && password) return [await fixedAccount(name, password, 'admin'), users];
  if (name || password) {
    throw new ConfigurationError('serve.no-users', 'Of MERIDIAN_USERNAME and MERIDIAN_PASSWORD, one is missing.', {
      help: 'Set both, or neither.',
    });
  }
  if (users.list().length > 0 || settings.oidc || terminal.env['MERIDIAN_API_TOKEN']) return [users];
  if (!isLoopback(host)) {
    throw new ConfigurationError('serve.no-users', 'Nobody could sign in: there are no users yet.', {
      help: 'Set MERIDIAN_USERNAME and MERIDIAN_PASSWORD, or add somebody: meridian serve user add NAME --role admin.',
    });
  }
  const made = randomBytes(9).toString('base64url');
  terminal.note(`There are no users yet. Until it ends, this service knows one: admin, with the password ${made}\n`);
  return [await fixedAccount('admin', made, 'admin'), users];
}

function noPublicUrl(): ConfigurationError {
  return new ConfigurationError('serve.no-public-url', 'The settings have oidc, but no publicUrl.', {
    help: 'Set publicUrl to the address that browsers know this service by; the provider sends people back there.',
  });
}

function urlOf({ address, port, family }: AddressInfo, isTls: boolean): string {
  const isAny = address === '0.0.0.0' || address === '::';
  const host = isAny ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `${isTls ? 'https' : 'http'}://${host}:${port}`;
}

function cannotListen(host: string, port: number, cause: unknown): ConfigurationError {
  const { code } = cause as NodeJS.ErrnoException;
  const why = code === 'EADDRINUSE' ? 'something else listens there' : (code ?? String(cause));
  return new ConfigurationError('serve.cannot-listen', `Meridian cannot listen at ${host}, port ${port}: ${why}.`, {
    help: 'Choose another --port (0 takes any), or an address of this machine as --host.',
    cause,
  });
}
