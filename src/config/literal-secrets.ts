import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isSecretPath } from './secret-keys.ts';
import { passwordInUrl } from './secrets-of.ts';
import type { Finding, Path } from './validate-recipe.ts';

/** Others than the owner and the group may read. */
const othersRead = 0o004;
const reference = /\$\{\w+:[^}]*\}/g;

/**
 * Warns of a recipe file that every user of the machine may read while a secret stands in it. Windows has other rights,
 * which Node does not tell.
 *
 * @param root as the file has it, references in place
 */
export function readableSecret(file: string, root: unknown, folder: string): Finding[] {
  if (process.platform === 'win32' || !isReadableByOthers(file)) return [];
  const path = literalSecret(root, [], folder);
  if (!path) return [];
  return [
    {
      path,
      message: 'A secret stands here, and every user of this machine may read the file.',
      suggestion: `Take the right away (chmod 600 ${file}), or write \${env:NAME} or \${file:PATH} in its place.`,
    },
  ];
}

function isReadableByOthers(file: string): boolean {
  try {
    const info = statSync(file);
    return info.isFile() && (info.mode & othersRead) !== 0;
  } catch {
    return false;
  }
}

/** The first secret that is written out; undefined when there is none. */
function literalSecret(value: unknown, path: Path, folder: string): Path | undefined {
  if (typeof value === 'string') {
    const hidden = isSecretPath(path) ? [value] : passwordInUrl(value.replaceAll(reference, ''));
    return hidden.some((text) => isWrittenOut(text, folder)) ? path : undefined;
  }
  if (typeof value === 'number') return isSecretPath(path) ? path : undefined;
  if (value === null || typeof value !== 'object') return undefined;
  for (const [key, item] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    const found = literalSecret(item, [...path, step], folder);
    if (found) return found;
  }
  return undefined;
}

/** No reference, no placeholder, and no path of a file that holds the secret. */
function isWrittenOut(text: string, folder: string): boolean {
  const bare = text.trim();
  if (bare === '' || bare.search(reference) >= 0 || bare.startsWith('secret:')) return false;
  if (/^<[^<>]+>$|^\{[^{}"]+\}$/.test(bare)) return false;
  return bare.length > 1024 || /[\n\0]/.test(bare) || !existsSync(resolve(folder, bare));
}
