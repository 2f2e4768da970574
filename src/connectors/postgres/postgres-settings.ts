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

/** What a valid recipe says of its connection, defaults filled in. */
export function postgresSettings(config: PostgresConfig): PostgresSettings {
  const { authType, username, database } = config;
  // What is no address has been found before (postgres-findings.ts).
  const { host, port } = hostAndPort(config.hostPort) ?? { host: config.hostPort, port: postgresDefaults.port };
  const options = libpqOptions(config);
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
    sslMode: config.sslMode ?? (options['sslmode'] as SslMode | undefined) ?? postgresDefaults.sslMode,
    sslConfig: config.sslConfig,
    applicationName: textOf(options['application_name']) ?? postgresDefaults.applicationName,
    connectTimeoutSeconds: seconds > 0 ? seconds : postgresDefaults.connectTimeoutSeconds,
    options: textOf(options['options']),
    classificationName: config.classificationName ?? postgresDefaults.classificationName,
  };
}

/** Options in libpq’s words, wherever the recipe has them. */
export function libpqOptions({
  connectionOptions,
  connectionArguments,
}: Pick<PostgresConfig, 'connectionOptions' | 'connectionArguments'>): Readonly<Record<string, unknown>> {
  return { ...connectionOptions, ...connectionArguments };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Of `host`, `host:port` or `[::1]:port`; undefined for what is none of these. */
export function hostAndPort(hostPort: string): { readonly host: string; readonly port: number } | undefined {
  const { host, bare, port } =
    /^(?:\[(?<host>[^\]]+)\]|(?<bare>[^:@\s[\]/]+))(?::(?<port>\d{1,5}))?$/.exec(hostPort.trim())?.groups ?? {};
  const found = host ?? bare;
  const number = port === undefined ? postgresDefaults.port : Number(port);
  return found !== undefined && number > 0 && number < 65_536 ? { host: found, port: number } : undefined;
}
