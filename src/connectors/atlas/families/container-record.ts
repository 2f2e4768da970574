import type { ContainerRecord, NamePath } from '../../../model/records.ts';
import type { AtlasEntity, ObjectId } from '../atlas-types.ts';
import { entityFields, type Mapping, nameOf, qualifiedName, related, text } from '../map-entity.ts';
import { avroFields, fieldsAsColumns, type PartLookup } from './avro-fields.ts';
import { linkedSchema, schemaAttributes } from './topic-record.ts';

/** Attributes by which a container names the one around it. */
const outerNames = ['container', 'bucket', 'pseudoDirectory', 'account', 'parent', 'volume'] as const;

/** Attributes of a container that are read. */
export const containerAttributes = [
  ...outerNames,
  ...schemaAttributes,
  'path',
  'objectPrefix',
  'size',
  'contentLength',
  'dataSize',
  'fileSize',
  'dataType',
  'clusterName',
  'nameServiceId',
  'url',
  'comment',
  'namespace',
  'avro_notation',
  'doc',
  'fields',
] as const;

/** Formats that OpenMetadata has a word for. */
const formats: ReadonlySet<string> = new Set(['zip', 'gz', 'zstd', 'csv', 'tsv', 'json', 'parquet', 'avro']);

/** The container around one; undefined for one that stands by itself. */
export function outerContainer(entity: AtlasEntity): ObjectId | undefined {
  return outerNames.map((name) => related(entity, name)[0]).find((id) => id !== undefined);
}

/** A container's own name: no slashes at its ends, and nothing of the folders that are around it anyway. */
export function containerName(entity: AtlasEntity, { registry }: Mapping): string {
  const name = trimmed(nameOf(entity));
  if (registry.isA(entity.typeName, 'avro_schema')) {
    const namespace = text(entity.attributes['namespace']);
    return namespace === undefined || name.includes('.') ? name : `${namespace}.${name}`;
  }
  // A pseudo directory (S3, first model) is one folder, however deep: what is above it is no entity.
  if (registry.isA(entity.typeName, 'aws_s3_pseudo_dir'))
    return trimmed(text(entity.attributes['objectPrefix']) ?? name);
  return outerContainer(entity) === undefined ? name : (name.split('/').at(-1) ?? name);
}

function trimmed(name: string): string {
  return name.replace(/^\/+|\/+$/g, '') || name;
}

export function containerRecord(
  entity: AtlasEntity,
  path: NamePath,
  part: PartLookup,
  mapping: Mapping,
): ContainerRecord {
  const { attributes } = entity;
  const fullPath = addressOf(entity);
  const prefix = text(attributes['objectPrefix']);
  const size = ['size', 'contentLength', 'dataSize', 'fileSize']
    .map((name) => attributes[name])
    .find((value): value is number => typeof value === 'number' && value > 0);
  const isSchema = mapping.registry.isA(entity.typeName, 'avro_schema');
  const schema = isSchema ? entity : linkedSchema(entity, part);
  const fields = schema && avroFields(schema, part, mapping);
  const format = isSchema ? 'avro' : text(attributes['dataType'])?.toLowerCase();
  return {
    kind: 'container',
    ...entityFields(entity, path, mapping),
    ...(fullPath !== undefined && { fullPath }),
    ...(prefix !== undefined && { prefix }),
    ...(size !== undefined && { size }),
    ...(format !== undefined && formats.has(format) && { fileFormats: [format] }),
    ...(fields && { columns: fieldsAsColumns(fields) }),
  };
}

/** The address as people write it: a path's own, a URL, or a qualifiedName that begins with a scheme. */
function addressOf(entity: AtlasEntity): string | undefined {
  const told = text(entity.attributes['path']) ?? text(entity.attributes['url']);
  if (told !== undefined) return told;
  const name = qualifiedName(entity);
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(name) ? name.replace(/@[^@/]*$/, '') : undefined;
}
