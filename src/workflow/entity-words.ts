import type { ChangedEntityType } from '../reconcile/change.ts';

interface Words {
  readonly one: string;
  readonly many: string;
}

/** What people call the types of the target, in the order in which a run handles them. */
export const entityWords: Readonly<Record<ChangedEntityType, Words>> = {
  metadataService: { one: 'metadata service', many: 'metadata services' },
  classification: { one: 'classification', many: 'classifications' },
  tag: { one: 'tag', many: 'tags' },
  glossary: { one: 'glossary', many: 'glossaries' },
  glossaryTerm: { one: 'glossary term', many: 'glossary terms' },
  termRelation: { one: 'relation of a term', many: 'relations of terms' },
  customProperty: { one: 'custom property', many: 'custom properties' },
  databaseService: { one: 'database service', many: 'database services' },
  database: { one: 'database', many: 'databases' },
  databaseSchema: { one: 'schema', many: 'schemas' },
  table: { one: 'table', many: 'tables' },
  messagingService: { one: 'messaging service', many: 'messaging services' },
  topic: { one: 'topic', many: 'topics' },
  storageService: { one: 'storage service', many: 'storage services' },
  container: { one: 'container', many: 'containers' },
  mlmodelService: { one: 'ML model service', many: 'ML model services' },
  mlmodel: { one: 'ML model', many: 'ML models' },
  pipelineService: { one: 'pipeline service', many: 'pipeline services' },
  pipeline: { one: 'pipeline', many: 'pipelines' },
  lineage: { one: 'lineage edge', many: 'lineage edges' },
  pipelineRun: { one: 'pipeline run', many: 'pipeline runs' },
  tableProfile: { one: 'table profile', many: 'table profiles' },
  sampleData: { one: 'table’s sample rows', many: 'tables’ sample rows' },
  tagSuggestion: { one: 'proposed tag', many: 'proposed tags' },
};

export const entityTypes = Object.keys(entityWords) as readonly ChangedEntityType[];
