import { existsSync, readFileSync, statSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LoadedConnector } from '../connector.ts';
import { connectorOf, type DefinedConnector } from './define-connector.ts';
import { type DefinitionMistake, definitionMistake } from './definition-mistake.ts';

/** A connector that is kept outside of Meridian, or why it cannot be used. */
export type ExternalConnector = LoadedConnector | { readonly mistake: DefinitionMistake };

const indexes = ['index.js', 'index.mjs', 'index.ts', 'index.mts'];

/**
 * Loads a connector by what `source.type` says (`isConnectorPath`). This runs its code.
 *
 * @param folder the recipe's, where relative paths start from and packages are looked for
 */
export async function loadExternal(type: string, folder: string): Promise<ExternalConnector> {
  const place = placeOf(type, folder);
  if (place === undefined || !existsSync(place)) return missing(type, place);
  const file = statSync(place).isDirectory() ? entryOf(place) : place;
  if (file === undefined || !existsSync(file)) {
    return {
      mistake: {
        message: `The folder ${place} holds no module.`,
        suggestion: `Name its file in package.json ("exports" or "main"), or call it ${indexes[0]}.`,
      },
    };
  }
  let exported: { readonly default?: unknown };
  try {
    exported = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
  } catch (error) {
    return notLoaded(file, error);
  }
  const mistake = definitionMistake(exported.default);
  if (mistake) return { mistake: { ...mistake, message: `${mistake.message} (${file})` } };
  const defined = exported.default as DefinedConnector;
  return { spec: defined.spec, connector: connectorOf(defined) };
}

function placeOf(type: string, folder: string): string | undefined {
  if (!type.startsWith('@')) return isAbsolute(type) ? type : resolve(folder, type);
  // The recipe's folder first, as npm installs it there; then what Meridian itself is installed beside.
  for (const from of [join(folder, 'recipe.js'), import.meta.filename]) {
    try {
      const found = findPackageJSON(type, pathToFileURL(from));
      if (found !== undefined) return dirname(found);
    } catch {
      // Not there.
    }
  }
  return undefined;
}

function missing(type: string, place: string | undefined): ExternalConnector {
  return {
    mistake:
      place === undefined
        ? {
            message: `The package ${type} is not installed.`,
            suggestion: `Run “npm install ${type}” in the recipe’s folder, or beside Meridian.`,
          }
        : {
            message: `There is no connector at ${place}.`,
            suggestion: 'The path starts from the recipe’s folder; “meridian connector new NAME” makes a connector.',
          },
  };
}

/** The module that a folder's `package.json` names, or its index. */
function entryOf(folder: string): string | undefined {
  const index = indexes.map((name) => join(folder, name)).find((file) => existsSync(file));
  let described: unknown;
  try {
    described = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return index;
  }
  const { exports: named, main } = (described ?? {}) as { readonly exports?: unknown; readonly main?: unknown };
  const relative = exported(named) ?? (typeof main === 'string' ? main : undefined);
  return relative === undefined ? index : join(folder, relative);
}

/** `exports` of a package for `import`: a text, or nested conditions. */
function exported(named: unknown): string | undefined {
  if (typeof named === 'string') return named;
  if (typeof named !== 'object' || named === null) return undefined;
  const conditions = named as Readonly<Record<string, unknown>>;
  for (const key of ['.', 'node', 'import', 'default']) {
    const found = exported(conditions[key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function notLoaded(file: string, error: unknown): ExternalConnector {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const why = String(message ?? error).split('\n')[0]!;
  const suggestion =
    code === 'ERR_MODULE_NOT_FOUND'
      ? `Run “npm install” in ${dirname(file)}; a connector needs meridian-metadata there.`
      : code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING'
        ? 'Node runs no TypeScript within node_modules: publish the connector as JavaScript.'
        : 'A connector is an ES module that exports what defineConnector gives by default.';
  return { mistake: { message: `The connector ${file} cannot be loaded: ${why}`, suggestion } };
}
