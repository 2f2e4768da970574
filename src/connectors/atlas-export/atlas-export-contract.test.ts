import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startAtlas } from '../../../sandbox/atlas/start-atlas.ts';
import { sourceContract } from '../../testing/source-contract.ts';

describe('an export of Atlas as a source', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meridian-'));
    const atlas = await startAtlas();
    const answer = await fetch(`${atlas.url}/api/atlas/admin/export`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        itemsToExport: [{ typeName: 'hive_db', uniqueAttributes: { qualifiedName: 'shop@prod' } }],
      }),
    });
    await writeFile(join(folder, 'export.zip'), Buffer.from(await answer.arrayBuffer()));
    await atlas.close();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const rules = sourceContract({
    connector: 'AtlasExport',
    connection: () => ({ path: join(folder, 'export.zip'), entity_type: 'DataSet' }),
    failing: async () => {
      const path = join(folder, 'cut-off.zip');
      const whole = await readFile(join(folder, 'export.zip'));
      await writeFile(path, whole.subarray(0, whole.length / 2));
      return { path, entity_type: 'DataSet' };
    },
    secrets: [],
    // The ZIP is unpacked into an index before the first record.
    large: 'uncountable',
  });
  for (const { name, check } of rules) it(name, check);
});
