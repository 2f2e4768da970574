import type { Recipe } from '../schema/generated/recipe.ts';
import { atlasSpec } from './atlas/atlas-spec.ts';
import { atlasExportSpec } from './atlas-export/atlas-export-spec.ts';
import type { ConnectionSettings, Connector } from './connector.ts';
import type { ConnectorSpec } from './connector-spec.ts';
import { fileSpec } from './file/file-spec.ts';
import { openMetadataSpec } from './openmetadata/openmetadata-spec.ts';
import { postgresSpec } from './postgres/postgres-spec.ts';
import { trinoSpec } from './trino/trino-spec.ts';

/** `source.type` of a recipe for each connector of ours; grows with a line below and `npm run generate`. */
export type SourceType = Recipe['source']['type'];

/** A connector of ours: what it says of itself, and how it is loaded once a recipe names it. */
export interface RegisteredConnector<T extends SourceType> {
  readonly spec: ConnectorSpec<T>;
  readonly load: () => Promise<Connector<T, ConnectionSettings<T>>>;
}

/** Every kind of source that we have, a line each. Forms in the browser take the specs and load no connector. */
export const registry: { readonly [T in SourceType]: RegisteredConnector<T> } = {
  Atlas: { spec: atlasSpec, load: async () => (await import('./atlas/atlas-connector.ts')).atlasConnector },
  AtlasExport: {
    spec: atlasExportSpec,
    load: async () => (await import('./atlas-export/atlas-export-connector.ts')).atlasExportConnector,
  },
  File: { spec: fileSpec, load: async () => (await import('./file/file-connector.ts')).fileConnector },
  Postgres: {
    spec: postgresSpec,
    load: async () => (await import('./postgres/postgres-connector.ts')).postgresConnector,
  },
  Trino: { spec: trinoSpec, load: async () => (await import('./trino/trino-connector.ts')).trinoConnector },
  OpenMetadata: {
    spec: openMetadataSpec,
    load: async () => (await import('./openmetadata/openmetadata-connector.ts')).openMetadataConnector,
  },
};

export const sourceTypes = Object.keys(registry) as readonly SourceType[];
