import type { ReferenceUse } from './references.ts';
import { isSecretPath, mayBeSecret, soundsSecret } from './secret-keys.ts';

/**
 * Every text of a recipe that must not be shown: password fields, passwords in addresses, and what references stood
 * for, except where the schema knows the key as something open, such as a host or the name of a service.
 */
export function secretsOf(config: unknown, uses: readonly ReferenceUse[]): readonly string[] {
  const referred = uses.filter(({ path, secret }) => secret || mayBeSecret(path)).map(({ value }) => value);
  return [...new Set([...referred, ...textsWithin(config, [])])];
}

function textsWithin(value: unknown, path: readonly (string | number)[]): string[] {
  if (typeof value === 'string') {
    return [...(isSecretPath(path) && value !== '' ? [value] : []), ...passwordInUrl(value)];
  }
  if (value === null || typeof value !== 'object') return [];
  return [...signInPair(value), ...fieldsWithin(value, path)];
}

function fieldsWithin(value: object, path: readonly (string | number)[]): string[] {
  return Object.entries(value).flatMap(([key, item]) => textsWithin(item, [...path, key]));
}

/** Keys that basic authentication puts together: a short password alone cannot be found in its base64. */
const pairs = [
  ['username', 'password'],
  ['clientId', 'secretKey'],
  ['clientId', 'clientSecret'],
] as const;

function signInPair(value: object): string[] {
  const fields = value as Readonly<Record<string, unknown>>;
  return pairs.flatMap(([name, secret]) =>
    typeof fields[name] === 'string' && typeof fields[secret] === 'string' ? [`${fields[name]}:${fields[secret]}`] : [],
  );
}

/** The password of an address such as `http://user:password@host` or `postgres://host/db?password=…`. */
export function passwordInUrl(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password, searchParams } = new URL(value);
  const asked = [...searchParams].flatMap(([key, text]) => (soundsSecret(key) ? [text] : []));
  return [...new Set([password, decoded(password), ...asked])].filter((text) => text !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
