import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createProcessors } from './create-processors.ts';
import { ModuleProcessor } from './module-processor.ts';
import { lineage, table } from './sample-records.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-module-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(name: string, source: string): Promise<ModuleProcessor> {
  writeFileSync(join(folder, name), source);
  return ModuleProcessor.load(`./${name}`, folder);
}

describe('a user’s own module', () => {
  it('changes records, and drops those it does not return', async () => {
    const processor = await load(
      'change.mjs',
      `export default async (record) =>
        record.path.at(-1) === 'orders' ? { ...record, description: 'mine' } : undefined;`,
    );
    expect(await processor.process(table())).toEqual(table({ description: 'mine' }));
    expect(await processor.process(table({ path: ['a', 'b', 'c', 'other'] }))).toBeUndefined();
  });

  it('sees lineage too, whose ends are what counts', async () => {
    const same = await load('same.mjs', 'export default (record) => record;');
    const edge = lineage(['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'e']);
    expect(await same.process(edge)).toEqual(edge);
    const endless = await load('endless.mjs', 'export default (record) => ({ ...record, to: undefined });');
    await expect(endless.process(edge)).rejects.toMatchObject({ code: 'processor.bad-result' });
  });

  it('fails the record when it throws, and says which module it was', async () => {
    const processor = await load('throws.mjs', `export default () => { throw new Error('no such team'); };`);
    await expect(processor.process(table())).rejects.toMatchObject({
      code: 'processor.failed',
      message: 'The processor module ./throws.mjs threw: no such team',
    });
  });

  it.each(['42', '({ kind: "table" })', '({ ...record, kind: "database" })', '({ ...record, path: [] })'])(
    'refuses %s as a result',
    async (result) => {
      const processor = await load(`bad-${result.length}.mjs`, `export default (record) => ${result};`);
      await expect(processor.process(table())).rejects.toMatchObject({ code: 'processor.bad-result' });
    },
  );

  it('is a mistake of the recipe when it is missing, broken or exports no function', async () => {
    await expect(ModuleProcessor.load('./nowhere.mjs', folder)).rejects.toMatchObject({
      code: 'processor.module',
      exitCode: 2,
    });
    await expect(load('broken.mjs', 'export default (')).rejects.toMatchObject({ code: 'processor.module' });
    await expect(load('object.mjs', 'export default {};')).rejects.toMatchObject({ code: 'processor.module' });
  });
});

it('runs filters first and the user’s module last', async () => {
  writeFileSync(join(folder, 'last.mjs'), 'export default (record) => record;');
  const processors = await createProcessors({
    patterns: [],
    useFqnForFiltering: false,
    includeTables: true,
    includeViews: true,
    includeTags: true,
    tagMapping: {},
    ownerMapping: {},
    descriptionHtml: 'safe',
    processorModule: 'last.mjs',
    recipeDirectory: folder,
  });
  expect(processors.map(({ name }) => name)).toEqual([
    'filter',
    'ownerMapping',
    'tagMapping',
    'description',
    'module last.mjs',
  ]);
});
