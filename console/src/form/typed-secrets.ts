import { isSecretPath } from '../../../src/config/secret-keys.ts';
import { isTree, type Path, type Tree } from './path.ts';

/** What stands for a secret wherever it could be read over a shoulder, and what the server sends for a stored one. */
export const mask = '***';

/** Secrets by place, as `a.b.c`: only in memory, until the pipeline is saved. */
export type TypedSecrets = Readonly<Record<string, string>>;

/** A text that only refers to a secret shows none. */
const reference = /^\$\{\w+:[^}]*\}$|^secret:/;

/** The recipe with masks in place of its secrets, and these by place. */
export function withoutSecrets(recipe: Tree): { readonly shown: Tree; readonly secrets: TypedSecrets } {
  const secrets: Record<string, string> = {};
  const shown = mapTexts(recipe, [], (text, path) => {
    if (!isSecretPath(path) || text === '' || text === mask || reference.test(text.trim())) return text;
    secrets[path.join('.')] = text;
    return mask;
  });
  return { shown: shown as Tree, secrets };
}

/** The recipe with those secrets that were typed. Masks of stored ones stay: the server knows them. */
export function withSecrets(recipe: Tree, secrets: TypedSecrets): Tree {
  return mapTexts(recipe, [], (text, path) => (text === mask ? (secrets[path.join('.')] ?? text) : text)) as Tree;
}

function mapTexts(value: unknown, path: Path, change: (text: string, path: Path) => string): unknown {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((each, index) => mapTexts(each, [...path, String(index)], change));
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, [...path, key], change)]));
}
