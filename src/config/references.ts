import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { airflowValue } from './airflow-reference.ts';
import { runCommand } from './exec-reference.ts';
import { pathKey } from './normalise-values.ts';
import type { Finding, Path } from './validate-recipe.ts';

export interface ReferenceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that a `${file:…}` path starts from, and in which a `${exec:…}` command runs. */
  readonly folder: string;
  /** False: a recipe with `${exec:…}` is refused. */
  readonly allowExec: boolean;
  /** Milliseconds that a command may take. */
  readonly execTimeoutMs: number;
  /** Masks what is known to be secret in what a command says of its failure. */
  readonly redact: (text: string) => string;
  /** True: what is not at hand here stays a reference; only one that is wrong everywhere is a problem. */
  readonly deferred?: boolean;
}

/** What one reference stood for. */
export interface ReferenceUse {
  readonly path: Path;
  /** As the recipe writes it: `${env:NAME}`. Of a command the name alone. */
  readonly reference: string;
  readonly value: string;
  /** True where the value is a secret whatever key it stands at. */
  readonly secret: boolean;
}

export interface Resolved {
  readonly value: unknown;
  readonly uses: readonly ReferenceUse[];
  /** Paths (see `pathKey`) of texts that are one reference and nothing else. */
  readonly whole: ReadonlySet<string>;
  /** Paths of texts with a reference that was left in place. */
  readonly deferred: readonly Path[];
  readonly problems: readonly Finding[];
}

/** What a reference gives, or why it gives nothing; `expected` is there for one that can be right nowhere. */
export type Found = { readonly value: string; readonly secret: boolean } | Missing;
export type Missing = Pick<Finding, 'message' | 'expected' | 'suggestion'>;

const pattern = /\$\{(\w+):([^}]*)\}/g;
const forms = '${env:NAME}, ${file:PATH}, ${exec:COMMAND ARGUMENTS}, ${airflow:conn:ID.password} or ${airflow:var:KEY}';
/** A referred-to file holds one value. */
const largestFile = 1024 * 1024;

/** Puts values in place of the references in every text of a recipe, any number in each. A command runs once. */
export async function resolveReferences(root: unknown, options: ReferenceOptions): Promise<Resolved> {
  const found = new Map<string, Found>();
  for (const reference of referencesIn(root)) {
    const [, kind, name] = new RegExp(pattern).exec(reference)!;
    found.set(reference, await lookUp(kind!, name!.trim(), options));
  }
  const uses: ReferenceUse[] = [];
  const whole = new Set<string>();
  const deferred: Path[] = [];
  const problems: Finding[] = [];
  const value = mapTexts(root, (text, path) => {
    if (isReference(text)) whole.add(pathKey(path));
    return text.replace(pattern, (reference, kind: string, name: string) => {
      const each = found.get(reference)!;
      if (!('value' in each)) {
        if (options.deferred && each.expected === undefined) deferred.push(path);
        else problems.push({ path, ...each });
        return reference;
      }
      // The arguments of a command may be secrets themselves.
      const shown = kind === 'exec' ? `\${exec:${name.trim().split(/\s/, 1)[0]}}` : reference;
      uses.push({ path, reference: shown, ...each });
      return each.value;
    });
  });
  return { value, uses, whole, deferred, problems };
}

/** True for a text that is one reference and nothing else. */
export function isReference(text: string): boolean {
  return /^\$\{\w+:[^}]*\}$/.test(text);
}

/** The data with every text in it replaced. */
export function mapTexts(root: unknown, replace: (text: string, path: Path) => string): unknown {
  const visit = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return replace(value, path);
    if (Array.isArray(value)) return value.map((item, i) => visit(item, [...path, i]));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]));
  };
  return visit(root, []);
}

function referencesIn(root: unknown): ReadonlySet<string> {
  const references = new Set<string>();
  mapTexts(root, (text) => {
    for (const [reference] of text.matchAll(pattern)) references.add(reference);
    return text;
  });
  return references;
}

async function lookUp(kind: string, name: string, options: ReferenceOptions): Promise<Found> {
  const { env, folder } = options;
  switch (kind) {
    case 'env': {
      const value = env[name];
      if (value === undefined) return { message: `The environment variable ${name} is not set.` };
      if (value === '') return { message: `The environment variable ${name} is empty.` };
      return { value, secret: false };
    }
    case 'file':
      return contentOf(name, resolve(folder, name));
    case 'exec':
      return runCommand(name, options);
    case 'airflow':
      return airflowValue(name, env);
    default:
      return { message: `There is no reference “${kind}:”.`, expected: forms };
  }
}

function contentOf(name: string, path: string): Found {
  try {
    const info = statSync(path);
    if (info.isDirectory()) return { message: `The file ${name} cannot be read: it is a folder.` };
    if (info.size > largestFile) {
      return { message: `The file ${name} cannot be read: it is larger than ${largestFile} bytes.` };
    }
    const value = readFileSync(path, 'utf8').trim();
    return value === '' ? { message: `The file ${name} is empty.` } : { value, secret: false };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'it is not there' : code === 'EACCES' ? 'it may not be read' : (code ?? 'unknown');
    return {
      message: `The file ${name} cannot be read: ${why}.`,
      ...(code === 'ENOENT' && { suggestion: 'A path starts from the recipe’s folder.' }),
    };
  }
}
