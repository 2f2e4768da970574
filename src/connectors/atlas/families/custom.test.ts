import { describe, expect, it } from 'vitest';
import { type Builder, haveTypedefs, leftOut, ofKind, pathsOf, readWith } from './atlas-with.testing.ts';
import { dashboards, everyFamily } from './family-samples.testing.ts';

describe.skipIf(!haveTypedefs)('types of one’s own, and such as have no place', () => {
  it('data sets are containers with lineage; what has no place is counted by type', async () => {
    const reading = await readWith(dashboards);
    expect(pathsOf(reading, 'container')).toEqual(['atlas_custom/Revenue', 'atlas_custom/pg']);
    expect(ofKind(reading, 'storageService')[0]!.serviceType).toBe('CustomStorage');
    expect(reading.lineage).toHaveLength(1);
    expect(leftOut(reading)).toEqual([
      'skipped no-mapping: falcon_cluster × 1',
      'skipped no-mapping: hive_storagedesc × 2',
    ]);
  });

  it.each([
    ['topic', 'topic', 'bi/Revenue', 'messagingService'],
    ['table', 'table', 'bi/default/retail_dashboard/Revenue', 'databaseService'],
    ['container', 'container', 'bi/Revenue', 'storageService'],
    ['pipeline', 'pipeline', 'bi/dash:revenue', 'pipelineService'],
  ] as const)('a rule makes them %ss, in a service of its own', async (as, kind, path, service) => {
    const reading = await readWith(dashboards, { types: { retail_dashboard: { as, service: 'bi' } } });
    expect(pathsOf(reading, kind)).toContain(path);
    expect(pathsOf(reading, service)).toContain('bi');
  });

  it('a table by rule has a database and a schema around it', async () => {
    const reading = await readWith(dashboards, { types: { retail_dashboard: { as: 'table' } } });
    expect(pathsOf(reading, 'database')).toEqual(['atlas_custom/default']);
    expect(pathsOf(reading, 'databaseSchema')).toEqual(['atlas_custom/default/retail_dashboard']);
    expect(ofKind(reading, 'databaseService')[0]!.serviceType).toBe('CustomDatabase');
  });

  it('a rule leaves a type out, counted', async () => {
    const reading = await readWith(dashboards, { types: { retail_dashboard: { as: 'skip' } } });
    expect(pathsOf(reading, 'container')).toEqual(['atlas_custom/pg']);
    expect(leftOut(reading)).toContainEqual('skipped by-rule: retail_dashboard × 1');
  });

  it('a rule for a type that is not there is said', async () => {
    const reading = await readWith(dashboards, { types: { retail_dashbord: { as: 'skip' } } });
    expect(leftOut(reading)).toContainEqual('skipped unknown-type: retail_dashbord × 1');
  });

  it('types beside entity_type are read with it, and others are not', async () => {
    const fill = (builder: Builder): void => {
      dashboards(builder);
      builder.add('hive_db', { qualifiedName: 'sales@prod', clusterName: 'prod' });
      builder.add('hdfs_path', { qualifiedName: 'hdfs://nn/x@prod', path: 'hdfs://nn/x' });
    };
    const reading = await readWith(fill, { entityType: 'hive_table', entityTypes: ['Retail_Dashboard'] });
    expect(pathsOf(reading, 'container')).toEqual(['atlas_custom/Revenue']);
    expect(pathsOf(reading, 'databaseSchema')).toEqual(['hive/default/sales']);
    expect(leftOut(reading)).toEqual(['skipped lineage-end-not-carried: publish@prod × 1']);
  });

  it('a holder or a part stands for the assets of its family', async () => {
    const fill = ({ add, relate }: Builder): void => {
      const db = add('spark_db', { qualifiedName: 'lake@prod', clusterName: 'prod' });
      relate('spark_table_db', add('spark_table', { qualifiedName: 'lake.a@prod', name: 'a' }), db);
      add('hive_db', { qualifiedName: 'sales@prod', clusterName: 'prod' });
    };
    for (const entityType of ['spark_db', 'spark_column', 'spark_table']) {
      const reading = await readWith(fill, { entityType, databaseServiceName: ['our_spark'] });
      expect(pathsOf(reading, 'table')).toEqual(['our_spark/default/lake/a']);
      expect(pathsOf(reading, 'databaseService')).toEqual(['our_spark']);
    }
  });

  it('enriching, tables of a family without a service are counted by type, and not read', async () => {
    const reading = await readWith(everyFamily, { mode: 'enrich', databaseServiceName: [] });
    expect(reading.tables).toEqual([]);
    expect(leftOut(reading)).toEqual(
      expect.arrayContaining([
        'skipped no-service: spark_table × 3',
        'skipped no-service: hbase_table × 1',
        'skipped no-service: rdbms_table × 3',
        'skipped no-service: couchbase_collection × 1',
        'skipped no-service: kafka_topic × 1',
        'skipped no-service: ml_project × 1',
      ]),
    );
    expect(reading.records.filter((record) => record.kind.endsWith('Service'))).toEqual([]);
  });

  it('an unknown type beside entity_type is a mistake', async () => {
    const reading = readWith(dashboards, { entityType: 'hive_table', entityTypes: ['no_such'] });
    await expect(reading).rejects.toMatchObject({
      code: 'atlas.entity-type',
      message: expect.stringContaining('no_such'),
    });
  });
});
