import { FilterProcessor } from '../../workflow/processors/filter-processor.ts';
import type { Connector } from '../connector.ts';
import { postgresFindings } from './postgres-findings.ts';
import { type PostgresConfig, type PostgresSettings, postgresSettings } from './postgres-settings.ts';

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
};
