import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Where a code is given: an error's first argument, the code of errors that have none, a source's failed kinds. */
const places = [
  /(?:Error|super)\(\s*'(?<code>[a-z-]+\.[a-z-]+)'/g,
  /instanceof MeridianError \? \w+\.code : '(?<code>[a-z-]+\.[a-z-]+)'/g,
  /outcome: 'failed',[^}]*?reason: '(?<reason>[a-z-]+)'/g,
];

function codesInSource(): Set<string> {
  const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !/\.(test|testing)\.ts$/.test(file));
  const codes = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return places.flatMap((place) =>
      [...text.matchAll(place)].map(({ groups }) => groups!['code'] ?? `source.${groups!['reason']}`),
    );
  });
  return new Set(codes);
}

function codesInDocument(): Set<string> {
  const rows = readFileSync(join(root, 'docs', 'errors.md'), 'utf8').matchAll(/^\| `([a-z-]+\.[a-z-]+)` \|/gm);
  return new Set([...rows].map(([, code]) => code!));
}

it('docs/errors.md has each error code that a user can meet, and none besides', () => {
  const inSource = codesInSource();
  expect(inSource.size).toBeGreaterThan(30);
  expect([...codesInDocument()].sort()).toEqual([...inSource].sort());
});
