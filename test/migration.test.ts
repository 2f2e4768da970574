import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { recordingTerminal } from '../src/cli/recording-terminal.testing.ts';
import { runCli } from '../src/cli/run-cli.ts';
import type { Change } from '../src/reconcile/change.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { type MigrationOptions, MigrationWorld } from './migration-world.ts';
import { wholeContent } from './whole-content.ts';

const orders = 'local_hive.prod.shop.orders';
const returns = 'local_hive.prod.shop.returns';
const odd = 'local_hive.prod.shop."odd.table name"';

interface Table {
  readonly id: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly tags: readonly { readonly tagFQN: string }[];
}

/** What was sent, in words. */
const writes = (changes: readonly Change[]): string[] =>
  changes
    .filter(isWrite)
    .map(({ action, entityType, fqn }) => `${action} ${entityType} ${fqn}`)
    .sort();

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
  // Each column has an interval of its own from 1.4 on.
  const tablePartition =
    owners === 'owner'
      ? { columns: ['select'], intervalType: 'COLUMN-VALUE', interval: 'day' }
      : { columns: [{ columnName: 'select', intervalType: 'COLUMN-VALUE', interval: 'day' }] };
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
      retentionPeriod: 'P30D',
      tablePartition,
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
  // What does not depend on versions is shown once.
  const isFirst = from === '1.1.0';
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

  it('follows the source, keeps what people wrote at the target, and deletes softly what is gone', async () => {
    const table = async (client: Client, name: string) => {
      const { body } = await client.get(`/tables/name/${name}?fields=tags,columns&include=all`);
      return body as Table;
    };
    const edit = async (client: Client, name: string, operations: readonly unknown[]): Promise<void> => {
      const { status, body } = await client.patch(`/tables/${(await table(client, name)).id}`, operations);
      expect(status, JSON.stringify(body)).toBe(200);
    };
    const replace = (path: string, value: string) => ({ op: 'replace', path, value });
    await edit(here, returns, [{ op: 'add', path: '/description', value: 'Words of the target.' }]);
    const tagAt = (await table(here, orders)).tags.findIndex(({ tagFQN }) => tagFQN === 'Tier.Tier1');
    await edit(here, orders, [{ op: 'remove', path: `/tags/${tagAt}` }]);
    await edit(there, returns, [{ op: 'add', path: '/description', value: 'Words of the source.' }]);
    await edit(there, orders, [
      replace('/description', 'Said anew.'),
      { op: 'remove', path: '/displayName' },
      replace('/columns/0/displayName', 'No.'),
    ]);
    expect((await there.delete(`/tables/${(await table(there, odd)).id}`)).status).toBe(200);
    const extra = {
      name: 'extra',
      tableType: 'Regular',
      databaseSchema: 'local_hive.prod.shop',
      columns: [{ name: 'a', dataType: 'INT' }],
    };
    expect((await there.put('/tables', extra)).status).toBe(201);

    const plan = await world.run({ dryRun: true });
    const { report, changes } = await world.run();
    expect(report.failures).toEqual([]);
    expect(report.guards).toEqual([]);
    expect(writes(changes)).toEqual(writes(plan.changes));
    expect(writes(changes)).toEqual([
      'create table local_hive.prod.shop.extra',
      `delete table ${odd}`,
      `update table ${orders}`,
    ]);
    const moved = await table(here, orders);
    expect(moved).toMatchObject({
      description: 'Said anew.',
      columns: [{ displayName: 'No.' }, {}, {}, {}, {}, {}, {}, {}, {}],
    });
    expect(moved.displayName).toBeUndefined();
    expect(moved.tags.map(({ tagFQN }) => tagFQN)).not.toContain('Tier.Tier1');
    expect((await table(here, returns)).description).toBe('Words of the target.');
    expect(await table(here, odd)).toMatchObject({ deleted: true });
    expect((await world.run()).changes.filter(isWrite)).toEqual([]);
  });

  it.runIf(isFirst)('asks no request a table but for lineage, and a page at a time', async () => {
    world.source.clearRequests();
    await world.run();
    const asked = world.source.requests().map(({ method, path, count }) => [`${method} ${path}`, count] as const);
    const tables = asked.filter(([request]) => /^GET \/v1\/tables/.test(request));
    // Three services, a count and a page each.
    expect(tables).toEqual([['GET /v1/tables', 6]]);
    expect(asked.filter(([request]) => !request.startsWith('GET '))).toEqual([]);
  });

  it.runIf(isFirst)('takes nothing for gone when the source could not be read whole', async () => {
    world.source.faults.set([
      { kind: '500', match: '^GET /api/v1/tables\\?.*after=|^GET /api/v1/tables\\?database=local_hive&' },
    ]);
    try {
      const { report, changes } = await world.run();
      expect(report.partial).toEqual(['table', 'lineage']);
      expect(report.state).not.toBe('success');
      expect(JSON.stringify(report.failures)).toContain('OpenMetadata (source) at ');
      expect(writes(changes).filter((line) => line.startsWith('delete'))).toEqual([]);
    } finally {
      world.source.faults.clear();
    }
    expect((await world.run()).changes.filter(isWrite)).toEqual([]);
  });

  it.runIf(isFirst)('goes through a file to a third server with the same outcome', async () => {
    const third = await MigrationWorld.open('1.3.0', to);
    try {
      const file = join(world.home, 'records.jsonl');
      const recipe = join(world.home, 'recipe.json');
      writeFileSync(recipe, JSON.stringify(world.recipe()), { mode: 0o600 });
      const recording = recordingTerminal({ env: { MERIDIAN_HOME: join(world.home, 'export'), CI: '1' } });
      expect(await runCli(['export', '-c', recipe, '-o', file], recording.terminal), recording.notes()).toBe(0);
      for (const token of [world.source.botToken, world.target.botToken]) {
        expect(readFileSync(file, 'utf8') + recording.notes()).not.toContain(token);
      }
      await third.person('target').put('/users', { name: 'nina_b', email: 'nina@example.org' });
      const { report } = await third.runFile(file);
      expect(report.failures).toEqual([]);
      const expected = (await wholeContent(world.source)).map((line) =>
        line.replaceAll('"user nina"', '"user nina_b"'),
      );
      expect(await wholeContent(third.target)).toEqual(expected);
    } finally {
      await third[Symbol.asyncDispose]();
    }
  });
});

