import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AtlasStandIn } from '../sandbox/atlas/start-atlas.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { alter } from '../src/connectors/atlas/read-source.testing.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { type Bench, haveRecordings, openBench, type RunOptions, startRecorded } from './recorded-atlas.ts';

if (!haveRecordings) console.warn('Not run: the recorded answers of a real Atlas are not beside this repository.');

const p = 'local_hive.prod';
const everything: RunOptions = { services: ['local_hive'] };

describe.skipIf(!haveRecordings).each(['1.1.0', '1.5.0', '1.13.0'])('vocabularies in OpenMetadata %s', (version) => {
  const minor = Number(version.split('.')[1]);
  let atlas: AtlasStandIn;
  let bench: Bench;
  let person: Client;
  let bot: Client;

  const run = async (options: RunOptions = everything, from: AtlasStandIn = atlas) => {
    const outcome = await bench.run(from, options);
    expect(outcome.report.failures).toEqual([]);
    return outcome;
  };
  const table = async (name: string) => (await bot.get(`/tables/name/${p}.${name}?fields=tags,columns,extension`)).body;
  const term = async (name: string) =>
    (await bot.get(`/glossaryTerms/name/Business.${name}?fields=relatedTerms,tags&include=all`)).body;
  const labels = (holder: { tags?: { tagFQN: string; source: string; labelType: string }[] }) =>
    (holder.tags ?? []).map(({ tagFQN, source, labelType }) => `${tagFQN} ${source} ${labelType}`).sort();
  const related = async (name: string): Promise<string[]> =>
    ((await term(name)).relatedTerms ?? [])
      .map((other: { term?: { fullyQualifiedName: string }; fullyQualifiedName: string }) => other.term ?? other)
      .map(({ fullyQualifiedName }: { fullyQualifiedName: string }) => fullyQualifiedName)
      .sort();
  /** An Atlas whose glossary answers are changed on their way. */
  const altered = async (change: (path: string, items: Record<string, unknown>[]) => void): Promise<AtlasStandIn> => {
    const url = await alter(atlas, ({ path }, { body }) => {
      if (path.includes('/v2/glossary')) change(path, body as never);
    });
    return { ...atlas, url };
  };

  beforeEach(async () => {
    atlas = await startRecorded('recorded');
    bench = await openBench(version);
    person = clientOf(bench.openmetadata, 'admin');
    bot = clientOf(bench.openmetadata, 'bot');
  });
  afterEach(async () => {
    await atlas.close();
    await bench.close();
  });

  it('all of them arrive, and a second run sends nothing', async () => {
    const { report } = await run();
    expect(report.state).toBe('success');

    const customer = await term('Commerce.Customer');
    expect(customer).toMatchObject({ synonyms: ['CUST'], description: expect.stringContaining('**Usage:** Use for') });
    expect(await related('Commerce.Customer')).toEqual(['Business.Client', 'Business.Commerce.Orders.Net revenue']);
    expect(await related('Client')).toEqual(['Business.Commerce.Customer']);
    expect((await bot.get('/glossaries/name/Business')).body.description).toBe(
      'Words we use\n\nThe **business** glossary',
    );

    const orders = await table('sales.orders');
    expect(labels(orders)).toEqual([
      'Atlas."FINANCE.SOX" Classification Automated',
      'Atlas.PII Classification Propagated',
      'Atlas.RETENTION Classification Automated',
      'AtlasLabels.critical Classification Automated',
      'AtlasLabels.daily Classification Automated',
    ]);
    const id = orders.columns.find(({ name }: { name: string }) => name === 'customer_id');
    expect(labels(id)).toContain('Business.Commerce.Customer Glossary Automated');
    expect(labels(await table('sales.customers'))).toContain('Business.Commerce.Customer Glossary Automated');

    expect(orders.extension).toEqual({
      stewardship_steward: 'dana',
      stewardship_costCentre: 4711,
      stewardship_reviewedOn: 1767225600000,
      stewardship_tier: minor < 3 ? 'GOLD' : ['GOLD'],
      stewardship_contacts: '["a@example.com","b@example.com"]',
      atlasCustomAttributes: '{"sla":"6h","source_team":"orders"}',
      atlasClassifications: expect.stringContaining('"days":365'),
    });
    expect(orders.extension.atlasClassifications).toContain('2027/01/01');

    const again = await run();
    expect(again.changes.filter(isWrite)).toEqual([]);
    expect(again.changes.filter(({ action }) => action === 'kept')).toEqual([]);
  });

  it('what a person did with a term stays', async () => {
    await run();
    const net = await term('Commerce.Orders.Net revenue');
    await person.patch(`/glossaryTerms/${net.id}`, [{ op: 'replace', path: '/description', value: 'Ours' }]);
    const customers = await table('sales.customers');
    const at = labels(customers).length;
    const kept = customers.tags.filter(({ source }: { source: string }) => source !== 'Glossary');
    await person.patch(`/tables/${customers.id}`, [{ op: 'replace', path: '/tags', value: kept }]);
    const { changes } = await run();
    expect(changes.filter(isWrite)).toEqual([]);
    expect((await term('Commerce.Orders.Net revenue')).description).toBe('Ours');
    expect(labels(await table('sales.customers'))).toHaveLength(at - 1);
  });

  it('another category moves no term, a new name is shown, and an assignment that has ended goes', async () => {
    await run();
    const before = (await term('Commerce.Customer')).id;
    const other = await altered((path, items) => {
      if (!path.includes('/terms')) return;
      const customer = items.find(({ name }) => name === 'Customer')!;
      Object.assign(customer, { name: 'Buyer', categories: [], synonyms: [] });
      delete items.find(({ name }) => name === 'Client')!['synonyms'];
    });
    const { changes } = await run(everything, other);
    const moved = await term('Commerce.Customer');
    expect(moved).toMatchObject({ id: before, displayName: 'Buyer' });
    expect(await related('Client')).toEqual([]);
    expect(changes.filter(({ entityType, action }) => entityType === 'glossaryTerm' && action === 'create')).toEqual(
      [],
    );
    expect((await run(everything, other)).changes.filter(isWrite)).toEqual([]);
  });

  it('a glossary that could not be read takes no label from any table', async () => {
    await run();
    const before = labels(await table('sales.customers'));
    atlas.faults.set([{ kind: '500', match: 'GET /api/atlas/v2/glossary' }]);
    const { report, changes } = await bench.run(atlas, { ...everything, meridian: { atlas: { retries: 0 } } });
    expect(report.partial).toEqual(expect.arrayContaining(['glossary', 'glossaryTerm']));
    expect(changes.filter(isWrite)).toEqual([]);
    expect(labels(await table('sales.customers'))).toEqual(before);
  });

  it('are left alone where the recipe leaves them out', async () => {
    await run();
    const before = labels(await table('sales.customers'));
    const without = { ...everything, meridian: { glossaries: false }, sourceConfig: { includeTags: false } };
    const { changes } = await run(without);
    expect(changes.filter(isWrite)).toEqual([]);
    expect(labels(await table('sales.customers'))).toEqual(before);
    expect((await run()).changes.filter(isWrite)).toEqual([]);
  });

  it('a propagated label goes when its origin goes', async () => {
    await run();
    expect(labels(await table('marketing.campaign_stats'))).toContain('Atlas.PII Classification Propagated');
    atlas.mutate([{ op: 'removeClassification', qualifiedName: 'sales.customers@prod', classification: 'PII' }]);
    await run();
    expect(labels(await table('marketing.campaign_stats'))).toEqual([
      'Business.Commerce.Orders.Net revenue Glossary Automated',
    ]);
  });

  it('names that the server cannot hold are encoded, and the same way each time', async () => {
    const odd = ['x', 'a/b: "c" ünï 漢', 'L'.repeat(90), `${'L'.repeat(89)}M`, '100 %'];
    atlas.mutate([{ op: 'setLabels', qualifiedName: 'sales.orders@prod', labels: odd }]);
    const long = `${'Very long term '.repeat(20)}end`;
    const other = await altered((path, items) => {
      if (!path.includes('/terms')) return;
      items.find(({ name }) => name === 'Client')!['name'] = long;
      items.find(({ name }) => name === 'Customer')!['name'] = 'Who: buys? / pays "cash" <b>';
    });
    expect((await run(everything, other)).report.state).toBe('success');
    const tags = (await bot.get('/tags?parent=AtlasLabels&limit=100')).body.data as {
      name: string;
      displayName?: string;
    }[];
    expect(tags.map(({ name, displayName }) => displayName ?? name).sort()).toEqual([...odd].sort());
    const { id } = (await bot.get('/glossaries/name/Business')).body;
    const terms = (await bot.get(`/glossaryTerms?glossary=${id}&limit=100`)).body.data as typeof tags;
    const shown = terms.map(({ name, displayName }) => displayName ?? name);
    expect(shown).toEqual(expect.arrayContaining([long, 'Who: buys? / pays "cash" <b>']));
    expect(labels(await table('sales.customers')).filter((label) => label.includes('Glossary'))).toHaveLength(1);
    expect((await run(everything, other)).changes.filter(isWrite)).toEqual([]);
  });

  it('values take the types of properties that are there already, and enums get the words that they lack', async () => {
    const typeId = async (name: string): Promise<string> => (await bot.get(`/metadata/types/name/${name}`)).body.id;
    const define = async (name: string, type: string, more: object = {}) => {
      const propertyType = { id: await typeId(type), type: 'type' };
      const body = { name, description: 'Somebody’s own', propertyType, ...more };
      expect((await person.put(`/metadata/types/${await typeId('table')}`, body)).status).toBe(200);
    };
    await define('stewardship_costCentre', 'string');
    await define('stewardship_steward', 'integer');
    const config = { config: { multiSelect: false, values: ['PLATINUM'] } };
    if (minor >= 3) await define('stewardship_tier', 'enum', { customPropertyConfig: config });
    const { report, changes } = await run();
    const { extension } = await table('sales.orders');
    expect(extension.stewardship_costCentre).toBe('4711');
    expect(extension).not.toHaveProperty('stewardship_steward');
    const skipped = report.skipped.find(({ reason }) => reason === 'property-type');
    expect(skipped?.samples).toContain(`${p}.sales.orders: stewardship_steward`);
    if (minor >= 3) {
      expect(extension.stewardship_tier).toEqual(['GOLD']);
      const { customProperties } = (await bot.get('/metadata/types/name/table?fields=customProperties')).body;
      const tier = customProperties.find(({ name }: { name: string }) => name === 'stewardship_tier');
      expect(tier.description).toBe('Somebody’s own');
      expect(tier.customPropertyConfig.config.values).toEqual(['PLATINUM', 'GOLD', 'SILVER', 'BRONZE']);
      const widened = changes.find(({ fqn }) => fqn === 'table.stewardship_tier');
      expect(widened).toMatchObject({ action: 'update', entityType: 'customProperty' });
    }
    expect((await run()).changes.filter(isWrite)).toEqual([]);
  });

  it('come in enrich mode too, onto what is there', async () => {
    await run();
    const fresh = await openBench(version);
    try {
      const admin = clientOf(fresh.openmetadata, 'admin');
      const config = { type: 'Hive', hostPort: 'hive.example:10000' };
      const service = { name: 'local_hive', serviceType: 'Hive', connection: { config } };
      await admin.put('/services/databaseServices', service);
      await admin.put('/databases', { name: 'default', service: 'local_hive' });
      await admin.put('/databaseSchemas', { name: 'sales', database: 'local_hive.default' });
      const columns = [{ name: 'customer_id', dataType: 'BIGINT' }];
      await admin.put('/tables', { name: 'customers', databaseSchema: 'local_hive.default.sales', columns });
      const clusters = { prod: 'local_hive.default', dr: 'local_hive.elsewhere' };
      const { report } = await fresh.run(atlas, { ...everything, meridian: { mode: 'enrich', clusters } });
      expect(report.failures).toEqual([]);
      const reader = clientOf(fresh.openmetadata, 'bot');
      const found = await reader.get('/tables/name/local_hive.default.sales.customers?fields=tags,extension');
      expect(labels(found.body)).toEqual([
        'Atlas.PII Classification Automated',
        'Business.Commerce.Customer Glossary Automated',
      ]);
      expect(found.body.extension.stewardship_steward).toBe('erin');
    } finally {
      await fresh.close();
    }
  });
});

describe.skipIf(!haveRecordings)('properties where there are none', () => {
  it('of topics on 1.1 are counted, and the topic is carried', async () => {
    const atlas = await startRecorded('recorded');
    const bench = await openBench('1.1.0');
    try {
      const { report } = await bench.run(atlas, { entityType: 'kafka_topic' });
      expect(report.failures).toEqual([]);
      expect(report.skipped.find(({ reason }) => reason === 'no-custom-properties')).toMatchObject({ count: 1 });
      expect(report.stages.topic!.created).toBeGreaterThan(0);
    } finally {
      await atlas.close();
      await bench.close();
    }
  });
});
