import { describe, expect, it } from 'vitest';
import type { AtlasStandIn } from '../../../../sandbox/atlas/start-atlas.ts';
import { read, start } from '../read-source.testing.ts';
import { type Builder, haveTypedefs, leftOut, pathsOf, readWith } from './atlas-with.testing.ts';

/** A database whose first table in a search is a shell of the second one's name. */
function withShell({ add, relate }: Builder): void {
  const db = add('hive_db', { qualifiedName: 'sales@prod', clusterName: 'prod' });
  const table = (qualifiedName: string, name: string, more = {}) => {
    const made = add('hive_table', { qualifiedName, name, tableType: 'MANAGED_TABLE' }, more);
    relate('hive_table_db', made, db);
    const column = add('hive_column', { qualifiedName: `${qualifiedName}.id`, name: 'id', type: 'int', position: 0 });
    relate('hive_table_columns', made, column);
  };
  table('sales.orders:old@prod', 'orders', { isIncomplete: true });
  table('sales.orders@prod', 'orders');
  table('sales.later@prod', 'later', { isIncomplete: true });
}

describe.skipIf(!haveTypedefs)('Hive', () => {
  it('a shell takes no name from a real table, and is marked where it stands alone', async () => {
    const reading = await readWith(withShell, { entityType: 'hive_table' });
    expect(
      reading.tables.map(({ path, incomplete, provenance }) => [path.at(-1), incomplete, provenance.qualifiedName]),
    ).toEqual([
      ['orders', undefined, 'sales.orders@prod'],
      ['later', true, 'sales.later@prod'],
    ]);
    expect(leftOut(reading)).toEqual([
      'skipped no-table: hive_column × 1',
      'skipped same-name: sales.orders:old@prod × 1',
    ]);
  });

  it('a database without tables is a schema all the same when everything is read', async () => {
    const reading = await readWith(({ add }) => add('hive_db', { qualifiedName: 'empty@prod', clusterName: 'prod' }));
    expect(pathsOf(reading, 'databaseSchema')).toEqual(['hive/default/empty']);
  });

  it('types without entities cost nothing: what there is decides how many requests are sent', async () => {
    const nothing = await readWith(() => undefined);
    // Version, types, one look at all types, and lineage in the four forms that processes have.
    expect(nothing.requests).toBeLessThanOrEqual(7);
    const topics = await readWith(({ add }) => add('kafka_topic', { qualifiedName: 'a@prod', topic: 'a' }));
    expect(topics.requests).toBeLessThanOrEqual(nothing.requests + 2);
  });
});

it.each(['1.1.0', '2.2.0'])(
  'version %s, which takes one type a search, gives everything that the newest gives',
  async (version) => {
    const everything = async (atlas: AtlasStandIn) => {
      const reading = await read(atlas.url, { entityType: 'Referenceable', pipelines: true });
      expect(reading.issues.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      return reading.records.flatMap((record) => ('path' in record ? [`${record.kind} ${record.path}`] : [])).sort();
    };
    const newest = await everything(await start());
    const older = await everything(await start({ version }));
    const kinds = (records: string[], ...left: string[]) =>
      records.filter((record) => !left.some((kind) => record.startsWith(kind)));
    // Labels, business metadata and custom attributes came with 2.1.
    expect(kinds(older, 'customProperty', 'tag')).toEqual(kinds(newest, 'customProperty', 'tag'));
  },
);
