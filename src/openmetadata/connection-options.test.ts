import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../errors.ts';
import { tlsOptions } from '../http/tls-options.ts';
import { withExtraHeaders } from './extra-headers.ts';

const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

describe('extra headers', () => {
  it('replace a header of the same name in any case', () => {
    const headers = withExtraHeaders({ authorization: 'Bearer t', accept: 'a' }, { Authorization: 'Basic %(accept)s' });
    expect(headers).toEqual({ Authorization: 'Basic a', accept: 'a' });
  });

  it('may not name a header that is not there', () => {
    expect(() => withExtraHeaders({ accept: 'a' }, { 'X-Copy': '%(Cookie)s' })).toThrow(ConfigurationError);
  });
});

describe('certificates', () => {
  it('are checked as usual, not at all, or against the given authority', async () => {
    expect(tlsOptions({})).toEqual({});
    expect(tlsOptions({ verifySSL: 'no-ssl' })).toEqual({});
    expect(tlsOptions({ verifySSL: 'ignore' })).toEqual({ rejectUnauthorized: false });
    const given = { ca: pem, rejectUnauthorized: true };
    expect(tlsOptions({ verifySSL: 'validate', sslConfig: { caCertificate: pem } })).toEqual(given);
    const folder = await mkdtemp(join(tmpdir(), 'meridian-tls-'));
    const file = join(folder, 'ca.pem');
    await writeFile(file, pem);
    expect(tlsOptions({ verifySSL: 'validate', sslConfig: { caCertificate: file } })).toEqual(given);
    await rm(folder, { recursive: true });
  });

  it.each([undefined, { caCertificate: '/no/such/file.pem' }])(
    'need an authority that can be read: %j',
    (sslConfig) => {
      expect(() => tlsOptions({ verifySSL: 'validate', sslConfig })).toThrow(ConfigurationError);
    },
  );
});
