import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../../../sandbox/atlas/start-atlas.ts';
import type { SourceRecord } from '../../model/records.ts';
import { arrow, type Reading, read } from './read-source.testing.ts';

const recorded = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'atlas', 'recorded');

/** A record without where it comes from. */
function shown(record: SourceRecord): unknown {
  return JSON.parse(JSON.stringify(record, (key, value) => (key === 'provenance' ? undefined : value)));
}

describe.skipIf(!existsSync(recorded))('every family of a real server’s recorded answers', () => {
  let atlas: AtlasStandIn;
  let reading: Reading;
  beforeAll(async () => {
    atlas = await startAtlas({ dataDir: recorded });
    const services = { 'kafka@prod': 'events', s3: 'lake', custom: 'bi' };
    reading = await read(atlas.url, { entityType: 'Asset', services, serviceName: 'atlas' });
  });
  afterAll(() => atlas.close());

  const of = (typeName: string): unknown[] =>
    reading.records
      .filter(
        (record) => 'provenance' in record && record.provenance.typeName === typeName && record.kind !== 'lineage',
      )
      .map(shown);

  it('services by family and instance', () => {
    const services = reading.records.filter(({ kind }) => kind.endsWith('Service'));
    expect(
      services.map(
        (record) =>
          `${record.kind} ${'path' in record && record.path} ${'serviceType' in record && record.serviceType}`,
      ),
    ).toEqual([
      'databaseService atlas_hbase CustomDatabase',
      'databaseService hive Hive',
      'databaseService crm-pg Postgres',
      'databaseService atlas_spark CustomDatabase',
      'databaseService trino1 Trino',
      'storageService atlas_avro CustomStorage',
      'storageService bi CustomStorage',
      'storageService atlas_paths CustomStorage',
      'storageService lake S3',
      'messagingService events Kafka',
    ]);
  });

  it('topics', () => {
    expect(of('kafka_topic')).toEqual([
      { kind: 'topic', path: ['events', 'clicks'], tags: [], partitions: 1 },
      {
        kind: 'topic',
        path: ['events', 'orders.events'],
        description: 'Order events',
        owner: 'alice',
        tags: [{ path: ['PII'], propagated: false, attributes: { level: 'low', reviewed: false } }],
        partitions: 12,
      },
    ]);
  });

  it('a relational table', () => {
    expect(of('rdbms_db')).toEqual([{ kind: 'database', path: ['crm-pg', 'crm'], tags: [] }]);
    expect(of('schema')).toEqual([{ kind: 'databaseSchema', path: ['crm-pg', 'crm', 'public'], tags: [] }]);
    expect(of('rdbms_table')).toEqual([
      {
        kind: 'table',
        path: ['crm-pg', 'crm', 'public', 'contact'],
        description: 'CRM contacts',
        tags: [],
        tableType: 'Regular',
        columns: [
          { name: 'email', dataType: 'VARCHAR', dataLength: 255, dataTypeDisplay: 'varchar', tags: [] },
          {
            name: 'id',
            dataType: 'BIGINT',
            dataTypeDisplay: 'int8',
            description: 'Key',
            tags: [],
            constraint: 'PRIMARY_KEY',
          },
        ],
        constraints: [{ type: 'PRIMARY_KEY', columns: ['id'] }],
        createdAt: 1_700_000_000_000,
      },
    ]);
  });

  it('HBase, Spark and Trino', () => {
    expect(of('hbase_table')).toEqual([
      {
        kind: 'table',
        path: ['atlas_hbase', 'default', 'web', 'sessions'],
        owner: 'hb',
        tags: [],
        tableType: 'Regular',
        columns: [{ name: 'd', dataType: 'MAP', dataTypeDisplay: 'column family', tags: [] }],
      },
    ]);
    expect(of('spark_table')).toEqual([
      {
        kind: 'table',
        path: ['atlas_spark', 'default', 'lake', 'events'],
        owner: 'spark',
        tags: [],
        tableType: 'External',
        columns: [{ name: 'id', dataType: 'BIGINT', dataTypeDisplay: 'bigint', tags: [] }],
      },
    ]);
    expect(of('trino_catalog')).toEqual([{ kind: 'database', path: ['trino1', 'ice'], tags: [] }]);
    expect(of('trino_schema')).toEqual([{ kind: 'databaseSchema', path: ['trino1', 'ice', 'web'], tags: [] }]);
    expect(of('trino_table')).toEqual([
      {
        kind: 'table',
        path: ['trino1', 'ice', 'web', 'visits'],
        description: 'Visits',
        tags: [],
        tableType: 'Regular',
        columns: [{ name: 'url', dataType: 'VARCHAR', dataLength: 1, dataTypeDisplay: 'varchar', tags: [] }],
      },
    ]);
  });

  it('a bucket and its folder, a path, a schema, a custom type', () => {
    expect([...of('aws_s3_v2_bucket'), ...of('aws_s3_v2_directory')]).toEqual([
      { kind: 'container', path: ['lake', 'lake'], tags: [], fullPath: 's3a://lake' },
      {
        kind: 'container',
        path: ['lake', 'lake', 'events'],
        tags: [],
        fullPath: 's3a://lake/events/',
        prefix: '/events/',
      },
    ]);
    expect([...of('folder'), ...of('hdfs_path')]).toEqual([
      { kind: 'container', path: ['atlas_paths', 'hdfs://nn'], tags: [], fullPath: 'hdfs://nn' },
      { kind: 'container', path: ['atlas_paths', 'hdfs://nn', 'landing'], tags: [], fullPath: 'hdfs://nn/landing' },
      {
        kind: 'container',
        path: ['atlas_paths', 'hdfs://nn', 'landing', 'orders'],
        tags: [],
        fullPath: 'hdfs://nn/landing/orders',
      },
    ]);
    expect(of('avro_schema')).toEqual([
      { kind: 'container', path: ['atlas_avro', 'order_event'], tags: [], fileFormats: ['avro'] },
    ]);
    expect(of('retail_dashboard')).toEqual([
      {
        kind: 'container',
        path: ['bi', 'Revenue'],
        description: 'A custom type',
        tags: [{ path: ['PII'], propagated: true, attributes: { level: 'medium', reviewed: false } }],
        fullPath: 'https://bi.example/1',
      },
    ]);
  });

  it('lineage between all of them', () => {
    const between = reading.lineage.filter(({ from, to }) => from.path[0] !== 'hive' || to.path[0] !== 'hive');
    expect(
      between.map((edge) => `${edge.from.kind} ${arrow(edge)} ${edge.to.kind}, ${edge.provenance.typeName}`).sort(),
    ).toEqual([
      'container events → events table, spark_process',
      'container orders → raw_orders_ext table, Process',
      'table campaign_stats → Revenue container, Process',
      'table contact → customers table, sqoop_process',
      'topic orders.events → raw_orders_ext table, Process',
    ]);
    expect(reading.lineage).toHaveLength(11);
    expect(reading.issues).toEqual([]);
  });
});
