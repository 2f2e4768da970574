import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sourceTypes } from '../connectors/registry.ts';
import { ConfigurationError } from '../errors.ts';

const packageName = 'meridian-metadata';

/**
 * Writes a working connector: its files are those of templates/connector with its name in them. This installation is linked into
 * its `node_modules`, so that its tests run at once.
 *
 * @param name such as `bakery-shop`
 * @param folder absolute; made when missing
 * @returns the files' names, sorted
 * @throws ConfigurationError `connector.name`, `connector.folder`
 */
export async function newConnector(name: string, folder: string): Promise<readonly string[]> {
  const words = wordsOf(name);
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw new ConfigurationError('connector.folder', `The folder ${folder} is not empty.`, {
      help: 'Name another one with --dir.',
    });
  }
  const root = installation();
  const templates = join(root, 'templates', 'connector');
  await mkdir(folder, { recursive: true });
  const files = (await readdir(templates)).map((file) => [file, file === 'gitignore' ? '.gitignore' : file] as const);
  for (const [from, to] of files) {
    const text = await readFile(join(templates, from), 'utf8');
    await writeFile(join(folder, to), named(text, words));
  }
  await link(folder, root);
  return files.map(([, to]) => to).toSorted();
}

function wordsOf(name: string): readonly string[] {
  const words = name.split('-');
  const type = pascal(words);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new ConfigurationError('connector.name', `“${name}” is no name of a connector.`, {
      help: 'Write small letters, digits and dashes, such as bakery-shop.',
    });
  }
  if (sourceTypes.some((own) => own.toLowerCase() === type.toLowerCase())) {
    throw new ConfigurationError('connector.name', `Meridian has a connector ${type} of its own.`, {
      help: `Choose another name, such as my-${name}.`,
    });
  }
  return words;
}

const capital = (word: string): string => `${word[0]!.toUpperCase()}${word.slice(1)}`;
const pascal = (words: readonly string[]): string => words.filter(Boolean).map(capital).join('');

/** The template's own name in each of its forms, replaced. */
function named(text: string, words: readonly string[]): string {
  return text
    .replaceAll('TemplateName', pascal(words))
    .replaceAll('Template Name', words.map(capital).join(' '))
    .replaceAll('TEMPLATE_NAME', words.join('_').toUpperCase())
    .replaceAll('template_name', words.join('_'))
    .replaceAll('template-name', words.join('-'));
}

/** The folder of this package, from its sources or as it was built. */
function installation(): string {
  const root = dirname(dirname(import.meta.dirname));
  return existsSync(join(root, 'templates')) ? root : dirname(root);
}

/** Puts this installation where the connector's imports, `npm test` and `npx meridian` find it, unless one is there. */
async function link(folder: string, root: string): Promise<void> {
  if (isInstalled(folder)) return;
  const modules = join(folder, 'node_modules');
  const place = join(modules, packageName);
  await mkdir(modules);
  const source = join(root, 'src', 'index.ts');
  if (existsSync(source)) await linkSources(place, root);
  else await symlink(root, place, 'junction');
  if (process.platform === 'win32') return;
  const bin = join(modules, '.bin');
  await mkdir(bin);
  await symlink(join(root, 'bin', 'meridian.mjs'), join(bin, 'meridian'));
  await symlink(process.execPath, join(bin, 'node'));
}

function isInstalled(folder: string): boolean {
  try {
    return findPackageJSON(packageName, pathToFileURL(join(folder, 'index.js'))) !== undefined;
  } catch {
    return false;
  }
}

/** A checkout has no built package: its sources stand for it, which Node runs as they are. */
async function linkSources(place: string, root: string): Promise<void> {
  await mkdir(place);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  const entries = { index: 'index.ts', testing: 'testing/source-contract.ts' };
  const exports: Record<string, object> = {};
  for (const [entry, file] of Object.entries(entries)) {
    const path = join(root, 'src', file);
    exports[entry === 'index' ? '.' : `./${entry}`] = { types: `./${entry}.d.ts`, default: `./${entry}.js` };
    await writeFile(join(place, `${entry}.js`), `export * from ${JSON.stringify(pathToFileURL(path).href)};\n`);
    await writeFile(join(place, `${entry}.d.ts`), `export * from ${JSON.stringify(path)};\n`);
  }
  await writeFile(join(place, 'package.json'), JSON.stringify({ name: packageName, version, type: 'module', exports }));
}
