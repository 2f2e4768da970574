import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface ReferenceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that a `${file:…}` path starts from. */
  readonly folder: string;
}

export interface Resolved {
  readonly value: unknown;
  /** What the references stood for. */
  readonly secrets: readonly string[];
  readonly problems: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
}

/** Puts values in place of `${env:NAME}` and `${file:PATH}` in every text of a recipe. */
export function resolveReferences(root: unknown, options: ReferenceOptions): Resolved {
  const secrets: string[] = [];
  const problems: { path: readonly (string | number)[]; message: string }[] = [];
  const visit = (value: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof value === 'string') return replace(value, path);
    if (Array.isArray(value)) return value.map((item, i) => visit(item, [...path, i]));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]));
  };
  const replace = (text: string, path: readonly (string | number)[]): string =>
    text.replace(/\$\{(\w+):([^}]*)\}/g, (whole, kind: string, name: string) => {
      let found: string | undefined;
      if (kind === 'env') {
        found = options.env[name];
        if (found === undefined) problems.push({ path, message: `The environment variable ${name} is not set.` });
      } else if (kind === 'file') {
        try {
          found = readFileSync(resolve(options.folder, name), 'utf8').trim();
        } catch {
          problems.push({ path, message: `The file ${name} cannot be read.` });
        }
      } else {
        problems.push({ path, message: `There is no reference ${kind}; there are \${env:NAME} and \${file:PATH}.` });
      }
      if (found !== undefined) secrets.push(found);
      return found ?? whole;
    });
  return { value: visit(root, []), secrets, problems };
}
