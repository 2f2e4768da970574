import { describe, expect, it } from 'vitest';
import { arrow } from '../read-source.testing.ts';
import { haveTypedefs, leftOut, ofKind, pathsOf, readWith } from './atlas-with.testing.ts';
import { jobs } from './family-samples.testing.ts';

const hour = 3_600_000;

describe.skipIf(!haveTypedefs)('processes', () => {
  it('are lineage only, unless the recipe asks for pipelines', async () => {
    const reading = await readWith(jobs);
    expect(ofKind(reading, 'pipeline')).toEqual([]);
    expect(ofKind(reading, 'pipelineRun')).toEqual([]);
    expect(reading.lineage.map(arrow).sort()).toEqual([
      'clean → report',
      'raw → clean',
      'raw → report',
      'report → report',
    ]);
    expect(reading.lineage.every(({ pipeline }) => pipeline === undefined)).toBe(true);
  });

  it('column lineage of Spark and Trino, the expression kept; deleted processes are no edges', async () => {
    const { lineage } = await readWith(jobs);
    const pairs = lineage.flatMap((edge) =>
      edge.columns.map(({ from, to, expression = '' }) => `${arrow(edge)}: ${from} → ${to} ${expression}`),
    );
    expect(pairs.sort()).toEqual(['raw → clean: id → id ', 'raw → report: id → id id + 1']);
    expect(lineage.map(arrow)).not.toContain('clean → raw');
  });

  it('Impala’s, between Hive tables', async () => {
    const reading = await readWith(({ add, relate, process }) => {
      const db = add('hive_db', { qualifiedName: 'sales@prod', clusterName: 'prod' });
      const [from, to] = ['a', 'b'].map((name) => {
        const table = add('hive_table', { qualifiedName: `sales.${name}@prod`, name });
        const column = add('hive_column', { qualifiedName: `sales.${name}.id@prod`, name: `${name}_id`, type: 'int' });
        relate('hive_table_db', table, db);
        relate('hive_table_columns', table, column);
        return { table, column };
      }) as [{ table: never; column: never }, { table: never; column: never }];
      const query = { qualifiedName: 'insert@prod', queryText: 'insert into b select * from a' };
      const insert = process('impala_process', query, [from.table], [to.table]);
      const columns = process('impala_column_lineage', { qualifiedName: 'insert:id@prod' }, [from.column], [to.column]);
      relate('impala_process_column_lineage', columns, insert);
    });
    expect(reading.lineage.map(arrow)).toEqual(['a → b']);
    expect(reading.lineage[0]).toMatchObject({
      query: 'insert into b select * from a',
      columns: [{ from: ['a_id'], to: 'b_id' }],
      provenance: { typeName: 'impala_process' },
    });
  });

  it('become pipelines with their query, an application’s processes its tasks, and edges go through them', async () => {
    const reading = await readWith(jobs, { pipelines: true });
    expect(pathsOf(reading, 'pipelineService')).toEqual(['atlas_pipelines']);
    const pipelines = new Map(ofKind(reading, 'pipeline').map((pipeline) => [pipeline.path[1], pipeline]));
    expect([...pipelines.keys()].sort()).toEqual(['merge@prod:17', 'nightly@prod', 'q1@trino1']);
    expect(pipelines.get('nightly@prod')!.owner).toBe('etl');
    expect(pipelines.get('nightly@prod')!.tasks).toEqual([
      { name: 'clean', taskType: 'spark_process', taskSql: 'insert into clean select * from raw', tags: [] },
      { name: 'report', taskType: 'spark_process', taskSql: 'insert into report select * from clean', tags: [] },
    ]);
    expect(pipelines.get('merge@prod:17')!.tasks).toEqual([
      { name: 'merge', taskType: 'QUERY', taskSql: 'merge …', startDate: 5, tags: [] },
    ]);
    expect(reading.lineage.map((edge) => `${arrow(edge)} by ${edge.pipeline?.[1]}`).sort()).toEqual([
      'clean → report by nightly@prod',
      'raw → clean by nightly@prod',
      'raw → report by q1@trino1',
      'report → report by merge@prod:17',
    ]);
    expect(leftOut(reading)).toEqual([]);
  });

  it('their executions are runs, or their own times where there are none', async () => {
    const reading = await readWith(jobs, { pipelines: true });
    const runs = ofKind(reading, 'pipelineRun').map(({ path, timestamp, outcome }) => [path[1], timestamp, outcome]);
    expect(runs).toEqual([
      ['q1@trino1', 8 * hour, 'Successful'],
      ['merge@prod:17', 25 * hour, 'Successful'],
      ['merge@prod:17', 48 * hour, 'Pending'],
    ]);
    const [trino] = ofKind(reading, 'pipelineRun');
    expect(trino!.tasks).toEqual([{ name: 'q1', outcome: 'Successful', startTime: 7 * hour, endTime: 8 * hour }]);
  });

  it('can be all that a recipe asks for', async () => {
    const reading = await readWith(jobs, { entityType: 'Process', pipelines: true });
    expect(ofKind(reading, 'pipeline')).toHaveLength(3);
    expect(reading.tables).toEqual([]);
  });
});
