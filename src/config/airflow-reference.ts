import type { Found, ReferenceOptions } from './references.ts';

interface Connection {
  readonly type?: string | undefined;
  readonly login?: string | undefined;
  readonly password?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly schema?: string | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
}

const fields = ['password', 'login', 'host', 'port', 'schema', 'type', 'uri', 'extra.KEY'];
const connectionName = /^conn:(.+?)\.(password|login|host|port|schema|type|uri|extra\.(.+))$/;
/** Fields that hold nothing to hide. */
const openFields: ReadonlySet<string> = new Set(['login', 'host', 'port', 'schema', 'type']);

/**
 * What `${airflow:conn:ID.FIELD}` and `${airflow:var:KEY}` stand for, from the variables in which Airflow itself looks
 * first: `AIRFLOW_CONN_ID`, an address or JSON, and `AIRFLOW_VAR_KEY`.
 */
export function airflowValue(name: string, env: ReferenceOptions['env']): Found {
  const variable = /^var:(.+)$/.exec(name)?.[1]?.trim();
  if (variable) return variableValue(variable, env);
  const [, id, field, extraKey] = connectionName.exec(name) ?? [];
  if (!id || !field) {
    return {
      message: `“${name}” is no connection or variable of Airflow.`,
      expected: `conn:ID.FIELD with one of the fields ${fields.join(', ')}, or var:KEY`,
    };
  }
  const key = `AIRFLOW_CONN_${id.toUpperCase()}`;
  const text = env[key];
  if (!text) return missing(`connection ${id}`, key);
  if (field === 'uri') return { value: text, secret: true };
  const connection = text.trimStart().startsWith('{') ? fromJson(text) : fromAddress(text);
  // Never quoted: it holds the password.
  if (!connection) return { message: `${key} is no connection of Airflow: neither an address nor its JSON.` };
  const value = extraKey === undefined ? connection[field as keyof Connection] : connection.extra[extraKey];
  if (value === undefined || value === null || value === '') {
    return { message: `The Airflow connection ${id} has no ${extraKey ?? field}.` };
  }
  return { value: typeof value === 'string' ? value : JSON.stringify(value), secret: !openFields.has(field) };
}

function variableValue(name: string, env: ReferenceOptions['env']): Found {
  const key = `AIRFLOW_VAR_${name.toUpperCase()}`;
  const value = env[key];
  return value ? { value, secret: false } : missing(`variable ${name}`, key);
}

function missing(what: string, key: string) {
  return {
    message: `The Airflow ${what} is not in the environment.`,
    suggestion: `Outside of an Airflow task, set ${key}.`,
  };
}

function fromJson(text: string): Connection | undefined {
  try {
    const { conn_type, login, password, host, port, schema, extra } = JSON.parse(text) as Record<string, unknown>;
    return {
      type: wordOf(conn_type),
      login: wordOf(login),
      password: wordOf(password),
      host: wordOf(host),
      port: wordOf(port),
      schema: wordOf(schema),
      extra: mapOf(typeof extra === 'string' && extra !== '' ? JSON.parse(extra) : extra),
    };
  } catch {
    return undefined;
  }
}

/** `type://login:password@host:port/schema?key=value`, each part percent-encoded. */
function fromAddress(text: string): Connection | undefined {
  const parts = /^([\w.+-]+):\/\/(?:([^@/]*)@)?([^/?#]*?)(?::(\d+))?(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text.trim());
  if (!parts) return undefined;
  const [, type, user, host, port, schema, query] = parts;
  try {
    const [login, ...password] = (user ?? '').split(':');
    const { __extra__, ...extra } = Object.fromEntries(new URLSearchParams(query ?? ''));
    return {
      type: type!.replaceAll('-', '_'),
      login: decodeURIComponent(login ?? ''),
      password: decodeURIComponent(password.join(':')),
      host: decodeURIComponent(host ?? ''),
      port,
      schema: decodeURIComponent(schema ?? ''),
      extra: __extra__ === undefined ? extra : mapOf(JSON.parse(__extra__)),
    };
  } catch {
    return undefined;
  }
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
