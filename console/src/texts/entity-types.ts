/** What kinds of entities are called: one, and many. */
const names: Readonly<Record<string, readonly [string, string]>> = {
  metadataService: ['metadata service', 'metadata services'],
  classification: ['classification', 'classifications'],
  tag: ['tag', 'tags'],
  glossary: ['glossary', 'glossaries'],
  glossaryTerm: ['glossary term', 'glossary terms'],
  termRelation: ['related terms', 'related terms'],
  customProperty: ['custom property', 'custom properties'],
  databaseService: ['database service', 'database services'],
  database: ['database', 'databases'],
  databaseSchema: ['schema', 'schemas'],
  table: ['table', 'tables'],
  messagingService: ['messaging service', 'messaging services'],
  topic: ['topic', 'topics'],
  storageService: ['storage service', 'storage services'],
  container: ['container', 'containers'],
  mlmodelService: ['ML model service', 'ML model services'],
  mlmodel: ['ML model', 'ML models'],
  pipelineService: ['pipeline service', 'pipeline services'],
  pipeline: ['pipeline', 'pipelines'],
  lineage: ['lineage', 'lineage'],
  pipelineRun: ['pipeline run', 'pipeline runs'],
  tableProfile: ['profile', 'profiles'],
  sampleData: ['sample rows', 'sample rows'],
  tagSuggestion: ['proposed tag', 'proposed tags'],
};

/** `Glossary term`, or `Glossary terms` */
export function entityTypeName(type: string, many = false): string {
  const name = names[type]?.[many ? 1 : 0] ?? type;
  return `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
}
