import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError } from '../../errors.ts';
import type { TlsOptions } from '../../http/tls-options.ts';
import type { AzureConfig } from '../../sign-in/azure-auth.ts';
import type { ConnectionConfig, ConnectionSettings } from '../connector.ts';

/** How one signs in; `user`: by the name alone. */
export type TrinoSignIn =
  | { readonly kind: 'user' }
  | { readonly kind: 'basic'; readonly password: string }
  | { readonly kind: 'jwt'; readonly token: string }
  | { readonly kind: 'azure'; readonly config: AzureConfig };

export interface TrinoSettings extends ConnectionSettings<'Trino'> {
  /** An http or https address. */
  readonly address: string;
  readonly user: string;
  readonly signIn: TrinoSignIn;
  readonly catalog: string | undefined;
  readonly databaseSchema: string | undefined;
  readonly proxies: { readonly http?: string; readonly https?: string } | undefined;
  /** As the recipe has it; a file's path is whole. */
  readonly verify: string | undefined;
  readonly source: string;
  /** Headers of the recipe, and those of roles, tags and time zone. */
  readonly headers: Readonly<Record<string, string>>;
  readonly session: Readonly<Record<string, string>>;
  readonly extraCredential: Readonly<Record<string, string>>;
  readonly requestTimeoutMs: number;
  readonly queryTimeoutMs: number;
  readonly retries: number;
}

const defaults = { requestSeconds: 60, querySeconds: 1_800, attempts: 6 };

export type TrinoConfig = ConnectionConfig<'Trino'>;
type Arguments = Readonly<Record<string, unknown>>;

/** @throws ConfigurationError `trino.sign-in`, `trino.argument` */
export function trinoSettings(config: TrinoConfig, recipeDirectory: string): TrinoSettings {
  const given: Arguments = { ...config.connectionOptions, ...config.connectionArguments };
  const signIn = signInOf(config.authType);
  const address = addressOf(config.hostPort, signIn, given['http_scheme']);
  const verify = config.verify?.trim();
  return {
    type: 'Trino',
    place: URL.canParse(address) ? new URL(address).host : config.hostPort,
    address,
    user: config.username,
    signIn,
    catalog: config.catalog || undefined,
    databaseSchema: config.databaseSchema || undefined,
    proxies: config.proxies && Object.keys(config.proxies).length > 0 ? proxiesOf(config.proxies) : undefined,
    verify: verify && !/^(true|false)$/i.test(verify) ? resolve(recipeDirectory, verify) : verify?.toLowerCase(),
    source: textOf(given['source']) ?? 'meridian',
    headers: headersOf(given),
    session: textsOf(given, 'session_properties'),
    extraCredential: textsOf(given, 'extra_credential'),
    requestTimeoutMs: numberOf(given, 'request_timeout', defaults.requestSeconds) * 1_000,
    queryTimeoutMs: numberOf(given, 'query_timeout', defaults.querySeconds) * 1_000,
    retries: Math.max(0, Math.round(numberOf(given, 'max_attempts', defaults.attempts)) - 1),
  };
}

/** How the server's certificate is checked. @throws ConfigurationError `tls.certificate` */
export function trinoTls({ verify }: Pick<TrinoSettings, 'verify'>): TlsOptions {
  if (!verify || verify === 'true') return {};
  if (verify === 'false') return { rejectUnauthorized: false };
  try {
    return { ca: readFileSync(verify, 'utf8'), rejectUnauthorized: true };
  } catch (cause) {
    throw new ConfigurationError('tls.certificate', 'The file of verify cannot be read.', {
      help: 'verify is “true”, “false”, or the path of a PEM file with the authority of Trino’s certificate.',
      cause,
    });
  }
}

