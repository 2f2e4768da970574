import type { EntityTypeSpec, RelationshipSpec } from './define-types.ts';

/** Topics with their schemas, a bucket, models, keys of relational tables; attributes as Atlas ships them. */
export const BEYOND_HIVE: readonly EntityTypeSpec[] = [
  {
    name: 'kafka_topic',
    superTypes: ['DataSet'],
    service: 'kafka',
    attributes: [
      'topic:string!',
      'uri:string!',
      'partitionCount:int',
      'replicationFactorLocal:int',
      'retentiontimeLocalInHrs:int',
      'retentionBytesLocal:long',
      'avgMessageSizeInBytes:long',
    ],
  },
  { name: 'avro_type', superTypes: ['DataSet'], service: 'avro' },
  { name: 'avro_primitive', superTypes: ['avro_type'], service: 'avro' },
  { name: 'avro_field', superTypes: ['avro_type'], service: 'avro', attributes: ['doc:string', 'default:string'] },
  {
    name: 'avro_record',
    superTypes: ['avro_type'],
    service: 'avro',
    attributes: ['type:string', 'doc:string', 'avro_notation:string', 'versionId:int'],
  },
  { name: 'avro_schema', superTypes: ['avro_record'], service: 'avro', attributes: ['namespace:string'] },
  {
    name: 'aws_s3_v2_base',
    superTypes: ['DataSet'],
    service: 'aws',
    attributes: ['region:string', 'ownerName:string', 'encryption:string'],
  },
  { name: 'aws_s3_v2_container', superTypes: [], service: 'aws' },
  { name: 'aws_s3_v2_contained', superTypes: [], service: 'aws' },
  {
    name: 'aws_s3_v2_bucket',
    superTypes: ['aws_s3_v2_base', 'aws_s3_v2_container'],
    service: 'aws',
    attributes: ['creationTime:date', 'accountId:string'],
  },
  {
    name: 'aws_s3_v2_object',
    superTypes: ['aws_s3_v2_contained', 'aws_s3_v2_base'],
    service: 'aws',
    attributes: ['bucketName:string', 'size:long', 'dataType:string'],
  },
  {
    name: 'aws_s3_v2_directory',
    superTypes: ['aws_s3_v2_container', 'aws_s3_v2_object'],
    service: 'aws',
    attributes: ['objectPrefix:string', 'storageLocation:string'],
  },
  { name: 'spark_ml_model', superTypes: ['DataSet'], service: 'spark', attributes: ['extra:string'] },
  {
    name: 'rdbms_index',
    superTypes: ['DataSet'],
    service: 'rdbms',
    attributes: ['index_type:string', 'isUnique:boolean', 'comment:string'],
  },
  { name: 'rdbms_foreign_key', superTypes: ['DataSet'], service: 'rdbms' },
];

export const BEYOND_HIVE_RELATIONS: readonly RelationshipSpec[] = [
  {
    name: 'kafka_topic_avroSchema',
    category: 'ASSOCIATION',
    ends: ['kafka_topic.avroSchema[]', 'avro_type.kafka_topics_references[]'],
  },
  { name: 'avro_record_fields', category: 'AGGREGATION', ends: ['#avro_record.fields[]', 'avro_field.record'] },
  { name: 'avro_field_types', category: 'ASSOCIATION', ends: ['avro_field.type[]', 'avro_type.field'] },
  {
    name: 'aws_s3_v2_container_contained',
    category: 'COMPOSITION',
    ends: ['#aws_s3_v2_container.contained[]', 'aws_s3_v2_contained.container'],
  },
  { name: 'rdbms_table_indexes', category: 'COMPOSITION', ends: ['#~rdbms_table.indexes[]', '~rdbms_index.table'] },
  { name: 'rdbms_index_columns', category: 'ASSOCIATION', ends: ['~rdbms_index.columns[]', '~rdbms_column.indexes[]'] },
  {
    name: 'rdbms_table_foreign_key',
    category: 'COMPOSITION',
    ends: ['#~rdbms_table.foreign_keys[]', '~rdbms_foreign_key.table'],
  },
  {
    name: 'rdbms_foreign_key_key_columns',
    category: 'ASSOCIATION',
    ends: ['~rdbms_foreign_key.key_columns[]', 'rdbms_column.key_column_references[]'],
  },
  {
    name: 'rdbms_foreign_key_table_references',
    category: 'ASSOCIATION',
    ends: ['~rdbms_foreign_key.references_table', 'rdbms_table.foreign_key_references[]'],
  },
  {
    name: 'rdbms_foreign_key_column_references',
    category: 'ASSOCIATION',
    ends: ['~rdbms_foreign_key.references_columns[]', 'rdbms_column.foreign_key_references[]'],
  },
];
