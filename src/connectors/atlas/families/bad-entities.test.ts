import { describe, expect, it } from 'vitest';
import { alter, read, start } from '../read-source.testing.ts';
import { haveTypedefs, storeWith } from './atlas-with.testing.ts';
import { everyFamily } from './family-samples.testing.ts';

/** What a hook, a script or an older server may leave in an attribute. */
const wrong: readonly unknown[] = [
  null,
  0,
  -1,
  '',
  'text',
  true,
  [],
  [null],
  {},
  { guid: 7 },
  [{ guid: 'lost' }],
  1e300,
];

describe.skipIf(!haveTypedefs)('attributes that are not what their type says', () => {
  it.each(wrong.map((value) => [JSON.stringify(value), value] as const))('%s in all of them', async (_, value) => {
    const atlas = await start({ store: storeWith(everyFamily) });
    const url = await alter(atlas, (_request, answer) => {
      for (const entity of answer.body.entities ?? []) {
        const attributes = entity.attributes as Record<string, unknown>;
        for (const name of Object.keys(attributes)) if (name !== 'qualifiedName') attributes[name] = value;
      }
    });
    for (const columnsBySearchLimit of [100_000, 0]) {
      const reading = await read(url, { entityType: 'Referenceable', pipelines: true, columnsBySearchLimit });
      expect(reading.issues.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      for (const record of reading.records) {
        if (!('path' in record)) continue;
        for (const part of record.path ?? []) expect(typeof part === 'string' && part !== '').toBe(true);
      }
    }
  });
});
