import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { clientOf } from '../sandbox/openmetadata/test-client.ts';
import { columnsOfMany, makeManyTables } from '../src/connectors/postgres/many-tables.testing.ts';
import { connectionTo, readSource } from '../src/connectors/postgres/read-source.testing.ts';
import { type Change, isWrite } from '../src/reconcile/change.ts';
import { type PostgresServer, startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import { Workflow } from '../src/workflow/workflow.ts';

const tables = 1_000;

describe('a database of a thousand tables', () => {
  let server: PostgresServer;
  let openmetadata: OpenMetadataStandIn;
  let home: string;

  beforeAll(async () => {
    [server, openmetadata] = await Promise.all([
      startPostgres(),
      startOpenMetadata({ version: '1.13.0', strict: true }),
    ]);
    home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
    await makeManyTables(server.address, { database: 'many', tables });
  });
  afterAll(async () => {
    await Promise.all([openmetadata?.close(), server?.stop()]);
    await rm(home, { recursive: true, force: true });
  });

  it('is read by a few questions, not one a table, and column by column as information_schema has it', async () => {
    const { source, records, issues } = await readSource(connectionTo(server, 'many'));
    expect(issues).toEqual([]);
    // A page of tables and its views are a handful of statements each.
    expect(source.requestCount()).toBeLessThan(40);
    await source.close();
    const client = new pg.Client(server.address('many'));
    await client.connect();
    const { rows } = await client.query<{ name: string; columns: string[] }>(`
      SELECT table_schema || '.' || table_name AS name, array_agg(column_name::text ORDER BY ordinal_position) AS columns
      FROM information_schema.columns WHERE table_schema ~ '^s' GROUP BY 1`);
    await client.end();
    expect(rows).toHaveLength(tables * 1.1);
    const told = records.flatMap((record) =>
      record.kind === 'table'
        ? [[record.path.slice(2).join('.'), record.columns.map(({ name }) => name)] as const]
        : [],
    );
    expect(new Map(told)).toEqual(new Map(rows.map(({ name, columns }) => [name, columns])));
    expect(told).toHaveLength(rows.length);
    expect(told[0]![1]).toHaveLength(columnsOfMany);
    const edges = records.filter((record) => record.kind === 'lineage');
    expect(edges).toHaveLength(tables / 5);
    expect(edges.every(({ columns }) => columns.length > 0)).toBe(true);
  });

  it('is brought, and nothing is sent the second time', async () => {
    const recipe = {
      source: {
        type: 'Postgres',
        serviceName: 'many_postgres',
        serviceConnection: { config: { type: 'Postgres', ...connectionTo(server, 'many') } },
        sourceConfig: { config: { type: 'DatabaseMetadata' } },
      },
      sink: { type: 'metadata-rest', config: {} },
      workflowConfig: {
        openMetadataServerConfig: {
          hostPort: openmetadata.url,
          authProvider: 'openmetadata',
          securityConfig: { jwtToken: openmetadata.botToken },
        },
      },
    };
    const run = async (): Promise<{ readonly writes: readonly Change[]; readonly requests: number }> => {
      const changes: Change[] = [];
      const workflow = await Workflow.create(recipe, {
        onChange: (change) => changes.push(change),
        env: { ...process.env, MERIDIAN_HOME: home },
      });
      const report = await workflow.execute();
      await workflow.stop();
      expect(report.failures).toEqual([]);
      expect(report.state).toBe('success');
      return { writes: changes.filter(isWrite), requests: report.target.requests };
    };
    const first = await run();
    expect(first.writes.filter(({ entityType }) => entityType === 'table')).toHaveLength(tables * 1.1);
    // Nearly every table has a foreign key to another: that costs no request of its own.
    expect(first.requests).toBeLessThan(tables / 2);
    const { body } = await clientOf(openmetadata, 'bot').get('/tables?limit=0');
    expect(body.paging.total).toBe(tables * 1.1);
    const second = await run();
    expect(second.writes).toEqual([]);
    expect(second.requests).toBeLessThan(30);
  });
});
