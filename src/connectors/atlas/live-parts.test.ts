import { expect, it } from 'vitest';
import { haveTypedefs, storeWith } from './families/atlas-with.testing.ts';
import { everyFamily } from './families/family-samples.testing.ts';
import { liveParts } from './live-parts.ts';
import { clientOf, start } from './read-source.testing.ts';

it.skipIf(!haveTypedefs)('the live columns of a table of any family, though a search may have lost them', async () => {
  const store = storeWith(everyFamily);
  const atlas = await start({ store });
  const find = (type: string, name?: string) =>
    [...store.all()].find(({ typeName, attributes }) => typeName === type && (!name || attributes['name'] === name))!;
  const lost = [find('couchbase_field', 'age'), find('hbase_column', 'user'), find('rdbms_column', 'RECEIPT')];
  atlas.mutate(lost.map(({ guid }) => ({ op: 'hideFromSearch', guid })));
  const tables = [find('couchbase_collection'), find('hbase_table'), find('rdbms_table', 'SALES.ORDERS')];
  const client = clientOf(atlas.url);
  try {
    const guids = tables.map(({ guid }) => guid);
    const parts = await liveParts(client, guids, new AbortController().signal);
    expect(parts.get(guids[0]!)).toEqual(expect.arrayContaining(['address', 'age']));
    expect(parts.get(guids[1]!)).toEqual(expect.arrayContaining(['a', 'd', 'd:at', 'd:user']));
    expect(parts.get(guids[2]!)).toEqual(expect.arrayContaining(['ID', 'LINE', 'CUSTOMER', 'RECEIPT']));
  } finally {
    await client.close();
  }
});
