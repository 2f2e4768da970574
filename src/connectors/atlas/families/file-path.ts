import type { AtlasEntity } from '../atlas-types.ts';
import { nameOf, text } from '../map-entity.ts';

/** A file system's path in the parts that it is nested by: the file system itself, then each folder. */
export function fileParts(entity: AtlasEntity, cluster: string): readonly string[] {
  const told = text(entity.attributes['path']) ?? nameOf(entity);
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(\/.*)?$/i.exec(told);
  const folders = (match ? (match[3] ?? '') : told.replace(/^[a-z]+:(?=\/)/i, ''))
    .split('/')
    .filter((part) => part !== '');
  const nameService = text(entity.attributes['nameServiceId']);
  if (match) return [`${match[1]!.toLowerCase()}://${match[2] || nameService || cluster || 'local'}`, ...folders];
  if (nameService !== undefined) return [`hdfs://${nameService}`, ...folders];
  return [cluster || 'local', ...folders];
}
