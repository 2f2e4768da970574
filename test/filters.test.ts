import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { clientOf } from '../sandbox/openmetadata/test-client.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { type Bench, openBench } from './recorded-atlas.ts';

describe('what a recipe leaves out', () => {
  let atlas: AtlasStandIn;
  let bench: Bench;

  beforeEach(async () => {
    atlas = await startAtlas();
    bench = await openBench('1.5.0');
  });
  afterEach(async () => {
    await atlas.close();
    await bench.close();
  });

  const tables = async (fields = '') => {
    const { body } = await clientOf(bench.openmetadata, 'bot').get(`/tables?limit=1000&fields=${fields}`);
    // biome-ignore lint/suspicious/noExplicitAny: entities as the server answers them.
    return body.data as any[];
  };
  const names = async (): Promise<string[]> => (await tables()).map((table) => table.fullyQualifiedName).sort();
  const run = async (sourceConfig: Readonly<Record<string, unknown>>) => {
    const outcome = await bench.run(atlas, { sourceConfig });
    expect(outcome.report.failures).toEqual([]);
    expect(outcome.report.state).toBe('success');
    return outcome;
  };

  it('brings the schemas of the pattern only, with what is in them', async () => {
    const { report, changes } = await run({ schemaFilterPattern: { includes: ['^shop$'] } });
    const all = await names();
    expect(all.length).toBeGreaterThan(10);
    expect(all.every((fqn) => /^local_hive\.(prod|dr)\.shop\./.test(fqn))).toBe(true);
    expect(report.stages.databaseSchema).toMatchObject({ read: 5, filtered: 3, created: 2 });
    expect(report.stages.table?.filtered).toBeGreaterThan(30);
    const edges = changes.filter((change) => change.entityType === 'lineage' && isWrite(change));
    expect(edges.length).toBeGreaterThan(0);
    expect(edges.every((edge) => edge.fqn.split(' → ').every((end) => all.includes(end)))).toBe(true);
  });

  it('brings the tables of includes without those of excludes', async () => {
    await run({ tableFilterPattern: { includes: ['^order'], excludes: ['.*_delta$'] } });
    expect(await names()).toEqual([
      'local_hive.dr.shop.orders',
      'local_hive.prod.shop.order_lines',
      'local_hive.prod.shop.orders',
    ]);
  });

  it('holds patterns against whole names under useFqnForFiltering', async () => {
    await run({ useFqnForFiltering: true, tableFilterPattern: { includes: ['^local_hive\\.dr\\.shop\\.'] } });
    const all = await names();
    expect(all).toHaveLength(4);
    expect(all.every((fqn) => fqn.startsWith('local_hive.dr.shop.'))).toBe(true);
  });

  it('leaves views out, and lineage to them', async () => {
    const { report, changes } = await run({ includeViews: false });
    const types = new Set((await tables()).map((table) => table.tableType));
    expect(types.has('View') || types.has('MaterializedView')).toBe(false);
    expect(report.stages.table?.filtered).toBeGreaterThan(4);
    const edges = changes.filter((change) => change.entityType === 'lineage' && isWrite(change));
    expect(edges.length).toBeGreaterThan(0);
    expect(edges.some((edge) => /\.(v|mv)_/.test(edge.fqn))).toBe(false);
  });

  it('does not call gone what a later recipe leaves out', async () => {
    await run({});
    const before = await names();
    const { changes } = await run({ schemaFilterPattern: { excludes: ['^finance$'] }, includeViews: false });
    expect(changes.filter((change) => change.action === 'gone')).toEqual([]);
    expect(changes.filter(isWrite)).toEqual([]);
    expect(await names()).toEqual(before);
  });

  it('brings no labels and makes no tags without includeTags', async () => {
    const { changes } = await run({ includeTags: false });
    const all = await tables('tags,columns');
    type Labelled = { tags?: { source: string }[] };
    const labels = all.flatMap((table) => [table, ...table.columns].flatMap(({ tags }: Labelled) => tags ?? []));
    // Terms of glossaries are another matter.
    expect(new Set(labels.map(({ source }: { source: string }) => source))).toEqual(new Set(['Glossary']));
    const vocabulary = ['classification', 'tag'];
    expect(changes.filter((change) => isWrite(change) && vocabulary.includes(change.entityType))).toEqual([]);
  });

  it('leaves labels of an earlier run alone when includeTags is turned off', async () => {
    await run({});
    const labels = async () => (await tables('tags')).map((table) => [table.name, table.tags.length]);
    const before = await labels();
    const { changes } = await run({ includeTags: false });
    expect(await labels()).toEqual(before);
    expect(changes.filter(isWrite)).toEqual([]);
    expect((await run({})).changes.filter(isWrite)).toEqual([]);
  });

  it('brings owners that OpenMetadata knows, and says whom it does not', async () => {
    const person = clientOf(bench.openmetadata, 'admin');
    await person.put('/users', { name: 'marta', email: 'marta@example.org' });
    await person.put('/teams', { name: 'etl', teamType: 'Group' });
    const { report } = await run({ includeOwners: true });
    const owners = new Map(
      (await tables('owners')).map((table) => [
        table.fullyQualifiedName,
        table.owners.map((owner: { name: string; type: string }) => `${owner.type} ${owner.name}`),
      ]),
    );
    expect(owners.get('local_hive.prod.shop.orders')).toEqual(['user marta']);
    expect(owners.get('local_hive.prod.shop.orders_delta')).toEqual(['team etl']);
    expect(owners.get('local_hive.prod.finance.ledger')).toEqual([]);
    const unknown = report.skipped.find((group) => group.reason === 'owner-not-found');
    expect(unknown?.samples).toContain('ruth');
    expect(unknown?.samples).not.toContain('marta');
    const second = await run({ includeOwners: true });
    expect(second.changes.filter(isWrite)).toEqual([]);
  });
});
