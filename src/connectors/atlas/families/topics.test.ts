import { describe, expect, it } from 'vitest';
import { alter, read, start } from '../read-source.testing.ts';
import { type Builder, haveTypedefs, leftOut, ofKind, pathsOf, readWith, storeWith } from './atlas-with.testing.ts';
import { topicWithFields } from './family-samples.testing.ts';

describe.skipIf(!haveTypedefs)('topics', () => {
  it('partitions, copies, retention and the fields of an Avro schema, with their labels', async () => {
    const reading = await readWith(topicWithFields);
    expect(ofKind(reading, 'messagingService')).toEqual([
      { kind: 'messagingService', path: ['atlas_kafka'], serviceType: 'Kafka' },
    ]);
    const [topic] = ofKind(reading, 'topic');
    expect(topic).toMatchObject({
      path: ['atlas_kafka', 'orders'],
      partitions: 12,
      replicationFactor: 3,
      retentionTime: 172_800_000,
      retentionSize: 1024,
      schemaType: 'Avro',
    });
    const [record] = topic!.schemaFields!;
    expect(record).toMatchObject({ name: 'Order', dataType: 'RECORD', description: 'One order' });
    const told = record!.children!.map(({ name, dataType, dataTypeDisplay }) => [name, dataType, dataTypeDisplay]);
    expect(told).toEqual([
      ['id', 'LONG', 'long'],
      ['mail', 'STRING', 'null | string'],
      ['either', 'UNION', 'long | string'],
      ['lines', 'ARRAY', 'items'],
      ['address', 'RECORD', 'Address'],
    ]);
    expect(record!.children![0]!.description).toBe('Key');
    expect(record!.children![1]!.tags).toEqual([expect.objectContaining({ path: ['PII'] })]);
    expect(record!.children![4]!.children!.map(({ name }) => name)).toEqual(['city']);
    expect(leftOut(reading)).toEqual([]);
  });

  it('fields that could not be read are not taken for gone: the topic is told as a shell', async () => {
    const atlas = await start({ store: storeWith(topicWithFields) });
    const url = await alter(atlas, (request, answer) => {
      if (request.search.typeName?.split(',').includes('avro_field') && request.search.attributes.length > 0)
        answer.status = 500;
    });
    const reading = await read(url, { entityType: 'kafka_topic', retries: 0 });
    expect(ofKind(reading, 'topic').map(({ incomplete }) => incomplete)).toEqual([true]);
    expect(reading.issues).toContainEqual(expect.objectContaining({ outcome: 'failed', kind: 'topic' }));
  });

  it('the schema is a container of its own, with columns', async () => {
    const [schema] = ofKind(await readWith(topicWithFields), 'container');
    expect(schema).toMatchObject({ path: ['atlas_avro', 'shop.Order'], fileFormats: ['avro'] });
    expect(schema!.columns!.map(({ name, dataType }) => [name, dataType])).toEqual([
      ['id', 'LONG'],
      ['mail', 'STRING'],
      ['either', 'UNION'],
      ['lines', 'ARRAY'],
      ['address', 'RECORD'],
    ]);
    expect(schema!.columns![3]!.arrayDataType).toBe('UNKNOWN');
  });

  it('a schema that is known by its text only', async () => {
    const notation = JSON.stringify({
      type: 'record',
      name: 'Click',
      fields: [
        { name: 'url', type: 'string', doc: 'Where' },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
        { name: 'tags', type: { type: 'array', items: 'string' } },
        { name: 'who', type: ['null', { type: 'record', name: 'Who', fields: [{ name: 'id', type: 'int' }] }] },
        { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
      ],
    });
    const reading = await readWith(({ add, relate }) => {
      const topic = add('kafka_topic', { qualifiedName: 'clicks@prod', topic: 'clicks' });
      const schema = add('avro_schema', { qualifiedName: 'Click@v1', name: 'Click', avro_notation: notation });
      relate('kafka_topic_avroSchema', topic, schema);
      const bad = add('kafka_topic', { qualifiedName: 'bad@prod', topic: 'bad' });
      const broken = add('avro_schema', { qualifiedName: 'Bad@v1', name: 'Bad', avro_notation: '{"type": "rec' });
      relate('kafka_topic_avroSchema', bad, broken);
    });
    const topics = new Map(ofKind(reading, 'topic').map((topic) => [topic.path[1], topic]));
    expect(topics.get('clicks')!.schemaText).toBe(notation);
    expect(
      topics
        .get('clicks')!
        .schemaFields![0]!.children!.map(({ name, dataType, dataTypeDisplay }) => [name, dataType, dataTypeDisplay]),
    ).toEqual([
      ['url', 'STRING', 'string'],
      ['at', 'LONG', 'timestamp-millis'],
      ['tags', 'ARRAY', 'array<string>'],
      ['who', 'RECORD', 'null | Who'],
      ['kind', 'ENUM', 'Kind'],
    ]);
    expect(topics.get('bad')).toMatchObject({ schemaType: 'Avro', schemaText: '{"type": "rec' });
    expect(topics.get('bad')!.schemaFields).toBeUndefined();
    expect(topics.get('bad')!.partitions).toBeUndefined();
  });

  it('topics of JMS are topics, too', async () => {
    const reading = await readWith(({ add }) =>
      add('jms_topic', { qualifiedName: 'q@prod', topic: 'queue/a', uri: 'tcp://x' }),
    );
    expect(pathsOf(reading, 'topic')).toEqual(['atlas_kafka/queue/a']);
  });

  const twoClusters = ({ add }: Builder): void => {
    for (const cluster of ['prod', 'dr']) add('kafka_topic', { qualifiedName: `clicks@${cluster}`, topic: 'clicks' });
    add('hive_db', { qualifiedName: 'sales@prod', clusterName: 'prod' });
  };

  it('trap 8: the same name in two clusters', async () => {
    expect(pathsOf(await readWith(twoClusters), 'topic')).toEqual(['atlas_kafka/clicks@dr', 'atlas_kafka/clicks@prod']);
  });

  it('messagingServiceName asks for topics whatever entity_type says', async () => {
    const hive = { entityType: 'hive_table', mode: 'enrich' } as const;
    expect(pathsOf(await readWith(twoClusters, hive), 'topic')).toEqual([]);
    const kafka = await readWith(twoClusters, {
      ...hive,
      messagingServiceName: ['events'],
      services: { 'kafka@dr': 'spare' },
    });
    expect(pathsOf(kafka, 'topic').sort()).toEqual(['events/clicks', 'spare/clicks']);
    expect(pathsOf(kafka, 'messagingService')).toEqual(['spare', 'events']);
  });

  it('of several messaging services the recipe must say which holds which cluster', async () => {
    const several = readWith(twoClusters, { messagingServiceName: ['a', 'b'] });
    await expect(several).rejects.toMatchObject({
      code: 'atlas.ambiguous-service',
      exitCode: 2,
      help: expect.stringContaining('kafka@'),
    });
  });
});
