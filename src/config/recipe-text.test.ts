import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { excerptOf } from './excerpt.ts';
import { loadRecipe } from './load-recipe.ts';
import { RecipeError } from './recipe-error.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-text-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function problemsOf(content: string | Buffer) {
  const path = join(folder, 'recipe.yaml');
  await writeFile(path, content);
  return problemsAt(path);
}

async function problemsAt(path: string) {
  const error = await loadRecipe(path, { env: {} }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RecipeError);
  expect(error).toMatchObject({ code: 'recipe.invalid', exitCode: 2 });
  return (error as RecipeError).problems;
}

describe('a file that is no recipe ends in a sentence', () => {
  it.each([
    ['five megabytes of brackets', '['.repeat(5_000_000), /nested too deeply/],
    ['lists in lists on one line', '- '.repeat(1_000_000), /nested too deeply/],
    ['an alias that holds itself', 'source: &a [*a]\n', /alias/],
    ['an alias of nothing', 'source: *nowhere\n', /alias/],
    ['a tag', 'source: !!python/object:os.system ls\n', /begins with !/],
    ['a tab as indentation', 'source:\n\ttype: Atlas\n', /tab/i],
    ['a quote that is not closed', 'source: "Atlas\n', /quote/],
    ['a web page', '\n<!DOCTYPE html>\n<html><body>Please sign in</body></html>\n', /web page/],
    ['only comments', '# nothing here\n', /empty/],
    ['UTF-16', Buffer.from('\ufeffsource: 1', 'utf16le'), /UTF-8/],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00]), /UTF-8/],
    ['a key that JSON repeats', '{"source": 1, "source": 2}', /twice/],
  ])('%s', async (_, content, message) => {
    const [problem] = await problemsOf(content);
    expect(problem?.message).toMatch(message);
  });

  it.skipIf(process.platform === 'win32')('a stream without end', async () => {
    const [problem] = await problemsAt('/dev/zero');
    expect(problem?.message).toMatch(/larger than 5 MiB/);
  });

  it.skipIf(process.platform === 'win32')('a text that comes through a pipe is read', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [problems] = await Promise.all([problemsAt(pipe), writeFile(pipe, 'sorce: 1\n')]);
    expect(problems).toEqual(
      expect.arrayContaining([expect.objectContaining({ path: 'sorce', suggestion: 'Did you mean “source”?' })]),
    );
  });

  it('never quotes what may be a password', async () => {
    const texts = [
      'source:\n  password: "hunter2hunter2\n  x: 1\n',
      'source:\n  pasword: hunter2hunter2\n',
      'source: {serviceConnection: {config: {password: [hunter2hunter2], type: Atlass}}}\n',
      'password: hunter2hunter2: again\n',
      'source:\n  serviceConnection:\n    config:\n      hostPort: ftp://me:hunter2hunter2@host\n',
    ];
    for (const text of texts) expect(JSON.stringify(await problemsOf(text))).not.toContain('hunter2hunter2');
  });
});

describe('places', () => {
  const at = async (text: string, path: string) => {
    const { line, column } = (await problemsOf(text)).find((problem) => problem.path === path)!;
    return [line, column];
  };

  it('are those of the key for a key that is wrong, and of the value for a value that is', async () => {
    const text = 'source:\n  typ: Atlas\n  type:   Hive\n';
    expect(await at(text, 'source.typ')).toEqual([2, 3]);
    expect(await at(text, 'source.type')).toEqual([3, 11]);
    expect(await at(text, '')).toEqual([1, 1]);
  });

  it('are found in JSON with tabs, in Windows’ line ends, behind a byte order mark, and through aliases', async () => {
    expect(await at('{\n\t"source": {\n\t\t"type": "Hive"\n\t}\n}', 'source.type')).toEqual([3, 11]);
    expect(await at('source:\r\n  type: Hive\r\n', 'source.type')).toEqual([2, 9]);
    expect(await at('\ufeffsource:\n  type: Hive\n', 'source.type')).toEqual([2, 9]);
    expect(await at('sink: &s {type: Hive}\nsource: *s\n', 'source.type')).toEqual([1, 17]);
    const inList = 'source:\n  serviceConnection:\n    config:\n      databaseServiceName:\n        - a\n        - 7\n';
    expect(await at(inList, 'source.serviceConnection.config.databaseServiceName.1')).toEqual([6, 11]);
  });
});

describe('excerptOf', () => {
  it.each([
    ['  type: Hive', '  type: Hive'],
    ['password: x # y', 'password: …'],
    ['ord: x', 'ord: …'],
    ['pass"word: x', 'pass"word: …'],
    ['{a: 1, jwtToken: x, b: 2}', '{a: 1, jwtToken: …'],
    ['{"clientSecret": "x"}', '{"clientSecret": …'],
    ['tokenEndpoint: https://x.example', 'tokenEndpoint: https://x.example'],
    ['hostPort: http://me:pw@host:1', 'hostPort: http://…@host:1'],
    ['  the middle of a private key', undefined],
    [`a: ${'x'.repeat(500)}`, undefined],
  ])('%s', (line, shown) => {
    expect(excerptOf(line)).toBe(shown);
  });
});
