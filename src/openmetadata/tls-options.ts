import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../errors.ts';
import type { ServerConfig } from './server-config.ts';

interface TlsOptions {
  readonly ca?: string;
  readonly rejectUnauthorized?: boolean;
}

function readCertificate(value: string): string {
  if (value.includes('-----BEGIN')) return value;
  try {
    return readFileSync(value, 'utf8');
  } catch (cause) {
    throw new ConfigurationError('openmetadata.ca-certificate', `The certificate file ${value} cannot be read.`, {
      help: 'sslConfig.caCertificate is the path of a PEM file, or its text.',
      cause,
    });
  }
}

/**
 * How a server's certificate is checked: `no-ssl` as this machine usually does, `ignore` not at all, `validate` against
 * `sslConfig.caCertificate`.
 * @throws ConfigurationError `openmetadata.ca-certificate` when that is missing or cannot be read
 */
export function tlsOptions({ verifySSL, sslConfig }: ServerConfig): TlsOptions {
  if (verifySSL === 'ignore') return { rejectUnauthorized: false };
  if (verifySSL !== 'validate') return {};
  const certificate = sslConfig?.caCertificate;
  if (certificate) return { ca: readCertificate(certificate), rejectUnauthorized: true };
  throw new ConfigurationError('openmetadata.ca-certificate', 'verifySSL is validate, but there is no certificate.', {
    help: 'Give sslConfig.caCertificate the path of a PEM file, or use verifySSL: no-ssl for the usual checks.',
  });
}
