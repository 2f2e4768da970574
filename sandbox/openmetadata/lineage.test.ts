import { afterEach, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from './start-openmetadata.ts';
import { type Answer, type Client, clientOf } from './test-client.ts';

describe('lineage', () => {
  let server: OpenMetadataStandIn;
  let bot: Client;
  const ids = new Map<string, string>();

  async function start(version: string): Promise<void> {
    server = await startOpenMetadata({ version });
    bot = clientOf(server, 'bot');
    await bot.warehouse();
    for (const name of ['a', 'b', 'c']) {
      const columns = [
        { name: 'id', dataType: 'INT' },
        { name: 's', dataType: 'STRUCT', children: [{ name: 'x', dataType: 'INT' }] },
      ];
      const answer = await bot.put('/tables', { name, databaseSchema: 'hive.shop.sales', columns });
      ids.set(name, answer.body.id);
    }
  }
  afterEach(async () => {
    await server.close();
  });

  const column = (path: string): string => `hive.shop.sales.${path}`;
  const put = (from: string, to: string, lineageDetails?: object): Promise<Answer> =>
    bot.put('/lineage', {
      edge: {
        fromEntity: { id: ids.get(from), type: 'table' },
        toEntity: { id: ids.get(to), type: 'table' },
        ...(lineageDetails === undefined ? {} : { lineageDetails }),
      },
    });
  const upstream = async (name: string): Promise<Answer['body']> =>
    (await bot.get(`/lineage/table/name/${column(name)}`)).body.upstreamEdges;
  const pair = (from: string, to: string): object => ({
    columnsLineage: [{ fromColumns: [column(from)], toColumn: column(to) }],
  });

  it('takes a column of a third table on 1.1, but no nested one, and loses all details to a PUT without', async () => {
    await start('1.1.0');
    expect((await put('a', 'b', pair('c.id', 'b.id'))).status).toBe(200);
    expect((await put('a', 'b', pair('a.s.x', 'b.s.x'))).status).toBe(400);
    expect(await upstream('b')).toMatchObject([{ lineageDetails: pair('c.id', 'b.id') }]);
    expect((await put('a', 'b')).status).toBe(200);
    expect((await upstream('b'))[0]).not.toHaveProperty('lineageDetails');
  });

  it('survives a soft delete, not a hard one, and takes no deleted end', async () => {
    await start('1.1.0');
    await put('a', 'b');
    await bot.delete(`/tables/${ids.get('a')}`);
    expect((await put('a', 'c')).status).toBe(404);
    await bot.put('/tables/restore', { id: ids.get('a') });
    expect(await upstream('b')).toHaveLength(1);
    await bot.delete(`/tables/${ids.get('a')}?hardDelete=true`);
    expect(await upstream('b')).toEqual([]);
  });

  it('has single edges and their PATCH from 1.4, and takes nested columns of the edge own tables from 1.5', async () => {
    await start('1.5.0');
    expect((await put('a', 'b', pair('c.id', 'b.id'))).status).toBe(400);
    await put('a', 'b', { ...pair('a.s.x', 'b.s.x'), source: 'PipelineLineage' });
    const path = `/lineage/getLineageEdge/${ids.get('a')}/${ids.get('b')}`;
    expect((await bot.get(path)).body.edge).toMatchObject({ ...pair('a.s.x', 'b.s.x'), source: 'PipelineLineage' });
    const more = { fromColumns: [column('a.id')], toColumn: column('b.id') };
    const patched = await bot.patch(`/lineage/table/${ids.get('a')}/table/${ids.get('b')}`, [
      { op: 'add', path: '/columnsLineage/-', value: more },
    ]);
    expect(patched.status).toBe(200);
    expect((await bot.get(path)).body.edge.columnsLineage).toHaveLength(2);
    await bot.delete(`/lineage/table/${ids.get('a')}/type/PipelineLineage`);
    expect((await bot.get(path)).status).toBe(404);
  });

  it('does not know single edges on 1.3', async () => {
    await start('1.3.0');
    await put('a', 'b');
    expect((await bot.get(`/lineage/getLineageEdge/${ids.get('a')}/${ids.get('b')}`)).status).toBe(404);
  });
});
