import { randomBytes } from 'node:crypto';

/** A token in the form of the server's own; the signature is random, since a stand-in compares whole tokens. */
export function makeToken(user: string, isBot: boolean): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = { kid: 'stand-in', alg: 'RS256', typ: 'JWT' };
  const claims = {
    sub: user,
    isBot,
    iss: 'openmetadata-stand-in',
    iat: Math.floor(Date.now() / 1000),
    email: `${user}@openmetadata.org`,
  };
  return `${part(header)}.${part(claims)}.${randomBytes(64).toString('base64url')}`;
}
