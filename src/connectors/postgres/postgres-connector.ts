import { FilterProcessor } from '../../workflow/processors/filter-processor.ts';
import type { Connector } from '../connector.ts';
import { postgresFindings } from './postgres-findings.ts';
import { type PostgresConfig, type PostgresSettings, postgresSettings } from './postgres-settings.ts';
import type { Connect } from './profiling/client-pool.ts';

/** `source.type: Postgres`: a PostgreSQL server. */
export const postgresConnector: Connector<'Postgres', PostgresSettings> = {
  settings: (connection) => postgresSettings(connection as PostgresConfig),
  findings: postgresFindings,
  shape: ({ host, port, username, database, allDatabases }) => ({ host, port, username, database, allDatabases }),
  async create(connection, settings) {
    const { PostgresSource } = await import('./postgres-source.ts');
    const { serviceName } = settings;
    const filter = new FilterProcessor(settings);
    return new PostgresSource(connection, {
      serviceName,
      // A database that the patterns keep out is not even connected to.
      reads: (database) => filter.covers('database', [serviceName, database]),
    });
  },
  async createProfilingEngine(connection) {
    const [{ SqlProfilingEngine }, { PostgresProfilingSource }, { openClient }] = await Promise.all([
      import('../../profiler/sql/sql-profiling-engine.ts'),
      import('./profiling/postgres-profiling-source.ts'),
      import('./open-client.ts'),
    ]);
    const { place, database } = connection;
    const connect: Connect = (name, signal) => openClient(connection, name, signal);
    return new SqlProfilingEngine(new PostgresProfilingSource({ connect, place, database }));
  },
};
