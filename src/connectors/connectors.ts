import type { ResolvedSettings } from '../config/resolve-settings.ts';
import type { SourceType } from '../schema/connections.ts';
import type { Recipe } from '../schema/generated/recipe.ts';
import { type AtlasSettings, atlasConnector } from './atlas/atlas-connector.ts';
import { type AtlasExportSettings, atlasExportConnector } from './atlas-export/atlas-export-connector.ts';
import type { Connector, SourceOptions } from './connector.ts';
import { type FileSettings, fileConnector } from './file/file-connector.ts';
import type { Source } from './source.ts';

/** The settings of a connection, told apart by `type`. */
export type AnyConnectionSettings = AtlasSettings | AtlasExportSettings | FileSettings;

type Connectors = {
  readonly [T in SourceType]: Connector<T, Extract<AnyConnectionSettings, { readonly type: T }>>;
};

/** Every kind of source there is; `src/schema/connections.ts` has what a recipe may say of each. */
const connectors: Connectors = {
  Atlas: atlasConnector,
  AtlasExport: atlasExportConnector,
  File: fileConnector,
};

/** A kind's own connector; that the types belong together is what `Connectors` makes sure of. */
function connectorOf(type: SourceType): Connector<never, never> {
  return connectors[type] as unknown as Connector<never, never>;
}

/** What a recipe says of its source's connection, defaults filled in. */
export function connectionSettings(source: Recipe['source'], recipeDirectory: string): AnyConnectionSettings {
  return connectorOf(source.type).settings(source.serviceConnection.config as never, recipeDirectory);
}

/** The source that a recipe names. */
export function createSource(settings: ResolvedSettings, options: SourceOptions): Promise<Source> {
  const { connection } = settings;
  return connectorOf(connection.type).create(connection as never, settings, options);
}
