import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { makeKey, readKey } from './engine-key.ts';
import { wrongKey } from './engine-store.ts';
import { SecretBox } from './secret-box.ts';

const proof = 'this key opens what is kept here';

/**
 * The box that recipes are kept in. The first start seals a known text with its key; every later one has to open it.
 *
 * @throws ConfigurationError `engine.bad-key`, `engine.key-file`, `engine.wrong-key`
 */
export function openSecretBox(
  database: DatabaseSync,
  keyFile: string,
  env: Readonly<Record<string, string | undefined>>,
): SecretBox {
  const sealed = database.prepare(`SELECT value FROM meta WHERE key = 'proof'`).get()?.['value'];
  const given = readKey(keyFile, env);
  if (sealed === undefined) {
    const box = new SecretBox(given ?? makeKey(keyFile));
    database.prepare(`INSERT INTO meta VALUES ('proof', ?)`).run(box.seal(proof, 'proof'));
    return box;
  }
  if (!given) throw wrongKey(existsSync(keyFile) ? undefined : new Error(`There is no key in ${keyFile} any more.`));
  const box = new SecretBox(given);
  try {
    box.open(sealed as Uint8Array, 'proof');
  } catch (cause) {
    throw wrongKey(cause);
  }
  return box;
}
