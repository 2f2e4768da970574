import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssetType } from '../reconcile/target-asset.ts';
import type { Endpoint } from '../workflow/target.ts';
import { desiredAsset } from './desired-asset.testing.ts';
import { type FilledServer, minorOf, signal, startFilled, versions } from './target-samples.testing.ts';

describe.each(versions)('on OpenMetadata %s', (version) => {
  const minor = minorOf(version);
  let filled: FilledServer;
  let bot: FilledServer['bot'];
  let target: FilledServer['target'];
  let read: FilledServer['read'];

  beforeAll(async () => {
    filled = await startFilled(version);
    ({ bot, target, read } = filled);
  });
  afterAll(() => filled.close());
  const endpoint = async (type: AssetType, fqn: string): Promise<Endpoint> => {
    return { type, fqn, id: (await read(type, fqn)).id };
  };

  it('writes an edge between any kinds, with what the version takes of it', async () => {
    const topic = await endpoint('topic', 'kafka."orders.v1"');
    const table = await endpoint('table', 'hive.default.sales.customers');
    const container = await endpoint('container', 'lake.raw."year=2023"'.replaceAll('"', ''));
    const pipeline = await endpoint('pipeline', 'etl.load');
    const pair = (from: string, to: string) => ({ fromColumns: [from], toColumn: to, function: 'upper' });
    const edges = [
      [topic, table, [pair('kafka."orders.v1".Order.id', `${table.fqn}.id`)]],
      [container, table, [pair(`${container.fqn}.id`, `${table.fqn}.id`)]],
      [table, pipeline, [pair(`${table.fqn}.id`, 'etl.load.insert')]],
    ] as const;
    for (const [from, to, columnsLineage] of edges) {
      const details = { sqlQuery: 'insert', description: 'by night', source: 'QueryLineage', columnsLineage };
      await target.putEdge(from, to, details);
      const held = await target.readEdge(from, to);
      expect(held).toMatchObject(target.fitEdge(from, to, details));
      expect(held?.columnsLineage).toHaveLength(minor >= 5 && to !== pipeline ? 1 : 0);
      expect(held?.sqlQuery).toBe(minor >= 2 ? 'insert' : undefined);
      expect(await target.deleteEdge(from, to)).toBe(true);
      expect(await target.deleteEdge(from, to)).toBe(false);
      expect(await target.readEdge(from, to)).toBeUndefined();
    }
  });

  it('finds an edge again that has nothing but its ends', async () => {
    const from = await endpoint('topic', 'kafka."orders.v1"');
    const to = await endpoint('mlmodel', 'ml.churn');
    await target.putEdge(from, to, { columnsLineage: [] });
    expect(await target.readEdge(from, to)).toMatchObject({ columnsLineage: [] });
    await target.deleteEdge(from, to);
    expect(await target.readEdge(from, to)).toBeUndefined();
  });

  it('does not lose an edge for a column that this version cannot name', async () => {
    const people = desiredAsset('table', 'hive.default.sales', 'people', {
      columns: [{ name: 'a', dataType: 'STRUCT', children: [{ name: 'b', dataType: 'INT' }] }],
    });
    await target.putAsset(people);
    const from = await endpoint('table', people.fqn);
    const to = await endpoint('table', 'hive.default.sales.customers');
    const columnsLineage = [
      { fromColumns: [`${from.fqn}.a`], toColumn: `${to.fqn}.name` },
      { fromColumns: [`${from.fqn}.a.b`], toColumn: `${to.fqn}.id` },
    ];
    await target.putEdge(from, to, { columnsLineage });
    expect((await target.readEdge(from, to))?.columnsLineage).toHaveLength(minor >= 5 ? 2 : 1);
    await target.deleteAsset('table', from.id);
  });

  it('keeps an edge whose columns are not all there, and names those that are not', async () => {
    const from = await endpoint('table', 'hive.default.sales.customers');
    await target.putAsset(
      desiredAsset('table', 'hive.default.sales', 'copy', { columns: [{ name: 'id', dataType: 'INT' }] }),
    );
    const to = await endpoint('table', 'hive.default.sales.copy');
    const pair = (sources: string[], column: string) => ({
      fromColumns: sources.map((one) => `${from.fqn}.${one}`),
      toColumn: `${to.fqn}.${column}`,
    });
    const columnsLineage = [pair(['id', 'gone'], 'id'), pair(['name'], 'nowhere'), pair(['gone'], 'id')];
    const left = await target.putEdge(from, to, { sqlQuery: 'copy', columnsLineage });
    expect([...left].sort()).toEqual([`${from.fqn}.gone`, `${to.fqn}.nowhere`].sort());
    expect(await target.readEdge(from, to)).toMatchObject({ sqlQuery: 'copy', columnsLineage: [pair(['id'], 'id')] });
    const unknown = { ...to, id: '00000000-0000-0000-0000-000000000000' };
    await expect(target.putEdge(from, unknown, { columnsLineage: [] })).rejects.toMatchObject({ status: 404 });
    await target.deleteAsset('table', to.id);
  });

  it('tells the runs of a pipeline, and is told of a task that it does not have', async () => {
    const run = {
      timestamp: 1_795_000_000_000,
      outcome: 'Failed',
      tasks: [{ name: 'insert', outcome: 'Failed', startTime: 1_794_999_995_000, endTime: 1_795_000_000_000 }],
    } as const;
    await target.putPipelineRun('etl.load', run);
    const told = await bot.client.getByName('pipeline', 'etl.load', { fields: ['pipelineStatus'] }, signal);
    expect(told?.['pipelineStatus']).toMatchObject({
      timestamp: run.timestamp,
      executionStatus: 'Failed',
      taskStatus: [{ name: 'insert', executionStatus: 'Failed', startTime: 1_794_999_995_000 }],
    });
    const unknown = { ...run, tasks: [{ name: 'nobody', outcome: 'Failed' }] } as const;
    await expect(target.putPipelineRun('etl.load', unknown)).rejects.toMatchObject({ status: 400 });
  });

  it.each([
    ['topic', desiredAsset('topic', 'kafka', 'doomed', { attributes: { partitions: 1 } })],
    ['pipeline', desiredAsset('pipeline', 'etl', 'doomed', { columns: [{ name: 't', dataType: '' }] })],
    ['mlmodel', desiredAsset('mlmodel', 'ml', 'doomed')],
    ['container', desiredAsset('container', 'lake', 'doomed')],
    ['glossary', desiredAsset('glossary', '', 'Doomed')],
    ['database', desiredAsset('database', 'hive', 'doomed')],
  ] as const)('deletes a %s softly and brings it back with its id', async (type, sample) => {
    const { id } = await target.putAsset(sample);
    expect(await target.deleteAsset(type, id)).toMatchObject({ id });
    expect(await target.readAsset(type, { fqn: sample.fqn })).toMatchObject({ id, deleted: true });
    expect(await target.deleteAsset(type, id)).toMatchObject({ id });
    expect(await target.restoreAsset(type, id)).toMatchObject({ id });
    expect(await target.readAsset(type, { id })).toMatchObject({ id, deleted: false });
    await target.deleteAsset(type, id);
    await target.putAsset(sample);
    expect(await target.readAsset(type, { fqn: sample.fqn })).toMatchObject({ id, deleted: false });
    expect(await target.deleteAsset(type, '00000000-0000-0000-0000-000000000000')).toBeUndefined();
  });

  it('deletes a container with what it holds, but no term that holds live ones', async () => {
    for (const [parent, name] of [
      ['lake', 'top'],
      ['lake.top', 'inner'],
      ['lake.top.inner', 'leaf'],
    ] as const) {
      await target.putAsset(desiredAsset('container', parent, name));
    }
    const top = await read('container', 'lake.top');
    await target.deleteAsset('container', top.id);
    expect(await read('container', 'lake.top.inner.leaf')).toMatchObject({ deleted: true });
    await target.restoreAsset('container', top.id);
    expect(await read('container', 'lake.top.inner.leaf')).toMatchObject({ deleted: false });
    await target.deleteAsset('container', top.id);

    const parent = await target.putAsset(desiredAsset('glossaryTerm', 'Business', 'Category'));
    const child = await target.putAsset(desiredAsset('glossaryTerm', 'Business.Category', 'Child'));
    const refused = { code: 'target.not-empty' };
    await expect(target.deleteAsset('glossaryTerm', parent.id)).rejects.toMatchObject(refused);
    expect(await read('glossaryTerm', 'Business.Category')).toMatchObject({ deleted: false });
    const glossary = await read('glossary', 'Business');
    await expect(target.deleteAsset('glossary', glossary.id)).rejects.toMatchObject(refused);
    await target.deleteAsset('glossaryTerm', child.id);
    await target.deleteAsset('glossaryTerm', parent.id);
    expect(await read('glossaryTerm', 'Business.Category')).toMatchObject({ deleted: true });
  });

  it('lists the terms of a glossary with a dot in its name, and of a deleted one', async () => {
    const glossary = await target.putAsset(desiredAsset('glossary', '', 'v1.0'));
    await target.putAsset(desiredAsset('glossaryTerm', '"v1.0"', 'old'));
    const names = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const { fqn } of target.listAssets('glossaryTerm', '"v1.0"', false)) found.push(fqn);
      return found;
    };
    expect(await names()).toEqual(['"v1.0".old']);
    await expect(target.deleteAsset('glossary', glossary.id)).rejects.toMatchObject({ code: 'target.not-empty' });
    await target.deleteAsset('glossaryTerm', (await read('glossaryTerm', '"v1.0".old')).id);
    await target.deleteAsset('glossary', glossary.id);
    expect(await names()).toEqual(['"v1.0".old']);
    expect(await target.countAssets('glossaryTerm', '"v1.0"')).toBe(1);
  });
});
