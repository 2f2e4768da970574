import type { ResolvedSettings } from '../config/resolve-settings.ts';
import type { Finding } from '../config/validate-recipe.ts';
import type { RequestShare } from '../http/request-share.ts';
import type { TlsOptions } from '../http/tls-options.ts';
import type { ProfilingEngine } from '../profiler/profiling-engine.ts';
import type { Recipe } from '../schema/generated/recipe.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { ConnectorSpec } from './connector-spec.ts';
import type { ChangeFeedOptions } from './create-change-feed.ts';
import type { Source, SourceMemory, TargetNames } from './source.ts';

/** `source.serviceConnection.config` as a recipe has it. */
export type ConnectionConfig<T extends string> = Extract<
  Recipe['source'],
  { readonly type: T }
>['serviceConnection']['config'];

/** What a run knows of its source's connection, whatever the connector. */
export interface ConnectionSettings<T extends string = string> {
  readonly type: T;
  /** For people: host and port, or the name of a file. */
  readonly place: string;
  /** Services of OpenMetadata that the recipe names in its connection. */
  readonly databaseServiceName?: readonly string[];
  readonly messagingServiceName?: readonly string[];
  /** Classification of its tags, where the recipe’s own block names none. */
  readonly classificationName?: string;
}

export interface SourceOptions {
  readonly redact: (text: string) => string;
  /** Told every token that is got while running, so that it is masked too. */
  readonly learn?: ((secret: string) => void) | undefined;
  readonly targetNames: TargetNames;
  /** What this process may ask of a server, where several share it. */
  readonly share?: RequestShare | undefined;
  /** For an engine of profiles: what the source has chosen in the runs that carried metadata. Nothing new is kept. */
  readonly memory?: SourceMemory | undefined;
}

/** A server that is looked at before anybody signs in there: its name, its address, its TLS. */
export interface ProbedServer {
  readonly name: string;
  /** An http or https address. */
  readonly address: string;
  readonly tls: TlsOptions;
}

/** The service of its own kind (`serviceName` of the recipe) that a source has in OpenMetadata, as people see it there. */
export interface MetadataService {
  readonly hostPort: string;
  readonly username: string;
  readonly databaseServiceName: readonly string[];
  readonly messagingServiceName: readonly string[];
  readonly entityType: string;
}

/** One kind of source: how its part of a recipe is understood, and how it is opened. */
export interface Connector<T extends string, S extends ConnectionSettings<T>> {
  /** @param recipeDirectory where relative paths start from */
  settings(connection: ConnectionConfig<T>, recipeDirectory: string): S;
  /** Nothing is contacted yet. What the connector needs is loaded here, so that other commands need not wait for it. */
  create(connection: S, settings: ResolvedSettings, options: SourceOptions): Promise<Source>;
  /** Where profiles of its tables come from; only of a connector that has any. Nothing is contacted yet. */
  createProfilingEngine?(connection: S, settings: ResolvedSettings, options: SourceOptions): Promise<ProfilingEngine>;
  /** Its changes as they happen; only of a connector that can `watch`. Nothing is contacted yet. */
  createChangeFeed?(connection: S, settings: ResolvedSettings, options: ChangeFeedOptions): Promise<ChangeFeed>;
  /**
   * What a schema cannot say of a connection: addresses that are none, and the like. Paths begin in the connection.
   *
   * @param connection may be anything yet: the schema is checked beside this
   */
  findings?(connection: Readonly<Record<string, unknown>>): readonly Finding[];
  /** What `meridian test` looks at first; only of a source that is an http server. */
  server?(connection: S): ProbedServer;
  /**
   * What of a connection decides what is read: once that has changed, an incremental run reads everything. Never a secret.
   * All that is no secret unless there.
   */
  shape?(connection: S): object;
  /** Only of a source that OpenMetadata has a kind of metadata service for. */
  metadataService?(connection: S): MetadataService;
}

export type AnyConnector = Connector<string, ConnectionSettings>;

/** A connector that is ready to be used, with what it says of itself. */
export interface LoadedConnector {
  readonly spec: ConnectorSpec;
  readonly connector: AnyConnector;
}
