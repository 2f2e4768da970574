import { resolve } from 'node:path';
import type { ConnectionSettings, LoadedConnector } from '../connectors/connector.ts';
import type { ServerConfig } from '../openmetadata/server-config.ts';
import type { DatabaseMetadata, Recipe } from '../schema/generated/recipe.ts';
import type { DescriptionHtml } from '../workflow/processors/description-processor.ts';
import type { FilterPatterns } from '../workflow/processors/filter-processor.ts';
import { defaults } from './defaults.ts';
import { type ProfilerSettings, resolveProfiler } from './profiler-settings.ts';
import { resolveWatch, type WatchSettings } from './watch-settings.ts';

/** Everything that a run follows, defaults filled in. */
export interface ResolvedSettings {
  /** The connector that the recipe names. */
  readonly source: LoadedConnector;
  /** Its type: `Atlas`, `Postgres` … */
  readonly sourceType: string;
  /** Host and port of the source, or the name of its file, for people. */
  readonly sourceHost: string;
  readonly serviceName: string;
  readonly mode: 'enrich' | 'create';
  /** How the source is reached and what is read there, by its kind. */
  readonly connection: ConnectionSettings;
  readonly atlasLimits: {
    readonly requestsPerSecond: number | undefined;
    readonly concurrency: number;
    readonly pageSize: number;
    readonly columnsBySearchLimit: number;
    readonly timeoutSeconds: number;
    readonly retries: number;
  };
  readonly sourceConfig: {
    readonly includeTags: boolean;
    readonly includeOwners: boolean;
    readonly overrideMetadata: boolean;
  };
  readonly targetHost: string;
  readonly openMetadata: ServerConfig;
  readonly successThreshold: number;
  readonly raiseOnError: boolean;
  readonly ingestionPipelineFqn: string | undefined;
  readonly pipelineRunId: string | undefined;
  readonly concurrency: number;
  readonly partitions: { readonly max: number; readonly minTables: number };
  /** Cluster → `service` or `service.database`. */
  readonly clusters: Readonly<Record<string, string>>;
  readonly classificationName: string;
  readonly labelClassificationName: string;
  readonly glossaries: boolean;
  /** Atlas types beside `entity_type`. */
  readonly entityTypes: readonly string[];
  /** Family of Atlas types → service. */
  readonly services: Readonly<Record<string, string>>;
  /** Rules for types of one's own. */
  readonly types: Readonly<Record<string, TypeRule>>;
  readonly pipelines: boolean;
  /** Percent, by kind. */
  readonly maxDeleteShare: number;
  readonly incremental: {
    readonly enabled: boolean;
    readonly marginMs: number;
    /** 0: never by itself. */
    readonly fullEveryMs: number;
  };
  /** Undefined: nothing to watch. */
  readonly watch: WatchSettings | undefined;
  readonly markDeleted: { readonly tables: boolean; readonly schemas: boolean; readonly databases: boolean };
  readonly stateType: 'sqlite' | 'postgres';
  /** Address of the PostgreSQL database; a secret. */
  readonly stateConnection: string | undefined;
  readonly statePath: string | undefined;
  readonly deadLettersPath: string | undefined;
  readonly ownerMapping: Readonly<Record<string, string>>;
  readonly tagMapping: Readonly<Record<string, string>>;
  readonly patterns: readonly FilterPatterns[];
  readonly useFqnForFiltering: boolean;
  readonly includeTables: boolean;
  readonly includeViews: boolean;
  readonly includeTags: boolean;
  readonly descriptionHtml: DescriptionHtml;
  readonly processorModule: string | undefined;
  /** Set for a recipe that profiles tables; undefined for one that carries metadata. */
  readonly profiler: ProfilerSettings | undefined;
  readonly recipeDirectory: string;
}

