import type { ResolvedSettings } from '../../config/resolve-settings.ts';
import type { Finding } from '../../config/validate-recipe.ts';
import type { ProfilingEngine } from '../../profiler/profiling-engine.ts';
import type { ConnectionSettings, Connector, ProbedServer, SourceOptions } from '../connector.ts';
import type { ConnectorSpec } from '../connector-spec.ts';
import type { Source } from '../source.ts';
import { connectionFailure, connectorFailure, withOwnFailures } from './connector-failure.ts';

/** Grows when a connector that was made for the version before would not work any more. */
export const connectorKit = 1;

/** What of a recipe a connector outside of Meridian is told. Nothing of the target's sign-in is among it. */
export type RunSettings = Pick<
  ResolvedSettings,
  | 'serviceName'
  | 'mode'
  | 'recipeDirectory'
  | 'includeTables'
  | 'includeViews'
  | 'includeTags'
  | 'glossaries'
  | 'pipelines'
  | 'concurrency'
>;

/** `source.serviceConnection.config` as the connector's schema lets it pass. */
export type ConnectionValues = Readonly<Record<string, unknown>>;

/** A connector that is kept outside of Meridian. */
export interface ConnectorDefinition<S extends ConnectionSettings = ConnectionSettings, C = ConnectionValues> {
  readonly spec: ConnectorSpec;
  /**
   * @param connection valid by the schema of the spec; without defaults
   * @param recipeDirectory where relative paths start from
   * @throws ConfigurationError for what a schema cannot say
   */
  settings(connection: C, recipeDirectory: string): S;
  /** Nothing is contacted yet. */
  create(connection: S, run: RunSettings, options: SourceOptions): Source | Promise<Source>;
  /** Where profiles of its tables come from (`capabilities: ['profiler']`). */
  createProfilingEngine?(
    connection: S,
    run: RunSettings,
    options: SourceOptions,
  ): ProfilingEngine | Promise<ProfilingEngine>;
  /** What a schema cannot say of a connection. Paths begin in the connection. */
  findings?(connection: ConnectionValues): readonly Finding[];
  /** What `meridian test` looks at first; only of an http server. */
  server?(connection: S): ProbedServer;
  /** What of a connection decides what is read; all that is no secret unless there. */
  shape?(connection: S): object;
}

/** What a connector's module exports by default. */
export interface DefinedConnector extends ConnectorDefinition<never, never> {
  /** The version of the kit that it was made with. */
  readonly meridianConnector: number;
}

/** Makes a connector of its parts: the default export of its module. */
export function defineConnector<S extends ConnectionSettings, C = ConnectionValues>(
  definition: ConnectorDefinition<S, C>,
): DefinedConnector {
  return { ...definition, meridianConnector: connectorKit } as unknown as DefinedConnector;
}

/** The same as Meridian's own connectors are. */
export function connectorOf(defined: DefinedConnector): Connector<string, ConnectionSettings> {
  const definition = defined as unknown as ConnectorDefinition;
  const { createProfilingEngine, findings, server, shape } = definition;
  const { type } = definition.spec;
  return {
    settings(connection, directory) {
      try {
        return definition.settings(connection as unknown as ConnectionValues, directory);
      } catch (error) {
        throw connectionFailure(type, connection, error);
      }
    },
    async create(connection, settings, options) {
      try {
        return withOwnFailures(type, await definition.create(connection, runSettings(settings), options));
      } catch (error) {
        throw connectorFailure(type, error);
      }
    },
    ...(createProfilingEngine && {
      createProfilingEngine: async (connection, settings, options) =>
        createProfilingEngine.call(definition, connection, runSettings(settings), options),
    }),
    ...(findings && { findings: (connection) => findings.call(definition, connection) }),
    ...(server && { server: (connection) => server.call(definition, connection) }),
    ...(shape && { shape: (connection) => shape.call(definition, connection) }),
  };
}

function runSettings(settings: ResolvedSettings): RunSettings {
  const { serviceName, mode, recipeDirectory, includeTables, includeViews, includeTags } = settings;
  const { glossaries, pipelines, concurrency } = settings;
  return {
    ...{ serviceName, mode, recipeDirectory, includeTables, includeViews, includeTags },
    ...{ glossaries, pipelines, concurrency },
  };
}
