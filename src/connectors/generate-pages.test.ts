import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectorPages, pagesFolder } from './generate-pages.ts';

it('docs/connectors is what specs and recipes say (else: npm run generate)', async () => {
  const pages = await connectorPages();
  for (const [file, text] of pages) expect(await readFile(join(pagesFolder, file), 'utf8'), file).toBe(text);
  // What else is there people wrote.
  const there = (await readdir(pagesFolder)).filter((file) => file.endsWith('.md'));
  expect(there.toSorted()).toEqual([...pages.keys(), 'write-your-own.md'].toSorted());
});