function signInOf(authType: TrinoConfig['authType']): TrinoSignIn {
  if (authType === undefined) return { kind: 'user' };
  if (typeof authType === 'string') {
    throw new ConfigurationError('trino.sign-in', `authType ${authType} asks in a browser, which a run has none of.`, {
      help: 'Sign in with {password: …}, with a token, {jwt: …}, or by Microsoft Entra ID, {azureConfig: …}.',
    });
  }
  const { password, jwt, azureConfig } = authType as {
    readonly password?: string;
    readonly jwt?: string;
    readonly azureConfig?: Readonly<Record<string, string | undefined>>;
  };
  if (azureConfig) return { kind: 'azure', config: azureOf(azureConfig) };
  if (jwt) return { kind: 'jwt', token: jwt };
  return password ? { kind: 'basic', password } : { kind: 'user' };
}

function azureOf({ clientId, clientSecret, tenantId, scopes }: Readonly<Record<string, string | undefined>>) {
  if (clientId && clientSecret && tenantId && scopes) {
    const authority = `https://login.microsoftonline.com/${tenantId}`;
    return { clientId, clientSecret, authority, scopes: scopes.split(/[\s,]+/).filter((scope) => scope !== '') };
  }
  throw new ConfigurationError(
    'trino.sign-in',
    'authType.azureConfig lacks a part of what Microsoft Entra ID asks for.',
    {
      help: 'It needs clientId, clientSecret, tenantId and scopes.',
    },
  );
}

/** Trino takes no password and no token over http unless it is told to: whoever wants that says http:// himself. */
function addressOf(hostPort: string, { kind }: TrinoSignIn, scheme: unknown): string {
  if (/^https?:\/\//i.test(hostPort)) return hostPort.replace(/\/+$/, '');
  const asked = scheme === 'http' || scheme === 'https' ? scheme : undefined;
  return `${asked ?? (kind !== 'user' || /:443$/.test(hostPort) ? 'https' : 'http')}://${hostPort.replace(/\/+$/, '')}`;
}

function proxiesOf({ http, https }: { readonly http?: string; readonly https?: string }) {
  return { ...(http && { http }), ...(https && { https }) };
}

function headersOf(given: Arguments): Record<string, string> {
  const roles = Object.entries(textsOf(given, 'roles')).map(([catalog, role]) => [catalog, roleOf(role)]);
  const tags = given['client_tags'];
  const zone = textOf(given['timezone']);
  return {
    ...textsOf(given, 'http_headers'),
    ...(roles.length > 0 && {
      'X-Trino-Role': roles.map(([name, role]) => `${name}=${encodeURIComponent(role!)}`).join(','),
    }),
    ...(tags !== undefined && { 'X-Trino-Client-Tags': Array.isArray(tags) ? tags.join(',') : String(tags) }),
    ...(zone && { 'X-Trino-Time-Zone': zone }),
  };
}

/** The protocol's form of a role; `ALL` and `NONE` are words of its own. */
function roleOf(role: string): string {
  return /^(ALL|NONE|ROLE\{.*\})$/.test(role) ? role : `ROLE{${role}}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Texts by name: as a map, or as a text of JSON. */
function textsOf(given: Arguments, name: string): Record<string, string> {
  const value = given[name];
  if (value === undefined || value === '') return {};
  const map = typeof value === 'string' ? jsonOf(value) : value;
  if (map !== null && typeof map === 'object' && !Array.isArray(map)) {
    return Object.fromEntries(Object.entries(map).map(([key, text]) => [key, String(text)]));
  }
  throw new ConfigurationError('trino.argument', `connectionArguments.${name} is no map of texts.`, {
    help: `Write it as a map, or as JSON: {"name": "value"}.`,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function numberOf(given: Arguments, name: string, byDefault: number): number {
  const value = given[name] === undefined ? byDefault : Number(given[name]);
  if (Number.isFinite(value) && value > 0) return value;
  throw new ConfigurationError('trino.argument', `connectionArguments.${name} is no number above 0.`, {
    help: 'Write a number of seconds, or of attempts.',
  });
}
