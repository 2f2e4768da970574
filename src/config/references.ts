import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathKey } from './normalise-values.ts';
import type { Finding, Path } from './validate-recipe.ts';

export interface ReferenceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that a `${file:…}` path starts from. */
  readonly folder: string;
}

/** What one reference stood for. */
export interface ReferenceUse {
  readonly path: Path;
  /** As the recipe writes it: `${env:NAME}`. */
  readonly reference: string;
  readonly value: string;
}

export interface Resolved {
  readonly value: unknown;
  readonly uses: readonly ReferenceUse[];
  /** Paths (see `pathKey`) of texts that are one reference and nothing else. */
  readonly whole: ReadonlySet<string>;
  readonly problems: readonly Finding[];
}

const pattern = /\$\{(\w+):([^}]*)\}/g;
/** A referred-to file holds one value. */
const largestFile = 1024 * 1024;

/** Puts values in place of `${env:NAME}` and `${file:PATH}` in every text of a recipe, any number in each. */
export function resolveReferences(root: unknown, options: ReferenceOptions): Resolved {
  const uses: ReferenceUse[] = [];
  const whole = new Set<string>();
  const problems: Finding[] = [];
  const visit = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return replace(value, path);
    if (Array.isArray(value)) return value.map((item, i) => visit(item, [...path, i]));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]));
  };
  const replace = (text: string, path: Path): string => {
    if (/^\$\{\w+:[^}]*\}$/.test(text)) whole.add(pathKey(path));
    return text.replace(pattern, (reference, kind: string, name: string) => {
      const found = lookUp(kind, name.trim(), options);
      if (typeof found === 'string') {
        uses.push({ path, reference, value: found });
        return found;
      }
      problems.push({ path, ...found });
      return reference;
    });
  };
  return { value: visit(root, []), uses, whole, problems };
}

type Missing = Pick<Finding, 'message' | 'expected' | 'suggestion'>;

function lookUp(kind: string, name: string, { env, folder }: ReferenceOptions): string | Missing {
  if (kind === 'env') {
    const value = env[name];
    if (value === undefined) return { message: `The environment variable ${name} is not set.` };
    if (value === '') return { message: `The environment variable ${name} is empty.` };
    return value;
  }
  if (kind === 'file') return contentOf(name, resolve(folder, name));
  return { message: `There is no reference “${kind}:”.`, expected: '${env:NAME} or ${file:PATH}' };
}

function contentOf(name: string, path: string): string | Missing {
  try {
    const info = statSync(path);
    if (info.isDirectory()) return { message: `The file ${name} cannot be read: it is a folder.` };
    if (info.size > largestFile) {
      return { message: `The file ${name} cannot be read: it is larger than ${largestFile} bytes.` };
    }
    const value = readFileSync(path, 'utf8').trim();
    return value === '' ? { message: `The file ${name} is empty.` } : value;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'it is not there' : code === 'EACCES' ? 'it may not be read' : (code ?? 'unknown');
    return {
      message: `The file ${name} cannot be read: ${why}.`,
      ...(code === 'ENOENT' && { suggestion: 'A path starts from the recipe’s folder.' }),
    };
  }
}
