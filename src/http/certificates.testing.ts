import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

export interface Certificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
}

/** One value in DER: tag, length, content. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...contents: readonly Buffer[]): Buffer => der(0x30, ...contents);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const octets = (content: Buffer): Buffer => der(0x04, content);

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const commonName = oid('550403');
const basicConstraints = oid('551d13');
const subjectAltName = oid('551d11');
const isTrue = der(0x01, Buffer.from([255]));

const nameOf = (text: string): Buffer => sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(text)))));
const timeOf = (text: string): Buffer => der(0x17, Buffer.from(text));
const hostName = (host: string): Buffer =>
  isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host));

interface Wish {
  readonly subject: string;
  readonly issuer: string;
  readonly signer: KeyObject;
  readonly publicKey: KeyObject;
  readonly serial: number;
  /** UTC, as `YYMMDDhhmmssZ`. */
  readonly until: string;
  readonly isAuthority: boolean;
  readonly host?: string;
}

function certificateFor(wish: Wish): string {
  const { host } = wish;
  const extensions = sequence(
    sequence(basicConstraints, isTrue, octets(wish.isAuthority ? sequence(isTrue) : sequence())),
    ...(host === undefined ? [] : [sequence(subjectAltName, octets(sequence(hostName(host))))]),
  );
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([wish.serial])),
    ecdsaWithSha256,
    nameOf(wish.issuer),
    sequence(timeOf('200101000000Z'), timeOf(wish.until)),
    nameOf(wish.subject),
    wish.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, wish.signer));
  const encoded = sequence(content, ecdsaWithSha256, signature).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${encoded}\n-----END CERTIFICATE-----\n`;
}

const in2049 = '490101000000Z';
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }) as string;

/** A certificate that a server has made out to itself, for one host name, until 2049. */
export function selfSigned(host: string): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = { subject: host, issuer: host, host };
  const certificate = certificateFor({
    ...names,
    signer: privateKey,
    publicKey,
    serial: 1,
    until: in2049,
    isAuthority: true,
  });
  return { certificate, key: pemOf(privateKey) };
}

/** An authority of a test's own, which nobody else trusts. */
export class TestAuthority {
  /** PEM. */
  readonly certificate: string;
  readonly #name: string;
  readonly #key: KeyObject;
  #serial = 1;

  constructor(name = 'Authority of a test') {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#name = name;
    this.#key = privateKey;
    const names = { subject: name, issuer: name };
    this.certificate = certificateFor({
      ...names,
      signer: privateKey,
      publicKey,
      serial: 1,
      until: in2049,
      isAuthority: true,
    });
  }

  /** A certificate for a host name or an IPv4 address, or for a client. @param until UTC, as `YYMMDDhhmmssZ` */
  issue(host: string, until = in2049): Certificate {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#serial += 1;
    const names = { subject: host, issuer: this.#name, host };
    const certificate = certificateFor({
      ...names,
      signer: this.#key,
      publicKey,
      serial: this.#serial,
      until,
      isAuthority: false,
    });
    return { certificate, key: pemOf(privateKey) };
  }
}