describe('what a migration refuses, and what it leaves behind', () => {
  let world: MigrationWorld;
  beforeAll(async () => {
    world = await MigrationWorld.open('1.5.0', '1.13.0');
    await clientOf(world.source, 'bot').warehouse();
    const table = { name: 'orders', databaseSchema: 'hive.shop.sales', columns: [{ name: 'a', dataType: 'INT' }] };
    await world.person('source').put('/tables', table);
    await world
      .person('source')
      .put('/services/databaseServices', { name: 'other', serviceType: 'Snowflake', displayName: 'Cold' });
    await world.person('source').put('/queries', { query: 'select 1', service: 'hive' });
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  it('counts what has no place, by type', async () => {
    const { report } = await world.run();
    expect(report.skipped).toEqual([
      expect.objectContaining({ reason: 'no-place-query', count: 1, samples: ['queries'] }),
    ]);
  });

  it('is taken back by an undo, whole', async () => {
    await using other = await MigrationWorld.open('1.5.0', '1.13.0');
    await clientOf(other.source, 'bot').warehouse();
    await other.person('source').put('/classifications', { name: 'Ours', description: 'Of the house.' });
    await other.person('source').put('/tags', { classification: 'Ours', name: 'Dear', description: 'Costs.' });
    const before = await wholeContent(other.target);
    const recipe = join(other.home, 'recipe.json');
    writeFileSync(recipe, JSON.stringify(other.recipe()), { mode: 0o600 });
    const meridian = async (...argv: string[]): Promise<string> => {
      const recording = recordingTerminal({ env: { MERIDIAN_HOME: join(other.home, 'undone'), CI: '1' } });
      expect(await runCli([...argv, '-c', recipe], recording.terminal), recording.notes()).toBe(0);
      return recording.data();
    };
    expect(await meridian('ingest')).toMatch(/requests to OpenMetadata \(source\), \d+ to OpenMetadata \(target\)/);
    expect((await wholeContent(other.target)).length).toBeGreaterThan(before.length + 4);
    await meridian('undo');
    expect(await wholeContent(other.target)).toEqual(before);
  });

  it('a service keeps its type and its display name, without a connection', async () => {
    const { body } = await clientOf(world.target, 'bot').get('/services/databaseServices/name/other');
    expect(body).toMatchObject({ serviceType: 'Snowflake', displayName: 'Cold' });
    expect(body.connection).toBeUndefined();
  });

  it('reads only the services that are named, and says which there are', async () => {
    const { report } = await world.run({ connection: { databaseServiceName: ['other'], includeTags: false } });
    expect(report.stages.databaseService?.read).toBe(1);
    expect(report.stages.table).toMatchObject({ read: 0, deleted: 0, gone: 1 });
    expect(report.guards).toEqual([]);
    await expect(world.run({ connection: { databaseServiceName: ['hivee'] } })).rejects.toMatchObject({
      code: 'openmetadata-source.no-service',
      exitCode: 2,
      help: expect.stringContaining('hive, other'),
    });
  });

  it('one server at both ends, also under another name', async () => {
    const port = new URL(world.target.url).port;
    for (const hostPort of [world.target.url, `http://localhost:${port}/api`]) {
      const connection = { hostPort, securityConfig: { jwtToken: world.target.botToken } };
      await expect(world.run({ connection })).rejects.toMatchObject({
        code: 'openmetadata-source.same-server',
        exitCode: 2,
      });
    }
  });

  it('a token that one of the two does not take, and says which', async () => {
    const connection = { securityConfig: { jwtToken: world.target.botToken } };
    await expect(world.run({ connection })).rejects.toMatchObject({
      code: 'openmetadata.sign-in',
      exitCode: 3,
      message: expect.stringContaining('OpenMetadata (source)'),
    });
  });

  it('is tested step by step', async () => {
    const steps = async (options?: MigrationOptions): Promise<string[]> => {
      const recipe = join(world.home, 'recipe.json');
      writeFileSync(recipe, JSON.stringify(world.recipe(options)), { mode: 0o600 });
      const recording = recordingTerminal({ env: { MERIDIAN_HOME: world.home, CI: '1' } });
      await runCli(['test', '-c', recipe, '-o', 'json'], recording.terminal);
      const { steps: all } = JSON.parse(recording.data()) as { steps: { system: string; name: string; ok: boolean }[] };
      return all.filter(({ system }) => system === 'source').map(({ name, ok }) => `${name} ${ok}`);
    };
    expect((await steps()).slice(-8)).toEqual([
      'version of OpenMetadata true',
      'sign in true',
      'read databaseServices true',
      'read messagingServices true',
      'read storageServices true',
      'read pipelineServices true',
      'read mlmodelServices true',
      'read tables true',
    ]);
    expect((await steps({ connection: { databaseServiceName: ['hivee'] } })).at(-1)).toBe(
      'read databaseServices false',
    );
  });
});
