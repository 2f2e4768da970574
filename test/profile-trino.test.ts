import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox/start-sandbox.ts';
import type { CatalogSpec } from '../sandbox/trino/catalog-tree.ts';
import { openPostgresData, type PostgresData } from '../sandbox/trino/postgres-data.ts';
import { startTrino, type TrinoStandIn } from '../sandbox/trino/start-trino.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { type PostgresServer, startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { fetchEntity } from './recorded-atlas.ts';

const recipes = join(import.meta.dirname, '..', 'recipes');

/** Some of the Hive tables that the sample's Atlas describes, as Trino's catalog over the same metastore has them. */
const catalogs: readonly CatalogSpec[] = [
  {
    name: 'hive',
    schemas: [
      {
        name: 'shop',
        tables: [
          {
            name: 'order_lines',
            columns: [
              { name: 'order_id', type: 'bigint' },
              { name: 'line_no', type: 'tinyint' },
              { name: 'product_id', type: 'integer' },
              { name: 'pieces', type: 'smallint' },
              { name: 'unit_price', type: 'decimal(8,2)' },
              { name: 'options', type: 'array(row(code varchar, extra decimal(6,2)))' },
              { name: 'order_day', type: 'varchar', extra: 'partition key' },
            ],
          },
          {
            name: 'promotion_hits',
            columns: [
              { name: 'promotion_id', type: 'integer' },
              { name: 'order_id', type: 'bigint' },
              { name: 'saved', type: 'decimal(8,2)' },
            ],
          },
        ],
      },
    ],
  },
];

let postgres: PostgresServer;
let trino: TrinoStandIn;
let data: PostgresData;
beforeAll(async () => {
  postgres = await startPostgres();
  data = await openPostgresData(postgres.address('postgres'), catalogs);
  await data.run(`INSERT INTO "hive.shop".order_lines
    SELECT i / 3, i % 3, i % 97, CASE WHEN i % 5 > 0 THEN i % 10 END, (i % 1000) * 0.25, '[]', '2026-01-' || 10 + i % 18
    FROM generate_series(1, 2000) AS i`);
  trino = await startTrino({ catalogs, data, users: { reader: 'pass-of-the-reader' } });
});
afterAll(async () => {
  await trino?.close();
  await postgres?.stop();
});

describe.each(['1.1.0', '1.13.0'])('Hive tables of Atlas, profiled through Trino into OpenMetadata %s', (version) => {
  let sandbox: Sandbox;
  let home: string;

  beforeAll(async () => {
    sandbox = await startSandbox({ openmetadata: { version, strict: true } });
    home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
    expect((await run('atlas-create.yaml')).state).toBe('success');
  });

  afterAll(async () => {
    await sandbox?.close();
    await rm(home, { recursive: true, force: true });
  });

  async function run(recipe: string, flags: Readonly<Record<string, unknown>> = {}): Promise<RunReport> {
    const env = {
      ATLAS_URL: sandbox.atlas.url,
      ATLAS_USER: 'admin',
      ATLAS_PASSWORD: 'admin',
      TRINO_HOST_PORT: trino.url,
      TRINO_USER: 'reader',
      OPENMETADATA_URL: sandbox.openmetadata.url,
      OPENMETADATA_TOKEN: sandbox.token,
      MERIDIAN_HOME: home,
    };
    const loaded = await loadRecipe(join(recipes, recipe), { env, flags });
    const workflow = await Workflow.create(loaded, { env });
    const report = await workflow.execute();
    await workflow.stop();
    return report;
  }

  const config = 'source.sourceConfig.config';
  const profiled = {
    'source.serviceConnection.config.authType': { password: 'pass-of-the-reader' },
    'meridian.profiler.services': { hive: 'local_hive.prod' },
    [`${config}.schemaFilterPattern.includes`]: ['^shop$'],
    [`${config}.tableFilterPattern.includes`]: ['^order_lines$', '^promotion_hits$'],
  };

  it('are the same tables, with numbers that plain SQL gives', async () => {
    const report = await run('trino-profiler.yaml', profiled);
    expect(report).toMatchObject({ command: 'profile', state: 'success', failureCount: 0 });
    expect(report.stages.tableProfile).toMatchObject({ created: 2 });
    const found = await fetchEntity(
      sandbox.openmetadata,
      'tables/local_hive.prod.shop.order_lines/tableProfile/latest',
    );
    expect(found?.['profile']).toMatchObject({ rowCount: 2_000, columnCount: 7 });
    const columns = found?.['columns'] as unknown as readonly { name: string; profile: Record<string, number> }[];
    const of = (name: string) => columns.find((column) => column.name === name)?.profile;
    const [plain] = await data.run(`SELECT avg(unit_price)::float8 AS mean, sum(unit_price)::float8 AS sum,
      stddev_pop(unit_price)::float8 AS stddev, count(DISTINCT unit_price)::int AS distinct,
      count(pieces)::int AS pieces FROM "hive.shop".order_lines`);
    const { mean, sum, stddev } = of('unit_price')!;
    expect(mean).toBeCloseTo(Number(plain?.['mean']), 9);
    expect(sum).toBeCloseTo(Number(plain?.['sum']), 9);
    expect(stddev).toBeCloseTo(Number(plain?.['stddev']), 9);
    expect(of('unit_price')).toMatchObject({ min: 0, max: 249.75, distinctCount: plain?.['distinct'], nullCount: 0 });
    expect(of('pieces')).toMatchObject({ valuesCount: plain?.['pieces'], nullCount: 400 });
    // Nested values are only counted; an empty table has no more than its counts.
    expect(of('options')).toMatchObject({ valuesCount: 2_000 });
    const empty = await fetchEntity(
      sandbox.openmetadata,
      'tables/local_hive.prod.shop.promotion_hits/tableProfile/latest',
    );
    expect(empty?.['profile']).toMatchObject({ rowCount: 0, columnCount: 3 });
  });

  it('that Trino does not have are named, and the others go on', async () => {
    const report = await run('trino-profiler.yaml', {
      ...profiled,
      [`${config}.tableFilterPattern.includes`]: ['^order_lines$', '^promotions$'],
    });
    expect(report.stages.tableProfile).toMatchObject({ created: 1 });
    expect(report.skipped).toMatchObject([{ reason: 'not-at-source', samples: ['local_hive.prod.shop.promotions'] }]);
    expect(report.warnings.join()).toContain('Median and quartiles of 6 columns are approximate');
    expect(JSON.stringify(report)).not.toContain('pass-of-the-reader');
  });
});
