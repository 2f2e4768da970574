/** Where each kind of entity lives under `/v1`. */
const COLLECTIONS = {
  databaseService: 'services/databaseServices',
  messagingService: 'services/messagingServices',
  pipelineService: 'services/pipelineServices',
  storageService: 'services/storageServices',
  mlmodelService: 'services/mlmodelServices',
  dashboardService: 'services/dashboardServices',
  metadataService: 'services/metadataServices',
  ingestionPipeline: 'services/ingestionPipelines',
  database: 'databases',
  databaseSchema: 'databaseSchemas',
  table: 'tables',
  topic: 'topics',
  pipeline: 'pipelines',
  container: 'containers',
  mlmodel: 'mlmodels',
  classification: 'classifications',
  tag: 'tags',
  glossary: 'glossaries',
  glossaryTerm: 'glossaryTerms',
  user: 'users',
  team: 'teams',
  // What has no place in the model, and is only counted.
  dashboard: 'dashboards',
  chart: 'charts',
  dashboardDataModel: 'dashboard/datamodels',
  storedProcedure: 'storedProcedures',
  searchIndex: 'searchIndexes',
  query: 'queries',
  apiEndpoint: 'apiEndpoints',
  metric: 'metrics',
  domain: 'domains',
  dataProduct: 'dataProducts',
  testCase: 'dataQuality/testCases',
} as const;

export type EntityType = keyof typeof COLLECTIONS;

// Services, governance and people have no bulk endpoint in any version.
const BULK: ReadonlySet<EntityType> = new Set([
  'database',
  'databaseSchema',
  'table',
  'topic',
  'pipeline',
  'container',
  'mlmodel',
]);

/** Path under `/v1`, without slashes at its ends. */
export function collectionPath(type: EntityType): string {
  return COLLECTIONS[type];
}

export type ServiceType = Extract<EntityType, `${string}Service`>;

export function isServiceType(type: string): type is ServiceType {
  return type.endsWith('Service') && Object.hasOwn(COLLECTIONS, type);
}

/** True for kinds that servers with bulk writes take many of at once. */
export function hasBulk(type: EntityType): boolean {
  return BULK.has(type);
}
