import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readableSecret } from './literal-secrets.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-literal-'));
  file = join(folder, 'recipe.yaml');
  await writeFile(file, '');
  await writeFile(join(folder, 'token.txt'), 'x');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function warnings(root: object, mode = 0o644): Promise<readonly object[]> {
  await chmod(file, mode);
  return readableSecret(file, root, folder);
}

describe.skipIf(process.platform === 'win32')('a recipe file that everybody may read', () => {
  it.each([
    ['a password', { source: { password: 'written-out' } }, ['source', 'password']],
    ['a header', { extraHeaders: { 'X-Api-Key': 'written-out' } }, ['extraHeaders', 'X-Api-Key']],
    ['a password in an address', { hosts: ['http://a:b@c'] }, ['hosts', 0]],
  ])('draws a warning for %s, with what to do', async (_, root, path) => {
    const [warning] = await warnings(root);
    expect(warning).toMatchObject({ path, suggestion: expect.stringContaining(`chmod 600 ${file}`) });
  });

  it.each([
    ['references', { password: '${env:P}', jwtToken: 'secret:id', url: 'http://a:${file:p}@c' }],
    ['the path of a file', { jwtToken: 'token.txt' }],
    ['a placeholder, which is told as such', { password: '<password>' }],
    ['no secret', { hostPort: 'http://c', username: 'u', password: '' }],
  ])('draws none for %s', async (_, root) => {
    expect(await warnings(root)).toEqual([]);
  });

  it('draws none once the others have lost the right', async () => {
    expect(await warnings({ password: 'written-out' }, 0o640)).toEqual([]);
  });
});
