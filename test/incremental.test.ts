import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AtlasStandInOptions } from '../sandbox/atlas/start-atlas.ts';
import { beforeChanges, Pair, writes } from './exchangeable-pair.ts';
import { haveRecordings, type RunOptions, recordings } from './recorded-atlas.ts';

const closing: Pair[] = [];
afterEach(async () => {
  for (const pair of closing.splice(0)) await pair.close();
});
async function open(options: AtlasStandInOptions): Promise<Pair> {
  const pair = await Pair.open(options);
  closing.push(pair);
  return pair;
}

describe.skipIf(!haveRecordings)('from recorded to recorded-after-changes (skipped without ../shared)', () => {
  const folder = (name: string): AtlasStandInOptions => ({ dataDir: join(recordings, name) });
  const options: RunOptions = { meridian: { incremental: { marginMinutes: 0 }, deletes: { maxSharePercent: 50 } } };

  it('an incremental run makes exactly the changes that a full run makes', async () => {
    const [some, all] = [await open(folder('recorded')), await open(folder('recorded'))];
    for (const pair of [some, all]) {
      const { report } = await pair.run(undefined, options);
      expect(report).toMatchObject({ state: 'success', reading: 'full' });
      await pair.exchange(folder('recorded-after-changes'));
    }
    await some.remember({ at: beforeChanges });
    const incremental = await some.run('incremental', options);
    const full = await all.run('full', options);
    expect(incremental.report).toMatchObject({ state: 'success', reading: 'incremental', failures: [], guards: [] });
    expect(full.report).toMatchObject({ state: 'success', reading: 'full', failures: [], guards: [] });
    expect(writes(incremental.changes)).toEqual(writes(full.changes));
    expect(writes(full.changes)).toContain('delete table local_hive.prod.sales.v_active_customers');
    expect(await some.content()).toEqual(await all.content());
    const again = await some.run('full', options);
    expect(writes(again.changes)).toEqual([]);
  });
});
