import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { ConfigurationError } from '../../errors.ts';

/** True for addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Beyond this machine, passwords and sessions go over a network: they need TLS, here or at a proxy before us.
 *
 * @throws ConfigurationError `serve.in-clear`
 */
export function requireSafeHost(host: string, { tls, behindProxy }: { tls: boolean; behindProxy: boolean }): void {
  if (isLoopback(host) || tls || behindProxy) return;
  throw new ConfigurationError('serve.in-clear', `At ${host} others could read passwords on their way.`, {
    help: 'Give --tls-cert and --tls-key, or --behind-proxy where a proxy speaks https; or listen on 127.0.0.1.',
  });
}

/** @throws ConfigurationError `serve.certificate` */
export function readCertificate({ cert, key }: { readonly cert: string; readonly key: string }): {
  readonly cert: string;
  readonly key: string;
} {
  return { cert: readPem(cert), key: readPem(key) };
}

function readPem(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN')) return text;
  } catch (cause) {
    throw bad(file, 'cannot be read', cause);
  }
  throw bad(file, 'holds no PEM text');
}

function bad(file: string, why: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError('serve.certificate', `The file ${file} ${why}.`, {
    help: '--tls-cert and --tls-key are paths of PEM files; the key must not be encrypted.',
    cause,
  });
}
