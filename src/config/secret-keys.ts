import { distance } from 'fastest-levenshtein';

/** Keys of a recipe whose values are secrets: those that the schemas mark as passwords. */
export const secretKeys: ReadonlySet<string> = new Set([
  'password',
  'jwtToken',
  'jwt',
  'secretKey',
  'clientSecret',
  'privateKey',
  'sslKey',
  'connectionString',
  'passcode',
  'token',
  'awsSecretAccessKey',
  'awsSessionToken',
]);

/** Keys that read like a secret and are none. */
const openKeys: ReadonlySet<string> = new Set([
  'tokenEndpoint',
  'tokenUrl',
  'secretsManagerProvider',
  'secretsManagerLoader',
]);
/** Keys that connectors outside of Meridian mark as passwords, by what recipes call the connector. */
const learnt = new Map<string, ReadonlySet<string>>();

/** From now on the values of these keys are secrets in every recipe: nobody can tell whose connection a text was in. */
export function learnSecretKeys(connector: string, keys: ReadonlySet<string>): void {
  learnt.set(connector, keys);
}

/** Whether a connector's passwords are known in this process. */
export function knowsSecretsOf(connector: string): boolean {
  return learnt.has(connector);
}

function isLearnt(key: string): boolean {
  for (const keys of learnt.values()) if (keys.has(key)) return true;
  return false;
}

const likeSecret = /p+a*s+w|pwd|token|secret|authorization|cookie|credential|private|jwt|api-?key/i;

/** True for a key that reads like a secret, known or not: `pasword`, `secrtKey`, `X-Api-Key`. */
export function soundsSecret(key: string): boolean {
  if (isLearnt(key)) return true;
  if (openKeys.has(key)) return false;
  return secretKeys.has(key) || likeSecret.test(key) || isMisspeltSecret(key);
}

/** A letter or two away from the name of a secret. */
function isMisspeltSecret(key: string): boolean {
  const written = key.toLowerCase();
  return [...secretKeys].some((name) => {
    const most = name.length < 6 ? 1 : 2;
    return Math.abs(name.length - key.length) <= most && distance(name.toLowerCase(), written) <= most;
  });
}

/** Maps of headers, and what their keys are called where the value signs in. */
const headerMap = /^(extraHeaders|headers|http_headers)$/;
const signsIn = /auth|key|sign|session|credential/i;

/** True where a value is a secret, as far as its key tells. */
export function isSecretPath(path: readonly (string | number)[]): boolean {
  const key = path.findLast((step) => typeof step === 'string');
  if (typeof key !== 'string') return false;
  if (path.includes('extra_credential')) return true;
  if (path.some((step) => typeof step === 'string' && isLearnt(step))) return true;
  return soundsSecret(key) || (signsIn.test(key) && path.some((step) => headerMap.test(String(step))));
}

/** Maps whose keys are the user's own: a reference there may stand for anything. */
const openMaps: ReadonlySet<string> = new Set(['connectionOptions', 'connectionArguments', 'extraHeaders']);

/** True where the value of a reference must be hidden: secrets, and maps in which nobody can tell. */
export function mayBeSecret(path: readonly (string | number)[]): boolean {
  return isSecretPath(path) || path.some((step) => openMaps.has(String(step)));
}
