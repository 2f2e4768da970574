import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../../../sandbox/atlas/start-atlas.ts';
import { arrow, columnNames, content, named, nameOf, type Reading, read, start } from './read-source.testing.ts';

const recorded = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'atlas', 'recorded');

describe.skipIf(!existsSync(recorded))('a real server’s recorded answers', () => {
  let atlas: AtlasStandIn;
  let reading: Reading;
  beforeAll(async () => {
    atlas = await startAtlas({ dataDir: recorded });
    reading = await read(atlas.url);
  });
  afterAll(() => atlas.close());

  it('gives records in the order in which they depend on each other', () => {
    const order = ['databaseService', 'customProperty', 'tag', 'database', 'databaseSchema', 'table', 'lineage'];
    const kinds = reading.records
      .filter((record) => record.kind !== 'tag' || record.vocabulary !== 'label')
      .map(({ kind }) => order.indexOf(kind));
    expect(kinds).toEqual([...kinds].sort((a, b) => a - b));
    expect(new Set(kinds).size).toBe(order.length);
    const tags = reading.records.flatMap((record) => (record.kind === 'tag' ? [record.path.join('>')] : []));
    expect(tags.indexOf('PII')).toBeLessThan(tags.indexOf('PII>PII_EMAIL'));
    expect(tags).toContain('FINANCE.SOX');
  });

  it('trap 7: soft-deleted tables and columns are not told', () => {
    expect(reading.tables).toHaveLength(9);
    expect(reading.tables.map(nameOf)).not.toContain('prod/finance/to_be_dropped');
  });

  it('trap 8: the same name in two clusters is two tables', () => {
    expect(named(reading, 'prod/sales/customers').description).toBe('One row for each customer');
    expect(named(reading, 'dr/sales/customers').description).toBe('One row for each customer (copy)');
  });

  it('trap 5: columns by position, partition keys of their own table last', () => {
    const orders = named(reading, 'prod/sales/orders');
    expect(columnNames(orders).slice(-2)).toEqual(['dt', 'region']);
    expect(orders.columns.filter(({ partitionKey }) => partitionKey).map(({ name }) => name)).toEqual(['dt', 'region']);
    const customers = named(reading, 'prod/sales/customers');
    expect(columnNames(customers).slice(0, 3)).toEqual(['customer_id', 'email', 'full_name']);
    expect(customers.columns).toHaveLength(17);
  });

  it('trap 11: odd names and the wide table stay whole', () => {
    expect(reading.tables.map(nameOf)).toContain('prod/marketing/weird.name "q" ünï');
    const ledger = named(reading, 'prod/finance/ledger');
    expect(ledger.columns).toHaveLength(300);
    expect(new Set(columnNames(ledger)).size).toBe(300);
  });

  it('trap 6: own and propagated labels are told apart, sub-classifications sit below their parent', () => {
    const orders = named(reading, 'prod/sales/orders');
    const label = (name: string) => orders.tags.find(({ path }) => path.at(-1) === name);
    expect(label('PII')?.propagated).toBe(true);
    expect(label('RETENTION')?.propagated).toBe(false);
    expect(label('FINANCE.SOX')?.path).toEqual(['FINANCE.SOX']);
    const email = named(reading, 'prod/sales/customers').columns.find(({ name }) => name === 'email')!;
    expect(email.tags).toEqual([
      expect.objectContaining({
        path: ['PII', 'PII_EMAIL'],
        propagated: false,
        attributes: expect.objectContaining({ level: 'high' }),
      }),
    ]);
  });

  it('trap 10: validity periods are kept as they are, dates are milliseconds', () => {
    const periods = reading.tables.flatMap(({ tags }) => tags.flatMap((tag) => tag.validityPeriods ?? []));
    const columnPeriods = reading.tables.flatMap(({ columns }) =>
      columns.flatMap(({ tags }) => tags.flatMap((tag) => tag.validityPeriods ?? [])),
    );
    for (const period of [...periods, ...columnPeriods]) {
      expect(period).toMatchObject({ startTime: expect.stringMatching(/^\d{4}\/\d\d\/\d\d \d\d:/) });
    }
    expect(periods.length + columnPeriods.length).toBeGreaterThan(0);
    expect(named(reading, 'prod/sales/orders').createdAt).toBe(1_700_000_000_000);
  });

  it('says what kind of table each is, with its view’s text', () => {
    expect(named(reading, 'prod/sales/raw_orders_ext').tableType).toBe('External');
    expect(named(reading, 'prod/sales/mv_daily').tableType).toBe('MaterializedView');
    const view = named(reading, 'prod/sales/v_active_customers');
    expect(view.tableType).toBe('View');
    expect(view.viewDefinition).toMatch(/select/i);
    expect(view.owner).toBe('bob');
    expect(named(reading, 'prod/marketing/campaign_stats').owner).toBeUndefined();
    expect(named(reading, 'dr/sales/customers').parameters).toMatchObject({ numRows: '120' });
  });

  it('trap 12: six edges between Hive tables, one to itself, and four pairs of columns', () => {
    expect(reading.lineage.map(arrow).sort()).toEqual([
      'customers → campaign_stats',
      'customers → orders',
      'customers → v_active_customers',
      'orders → campaign_stats',
      'orders → orders',
      'raw_orders_ext → orders',
    ]);
    const pairs = reading.lineage.flatMap((edge) =>
      edge.columns.flatMap(({ from, to, expression }) =>
        from.map((column) => `${arrow(edge)}: ${column} → ${to}${expression ? ` (${expression})` : ''}`),
      ),
    );
    expect(pairs.sort()).toEqual([
      'customers → campaign_stats: balance → revenue (sum(amount)+balance)',
      'customers → v_active_customers: email → email',
      'orders → campaign_stats: amount → revenue (sum(amount)+balance)',
      'orders → campaign_stats: customer_id → customer_id',
    ]);
    const load = reading.lineage.find((edge) => arrow(edge) === 'raw_orders_ext → orders')!;
    expect(load.query).toContain('insert overwrite');
    expect(load.provenance).toMatchObject({ typeName: 'hive_process', qualifiedName: 'load_orders@prod' });
  });

  it('counts lineage whose ends are no tables of the run', () => {
    const lost = reading.issues.filter(({ reason }) => reason === 'lineage-end-not-carried');
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.every(({ outcome }) => outcome === 'skipped')).toBe(true);
    expect(reading.issues.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  it('the same comes of bulk reads as of a search for columns', async () => {
    const bulk = await read(atlas.url, { columnsBySearchLimit: 0 });
    expect(content(bulk)).toEqual(content(reading));
    expect(bulk.lineage).toEqual(reading.lineage);
  });

  it('trap 13: a type is what its supertypes and attributes make it', async () => {
    const all = await read(atlas.url, { entityType: 'DataSet' });
    const types = new Set(all.tables.map(({ provenance }) => provenance.typeName));
    expect(types).toContain('hive_table');
    expect(types).not.toContain('kafka_topic');
    expect(types).not.toContain('retail_dashboard');
  });
});

describe('what a server does not have', () => {
  it('a missing type is refused with the list of table types and their counts', async () => {
    const atlas = await start();
    await expect(read(atlas.url, { entityType: 'hive_tabel' })).rejects.toMatchObject({
      code: 'atlas.entity-type',
      exitCode: 2,
      help: expect.stringMatching(/hive_table \(\d+\)/),
    });
  });

  it('a type that holds no tables is refused likewise', async () => {
    const atlas = await start();
    await expect(read(atlas.url, { entityType: 'hive_process' })).rejects.toThrow(/no type of tables/);
  });

  it('the quick-start types work in the same way, in any spelling', async () => {
    const atlas = await start();
    const reading = await read(atlas.url, { entityType: 'table' });
    expect(reading.tables.length).toBeGreaterThan(0);
    for (const table of reading.tables) {
      expect(table.provenance.typeName).toBe('Table');
      expect(table.columns.length).toBeGreaterThan(0);
      expect(table.columns.every(({ dataType }) => dataType !== 'UNKNOWN')).toBe(true);
    }
    expect(reading.lineage.length).toBeGreaterThan(0);
  });

  it.each(['1.1.0', '2.0.0', '2.2.0'])(
    'trap 4: version %s, without several types a search or system attributes',
    async (version) => {
      const now = await read((await start()).url);
      const older = await read((await start({ version })).url);
      const told = (reading: Reading) =>
        reading.tables.map((table) => [nameOf(table), table.columns.map(({ dataTypeDisplay }) => dataTypeDisplay)]);
      expect(told(older)).toEqual(told(now));
      expect(older.lineage.map(arrow)).toEqual(now.lineage.map(arrow));
      expect(older.issues.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    },
  );
});

describe('how it is read', () => {
  it('2,000 tables of 10 columns in at most 20 requests', async () => {
    const atlas = await start({ generate: { tables: 2000, columns: 10, seed: 1 } });
    const reading = await read(atlas.url);
    expect(reading.tables).toHaveLength(2000);
    expect(reading.requests).toBeLessThanOrEqual(20);
    expect(atlas.requests()).toBe(reading.requests);
  });

  it.each([7000, 300, 100])(
    'trap 1: a server whose largest page is %i gives every table and column',
    async (maxLimit) => {
      const generate = { tables: 700, columns: 12, seed: 3 };
      const whole = await read((await start({ generate })).url);
      const cut = await read((await start({ generate, maxLimit })).url);
      expect(content(cut)).toEqual(content(whole));
      expect(cut.lineage).toHaveLength(whole.lineage.length);
    },
  );

  it('columns beyond the limit come with their tables, a hundred a request', async () => {
    const generate = { tables: 450, columns: 10, seed: 2 };
    const searched = await read((await start({ generate })).url);
    const bulk = await read((await start({ generate })).url, { columnsBySearchLimit: 1000 });
    expect(content(bulk)).toEqual(content(searched));
    expect(bulk.requests).toBeGreaterThanOrEqual(5);
    expect(bulk.requests).toBeLessThanOrEqual(20);
  });

  it('faults on the way change nothing of the outcome', async () => {
    const generate = { tables: 450, columns: 10, seed: 2 };
    const calm = await read((await start({ generate })).url);
    const atlas = await start({ generate });
    atlas.faults.set([
      { kind: '503', match: 'search/basic', times: 1 },
      { kind: 'half', match: 'search/basic', times: 1, after: 1 },
      { kind: 'drop', match: 'search/basic', times: 1, after: 3 },
      { kind: '429', match: 'typedefs', times: 1, retryAfter: 0 },
    ]);
    const rough = await read(atlas.url);
    expect(atlas.faults.injected).toBe(4);
    expect(content(rough)).toEqual(content(calm));
    expect(rough.issues).toEqual(calm.issues);
  });

  it('lineage that cannot be read makes lineage partial and nothing else', async () => {
    const atlas = await start();
    const whole = await read(atlas.url);
    // Processes are searched for by many type names at once.
    atlas.faults.set([{ kind: '500', match: 'search/basic', after: 1, times: 2 }]);
    const reading = await read(atlas.url, { retries: 0 });
    expect(reading.issues.some(({ outcome, kind }) => outcome === 'failed' && kind === 'lineage')).toBe(true);
    expect(reading.issues.some(({ outcome, kind }) => outcome === 'failed' && kind === 'table')).toBe(false);
    expect(reading.tables).toHaveLength(whole.tables.length);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, undefined, 'http.not-signed-in'],
    ['a web page where data was expected', {}, 'html', 'http.web-page'],
    ['a redirect to a login page', {}, 'login-page', 'http.redirect'],
  ] as const)('%s ends the run with exit code 3', async (_, options, fault, code) => {
    const atlas = await start();
    if (fault) atlas.faults.set([{ kind: fault }]);
    const failing = read(atlas.url, { ...options, retries: 1 });
    await expect(failing).rejects.toMatchObject({ code, exitCode: 3 });
  });
});
