import { atlasConnection } from './atlas-connection.ts';
import { atlasExportConnection } from './atlas-export-connection.ts';
import { fileConnection } from './file-connection.ts';
import type { JsonSchema } from './parts.ts';

/** `source.serviceConnection.config` of each kind of source, by its `source.type`. */
export const connections = {
  Atlas: atlasConnection,
  AtlasExport: atlasExportConnection,
  File: fileConnection,
} as const satisfies Readonly<Record<string, JsonSchema>>;

export type SourceType = keyof typeof connections;

export const sourceTypes = Object.keys(connections) as readonly SourceType[];
