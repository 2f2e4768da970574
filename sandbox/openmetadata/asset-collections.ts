import { assetKeys, type Collection, type CollectionOptions, collection, commonRules } from './collection.ts';
import { CLEANUP_POLICIES, fileFormats, tableTypes } from './enums.ts';
import { nameCheck } from './name-rules.ts';
import type { ServerVersion } from './server-version.ts';
import { listOf, objectOf, oneOf, type Rule, shapeOf, URI } from './shape.ts';
import { keysSince, type SharedShapes } from './shapes.ts';

const API = 'org.openmetadata.schema.api.data.Create';

/** Databases, schemas, tables, topics, pipelines, containers, models and queries. */
export function assetCollections(version: ServerVersion, shared: SharedShapes): Collection[] {
  const asset = (
    type: string,
    path: string,
    keys: string,
    required: string,
    rules: Record<string, Rule>,
    options: CollectionOptions,
  ): Collection => {
    const create = shapeOf(
      `${API}${type === 'mlmodel' ? 'MlModel' : `${type[0]!.toUpperCase()}${type.slice(1)}`}`,
      assetKeys(version, keys),
      { ...commonRules(shared), ...rules },
      { required, check: nameCheck(type === 'topic' || type === 'mlmodel' ? 'plain' : 'asset', version) },
    );
    return collection(version, type, path, create, { bulk: true, ...options });
  };
  const url = version.atLeast(2) ? 'sourceUrl' : '';
  return [
    asset(
      'database',
      'databases',
      'name displayName description tags owner service default extension retentionPeriod',
      'name service',
      {},
      {
        parent: { key: 'service', type: 'databaseService' },
        keys: 'service serviceType location usageSummary databaseSchemas',
        values: `retentionPeriod ${url}`.trim(),
        defaults: { default: false },
      },
    ),
    asset(
      'databaseSchema',
      'databaseSchemas',
      'name displayName description tags owner database extension retentionPeriod',
      'name database',
      {},
      {
        parent: { key: 'database', type: 'database' },
        keys: 'service serviceType database tables usageSummary',
        values: `retentionPeriod ${url}`.trim(),
      },
    ),
    tables(version, asset, shared),
    asset(
      'topic',
      'topics',
      'name displayName description tags owner service messageSchema partitions cleanupPolicies retentionTime ' +
        'replicationFactor maximumMessageSize minimumInSyncReplicas retentionSize topicConfig extension',
      'name service partitions',
      {
        messageSchema: objectOf(shared.messageSchema),
        cleanupPolicies: listOf(oneOf('org.openmetadata.schema.type.CleanupPolicy', CLEANUP_POLICIES)),
      },
      {
        parent: { key: 'service', type: 'messagingService' },
        parts: { at: ['messageSchema', 'schemaFields'], style: 'fields' },
        keys: 'service serviceType sampleData',
        values:
          'maximumMessageSize minimumInSyncReplicas partitions replicationFactor retentionTime retentionSize topicConfig ' +
          `messageSchema.schemaText messageSchema.schemaType ${url}`.trim(),
        lists: 'cleanupPolicies',
        followed: true,
        defaults: { retentionSize: -1 },
      },
    ),
    pipelines(version, asset, shared),
    asset(
      'container',
      'containers',
      keysSince(
        version,
        'name displayName description tags owner service parent dataModel prefix numberOfObjects size fileFormats extension',
        [4, 'fullPath'],
      ),
      'name service',
      {
        dataModel: objectOf(shared.dataModel),
        parent: objectOf(shared.reference),
        fileFormats: listOf(oneOf('org.openmetadata.schema.type.ContainerFileFormat', fileFormats(version))),
      },
      {
        parent: { key: 'service', type: 'storageService' },
        parts: { at: ['dataModel', 'columns'], style: 'columns' },
        keys: 'service serviceType parent children',
        values:
          `dataModel.isPartitioned prefix size numberOfObjects ${version.atLeast(4) ? 'fullPath' : ''} ${url}`.trim(),
        lists: 'fileFormats',
        onDemand: version.atLeast(2) ? 'dataModel' : '',
        followed: true,
      },
    ),
    asset(
      'mlmodel',
      'mlmodels',
      'name displayName description tags owner service algorithm mlFeatures mlHyperParameters target dashboard mlStore server ' +
        'extension',
      version.atLeast(5) ? 'name service' : 'algorithm name service',
      { mlFeatures: listOf(objectOf(shared.feature)), server: URI },
      {
        parent: { key: 'service', type: 'mlmodelService' },
        parts: { at: ['mlFeatures'], style: 'features' },
        keys: 'service serviceType usageSummary',
        values: `algorithm dashboard mlStore server target ${url}`.trim(),
        lists: 'mlHyperParameters',
        followed: true,
        defaults: version.atLeast(5) ? { algorithm: 'mlmodel' } : {},
      },
    ),
    queries(version, asset, shared),
  ];
}

