import type { StoredEntity } from '../atlas/stored-entity.ts';
import { plain } from './table-spec.ts';
import type { WarehouseBuilder } from './warehouse-builder.ts';

/** Adds what is around the Hive tables: the tills' stream, the bucket that partners read, the forecast. */
export function addBeyondHive(builder: WarehouseBuilder): void {
  const table = (name: string): StoredEntity => builder.entity('hive_table', `${name}@prod`);
  const sales = addTopics(builder);
  builder.addProcess(
    'Process',
    {
      name: 'collect baskets',
      qualifiedName: 'collect_baskets@prod',
      description: 'Writes the stream away each minute',
    },
    [sales],
    [table('shop.baskets_raw')],
  );
  const exports = addBucket(builder);
  builder.addProcess(
    'spark_process',
    { name: 'export takings', qualifiedName: 'spark-app-0051/export_takings@prod', currUser: 'lea' },
    [table('finance.daily_takings')],
    [exports],
  );
  const model = builder.add({
    typeName: 'spark_ml_model',
    attributes: {
      name: 'loaf_forecast',
      qualifiedName: 'loaf_forecast@prod',
      description: 'How many loaves tomorrow, by shop and hour',
      owner: 'lea',
      extra: '{"maxDepth": 6, "numTrees": 40}',
    },
  });
  builder.addProcess(
    'spark_process',
    { name: 'train loaf forecast', qualifiedName: 'spark-app-0060/train@prod', currUser: 'lea' },
    [table('shop.mv_sales_by_hour')],
    [model],
  );
}

/** @returns the topic of sales */
function addTopics(builder: WarehouseBuilder): StoredEntity {
  const topic = (name: string, description: string, partitionCount: number): StoredEntity =>
    builder.add({
      typeName: 'kafka_topic',
      attributes: {
        name,
        qualifiedName: `${name}@prod`,
        topic: name,
        uri: 'kafka-1.bakery.example:9092',
        description,
        partitionCount,
        replicationFactorLocal: 3,
        retentiontimeLocalInHrs: 72,
      },
    });
  topic('oven.alarms', 'An oven that is too hot, or too cold', 1);
  const sales = topic('till.sales', 'Every sale, as the tills send it', 6);
  const schema = builder.add({
    typeName: 'avro_schema',
    attributes: {
      name: 'Sale',
      qualifiedName: 'com.bakery.till.Sale@v1',
      namespace: 'com.bakery.till',
      doc: 'One sale at one till',
      type: 'record',
    },
  });
  builder.relate('kafka_topic_avroSchema', sales, schema);
  const primitive = (name: string): StoredEntity =>
    builder.add({ typeName: 'avro_primitive', attributes: { name, qualifiedName: `avro.${name}` } });
  const types = new Map(['string', 'long', 'double'].map((name) => [name, primitive(name)]));
  for (const [name, type, doc, label] of [
    ['sale_id', 'long', 'Counts up by till', undefined],
    ['till', 'string', 'Which till', undefined],
    ['total', 'double', 'In euro, refunds below zero', undefined],
    ['card_mail', 'string', 'Mail of the bread card, where one was shown', 'PII_EMAIL'],
  ] as const) {
    const field = builder.add({
      typeName: 'avro_field',
      attributes: { name, qualifiedName: `com.bakery.till.Sale.${name}@v1`, doc },
      classifications: label === undefined ? [] : [plain(label)],
    });
    builder.relate('avro_record_fields', schema, field);
    builder.relate('avro_field_types', field, types.get(type)!);
  }
  return sales;
}

/** @returns the folder that takings are exported to */
function addBucket(builder: WarehouseBuilder): StoredEntity {
  const bucket = builder.add({
    typeName: 'aws_s3_v2_bucket',
    attributes: {
      name: 'bakery-lake',
      qualifiedName: 's3a://bakery-lake@prod',
      description: 'Files that partners may read',
      region: 'eu-central-1',
      owner: 'ops',
    },
  });
  const folder = (name: string, prefix: string, outer: StoredEntity): StoredEntity => {
    const made = builder.add({
      typeName: 'aws_s3_v2_directory',
      attributes: { name, qualifiedName: `s3a://bakery-lake${prefix}@prod`, objectPrefix: prefix },
    });
    builder.relate('aws_s3_v2_container_contained', outer, made);
    return made;
  };
  folder('recipes', '/recipes/', bucket);
  return folder('takings', '/exports/takings/', folder('exports', '/exports/', bucket));
}
