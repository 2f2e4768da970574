import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../sandbox/openmetadata/test-client.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { MigrationWorld } from './migration-world.ts';
import { wholeContent } from './whole-content.ts';

const orders = 'local_hive.prod.shop.orders';

/** What people do on a server that has been in use for a while. */
async function liveIn(person: Client): Promise<void> {
  const ok = async (answer: ReturnType<Client['put']>): Promise<{ id: string }> => {
    const { status, body } = await answer;
    expect(status, JSON.stringify(body)).toBeLessThan(300);
    return body;
  };
  const owners = (await person.get(`/tables/name/${orders}?fields=owners`)).status === 200 ? 'owners' : 'owner';
  const patch = async (path: string, operations: readonly unknown[]): Promise<void> => {
    const [collection] = path.split('/name/');
    const { body } = await person.get(path);
    await ok(person.patch(`${collection}/${body.id}`, operations));
  };
  await ok(person.put('/classifications', { name: 'Retention', description: 'How long.', mutuallyExclusive: true }));
  const long = { classification: 'Retention', name: 'Long', displayName: 'Ten years', description: 'For the books.' };
  await ok(person.put('/tags', long));
  await ok(person.put('/tags', { classification: 'PII', name: 'Allergies', description: 'Health.' }));
  await ok(
    person.put('/glossaries', { name: 'House.words', displayName: 'Our words', description: 'Made by *people*.' }),
  );
  await ok(
    person.put('/glossaryTerms', {
      glossary: '"House.words"',
      name: 'Loaf',
      description: 'Bread.',
      synonyms: ['Bread'],
    }),
  );
  await ok(
    person.put('/glossaryTerms', {
      glossary: '"House.words"',
      parent: '"House.words".Loaf',
      name: 'Crust',
      description: 'Edge.',
    }),
  );
  const nina = await ok(person.put('/users', { name: 'nina', email: 'nina@example.org' }));
  const label = (tagFQN: string, source = 'Classification') => ({
    tagFQN,
    source,
    labelType: 'Manual',
    state: 'Confirmed',
  });
  const owner = { id: nina.id, type: 'user' };
  await patch(`/tables/name/${orders}`, [
    { op: 'add', path: '/displayName', value: 'Orders of the shop' },
    { op: 'add', path: '/description', value: 'What people **ordered**.\n\n| a | b |\n|---|---|\n| 1 | `<x>` |' },
    { op: 'add', path: '/tags/-', value: label('PII.Sensitive') },
    { op: 'add', path: '/tags/-', value: label('Tier.Tier1') },
    { op: 'add', path: '/tags/-', value: label('"House.words".Loaf', 'Glossary') },
    { op: 'add', path: `/${owners}`, value: owners === 'owners' ? [owner] : owner },
    { op: 'add', path: '/columns/0/displayName', value: 'Number' },
    { op: 'add', path: '/columns/0/description', value: 'Counts up.' },
  ]);
  await patch(`/databaseSchemas/name/local_hive.prod.shop`, [{ op: 'add', path: '/displayName', value: 'The shop' }]);
  await patch('/topics/name/local_atlas_kafka."till.sales"', [{ op: 'add', path: '/displayName', value: 'Till' }]);
  await ok(
    person.put('/tables', {
      name: 'odd.table name',
      databaseSchema: 'local_hive.prod.shop',
      tableType: 'Foreign',
      tags: [label('Retention.Long')],
      columns: [
        { name: 'select', dataType: 'INT', description: 'A word of SQL.' },
        { name: 'a__reserved__quote__b', displayName: 'a"b', dataType: 'STRING' },
        {
          name: 'parts',
          dataType: 'STRUCT',
          dataTypeDisplay: 'struct<sku:string>',
          children: [
            {
              name: 'sku',
              dataType: 'STRING',
              dataTypeDisplay: 'string',
              description: 'Of the *shelf*.',
              tags: [label('PII.Allergies')],
            },
          ],
        },
      ],
    }),
  );
}

describe.each([
  ['1.1.0', '1.13.0'],
  ['1.5.0', '1.13.0'],
  ['1.13.0', '1.13.0'],
] as const)('from OpenMetadata %s to %s', (from, to) => {
  let world: MigrationWorld;
  let there: Client;
  let here: Client;
  beforeAll(async () => {
    world = await MigrationWorld.open(from, to);
    await world.fill();
    there = world.person('source');
    here = world.person('target');
    await liveIn(there);
    await here.put('/users', { name: 'nina_b', email: 'nina@example.org' });
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  it('brings everything, by content, and sends nothing the second time', async () => {
    const { report } = await world.run();
    expect(report.failures).toEqual([]);
    expect(report).toMatchObject({ state: 'success', partial: [] });
    // The same mail names her there.
    const expected = (await wholeContent(world.source)).map((line) => line.replaceAll('"user nina"', '"user nina_b"'));
    expect(expected.length).toBeGreaterThan(150);
    expect(await wholeContent(world.target)).toEqual(expected);
    const again = await world.run();
    expect(again.changes.filter(isWrite)).toEqual([]);
  });
});
