import { basename, resolve } from 'node:path';
import type { ConnectionSettings, Connector } from '../connector.ts';

export interface FileSettings extends ConnectionSettings<'File'> {
  /** Absolute. */
  readonly path: string;
}

/** `source.type: File`: what `meridian export` wrote. */
export const fileConnector: Connector<'File', FileSettings> = {
  settings(connection, recipeDirectory) {
    return {
      type: 'File',
      place: basename(connection.path),
      path: resolve(recipeDirectory, connection.path),
      databaseServiceName: [],
      messagingServiceName: [],
    };
  },
  async create(connection) {
    const { FileSource } = await import('./file-source.ts');
    return new FileSource(connection.path);
  },
};