type MakeAsset = (
  type: string,
  path: string,
  keys: string,
  required: string,
  rules: Record<string, Rule>,
  options: CollectionOptions,
) => Collection;

function tables(version: ServerVersion, asset: MakeAsset, shared: SharedShapes): Collection {
  const view = version.atLeast(4) ? 'schemaDefinition' : 'viewDefinition';
  return asset(
    'table',
    'tables',
    keysSince(
      version,
      `tableType name displayName owner ${view} tableProfilerConfig description columns retentionPeriod ` +
        'tableConstraints tags tablePartition extension databaseSchema',
      [2, 'fileFormat'],
      [4, 'dataModel'],
      [5, 'locationPath'],
    ),
    'columns databaseSchema name',
    {
      tableType: oneOf('org.openmetadata.schema.type.TableType', tableTypes(version)),
      columns: shared.columns,
      tableConstraints: shared.constraints,
      tablePartition: shared.partition,
    },
    {
      parent: { key: 'databaseSchema', type: 'databaseSchema' },
      parts: { at: ['columns'], style: 'columns' },
      keys: 'service serviceType database usageSummary joins customMetrics dataModel profile sampleData testSuite location',
      values: keysSince(
        version,
        'tableType',
        [2, 'sourceUrl retentionPeriod fileFormat'],
        [4, 'schemaDefinition tablePartition'],
        [5, 'locationPath'],
      ),
      lists: 'tableConstraints',
      // A view's text is no longer hidden once it has become schemaDefinition.
      onDemand: version.atLeast(4) ? 'tableConstraints' : 'tableConstraints viewDefinition',
      followed: true,
    },
  );
}

function pipelines(version: ServerVersion, asset: MakeAsset, shared: SharedShapes): Collection {
  const url = version.atLeast(2) ? 'sourceUrl' : 'pipelineUrl';
  return asset(
    'pipeline',
    'pipelines',
    keysSince(
      version,
      'startDate concurrency service pipelineLocation tags name description displayName tasks extension owner',
      [2, 'scheduleInterval'],
      [7, 'state'],
    ) + (version.atLeast(2) ? '' : ` ${url}`),
    'name service',
    { tasks: listOf(objectOf(shared.task)) },
    {
      parent: { key: 'service', type: 'pipelineService' },
      parts: { at: ['tasks'], style: 'tasks' },
      keys: 'service serviceType pipelineStatus',
      values: keysSince(
        version,
        `${url} concurrency pipelineLocation startDate`,
        [2, 'scheduleInterval'],
        [7, 'state'],
      ),
      onDemand: version.atLeast(2) ? 'tasks' : '',
      followed: true,
    },
  );
}

function queries(version: ServerVersion, asset: MakeAsset, shared: SharedShapes): Collection {
  return asset(
    'query',
    'queries',
    keysSince(
      version,
      'name displayName description owner tags duration users query queryDate queryUsedIn usedBy',
      [2, 'service query_type exclude_usage triggeredBy processedLineage'],
      [5, 'dialect'],
    ),
    version.atLeast(2) ? 'query service' : 'query',
    { queryUsedIn: shared.references },
    {
      ...(version.atLeast(2) ? { parent: { key: 'service', type: 'databaseService' } } : {}),
      keys: 'checksum',
      values: 'query duration',
      followed: true,
    },
  );
}
