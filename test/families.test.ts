import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AtlasStandIn } from '../sandbox/atlas/start-atlas.ts';
import { startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { haveTypedefs, storeWith } from '../src/connectors/atlas/families/atlas-with.testing.ts';
import { everyFamily } from '../src/connectors/atlas/families/family-samples.testing.ts';
import { type Bench, fetchEntity, haveRecordings, openBench, startRecorded } from './recorded-atlas.ts';

const everything = { entityType: 'DataSet', meridian: { pipelines: true } };

describe.skipIf(!haveRecordings).each(['1.1.0', '1.13.0'])('everything that a real Atlas holds, into %s', (version) => {
  let bench: Bench;
  let atlas: AtlasStandIn;
  beforeAll(async () => {
    [bench, atlas] = await Promise.all([openBench(version), startRecorded('recorded')]);
  });
  afterAll(() => Promise.all([bench.close(), atlas.close()]));

  it('every family finds its place, and a second run changes nothing', async () => {
    const first = await bench.run(atlas, everything);
    expect(first.report.failures).toEqual([]);
    const om = bench.openmetadata;
    const topic = await fetchEntity(om, 'topics/name/local_atlas_kafka."orders.events"');
    expect(topic).toMatchObject({ partitions: 12, description: 'Order events' });
    const folder = await fetchEntity(om, 'containers/name/local_atlas_s3.lake.events?fields=parent');
    expect(folder).toMatchObject({ parent: { name: 'lake' }, prefix: '/events/' });
    const path = await fetchEntity(om, 'containers/name/local_atlas_paths.hdfs:%2F%2Fnn.landing.orders');
    expect(path).toBeDefined();
    const contact = await fetchEntity(om, 'tables/name/crm-pg.crm.public.contact?fields=tableConstraints,columns');
    expect(contact).toMatchObject({ tableConstraints: [{ constraintType: 'PRIMARY_KEY', columns: ['id'] }] });
    const pipeline = await fetchEntity(om, 'pipelines/name/local_atlas_pipelines.load_orders@prod?fields=tasks');
    expect(pipeline).toMatchObject({
      tasks: [{ name: 'load_orders', taskSQL: expect.stringContaining('insert overwrite') }],
    });
    const lineage = await fetchEntity(om, `lineage/topic/${topic!['id']}?upstreamDepth=0&downstreamDepth=1`);
    expect(lineage).toMatchObject({ nodes: [{ type: 'table', name: 'raw_orders_ext' }] });

    const again = await bench.run(atlas, everything);
    expect(again.changes.filter(({ action }) => action !== 'unchanged')).toEqual([]);
  });
});

describe.skipIf(!haveRecordings)('from recorded to recorded-after-changes, everything read', () => {
  /** What changed, as CHANGES.md tells it, in all that shows it. */
  const changed = [
    'create table new_table',
    'create tag audited',
    'delete lineage customers → v_active_customers',
    'delete pipeline create_view_active@prod',
    'delete table v_active_customers',
    'update container Revenue: tags',
    'update pipeline build_campaign_stats@prod: tags',
    'update pipeline publish_dashboard@prod: tags',
    'update pipeline self_merge@prod: tags',
    'update table campaign_stats: tags',
    'update table customers: tags columns.loyalty_tier columns.tiny',
    'update table ledger: tags',
    'update table orders: description tags',
  ];

  it('a full run makes exactly the changes', async () => {
    const [bench, before, after] = await Promise.all([
      openBench(),
      startRecorded('recorded'),
      startRecorded('recorded-after-changes'),
    ]);
    try {
      await bench.run(before, everything);
      const { changes } = await bench.run(after, everything);
      const told = changes
        .filter(({ action }) => action !== 'unchanged')
        .map(({ action, entityType, fqn, fields }) => {
          const name = fqn.replaceAll(/[\w"-]+\./g, '');
          const names = fields.map(({ field }) => field).filter((field) => !field.startsWith('extension'));
          return `${action} ${entityType} ${name}${names.length > 0 ? `: ${names.join(' ')}` : ''}`;
        });
      expect(told.sort()).toEqual(changed);
    } finally {
      await Promise.all([bench.close(), before.close(), after.close()]);
    }
  });
});

describe.skipIf(!haveRecordings)('a recipe that asks for less than before', () => {
  it('deletes nothing of what it no longer reads', async () => {
    const [bench, atlas] = await Promise.all([openBench(), startRecorded('recorded')]);
    try {
      await bench.run(atlas, everything);
      const { changes, report } = await bench.run(atlas, { entityType: 'hive_table' });
      expect(changes.filter(({ action }) => action === 'delete' || action === 'create')).toEqual([]);
      expect(report.failures).toEqual([]);
      expect(await fetchEntity(bench.openmetadata, 'topics/name/local_atlas_kafka.clicks')).toBeDefined();
    } finally {
      await Promise.all([bench.close(), atlas.close()]);
    }
  });
});

const versions = ['1.1.0', '1.4.0', '1.5.0', '1.9.0', '1.13.0'];

describe.skipIf(!haveTypedefs).each(versions)('something of every family, into %s', (version) => {
  it('is taken whole, and a second run changes nothing', async () => {
    const [bench, atlas] = await Promise.all([openBench(version), startAtlas({ store: storeWith(everyFamily) })]);
    try {
      const first = await bench.run(atlas, everything);
      expect(first.report.failures).toEqual([]);
      const om = bench.openmetadata;
      const orders = await fetchEntity(om, 'tables/name/shop-ora.shop.SALES.ORDERS?fields=tableConstraints');
      expect(orders!['tableConstraints']).toContainEqual(
        expect.objectContaining({ constraintType: 'FOREIGN_KEY', columns: ['CUSTOMER'] }),
      );
      const topic = await fetchEntity(om, 'topics/name/local_atlas_kafka.orders');
      expect(topic).toMatchObject({ partitions: 12, replicationFactor: 3, retentionTime: 172_800_000 });
      expect(JSON.stringify(topic!['messageSchema'])).toContain('address');
      const blob = await fetchEntity(om, 'containers/name/local_atlas_adls.acct.raw.2026."a.parquet"');
      expect(blob).toMatchObject({ size: 512 });
      const models = await fetchEntity(om, 'mlmodels?service=local_atlas_ml');
      // 1.1 takes no colon in the name of a model.
      const shown = version === '1.1.0' ? { displayName: 'churn:7' } : { name: 'churn:7' };
      expect(models!['data']).toContainEqual(expect.objectContaining({ ...shown, algorithm: 'GBT' }));
      const nightly = await fetchEntity(om, 'pipelines/name/local_atlas_pipelines.nightly@prod?fields=tasks');
      expect((nightly as unknown as { tasks: { name: string }[] }).tasks.map(({ name }) => name).sort()).toEqual([
        'clean',
        'report',
      ]);
      const again = await bench.run(atlas, everything);
      expect(again.changes.filter(({ action }) => action !== 'unchanged')).toEqual([]);
    } finally {
      await Promise.all([bench.close(), atlas.close()]);
    }
  });
});
