import type { ConnectorSpec } from '../connector-spec.ts';
import { postgresConnection } from './postgres-connection.ts';

export const postgresSpec: ConnectorSpec<'Postgres'> = {
  type: 'Postgres',
  title: 'PostgreSQL',
  summary:
    'Reads the catalogue of a PostgreSQL server: databases, schemas, tables and views with their columns, keys, comments and owners, and where the columns of views come from.',
  emits: ['tag', 'databaseService', 'database', 'databaseSchema', 'table', 'lineage'],
  capabilities: ['deletes', 'lineage', 'columnLineage', 'profiler', 'statistics'],
  defaultMode: 'create',
  connection: postgresConnection,
};
