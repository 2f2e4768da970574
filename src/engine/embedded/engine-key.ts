import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { ConfigurationError } from '../../errors.ts';

const keyBytes = 32;
const othersMay = 0o077;
const howTo = 'Make one with “openssl rand -base64 32”.';

/**
 * The key that secrets are kept under: from `MERIDIAN_KEY` (32 bytes in base64 or hexadecimal digits), else from a file.
 *
 * @returns undefined when there is neither
 * @throws ConfigurationError `engine.bad-key`, `engine.key-file`
 */
export function readKey(file: string, env: Readonly<Record<string, string | undefined>>): Buffer | undefined {
  const given = env['MERIDIAN_KEY']?.trim();
  if (given) return keyOf(given, 'MERIDIAN_KEY');
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigurationError('engine.key-file', `The key ${file} cannot be read.`, {
      help: 'It must belong to the user that runs Meridian.',
      cause,
    });
  }
  try {
    // Windows has other rights, which Node does not tell.
    if (process.platform !== 'win32' && (fstatSync(descriptor).mode & othersMay) !== 0) {
      throw new ConfigurationError('engine.key-file', `Others than its owner may use the key ${file}.`, {
        help: `Take their rights away (chmod 600 ${file}). If others had access to this machine, deploy pipelines with new passwords.`,
      });
    }
    return keyOf(readFileSync(descriptor, 'utf8').trim(), file);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a key of its own in a file that only its owner may read. */
export function makeKey(file: string): Buffer {
  const key = randomBytes(keyBytes);
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, `${key.toString('base64')}\n`);
    // What is sealed is of no use without it.
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return key;
}

function keyOf(text: string, place: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (key.length !== keyBytes || !/^[A-Za-z0-9+/_-]+=*$/.test(text)) {
    throw new ConfigurationError('engine.bad-key', `${place} holds no key of 32 bytes in base64 or hexadecimal.`, {
      help: howTo,
    });
  }
  return key;
}
