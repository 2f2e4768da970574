import { openMetadataConnection } from '../../schema/openmetadata-connection.ts';
import { flag, type JsonSchema, texts } from '../../schema/parts.ts';
import type { ConnectorSpec } from '../connector-spec.ts';

const properties = openMetadataConnection['properties'] as Readonly<Record<string, JsonSchema>>;
const services = (what: string): JsonSchema => texts(`Names of the ${what} to read; all of them unless set.`);
const included = (what: string): JsonSchema => flag(`Whether ${what} are read.`, true);

/** `source.serviceConnection.config` of an OpenMetadata server that is read: OpenMetadata's own keys, and which services. */
const connection: JsonSchema = {
  ...openMetadataConnection,
  description: 'How to reach the OpenMetadata server that is read, and what of it.',
  properties: {
    ...properties,
    databaseServiceName: services('database services'),
    messagingServiceName: services('messaging services'),
    storageServiceName: services('storage services'),
    pipelineServiceName: services('pipeline services'),
    mlmodelServiceName: services('ML model services'),
    includeTables: included('database services with their databases, schemas and tables'),
    includeTopics: included('messaging services with their topics'),
    includeContainers: included('storage services with their containers'),
    includePipelines: included('pipeline services with their pipelines'),
    includeMlModels: included('ML model services with their models'),
    includeGlossaryTerms: included('glossaries with their terms'),
    includeTags: included('classifications with their tags'),
  },
};

/** `source.type: OpenMetadata`: one server into another. */
export const openMetadataSpec: ConnectorSpec<'OpenMetadata'> = {
  type: 'OpenMetadata',
  title: 'OpenMetadata',
  summary:
    'Reads an OpenMetadata server of any version from 1.1 on: services with what they hold, classifications, glossaries, ' +
    'custom properties and lineage.',
  emits: [
    'databaseService',
    'messagingService',
    'storageService',
    'pipelineService',
    'mlmodelService',
    'customProperty',
    'tag',
    'glossary',
    'glossaryTerm',
    'termRelation',
    'database',
    'databaseSchema',
    'table',
    'topic',
    'container',
    'mlmodel',
    'pipeline',
    'lineage',
    'pipelineRun',
  ],
  capabilities: ['deletes', 'lineage', 'columnLineage'],
  defaultMode: 'create',
  connection,
};
