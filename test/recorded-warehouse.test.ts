import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AtlasStandIn } from '../sandbox/atlas/start-atlas.ts';
import { isWrite } from '../src/reconcile/change.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { type Bench, fetchEntity, haveRecordings, openBench, startRecorded } from './recorded-atlas.ts';

interface Column {
  name: string;
  dataType: string;
  dataTypeDisplay?: string;
  arrayDataType?: string;
  precision?: number;
  scale?: number;
  dataLength?: number;
  tags?: { tagFQN: string }[];
  children?: Column[];
}
interface Table {
  id: string;
  name: string;
  displayName?: string;
  description?: string;
  tableType: string;
  columns: Column[];
  tags: { tagFQN: string; labelType: string }[];
  extension?: Record<string, string>;
  viewDefinition?: string;
}

describe.skipIf(!haveRecordings)('a real Atlas’ answers, created in an empty OpenMetadata 1.1', () => {
  let bench: Bench;
  let atlas: AtlasStandIn;
  let changed: AtlasStandIn;
  let first: RunReport;

  const table = async (fqn: string): Promise<Table> => {
    const entity = await fetchEntity(
      bench.openmetadata,
      `tables/name/${encodeURIComponent(fqn)}?fields=tags,owner,extension,viewDefinition`,
    );
    if (!entity) throw new Error(`no table ${fqn}`);
    return entity as unknown as Table;
  };

  beforeAll(async () => {
    bench = await openBench();
    atlas = await startRecorded('recorded');
    changed = await startRecorded('recorded-after-changes');
    first = (await bench.run(atlas)).report;
  });
  afterAll(async () => {
    await atlas?.close();
    await changed?.close();
    await bench?.close();
  });

  it('brings nine live tables and not the deleted one', async () => {
    expect(first.failures).toEqual([]);
    expect(first.state).toBe('success');
    expect(first.stages.table).toMatchObject({ created: 9, failed: 0 });
    const dropped = encodeURIComponent('local_hive.prod.finance.to_be_dropped');
    expect(await fetchEntity(bench.openmetadata, `tables/name/${dropped}?include=all`)).toBeUndefined();
  });

  it('keeps the same name in two clusters apart', async () => {
    const prod = await table('local_hive.prod.sales.customers');
    const dr = await table('local_hive.dr.sales.customers');
    expect(prod.description).toBe('One row for each customer');
    expect(dr.description).toBe('One row for each customer (copy)');
  });

  it('brings all columns in order with the right types', async () => {
    const { columns } = await table('local_hive.prod.sales.customers');
    const byName = new Map(columns.map((column) => [column.name, column]));
    expect(columns).toHaveLength(17);
    expect(byName.get('email')).toMatchObject({ dataType: 'VARCHAR', dataLength: 255 });
    expect(byName.get('balance')).toMatchObject({ dataType: 'DECIMAL', precision: 18, scale: 4 });
    expect(byName.get('code')).toMatchObject({ dataType: 'CHAR', dataLength: 3 });
    expect(byName.get('tags')).toMatchObject({ dataType: 'ARRAY', arrayDataType: 'STRING' });
    expect(byName.get('attrs')).toMatchObject({ dataType: 'MAP', dataTypeDisplay: 'map<string,array<int>>' });
    expect(byName.get('choice')?.dataType).toBe('UNION');
    expect(byName.get('span')?.dataType).toBe('INTERVAL');
    expect(byName.get('ts_tz')?.dataType).toBe('TIMESTAMPZ');
    const address = byName.get('address');
    expect(address?.dataType).toBe('STRUCT');
    expect(address?.children?.map((child) => [child.name, child.dataType])).toEqual([
      ['street', 'STRING'],
      ['city', 'STRING'],
      ['geo', 'STRUCT'],
    ]);
    expect(address?.children?.[2]?.children?.map((child) => child.name)).toEqual(['lat', 'lon']);
  });

  it('brings the wide table whole and partition columns last', async () => {
    const ledger = await table('local_hive.prod.finance.ledger');
    expect(ledger.columns).toHaveLength(300);
    const orders = await table('local_hive.prod.sales.orders');
    expect(orders.columns.slice(-2).map((column) => column.name)).toEqual(['dt', 'region']);
  });

  it('puts classifications on the right assets and keeps their attributes', async () => {
    const orders = await table('local_hive.prod.sales.orders');
    expect(orders.tags.map((tag) => tag.tagFQN).sort()).toEqual([
      'Atlas."FINANCE.SOX"',
      'Atlas.PII',
      'Atlas.RETENTION',
      'AtlasLabels.critical',
      'AtlasLabels.daily',
    ]);
    expect(orders.extension?.['atlasClassifications']).toContain('"days"');
    const customers = await table('local_hive.prod.sales.customers');
    const email = customers.columns.find((column) => column.name === 'email');
    expect(email?.tags?.map((tag) => tag.tagFQN)).toContain('Atlas.PII.PII_EMAIL');
    const stats = await table('local_hive.prod.marketing.campaign_stats');
    expect(stats.tags).toMatchObject([
      { tagFQN: 'Atlas.PII', labelType: 'Propagated' },
      { tagFQN: 'Business.Commerce.Orders.Net revenue', labelType: 'Automated', source: 'Glossary' },
    ]);
  });

  it('brings views with their text', async () => {
    const view = await table('local_hive.prod.sales.v_active_customers');
    expect(view.tableType).toBe('View');
    expect(view.viewDefinition).toBeTruthy();
    expect((await table('local_hive.prod.sales.mv_daily')).tableType).toBe('MaterializedView');
  });

  it('brings odd names there and back', async () => {
    const odd = await table('local_hive.prod.marketing."weird.name __reserved__quote__q__reserved__quote__ ünï"');
    expect(odd.displayName).toBe('weird.name "q" ünï');
    expect(odd.columns.map((column) => column.name).sort()).toEqual([
      'a b',
      'col.with.dots',
      'naïve__reserved__colon____reserved__arrow__x',
      'select',
    ]);
  });

  it('brings six edges, one of them to itself, and four pairs of columns', async () => {
    expect(first.stages.lineage).toMatchObject({ created: 6, failed: 0 });
    const fqn = encodeURIComponent('local_hive.prod.marketing.campaign_stats');
    const lineage = (await fetchEntity(
      bench.openmetadata,
      `lineage/table/name/${fqn}?upstreamDepth=1&downstreamDepth=0`,
    )) as unknown as { upstreamEdges: { lineageDetails: { columnsLineage: unknown[] } }[] };
    expect(lineage.upstreamEdges).toHaveLength(2);
    const orders = await table('local_hive.prod.sales.orders');
    const self = (await fetchEntity(
      bench.openmetadata,
      `lineage/table/${orders.id}?upstreamDepth=1&downstreamDepth=1`,
    )) as unknown as { upstreamEdges: { fromEntity: string; toEntity: string }[] };
    expect(self.upstreamEdges.some((edge) => edge.fromEntity === orders.id && edge.toEntity === orders.id)).toBe(true);
  });

  it('sends nothing in a second run', async () => {
    const before = bench.openmetadata.requests();
    const { report, changes } = await bench.run(atlas);
    expect(report.state).toBe('success');
    expect(changes.filter(isWrite)).toEqual([]);
    expect(changes.filter((change) => change.action === 'gone')).toEqual([]);
    expect(report.target.writes).toBe(0);
    expect(before).toBeDefined();
  });

  it('plans just what has changed since, and an ingest does just that', async () => {
    const plan = await bench.run(changed, { dryRun: true });
    const told = plan.changes
      .filter((change) => change.action !== 'unchanged')
      .map((change) => ({
        [`${change.action} ${change.fqn}`]: change.fields
          .filter((field) => !field.field.startsWith('extension'))
          .map((field) => `${field.action} ${field.field}: ${field.to ?? field.from}`),
      }));
    const p = 'local_hive.prod';
    expect(Object.assign({}, ...told)).toEqual({
      [`update ${p}.sales.orders`]: ['replace description: Orders, now hourly', 'remove tags: Atlas.PII'],
      [`update ${p}.sales.customers`]: [
        'remove tags: Atlas.PII',
        'add columns.loyalty_tier: string',
        'remove columns.tiny: tinyint',
      ],
      [`update ${p}.marketing.campaign_stats`]: ['remove tags: Atlas.PII'],
      [`create ${p}.finance.new_table`]: [],
      'create AtlasLabels.audited': [],
      [`update ${p}.finance.ledger`]: ['add tags: AtlasLabels.audited'],
      [`delete ${p}.sales.v_active_customers`]: [],
      [`delete ${p}.sales.customers → ${p}.sales.v_active_customers`]: [],
    });
    const ingest = await bench.run(changed);
    const shown = (changes: typeof plan.changes) =>
      changes
        .filter((change) => change.action !== 'unchanged')
        .map((change) => `${change.action} ${change.fqn}`)
        .sort();
    expect(shown(ingest.changes)).toEqual(shown(plan.changes));
    expect((await table(`${p}.sales.orders`)).description).toBe('Orders, now hourly');
    const columns = (await table(`${p}.sales.customers`)).columns.map((column) => column.name);
    expect(columns).toContain('loyalty_tier');
    expect(columns).not.toContain('tiny');
    const again = await bench.run(changed);
    expect(again.changes.filter(isWrite)).toEqual([]);
  });
});
