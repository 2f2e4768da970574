import { ConfigurationError } from '../../errors.ts';
import type { ConnectionSettings } from '../connector.ts';
import { postgresDefaults } from './postgres-defaults.ts';

export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

/** `source.serviceConnection.config`: the keys that a run follows. */
export interface PostgresConfig {
  readonly username: string;
  readonly authType?: { readonly password?: string; readonly awsConfig?: object; readonly azureConfig?: object };
  readonly hostPort: string;
  readonly database: string;
  readonly ingestAllDatabases?: boolean;
  readonly sslMode?: SslMode;
  readonly sslConfig?: {
    readonly caCertificate?: string;
    readonly sslCertificate?: string;
    readonly sslKey?: string;
  };
  readonly classificationName?: string;
  readonly connectionOptions?: Readonly<Record<string, unknown>>;
  readonly connectionArguments?: Readonly<Record<string, unknown>>;
}

/** How a PostgreSQL server is reached, and which of its databases are read. */
export interface PostgresSettings extends ConnectionSettings<'Postgres'> {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** Undefined where the server trusts us. */
  readonly password: string | undefined;
  readonly database: string;
  readonly allDatabases: boolean;
  readonly sslMode: SslMode;
  readonly sslConfig: PostgresConfig['sslConfig'];
  readonly applicationName: string;
  readonly connectTimeoutSeconds: number;
  /** `-c name=value …` for the session. */
  readonly options: string | undefined;
  readonly classificationName: string;
}

/**
 * What a recipe says of its connection, defaults filled in.
 *
 * @throws ConfigurationError `postgres.address`, `postgres.sign-in-not-served`, `postgres.ssl-mode`
 */
export function postgresSettings(config: PostgresConfig): PostgresSettings {
  const { authType, username, database } = config;
  for (const [key, name] of [
    ['awsConfig', 'AWS IAM'],
    ['azureConfig', 'Azure'],
  ] as const) {
    if (authType?.[key] === undefined) continue;
    throw new ConfigurationError('postgres.sign-in-not-served', `Signing in at PostgreSQL by ${name} is not served.`, {
      help: 'Give authType.password: that of a user with a password, or a token that a command of yours makes (${exec:…}).',
    });
  }
  const { host, port } = hostAndPort(config.hostPort);
  const options = { ...config.connectionOptions, ...config.connectionArguments };
  const seconds = Number(options['connect_timeout']);
  return {
    type: 'Postgres',
    place: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    host,
    port,
    username,
    password: authType?.password,
    database,
    allDatabases: config.ingestAllDatabases ?? postgresDefaults.ingestAllDatabases,
    sslMode: sslMode(config.sslMode ?? options['sslmode'] ?? postgresDefaults.sslMode),
    sslConfig: config.sslConfig,
    applicationName: textOf(options['application_name']) ?? postgresDefaults.applicationName,
    connectTimeoutSeconds: seconds > 0 ? seconds : postgresDefaults.connectTimeoutSeconds,
    options: textOf(options['options']),
    classificationName: config.classificationName ?? postgresDefaults.classificationName,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function sslMode(value: unknown): SslMode {
  const found = sslModes.find((mode) => mode === value);
  if (found) return found;
  throw new ConfigurationError('postgres.ssl-mode', 'The option sslmode of the connection is none of PostgreSQL’s.', {
    help: `It is one of ${sslModes.join(', ')}; sslMode is the better place for it.`,
  });
}

/** `host`, `host:port`, `[::1]:port`; the host may also be the folder of a Unix socket. */
function hostAndPort(hostPort: string): { readonly host: string; readonly port: number } {
  const { host, bare, port } =
    /^(?:\[(?<host>[^\]]+)\]|(?<bare>[^:@\s[\]]+))(?::(?<port>\d{1,5}))?$/.exec(hostPort.trim())?.groups ?? {};
  const found = host ?? bare;
  const number = port === undefined ? postgresDefaults.port : Number(port);
  if (found !== undefined && number > 0 && number < 65_536) return { host: found, port: number };
  throw new ConfigurationError('postgres.address', 'hostPort of the source is no host with a port.', {
    help: 'Write it as db.example.com:5432, without “postgresql://”, user or database: those have keys of their own.',
  });
}
