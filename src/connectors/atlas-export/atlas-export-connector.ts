import { basename, resolve } from 'node:path';
import { type EntitySettings, mappedSource, statisticsOf } from '../atlas/atlas-connector.ts';
import type { Connector } from '../connector.ts';

export interface AtlasExportSettings extends EntitySettings {
  readonly type: 'AtlasExport';
  readonly place: string;
  /** Absolute. */
  readonly path: string;
}

/** `source.type: AtlasExport`: a ZIP of Atlas' export API, without a server. */
export const atlasExportConnector: Connector<'AtlasExport', AtlasExportSettings> = {
  settings(connection, recipeDirectory) {
    return {
      type: 'AtlasExport',
      place: basename(connection.path),
      path: resolve(recipeDirectory, connection.path),
      databaseServiceName: connection.databaseServiceName ?? [],
      messagingServiceName: connection.messagingServiceName ?? [],
      entityType: connection.entity_type,
    };
  },
  async create(connection, settings, options) {
    const { AtlasExportReader } = await import('./atlas-export-reader.ts');
    return mappedSource(new AtlasExportReader(connection.path), connection, settings, options);
  },
  async createProfilingEngine(connection, settings, options) {
    const { AtlasExportReader } = await import('./atlas-export-reader.ts');
    return statisticsOf(new AtlasExportReader(connection.path), connection, settings, options);
  },
};
