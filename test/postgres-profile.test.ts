import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { type PostgresServer, startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';

const recipes = join(import.meta.dirname, '..', 'recipes');

describe.each(['1.1.0', '1.13.0'])(
  'a real PostgreSQL, profiled into OpenMetadata %s by the shipped recipes',
  (version) => {
    let server: PostgresServer;
    let shop: pg.Client;
    let om: OpenMetadataStandIn;
    let bot: Client;
    let home: string;

    beforeAll(async () => {
      server = await startPostgres();
      om = await startOpenMetadata({ version, strict: true });
      bot = clientOf(om, 'bot');
      home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
      shop = new pg.Client(server.address('postgres'));
      await shop.connect();
      await shop.query(`
      CREATE TABLE orders (id int, "Total €" numeric(10,2), note text, day date, paid boolean);
      INSERT INTO orders SELECT n, n * 1.5, CASE WHEN n % 4 = 0 THEN NULL ELSE 'note ' || n % 10 END,
        date '2025-01-01' + n, n % 2 = 0 FROM generate_series(1, 1000) n;
      CREATE TABLE nothing (id int);
      CREATE VIEW open_orders AS SELECT * FROM orders WHERE NOT paid;
      CREATE TABLE gone (id int);
      CREATE TABLE customers (id int, contact text, remark text, born date, card text);
      INSERT INTO customers SELECT n, 'person' || n || '@victim.example', 'remark ' || n, date '1980-01-01' + n,
        '4111 1111 1111 1111' FROM generate_series(1, 80) n;
    `);
      expect((await run('postgres.yaml')).state).toBe('success');
      await shop.query('DROP TABLE gone');
    }, 0);
    afterAll(async () => {
      await shop?.end();
      await om?.close();
      await server?.stop();
      await rm(home, { recursive: true, force: true });
    });

    async function run(recipe: string, flags: Readonly<Record<string, unknown>> = {}): Promise<RunReport> {
      const env = {
        ...process.env,
        MERIDIAN_HOME: home,
        POSTGRES_USER: 'owner',
        POSTGRES_PASSWORD: 'owner-secret',
        POSTGRES_HOST_PORT: `127.0.0.1:${server.port}`,
        POSTGRES_DATABASE: 'postgres',
        OPENMETADATA_URL: om.url,
        OPENMETADATA_TOKEN: om.botToken,
      };
      const loaded = await loadRecipe(join(recipes, recipe), { env, flags });
      const workflow = await Workflow.create(loaded, { env });
      const report = await workflow.execute();
      await workflow.stop();
      return report;
    }

    const latest = async (table: string) =>
      (await bot.get(`/tables/local_postgres.postgres.public.${table}/tableProfile/latest`)).body;

    it('has the numbers that plain SQL has, tables without rows and names of any kind included', async () => {
      const report = await run('postgres-profiler.yaml');
      expect(report.failures).toEqual([]);
      expect(report).toMatchObject({
        state: 'success',
        stages: { tableProfile: { created: 3, skipped: 1, filtered: 1 } },
      });
      expect(report.skipped).toContainEqual(
        expect.objectContaining({ reason: 'not-at-source', samples: ['local_postgres.postgres.public.gone'] }),
      );
      const { rows } = await shop.query(`SELECT count(*)::int "rows", count(note)::int "valuesCount",
      (count(*) - count(note))::int "nullCount", count(DISTINCT note)::int "distinctCount",
      avg("Total €")::float8 mean, stddev_pop("Total €")::float8 deviation, max(day)::text "lastDay" FROM orders`);
      const [sql] = rows;
      const found = await latest('orders');
      expect(found.profile).toMatchObject({ rowCount: sql.rows, columnCount: 5 });
      const columns = Object.fromEntries(found.columns.map((each: { name: string }) => [each.name, each]));
      const { valuesCount, nullCount, distinctCount } = sql;
      expect(columns.note.profile).toMatchObject({ valuesCount, nullCount, distinctCount });
      expect(columns['Total €'].profile.mean).toBeCloseTo(sql.mean, 9);
      expect(columns['Total €'].profile).toMatchObject({ min: 1.5, max: 1500 });
      expect(String(columns.day.profile.max)).toContain(sql.lastDay);
      const empty = await latest('nothing');
      expect(empty.profile).toMatchObject({ rowCount: 0, columnCount: 1 });
    });

    it('finds personal data in values, proposes labels, and stores rows without any of it', async () => {
      const report = await run('postgres-auto-classification.yaml');
      expect(report.failures).toEqual([]);
      expect(report).toMatchObject({
        state: 'success',
        stages: { tagSuggestion: { created: 3 }, sampleData: { created: 4, failed: 0 } },
      });
      const { body } = await bot.get('/tables/name/local_postgres.postgres.public.customers?fields=columns,tags');
      const { sampleData } = (await bot.get(`/tables/${body.id}/sampleData`)).body;
      expect(sampleData.columns).toEqual(['id', 'contact', 'remark', 'born', 'card']);
      expect(sampleData.rows).toHaveLength(50);
      expect(sampleData.rows[0]).toEqual([
        expect.any(Number),
        '********',
        expect.stringMatching(/^remark /),
        '********',
        '********',
      ]);
      const proposed =
        version === '1.1.0'
          ? body.columns.filter(({ tags }: { tags: unknown[] }) => tags.length > 0)
          : (await bot.get('/suggestions?entityFQN=local_postgres.postgres.public.customers')).body.data;
      expect(proposed).toHaveLength(3);
      expect(JSON.stringify([report, proposed, sampleData])).not.toMatch(/victim|4111|1980-/);
    });

    it('profiles views and samples when it is told to', async () => {
      const report = await run('postgres-profiler.yaml', {
        'source.sourceConfig.config.includeViews': true,
        'source.sourceConfig.config.profileSample': 50,
        'source.sourceConfig.config.tableFilterPattern.includes': ['orders', 'open_orders'],
      });
      expect(report.failures).toEqual([]);
      expect(report.stages.tableProfile).toMatchObject({ created: 2 });
      const found = await latest('orders');
      // Whatever the sample, the rows are those of the whole table.
      expect(found.profile).toMatchObject({ rowCount: 1000, profileSample: 50, profileSampleType: 'PERCENTAGE' });
      const { valuesCount } = found.columns.find(({ name }: { name: string }) => name === 'id').profile;
      expect(valuesCount).toBeGreaterThan(300);
      expect(valuesCount).toBeLessThan(700);
      expect((await latest('open_orders')).profile).toMatchObject({ rowCount: 500 });
    });
  },
);
