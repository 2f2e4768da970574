import type { ResolvedSettings } from '../config/resolve-settings.ts';
import type { RequestShare } from '../http/request-share.ts';
import type { ProfilingEngine } from '../profiler/profiling-engine.ts';
import type { SourceType } from '../schema/connections.ts';
import type { Recipe } from '../schema/generated/recipe.ts';
import type { Source, TargetNames } from './source.ts';

/** `source.serviceConnection.config` as a recipe has it. */
export type ConnectionConfig<T extends SourceType> = Extract<
  Recipe['source'],
  { readonly type: T }
>['serviceConnection']['config'];

/** What a run knows of its source's connection, whatever the connector. */
export interface ConnectionSettings<T extends SourceType = SourceType> {
  readonly type: T;
  /** For people: host and port, or the name of a file. */
  readonly place: string;
  /** Services of OpenMetadata that the recipe names. */
  readonly databaseServiceName: readonly string[];
  readonly messagingServiceName: readonly string[];
}

export interface SourceOptions {
  readonly redact: (text: string) => string;
  /** Told every token that is got while running, so that it is masked too. */
  readonly learn?: ((secret: string) => void) | undefined;
  readonly targetNames: TargetNames;
  /** What this process may ask of a server, where several share it. */
  readonly share?: RequestShare | undefined;
}

/** One kind of source: how its part of a recipe is understood, and how it is opened. */
export interface Connector<T extends SourceType, S extends ConnectionSettings<T>> {
  /** @param recipeDirectory where relative paths start from */
  settings(connection: ConnectionConfig<T>, recipeDirectory: string): S;
  /** Nothing is contacted yet. What the connector needs is loaded here, so that other commands need not wait for it. */
  create(connection: S, settings: ResolvedSettings, options: SourceOptions): Promise<Source>;
  /** Where profiles of its tables come from; only of a connector that has any. Nothing is contacted yet. */
  createProfilingEngine?(connection: S, settings: ResolvedSettings, options: SourceOptions): Promise<ProfilingEngine>;
}
