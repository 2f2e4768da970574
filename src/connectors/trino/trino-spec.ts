import type { ConnectorSpec } from '../connector-spec.ts';
import { trinoConnection } from './trino-connection.ts';

export const trinoSpec: ConnectorSpec<'Trino'> = {
  type: 'Trino',
  title: 'Trino',
  summary:
    'Reads catalogs, schemas, tables, views and materialized views of a Trino cluster, with columns, nested types and comments.',
  emits: ['databaseService', 'database', 'databaseSchema', 'table'],
  capabilities: ['deletes', 'statistics', 'profiler'],
  defaultMode: 'create',
  connection: trinoConnection,
};
