import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../errors.ts';

export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
}

/** What a recipe says of a server's certificate, and of the client's. */
export interface TlsConfig {
  readonly verifySSL?: 'no-ssl' | 'ignore' | 'validate' | undefined;
  readonly sslConfig?:
    | {
        readonly caCertificate?: string | undefined;
        readonly sslCertificate?: string | undefined;
        readonly sslKey?: string | undefined;
      }
    | undefined;
}

/** The text of a PEM file, or the value itself where it is one. */
function readPem(value: string, key: keyof NonNullable<TlsConfig['sslConfig']>): string {
  if (value.includes('-----BEGIN')) return value;
  try {
    return readFileSync(value, 'utf8');
  } catch (cause) {
    throw new ConfigurationError('tls.certificate', `The file of sslConfig.${key} cannot be read.`, {
      help: `sslConfig.${key} is the path of a PEM file, or its text.`,
      cause,
    });
  }
}

function clientCertificate({ sslConfig }: TlsConfig): Pick<TlsOptions, 'cert' | 'key'> {
  const { sslCertificate, sslKey } = sslConfig ?? {};
  if (!sslCertificate && !sslKey) return {};
  if (sslCertificate && sslKey) {
    return { cert: readPem(sslCertificate, 'sslCertificate'), key: readPem(sslKey, 'sslKey') };
  }
  throw new ConfigurationError('tls.certificate', 'Of sslCertificate and sslKey, one is missing.', {
    help: 'A client’s certificate needs its key: give both in sslConfig, or neither.',
  });
}

/**
 * How a server's certificate is checked: `no-ssl` as this machine usually does, `ignore` not at all, `validate` against
 * `sslConfig.caCertificate`; and the client's own certificate, where the recipe has one.
 *
 * @throws ConfigurationError `tls.certificate` when something is missing or cannot be read
 */
export function tlsOptions(config: TlsConfig): TlsOptions {
  const { verifySSL, sslConfig } = config;
  const own = clientCertificate(config);
  if (verifySSL === 'ignore') return { ...own, rejectUnauthorized: false };
  if (verifySSL !== 'validate') return own;
  const certificate = sslConfig?.caCertificate;
  if (certificate) return { ...own, ca: readPem(certificate, 'caCertificate'), rejectUnauthorized: true };
  throw new ConfigurationError('tls.certificate', 'verifySSL is validate, but there is no certificate.', {
    help: 'Give sslConfig.caCertificate the path of a PEM file, or use verifySSL: no-ssl for the usual checks.',
  });
}
