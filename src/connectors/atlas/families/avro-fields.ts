import type { ColumnRecord, SchemaFieldRecord } from '../../../model/records.ts';
import type { AtlasEntity } from '../atlas-types.ts';
import { type Mapping, nameOf, related, tagsOf, termsOf, text } from '../map-entity.ts';
import { avroTextFields, avroWord } from './avro-text.ts';

/** Finds an entity of a schema by its guid. */
export type PartLookup = (guid: string) => AtlasEntity | undefined;

/** A schema may contain itself. */
const deepest = 20;

/**
 * The fields of an Avro schema: of its field entities where Atlas has them (they carry labels), else of its text.
 * Undefined for a schema that says nothing of its fields.
 */
export function avroFields(
  schema: AtlasEntity,
  part: PartLookup,
  mapping: Mapping,
): readonly SchemaFieldRecord[] | undefined {
  const fields = recordFields(schema, part, mapping, 0);
  if (fields.length > 0) return fields;
  const written = text(schema.attributes['avro_notation']);
  return written === undefined ? undefined : avroTextFields(written);
}

function recordFields(record: AtlasEntity, part: PartLookup, mapping: Mapping, depth: number): SchemaFieldRecord[] {
  if (depth > deepest) return [];
  const seen = new Set<string>();
  return related(record, 'fields').flatMap(({ guid }) => {
    const field = part(guid);
    if (!field || field.status === 'DELETED' || seen.has(nameOf(field))) return [];
    seen.add(nameOf(field));
    return [fieldRecord(field, part, mapping, depth)];
  });
}

function fieldRecord(field: AtlasEntity, part: PartLookup, mapping: Mapping, depth: number): SchemaFieldRecord {
  const types = related(field, 'type')
    .map(({ guid }) => part(guid))
    .filter((type) => type !== undefined);
  const told = types.filter((type) => typeWord(type) !== 'NULL');
  const [only] = told;
  const dataType = told.length > 1 ? 'UNION' : only ? typeWord(only) : types.length > 0 ? 'NULL' : 'UNKNOWN';
  const children = only && told.length === 1 ? recordFields(only, part, mapping, depth + 1) : [];
  const display = types.map(nameOf).join(' | ');
  const doc = text(field.attributes['doc']) ?? text(field.attributes['description']);
  return {
    name: nameOf(field),
    dataType,
    ...(display !== '' && { dataTypeDisplay: display }),
    ...(doc !== undefined && { description: doc }),
    tags: tagsOf(field, mapping.registry),
    ...termsOf(field, mapping.registry),
    ...(children.length > 0 && { children }),
  };
}

function typeWord(type: AtlasEntity): string {
  switch (type.typeName) {
    case 'avro_record':
    case 'avro_schema':
      return 'RECORD';
    case 'avro_enum':
      return 'ENUM';
    case 'avro_fixed':
      return 'FIXED';
    case 'avro_collection':
      return avroWord(text(type.attributes['type']) ?? nameOf(type)) ?? 'ARRAY';
    default:
      return avroWord(nameOf(type)) ?? 'UNKNOWN';
  }
}

/** Fields as columns, for what has columns and no message schema. */
export function fieldsAsColumns(fields: readonly SchemaFieldRecord[]): ColumnRecord[] {
  return fields.map((field) => {
    const { dataTypeDisplay, children, ...rest } = field;
    return {
      ...rest,
      dataTypeDisplay: dataTypeDisplay ?? field.dataType.toLowerCase(),
      ...(field.dataType === 'ARRAY' && { arrayDataType: 'UNKNOWN' }),
      ...(children && { children: fieldsAsColumns(children) }),
    };
  });
}

/** The record around the fields, as OpenMetadata shows a message's schema. */
export function messageSchema(
  schema: AtlasEntity,
  fields: readonly SchemaFieldRecord[],
  mapping: Mapping,
): SchemaFieldRecord[] {
  const doc = text(schema.attributes['doc']) ?? text(schema.attributes['description']);
  return [
    {
      name: nameOf(schema),
      dataType: 'RECORD',
      ...(doc !== undefined && { description: doc }),
      tags: tagsOf(schema, mapping.registry),
      children: fields,
    },
  ];
}
