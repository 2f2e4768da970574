import pg from 'pg';
import { metricNames } from '../../../profiler/metric-names.ts';
import type { ProfiledTable, ProfileRequest, TableProfile } from '../../../profiler/profiling-engine.ts';
import { SqlProfilingEngine } from '../../../profiler/sql/sql-profiling-engine.ts';
import type { PostgresServer } from '../../../state/postgres/postgres-server.testing.ts';
import { PostgresProfilingSource } from './postgres-profiling-source.ts';

export const everything: ProfileRequest = {
  metrics: new Set(metricNames),
  tableMetrics: true,
  columnMetrics: true,
  sample: undefined,
  useStatistics: false,
  approximateAbove: 1_000_000,
  queryTimeoutMs: 600_000,
};

/** An engine over a server of a test, as its owner unless a user is given. */
export function engineOf(
  server: PostgresServer,
  user?: string,
  password?: string,
  onOpened?: (client: pg.Client) => void,
  fetchesSmallTables = true,
): SqlProfilingEngine {
  return new SqlProfilingEngine(
    new PostgresProfilingSource({
      place: `127.0.0.1:${server.port}`,
      database: 'postgres',
      fetchesSmallTables,
      connect: async (database) => {
        const client = await clientOf(server, database, user, password);
        onOpened?.(client);
        return client;
      },
    }),
  );
}

export async function clientOf(
  server: PostgresServer,
  database = 'postgres',
  user?: string,
  password?: string,
): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.address(database, user, password) });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A table as the target would hold it. */
export function tableOf(
  schema: string,
  table: string,
  columns: readonly string[],
  database = 'postgres',
): ProfiledTable {
  return {
    id: `${schema}.${table}`,
    fqn: `service.${database}.${schema}.${table}`,
    path: ['service', database, schema, table],
    place: { database, schema, table },
    tableType: 'Regular',
    columns: columns.map((name) => ({ name, dataType: 'UNKNOWN', labels: [] })),
    labels: [],
  };
}

export function profileOf(
  engine: SqlProfilingEngine,
  table: ProfiledTable,
  request: Partial<ProfileRequest> = {},
  signal = new AbortController().signal,
): Promise<TableProfile> {
  return engine.profile(table, { ...everything, ...request }, signal);
}
