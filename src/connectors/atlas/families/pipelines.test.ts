import { describe, expect, it } from 'vitest';
import { arrow } from '../read-source.testing.ts';
import { type Builder, haveTypedefs, leftOut, ofKind, pathsOf, readWith } from './atlas-with.testing.ts';

const hour = 3_600_000;

/** Tables and columns of a lake, to make lineage between. */
function lake({ add, relate }: Builder) {
  const db = add('spark_db', { qualifiedName: 'lake@prod', clusterName: 'prod' });
  const made = (name: string) => {
    const table = add('spark_table', { qualifiedName: `lake.${name}@prod`, name, tableType: 'MANAGED' });
    const column = add('spark_column', { qualifiedName: `lake.${name}.id@prod`, name: 'id', type: 'bigint' });
    relate('spark_table_db', table, db);
    relate('spark_table_columns', table, column);
    return { table, column };
  };
  return { raw: made('raw'), clean: made('clean'), report: made('report') };
}

function jobs(builder: Builder): void {
  const { add, relate, process } = builder;
  const { raw, clean, report } = lake(builder);
  const application = add('spark_application', { qualifiedName: 'nightly@prod', name: 'nightly', owner: 'etl' });
  const step = (name: string, from: typeof raw, to: typeof raw, queryText: string) => {
    const made = process('spark_process', { qualifiedName: `${name}@prod`, name, queryText }, [from.table], [to.table]);
    relate('spark_application_processes', application, made);
    return made;
  };
  const cleaning = step('clean', raw, clean, 'insert into clean select * from raw');
  step('report', clean, report, 'insert into report select * from clean');
  const columns = process('spark_column_lineage', { qualifiedName: 'clean:id@prod' }, [raw.column], [clean.column]);
  relate('spark_process_column_lineages', columns, cleaning);
  const hive = process(
    'hive_process',
    { qualifiedName: 'merge@prod:17', name: 'merge', queryText: 'merge …', operationType: 'QUERY', startTime: 5 },
    [report.table],
    [report.table],
  );
  for (const day of [1, 2]) {
    const run = add('hive_process_execution', {
      qualifiedName: `merge@prod:17:${day}`,
      name: `merge ${day}`,
      startTime: day * 24 * hour,
      ...(day === 1 && { endTime: day * 24 * hour + hour }),
    });
    relate('hive_process_process_executions', hive, run);
  }
  const times = { queryCreateTime: 7 * hour, queryEndTime: 8 * hour };
  const trino = process(
    'trino_process',
    { qualifiedName: 'q1@trino1', queryText: 'insert …', ...times },
    [raw.table],
    [report.table],
  );
  const expression = { qualifiedName: 'q1:id@trino1', expression: 'id + 1' };
  relate(
    'trino_process_column_lineage',
    process('trino_column_lineage', expression, [raw.column], [report.column]),
    trino,
  );
  const gone = process('impala_process', { qualifiedName: 'old@prod' }, [clean.table], [raw.table]);
  gone.status = 'DELETED';
}

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
