import { mkdir, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import type { Change } from '../src/reconcile/change.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { type Bench, openBench, type RunOptions } from './recorded-atlas.ts';

const orders = 'local_hive.prod.shop.orders';
const fromAtlas = 'One row an order.\n\n*Late* orders arrive until noon of the next day; do not trust today.';

interface Column {
  name: string;
  description?: string;
  tags: { tagFQN: string }[];
}

describe.each(['1.1.0', '1.5.0', '1.13.0'])('what a person wrote in OpenMetadata %s', (version) => {
  let atlas: AtlasStandIn;
  let bench: Bench;
  let person: Client;
  let bot: Client;
  const owners = version === '1.1.0' ? 'owner' : 'owners';

  const read = async (client = bot) => {
    const { body } = await client.get(`/tables/name/${orders}?fields=tags,columns,${owners}`);
    const columns = body.columns as Column[];
    return {
      id: body.id as string,
      description: body.description as string | undefined,
      tags: (body.tags as { tagFQN: string }[]).map((tag) => tag.tagFQN).sort(),
      owners: ([body.owners ?? body.owner ?? []].flat() as { name: string }[]).map((owner) => owner.name),
      columns,
      index: (name: string) => columns.findIndex((column) => column.name === name),
      column: (name: string) => columns.find((column) => column.name === name)!,
      tagIndex: (fqn: string) => (body.tags as { tagFQN: string }[]).findIndex((tag) => tag.tagFQN === fqn),
    };
  };
  const edit = async (who: Client, operations: readonly unknown[]): Promise<void> => {
    const { id } = await read();
    const answer = await who.patch(`/tables/${id}`, operations);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  const user = async (name: string): Promise<{ id: string; type: 'user' }> => {
    const answer = await person.put('/users', { name, email: `${name}@example.org` });
    return { id: answer.body.id, type: 'user' };
  };
  const ofOrders = (changes: readonly Change[]): Change =>
    changes.find((change) => change.fqn === orders && change.entityType === 'table')!;
  const keptFields = (change: Change): string[] =>
    change.fields
      .filter((field) => field.action === 'keep')
      .map((field) => field.field)
      .sort();
  const run = async (options?: RunOptions) => {
    const outcome = await bench.run(atlas, options);
    expect(outcome.report.failures).toEqual([]);
    expect(outcome.report.state).toBe('success');
    return outcome;
  };
  const forget = async (): Promise<void> => {
    await rm(bench.home, { recursive: true, force: true });
    await mkdir(bench.home);
  };
  const source = { qualifiedName: 'shop.orders@prod', typeName: 'hive_table' };

  beforeEach(async () => {
    atlas = await startAtlas();
    bench = await openBench(version);
    person = clientOf(bench.openmetadata, 'admin');
    bot = clientOf(bench.openmetadata, 'bot');
    await run();
  });
  afterEach(async () => {
    await atlas.close();
    await bench.close();
  });

  const editAsPerson = async (): Promise<void> => {
    const before = await read();
    await edit(person, [
      { op: 'replace', path: '/description', value: 'Written by Ann' },
      { op: 'replace', path: `/columns/${before.index('customer_id')}/description`, value: 'Ann on customers' },
      { op: 'remove', path: `/columns/${before.index('channel')}/description` },
    ]);
    await edit(person, [{ op: 'remove', path: `/tags/${before.tagIndex('Atlas.Fact')}` }]);
    await edit(person, [
      { op: 'add', path: '/tags/-', value: { tagFQN: 'Tier.Tier1', source: 'Classification', labelType: 'Manual' } },
    ]);
    const ann = await user('ann');
    await edit(person, [
      owners === 'owner' ? { op: 'add', path: '/owner', value: ann } : { op: 'add', path: '/owners', value: [ann] },
    ]);
  };
  const expectPersons = async (): Promise<void> => {
    const after = await read();
    expect(after.description).toBe('Written by Ann');
    expect(after.column('customer_id').description).toBe('Ann on customers');
    expect(after.column('channel').description ?? '').toBe('');
    expect(after.tags).toEqual(['Atlas.RETENTION', 'AtlasLabels.core', 'AtlasLabels.hourly', 'Tier.Tier1']);
    expect(after.owners).toEqual(['ann']);
  };
  const keptByAnn = ['columns.channel.description', 'columns.customer_id.description', 'description', 'tags'];

  it('stays, is reported as kept, and costs no write', async () => {
    await editAsPerson();
    const second = await run();
    await expectPersons();
    expect(second.changes.filter(isWrite)).toEqual([]);
    expect(ofOrders(second.changes).action).toBe('kept');
    expect(keptFields(ofOrders(second.changes))).toEqual(keptByAnn);
    expect(second.report.stages.table?.kept).toBe(1);
    const third = await run();
    expect(keptFields(ofOrders(third.changes))).toEqual(keptByAnn);
    expect(third.changes.filter(isWrite)).toEqual([]);
  });

  it('stays while other changes of the source arrive', async () => {
    await editAsPerson();
    atlas.mutate([
      { op: 'setAttribute', ...source, name: 'description', value: 'Orders, told anew' },
      { op: 'addColumn', ...source, column: { name: 'refunded', type: 'boolean', comment: 'Money back' } },
      { op: 'addClassification', ...source, classification: { typeName: 'Metric', propagate: false } },
      {
        op: 'setAttribute',
        qualifiedName: 'shop.orders.placed_at@prod',
        typeName: 'hive_column',
        name: 'comment',
        value: 'Coordinated time',
      },
    ]);
    await run();
    const after = await read();
    expect(after.description).toBe('Written by Ann');
    expect(after.column('customer_id').description).toBe('Ann on customers');
    expect(after.column('channel').description ?? '').toBe('');
    expect(after.tags).toEqual([
      'Atlas.Metric',
      'Atlas.RETENTION',
      'AtlasLabels.core',
      'AtlasLabels.hourly',
      'Tier.Tier1',
    ]);
    expect(after.owners).toEqual(['ann']);
    expect(after.column('refunded').description).toBe('Money back');
    expect(after.column('placed_at').description).toBe('Coordinated time');
    const again = await run();
    expect(again.changes.filter(isWrite)).toEqual([]);
  });

  it('gives way to the source under overrideMetadata', async () => {
    await editAsPerson();
    await run({ sourceConfig: { overrideMetadata: true } });
    const after = await read();
    expect(after.description).toBe(fromAtlas);
    expect(after.column('customer_id').description).toBe('Empty for people who pay cash');
    expect(after.column('channel').description).toBe('till, web or phone');
    expect(after.tags).toContain('Tier.Tier1');
    const again = await run({ sourceConfig: { overrideMetadata: true } });
    expect(again.changes.filter(isWrite)).toEqual([]);
  });

  it('stays when the memory between runs is lost', async () => {
    await editAsPerson();
    await forget();
    const second = await run();
    await expectPersons();
    expect(second.changes.filter(isWrite)).toEqual([]);
    expect(keptFields(ofOrders(second.changes))).toEqual(keptByAnn);
    const third = await run();
    await expectPersons();
    expect(third.changes.filter(isWrite)).toEqual([]);
  });

  it('stays when memory is lost and the source changes, while texts of a bot follow the source', async () => {
    await editAsPerson();
    await forget();
    atlas.mutate([
      { op: 'setAttribute', ...source, name: 'description', value: 'Orders, told anew' },
      {
        op: 'setAttribute',
        qualifiedName: 'shop.orders.placed_at@prod',
        typeName: 'hive_column',
        name: 'comment',
        value: 'Coordinated time',
      },
      { op: 'removeClassification', ...source, classification: 'RETENTION' },
    ]);
    await run();
    const after = await read();
    expect(after.description).toBe('Written by Ann');
    expect(after.column('placed_at').description).toBe('Coordinated time');
    expect(after.tags).toEqual(['AtlasLabels.core', 'AtlasLabels.hourly', 'Tier.Tier1']);
  });

  it('is told from what another bot wrote, which is taken over', async () => {
    await edit(bot, [{ op: 'replace', path: '/description', value: 'Written by a bot' }]);
    await forget();
    await run();
    expect((await read()).description).toBe(fromAtlas);
  });

  it('an owner a person set stays when owners are brought along, and a missing one is filled', async () => {
    await user('marta');
    const ann = await user('ann');
    await run({ sourceConfig: { includeOwners: true } });
    expect((await read()).owners).toEqual(['marta']);
    await edit(person, [
      owners === 'owner'
        ? { op: 'replace', path: '/owner', value: ann }
        : { op: 'replace', path: '/owners', value: [ann] },
    ]);
    const second = await run({ sourceConfig: { includeOwners: true } });
    expect((await read()).owners).toEqual(['ann']);
    expect(keptFields(ofOrders(second.changes))).toEqual(['owner']);
  });

  it('stays when it was written at the very moment in which ours was on its way', async () => {
    const tills = { qualifiedName: 'shop.tills@prod', typeName: 'hive_table' };
    const path = '/tables/name/local_hive.prod.shop.tills';
    expect((await bot.get(path)).body.description).toBeUndefined();
    atlas.mutate([{ op: 'setAttribute', ...tills, name: 'description', value: 'Told by Atlas' }]);
    const { faults } = bench.openmetadata;
    const before = faults.injected;
    // Ours has arrived and waits to be worked on; nothing that it replaces could be tested, since nothing is there.
    faults.set([{ kind: 'latency', match: '^PATCH /api/v1/tables', ms: 600, times: 1 }]);
    const running = run();
    await expect.poll(() => faults.injected, { timeout: 60_000 }).toBeGreaterThan(before);
    const { body } = await person.get(path);
    const answer = await person.patch(`/tables/${body.id}`, [
      { op: 'add', path: '/description', value: 'Written by Ann' },
    ]);
    expect(answer.status).toBe(200);
    const { changes } = await running;
    expect((await bot.get(path)).body.description).toBe('Written by Ann');
    const change = changes.find(({ fqn }) => fqn === 'local_hive.prod.shop.tills');
    expect(change?.fields).toMatchObject([{ field: 'description', action: 'keep', from: 'Written by Ann' }]);
  });

  it('a cleared description stays cleared', async () => {
    await edit(person, [{ op: 'remove', path: '/description' }]);
    await run();
    expect((await read()).description ?? '').toBe('');
    await forget();
    await run();
    expect((await read()).description ?? '').toBe('');
  });
});