/** What becomes of an Atlas type of one's own. */
export interface TypeRule {
  readonly as?: 'table' | 'container' | 'topic' | 'pipeline' | 'skip';
  readonly service?: string;
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

/** These and nothing else of what stands beside them, such as a password. */
function patternsOf({
  databaseFilterPattern,
  schemaFilterPattern,
  tableFilterPattern,
}: FilterPatterns): FilterPatterns {
  return { databaseFilterPattern, schemaFilterPattern, tableFilterPattern };
}

/** Without a `type` it is metadata; of others nothing of it is set. */
function metadataOf(config: Recipe['source']['sourceConfig']['config']): DatabaseMetadata {
  return config.type === 'Profiler' || config.type === 'AutoClassification' ? {} : config;
}

function viewsByDefault(type: Recipe['source']['sourceConfig']['config']['type']): boolean {
  if (type === 'Profiler') return defaults.profiler.includeViews;
  return type === 'AutoClassification'
    ? defaults.autoClassification.includeViews
    : defaults.databaseMetadata.includeViews;
}

/** Fills a valid recipe's defaults in. */
export function resolveSettings(recipe: Recipe, source: LoadedConnector, recipeDirectory: string): ResolvedSettings {
  const reached = recipe.source.serviceConnection.config;
  const connection = source.connector.settings(reached, recipeDirectory);
  const { config } = recipe.source.sourceConfig;
  const pipeline = metadataOf(config);
  const block = recipe.meridian ?? {};
  const { openMetadataServerConfig: server, successThreshold, raiseOnError } = recipe.workflowConfig;
  const limits = block.atlas ?? {};
  return {
    source,
    sourceType: source.spec.type,
    sourceHost: connection.place,
    serviceName: recipe.source.serviceName,
    mode: block.mode ?? source.spec.defaultMode,
    connection,
    atlasLimits: {
      requestsPerSecond: limits.requestsPerSecond,
      concurrency: limits.concurrency ?? defaults.atlas.concurrency,
      pageSize: limits.pageSize ?? defaults.atlas.pageSize,
      columnsBySearchLimit: limits.columnsBySearchLimit ?? defaults.atlas.columnsBySearchLimit,
      timeoutSeconds: limits.timeoutSeconds ?? defaults.atlas.timeoutSeconds,
      retries: limits.retries ?? defaults.atlas.retries,
    },
    sourceConfig: {
      includeTags: pipeline.includeTags ?? defaults.databaseMetadata.includeTags,
      includeOwners: pipeline.includeOwners ?? defaults.databaseMetadata.includeOwners,
      overrideMetadata: pipeline.overrideMetadata ?? defaults.databaseMetadata.overrideMetadata,
    },
    targetHost: hostOf(server.hostPort),
    openMetadata: {
      ...(server as ServerConfig),
      authProvider: server.authProvider ?? defaults.openMetadata.authProvider,
    },
    successThreshold: successThreshold ?? defaults.successThreshold,
    raiseOnError: raiseOnError ?? defaults.raiseOnError,
    ingestionPipelineFqn: recipe.ingestionPipelineFQN,
    pipelineRunId: recipe.pipelineRunId,
    concurrency: block.concurrency ?? defaults.concurrency,
    partitions: {
      max: block.partitions?.max ?? defaults.partitions.max,
      minTables: block.partitions?.minTables ?? defaults.partitions.minTables,
    },
    clusters: block.clusters ?? {},
    classificationName: block.classificationName ?? connection.classificationName ?? defaults.classificationName,
    labelClassificationName: block.labelClassificationName ?? defaults.labelClassificationName,
    glossaries: block.glossaries ?? defaults.glossaries,
    entityTypes: block.entityTypes ?? [],
    services: block.services ?? {},
    types: block.types ?? {},
    pipelines: block.pipelines ?? defaults.pipelines,
    maxDeleteShare: block.deletes?.maxSharePercent ?? defaults.deletes.maxSharePercent,
    incremental: {
      enabled: pipeline.incremental?.enabled ?? false,
      marginMs:
        pipeline.incremental?.safetyMarginDays !== undefined
          ? pipeline.incremental.safetyMarginDays * 86_400_000
          : (block.incremental?.marginMinutes ?? defaults.incremental.marginMinutes) * 60_000,
      fullEveryMs: (block.incremental?.fullEveryDays ?? defaults.incremental.fullEveryDays) * 86_400_000,
    },
    watch: resolveWatch(block.watch, recipeDirectory),
    markDeleted: {
      tables: pipeline.markDeletedTables ?? defaults.databaseMetadata.markDeletedTables,
      schemas: pipeline.markDeletedSchemas ?? defaults.databaseMetadata.markDeletedSchemas,
      databases: pipeline.markDeletedDatabases ?? defaults.databaseMetadata.markDeletedDatabases,
    },
    stateType: block.state?.type ?? defaults.stateType,
    stateConnection: block.state?.connectionString,
    statePath: block.state?.path && resolve(recipeDirectory, block.state.path),
    deadLettersPath: block.deadLetters && resolve(recipeDirectory, block.deadLetters),
    ownerMapping: block.ownerMapping ?? {},
    tagMapping: block.tagMapping ?? {},
    patterns: [patternsOf(config), patternsOf(reached as FilterPatterns)],
    useFqnForFiltering: config.useFqnForFiltering ?? defaults.databaseMetadata.useFqnForFiltering,
    includeTables: pipeline.includeTables ?? defaults.databaseMetadata.includeTables,
    includeViews: config.includeViews ?? viewsByDefault(config.type),
    includeTags: pipeline.includeTags ?? defaults.databaseMetadata.includeTags,
    descriptionHtml: block.descriptions?.stripHtml ? 'strip' : (block.descriptions?.html ?? defaults.descriptions.html),
    processorModule: recipe.processor?.type === 'module' ? recipe.processor.config.path : undefined,
    profiler: resolveProfiler(recipe),
    recipeDirectory,
  };
}
