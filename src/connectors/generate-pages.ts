import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { connectorPage, folderName, indexPage, pageName } from './connector-page.ts';
import { registry, type SourceType, sourceTypes } from './registry.ts';

const root = join(import.meta.dirname, '..', '..');
export const pagesFolder = join(root, 'docs', 'connectors');
const recipesFolder = join(root, 'recipes');

/** Pages that people wrote about a connector, beside its generated one. */
const more: Partial<Record<SourceType, readonly (readonly [string, string])[]>> = {
  Atlas: [
    ['what becomes of each type', '../mapping.md'],
    ['signing in', '../sign-in.md'],
  ],
  AtlasExport: [['what becomes of each type', '../mapping.md']],
  File: [['files of records', '../records-file.md']],
  OpenMetadata: [['from one OpenMetadata to another', '../migrate.md']],
};

/** Every page of docs/connectors that is made of specs, by its file name. */
export async function connectorPages(): Promise<ReadonlyMap<string, string>> {
  const recipes = await recipesByType();
  const pages = new Map([['README.md', indexPage(sourceTypes.map((type) => registry[type].spec))]]);
  for (const type of sourceTypes) {
    const named = recipes.get(type) ?? [];
    const first = named.find(({ file }) => file === `${folderName(type)}.yaml`) ?? shortest(named);
    if (!first) throw new Error(`There is no recipe for ${type} in recipes/.`);
    const page = connectorPage(registry[type].spec, {
      source: sourceBlock(first.text),
      recipes: named.map(({ file }) => file),
      more: handWritten(type),
    });
    pages.set(pageName({ type }), page);
  }
  return pages;
}

/** Those above, and a page that is called like the connector. */
function handWritten(type: SourceType): readonly (readonly [string, string])[] {
  const own = `${folderName(type)}.md`;
  return [
    ...(more[type] ?? []),
    ...(existsSync(join(root, 'docs', own)) ? [[registry[type].spec.title, `../${own}`] as const] : []),
  ];
}

/** YAML recipes of ours by the type that they name; those of the ways to sign in show nothing of the source. */
async function recipesByType(): Promise<ReadonlyMap<SourceType, readonly { file: string; text: string }[]>> {
  const found = new Map<SourceType, { file: string; text: string }[]>();
  for (const file of (await readdir(recipesFolder)).toSorted()) {
    if (!file.endsWith('.yaml') || file.startsWith('sign-in-')) continue;
    const text = await readFile(join(recipesFolder, file), 'utf8');
    const written = String((parse(text) as { source?: { type?: unknown } }).source?.type).toLowerCase();
    const type = sourceTypes.find((each) => each.toLowerCase() === written);
    if (type) found.set(type, [...(found.get(type) ?? []), { file, text }]);
  }
  return found;
}

/** The recipe that says no more than it must. */
function shortest<T extends { readonly text: string }>(recipes: readonly T[]): T | undefined {
  return recipes.toSorted((a, b) => a.text.length - b.text.length)[0];
}

/** From `source:` to the next key of the top. */
function sourceBlock(recipe: string): string {
  return /^source:\n(?:[ #].*\n|\n)*/m.exec(recipe)?.[0] ?? '';
}

if (import.meta.main) {
  await mkdir(pagesFolder, { recursive: true });
  for (const [file, text] of await connectorPages()) await writeFile(join(pagesFolder, file), text);
}
