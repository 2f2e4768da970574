import { secretKeys, soundsSecret } from './secret-keys.ts';

const longest = 160;
/** Longer lines are not even looked at. */
const longestRead = 2000;
const keys = /["']?([A-Za-z_][\w.-]*)["']?\s*:(?=\s|$|["'[{])/g;

/**
 * A recipe's line as a message may show it: cut before the value of any key that reads like a secret, and undefined
 * where nobody can tell what stands there (a line without a key may be the inside of a longer text).
 */
export function excerptOf(line: string): string | undefined {
  if (line.length > longestRead) return undefined;
  const text = line.trimEnd().replaceAll('\t', ' ');
  const found = [...text.matchAll(keys)];
  if (found.length === 0) return /^\s*[[\]{},]*$/.test(text) && text.trim() !== '' ? text : undefined;
  const secret = found.find(([, key]) => soundsSecret(key!) || endsSecret(key!));
  const shown = secret ? `${text.slice(0, secret.index + secret[0].length)} …` : text;
  const safe = shown.replaceAll(/:\/\/[^\s/@]+@/g, '://…@');
  return safe.length > longest ? undefined : safe;
}

/** What is left of a secret's key where a line break or a quote fell into it: `passw`, and `ord: …` in the next line. */
function endsSecret(key: string): boolean {
  return [...secretKeys].some((name) => name.toLowerCase().endsWith(key.toLowerCase()));
}
