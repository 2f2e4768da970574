import type { NamePath, TopicRecord } from '../../../model/records.ts';
import type { AtlasEntity } from '../atlas-types.ts';
import { entityFields, type Mapping, related, text } from '../map-entity.ts';
import { avroFields, messageSchema, type PartLookup } from './avro-fields.ts';

/** Attributes of a topic that are read. */
export const topicAttributes = [
  'topic',
  'partitionCount',
  'partitionCountLocal',
  'partitionCountNational',
  'replicationFactorLocal',
  'replicationFactorNational',
  'retentiontimeLocalInHrs',
  'retentiontimeNationalInHrs',
  'desiredRetentionInHrs',
  'retentionBytesLocal',
  'retentionBytesNational',
  'clusterName',
  'avroSchema',
] as const;

const msAnHour = 3_600_000;

/** Numbers that nobody set are 0 in Atlas; a topic has at least one of each. */
function firstPositive(entity: AtlasEntity, names: readonly string[]): number | undefined {
  return names
    .map((name) => entity.attributes[name])
    .find((value): value is number => typeof value === 'number' && value > 0);
}

/** A topic's name where it lives, which is not always what Atlas shows. */
export function topicName(entity: AtlasEntity): string | undefined {
  return text(entity.attributes['topic']);
}

export function topicRecord(entity: AtlasEntity, path: NamePath, part: PartLookup, mapping: Mapping): TopicRecord {
  const partitions = firstPositive(entity, ['partitionCount', 'partitionCountLocal', 'partitionCountNational']);
  const replicationFactor = firstPositive(entity, ['replicationFactorLocal', 'replicationFactorNational']);
  const hours = firstPositive(entity, [
    'retentiontimeLocalInHrs',
    'retentiontimeNationalInHrs',
    'desiredRetentionInHrs',
  ]);
  const retentionSize = firstPositive(entity, ['retentionBytesLocal', 'retentionBytesNational']);
  return {
    kind: 'topic',
    ...entityFields(entity, path, mapping),
    ...(partitions !== undefined && { partitions }),
    ...(replicationFactor !== undefined && { replicationFactor }),
    ...(hours !== undefined && { retentionTime: hours * msAnHour }),
    ...(retentionSize !== undefined && { retentionSize }),
    ...schemaOf(entity, part, mapping),
  };
}

/** The first of the Avro schemas that the topic is tied to. */
function schemaOf(
  entity: AtlasEntity,
  part: PartLookup,
  mapping: Mapping,
): Pick<TopicRecord, 'schemaType' | 'schemaText' | 'schemaFields'> {
  const schema = linkedSchema(entity, part);
  if (!schema) return {};
  const fields = avroFields(schema, part, mapping);
  const written = text(schema.attributes['avro_notation']);
  if (!fields && written === undefined) return {};
  return {
    schemaType: 'Avro',
    ...(written !== undefined && { schemaText: written }),
    ...(fields && { schemaFields: messageSchema(schema, fields, mapping) }),
  };
}

/** Attributes by which assets name the Avro schema of their content. */
export const schemaAttributes = ['avroSchema', 'avroSchemas', 'schema'] as const;

export function linkedSchema(entity: AtlasEntity, part: PartLookup): AtlasEntity | undefined {
  return schemaAttributes
    .flatMap((name) => related(entity, name))
    .map(({ guid }) => part(guid))
    .find((schema) => schema !== undefined && schema.status !== 'DELETED');
}
