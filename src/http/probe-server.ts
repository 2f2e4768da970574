import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { ConnectionError } from '../errors.ts';
import { connectionError } from './http-errors.ts';
import type { TlsOptions } from './tls-options.ts';

export interface ProbeStep {
  readonly name: 'reach' | 'TLS';
  readonly message: string;
  readonly ms: number;
  readonly error?: ConnectionError;
}

export interface ProbeOptions {
  /** The server's name for people. */
  readonly name: string;
  readonly address: string;
  readonly tls: TlsOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds for each step. */
  readonly timeoutMs?: number;
}

/**
 * The first steps to a server, each with its time: a connection, and TLS where the address has it. Behind a proxy only the
 * proxy is tried: the rest shows with the first request. Stops at the first step that fails, which has an `error`.
 */
export async function* probeServer({
  name,
  address,
  tls,
  env,
  timeoutMs = 10_000,
}: ProbeOptions): AsyncGenerator<ProbeStep> {
  const url = new URL(address);
  const place = { name, method: 'GET', url };
  const proxy = proxyFor(url, env);
  const to = proxy ?? url;
  const failed = (step: ProbeStep['name'], since: number, cause: unknown): ProbeStep => {
    const error = connectionError(place, cause);
    return { name: step, message: error.message, ms: elapsed(since), error };
  };
  const start = performance.now();
  const socket = connectTcp({ host: hostOf(to), port: portOf(to) });
  try {
    try {
      await within(socket, 'connect', timeoutMs);
    } catch (cause) {
      yield failed('reach', start, cause);
      return;
    }
    const where = proxy ? `through the proxy ${proxy.host}` : url.host;
    yield { name: 'reach', message: where, ms: elapsed(start) };
    if (proxy || url.protocol !== 'https:') return;
    const since = performance.now();
    const host = hostOf(url);
    const secured = connectTls({ socket, host, ...(/[a-z]/i.test(host) && { servername: host }), ...tls });
    try {
      await within(secured, 'secureConnect', timeoutMs);
      yield { name: 'TLS', message: describe(secured, tls), ms: elapsed(since) };
    } catch (cause) {
      yield failed('TLS', since, cause);
    } finally {
      secured.destroy();
    }
  } finally {
    socket.destroy();
  }
}

async function within(socket: Socket, event: string, timeoutMs: number): Promise<void> {
  const late = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, event, { signal: late });
  } catch (error) {
    if (!late.aborted) throw error;
    throw Object.assign(new Error('no answer within the time limit'), { code: 'ETIMEDOUT' });
  }
}

function describe(socket: TLSSocket, tls: TlsOptions): string {
  const { issuer, valid_to: until } = socket.getPeerCertificate();
  const by = issuer?.O ?? issuer?.CN;
  const certificate = `certificate${by ? ` by ${by}` : ''}${until ? `, until ${until}` : ''}`;
  const unchecked = tls.rejectUnauthorized === false ? '; not checked' : '';
  return `${socket.getProtocol() ?? 'TLS'}, ${certificate}${unchecked}`;
}

const elapsed = (since: number): number => Math.round(performance.now() - since);
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');
const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80));

/** The proxy that a request goes through, by the environment's usual names. */
function proxyFor({ protocol, hostname, port }: URL, env: ProbeOptions['env']): URL | undefined {
  const http = env['http_proxy'] || env['HTTP_PROXY'];
  const address = protocol === 'https:' ? env['https_proxy'] || env['HTTPS_PROXY'] || http : http;
  if (!address || !URL.canParse(address)) return undefined;
  const past = (env['no_proxy'] || env['NO_PROXY'] || '').split(/[\s,]+/).filter((entry) => entry !== '');
  const isPast = past.some((entry) => {
    const [host = '', only] = entry.replace(/^\*?\./, '').split(':');
    if (only !== undefined && only !== port) return false;
    return host === '*' || hostname === host || hostname.endsWith(`.${host}`);
  });
  return isPast ? undefined : new URL(address);
}
