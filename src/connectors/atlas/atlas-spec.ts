import type { RecordKind } from '../../model/records.ts';
import type { ConnectorSpec } from '../connector-spec.ts';
import { atlasConnection } from './atlas-connection.ts';

/** What comes of Atlas' entities, wherever they are read from. */
export const atlasKinds = [
  'databaseService',
  'messagingService',
  'storageService',
  'mlmodelService',
  'pipelineService',
  'customProperty',
  'tag',
  'glossary',
  'glossaryTerm',
  'database',
  'databaseSchema',
  'table',
  'topic',
  'container',
  'mlmodel',
  'pipeline',
  'termRelation',
  'lineage',
  'pipelineRun',
] as const satisfies readonly RecordKind[];

export const atlasSpec: ConnectorSpec<'Atlas'> = {
  type: 'Atlas',
  title: 'Apache Atlas',
  summary:
    'Reads a running Apache Atlas: what it knows of tables, topics, files and models, of words for them, and of lineage.',
  emits: [...atlasKinds, 'gone'],
  capabilities: ['incremental', 'watch', 'deletes', 'lineage', 'columnLineage', 'partitions', 'statistics'],
  defaultMode: 'enrich',
  connection: atlasConnection,
};
