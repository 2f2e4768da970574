import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../errors.ts';
import type { ServerConfig } from './server-config.ts';

export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
}

/** The text of a PEM file, or the value itself where it is one. */
function readPem(value: string, key: keyof NonNullable<ServerConfig['sslConfig']>): string {
  if (value.includes('-----BEGIN')) return value;
  try {
    return readFileSync(value, 'utf8');
  } catch (cause) {
    throw new ConfigurationError('openmetadata.ca-certificate', `The file of sslConfig.${key} cannot be read.`, {
      help: `sslConfig.${key} is the path of a PEM file, or its text.`,
      cause,
    });
  }
}

function clientCertificate({ sslConfig }: ServerConfig): Pick<TlsOptions, 'cert' | 'key'> {
  const { sslCertificate, sslKey } = sslConfig ?? {};
  if (!sslCertificate && !sslKey) return {};
  if (sslCertificate && sslKey) {
    return { cert: readPem(sslCertificate, 'sslCertificate'), key: readPem(sslKey, 'sslKey') };
  }
  throw new ConfigurationError('openmetadata.ca-certificate', 'Of sslCertificate and sslKey, one is missing.', {
    help: 'A client’s certificate needs its key: give both in sslConfig, or neither.',
  });
}

/**
 * How a server's certificate is checked: `no-ssl` as this machine usually does, `ignore` not at all, `validate` against
 * `sslConfig.caCertificate`; and the client's own certificate, where the recipe has one.
 *
 * @throws ConfigurationError `openmetadata.ca-certificate` when something is missing or cannot be read
 */
export function tlsOptions(config: ServerConfig): TlsOptions {
  const { verifySSL, sslConfig } = config;
  const own = clientCertificate(config);
  if (verifySSL === 'ignore') return { ...own, rejectUnauthorized: false };
  if (verifySSL !== 'validate') return own;
  const certificate = sslConfig?.caCertificate;
  if (certificate) return { ...own, ca: readPem(certificate, 'caCertificate'), rejectUnauthorized: true };
  throw new ConfigurationError('openmetadata.ca-certificate', 'verifySSL is validate, but there is no certificate.', {
    help: 'Give sslConfig.caCertificate the path of a PEM file, or use verifySSL: no-ssl for the usual checks.',
  });
}
