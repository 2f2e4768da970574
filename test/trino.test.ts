import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { type CatalogSpec, sampleCatalogs } from '../sandbox/trino/catalog-tree.ts';
import { startTrino, type TrinoStandIn } from '../sandbox/trino/start-trino.ts';
import type { Change } from '../src/reconcile/change.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { fetchEntity } from './recorded-atlas.ts';

const recipe = join(import.meta.dirname, '..', 'recipes', 'trino.yaml');

describe.each(['1.1.0', '1.13.0'])('a Trino cluster into OpenMetadata %s', (version) => {
  let trino: TrinoStandIn;
  let om: OpenMetadataStandIn;
  let home: string;

  beforeAll(async () => {
    trino = await startTrino();
    om = await startOpenMetadata({ version, strict: true });
    home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
  });

  afterAll(async () => {
    await Promise.all([trino.close(), om.close()]);
    await rm(home, { recursive: true, force: true });
  });

  async function run(): Promise<{ report: RunReport; changes: Change[] }> {
    const changes: Change[] = [];
    const env = {
      TRINO_HOST_PORT: trino.url.replace('http://', ''),
      TRINO_USER: 'reader',
      OPENMETADATA_URL: om.url,
      OPENMETADATA_TOKEN: om.botToken,
      MERIDIAN_HOME: home,
    };
    const workflow = await Workflow.create(recipe, { env, onChange: (change) => changes.push(change) });
    const report = await workflow.execute();
    await workflow.stop();
    return { report, changes };
  }

  const made = (changes: readonly Change[], action: Change['action']): string[] =>
    changes
      .filter((change) => change.action === action)
      .map(({ fqn }) => fqn)
      .sort();

  it('brings catalogs, schemas, tables and views with nested columns and comments', async () => {
    const { report, changes } = await run();
    expect(report.state).toBe('success');
    expect(made(changes, 'create')).toEqual(
      expect.arrayContaining([
        'local_trino.hive',
        'local_trino.hive.sales',
        'local_trino.hive.sales.orders',
        'local_trino.hive.sales.open_orders',
        'local_trino.hive.staging.raw_events',
        'local_trino.lake.finance.daily_totals',
      ]),
    );
    // A cluster's own catalogs and schemas hold nobody's data.
    expect(made(changes, 'create').join()).not.toMatch(/jmx|system|information_schema/);

    const service = await fetchEntity(om, 'services/databaseServices/name/local_trino');
    expect(service).toMatchObject({ serviceType: 'Trino' });
    const orders = await fetchEntity(om, 'tables/name/local_trino.hive.sales.orders?fields=columns');
    expect(orders).toMatchObject({
      description: 'Every order since 2019',
      tableType: 'Regular',
      columns: [
        { name: 'order_id', dataType: 'BIGINT', description: 'Number of the order', constraint: 'NOT_NULL' },
        { name: 'customer', dataType: 'VARCHAR', dataLength: 80 },
        { name: 'amount', dataType: 'DECIMAL', dataTypeDisplay: 'decimal(12,2)' },
        { name: 'placed_at', dataType: 'TIMESTAMP' },
        { name: 'seen_at', dataType: 'TIMESTAMPZ' },
        {
          name: 'items',
          dataType: 'ARRAY',
          arrayDataType: 'STRUCT',
          children: [{ name: 'sku' }, { name: 'quantity', dataType: 'INT' }, { name: 'price.net' }],
        },
        { name: 'labels', dataType: 'MAP' },
        { name: 'ds', dataType: 'DATE' },
      ],
    });
    const fields = version === '1.1.0' ? '?fields=viewDefinition' : '';
    const view = await fetchEntity(om, `tables/name/local_trino.hive.sales.open_orders${fields}`);
    expect(view).toMatchObject({ tableType: 'View', description: 'Orders that nobody has paid' });
    expect(JSON.stringify(view)).toContain('WHERE seen_at IS NULL');
    const materialized = await fetchEntity(om, 'tables/name/local_trino.lake.finance.daily_totals');
    expect(materialized).toMatchObject({ tableType: 'MaterializedView', description: 'By day' });
  });

  it('sends nothing when it runs again', async () => {
    const writes = om.requests().filter(({ method }) => method !== 'GET');
    const { report, changes } = await run();
    expect(report.state).toBe('success');
    expect(changes.filter(({ action }) => action !== 'unchanged')).toEqual([]);
    expect(om.requests().filter(({ method }) => method !== 'GET')).toEqual(writes);
  });

  it('deletes nothing while a catalog is down, and goes on with the others', async () => {
    const [hive, lake, jmx] = sampleCatalogs as [CatalogSpec, CatalogSpec, CatalogSpec];
    const grown = { ...lake, schemas: [{ name: 'finance', tables: [...lake.schemas[0]!.tables, newTable] }] };
    trino.setCatalogs([{ ...hive, broken: 'metastore.example:9083: Connection refused' }, grown, jmx]);
    const { report, changes } = await run();
    expect(made(changes, 'create')).toEqual(['local_trino.lake.finance.rates']);
    expect(made(changes, 'delete')).toEqual([]);
    expect(report.partial).toEqual(expect.arrayContaining(['databaseSchema', 'table']));
    expect(JSON.stringify(report)).toContain('metastore.example:9083');
  });

  it('deletes a table that is gone once everything can be read', async () => {
    const [hive, lake, jmx] = sampleCatalogs as [CatalogSpec, CatalogSpec, CatalogSpec];
    const sales = hive.schemas[0]!;
    const tables = sales.tables.filter(({ name }) => name !== 'open_orders');
    const grown = { ...lake, schemas: [{ name: 'finance', tables: [...lake.schemas[0]!.tables, newTable] }] };
    trino.setCatalogs([{ ...hive, schemas: [{ ...sales, tables }, hive.schemas[1]!] }, grown, jmx]);
    const { changes } = await run();
    expect(made(changes, 'delete')).toEqual(['local_trino.hive.sales.open_orders']);
  });
});

it('has the recipe of every other database, but for the connection', async () => {
  const [ours, other] = await Promise.all(
    ['trino.yaml', 'postgres.yaml'].map(async (name) => {
      const { source, ...rest } = parse(await readFile(join(recipe, '..', name), 'utf8'));
      return { sourceConfig: source.sourceConfig, ...rest };
    }),
  );
  expect(ours).toEqual(other);
});

const newTable = { name: 'rates', columns: [{ name: 'rate', type: 'double' }] };
