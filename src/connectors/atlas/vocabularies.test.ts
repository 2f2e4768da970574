import { beforeAll, describe, expect, it } from 'vitest';
import { haveRecordings, startRecorded } from '../../../test/recorded-atlas.ts';
import { named, type Reading, read } from './read-source.testing.ts';

if (!haveRecordings) console.warn('Not run: the recorded answers of a real Atlas are not beside this repository.');

describe.skipIf(!haveRecordings)('vocabularies of a real server’s recorded answers', () => {
  let reading: Reading;
  const tables = (name: string) => named(reading, name);

  beforeAll(async () => {
    const atlas = await startRecorded('recorded');
    reading = await read(atlas.url, { glossaries: true });
    await atlas.close();
  });

  it('a category holds its terms, which say all that Atlas knows of them', () => {
    const terms = reading.records.filter((record) => record.kind === 'glossaryTerm');
    expect(reading.records.filter((record) => record.kind === 'glossary')).toMatchObject([
      { path: ['Business'], description: 'Words we use\n\nThe **business** glossary' },
    ]);
    expect(terms.map(({ path }) => path.slice(1).join('/'))).toEqual([
      'Client',
      'Commerce',
      'Commerce/Customer',
      'Commerce/Orders',
      'Commerce/Orders/Net revenue',
    ]);
    expect(terms[2]).toMatchObject({
      description:
        'Who buys\n\nA person or company that buys\n\n**Abbreviation:** CUST\n\n**Usage:** Use for buyers\n\n' +
        '**Examples:**\n- ACME\n\n**Synonyms:** Client',
      synonyms: ['CUST'],
    });
    expect(terms[4]!.description).toBe('After returns');
  });

  it('relations are told once all terms were', () => {
    const kinds = reading.records.map(({ kind }) => kind);
    expect(kinds.indexOf('termRelation')).toBeGreaterThan(kinds.lastIndexOf('glossaryTerm'));
    const related = reading.records.filter((record) => record.kind === 'termRelation');
    expect(related.map(({ path, related: others }) => [path.at(-1), others.map((other) => other.at(-1))])).toEqual([
      ['Client', ['Customer']],
      ['Commerce', []],
      ['Customer', ['Net revenue']],
      ['Orders', []],
      ['Net revenue', []],
    ]);
  });

  it('assignments stand on tables and columns', () => {
    const customer = ['Business', 'Commerce', 'Customer'];
    expect(tables('prod/sales/customers').terms).toEqual([customer]);
    expect(tables('dr/sales/customers').terms).toBeUndefined();
    expect(tables('prod/sales/orders').columns.find(({ name }) => name === 'customer_id')!.terms).toEqual([customer]);
    expect(tables('prod/marketing/campaign_stats').terms).toEqual([['Business', 'Commerce', 'Orders', 'Net revenue']]);
  });

  it('labels are tags of their own vocabulary, told before their first use', () => {
    const first = reading.records.findIndex((record) => record.kind === 'tag' && record.path[0] === 'critical');
    const orders = reading.records.indexOf(tables('prod/sales/orders'));
    expect(reading.records[first]).toEqual({ kind: 'tag', vocabulary: 'label', path: ['critical'], description: '' });
    expect(first).toBeLessThan(orders);
    expect(tables('prod/sales/orders').tags.filter(({ vocabulary }) => vocabulary === 'label')).toEqual([
      { vocabulary: 'label', path: ['critical'], propagated: false },
      { vocabulary: 'label', path: ['daily'], propagated: false },
    ]);
  });

  it('business metadata are properties by their types, custom attributes one of JSON', () => {
    const definitions = reading.records.filter((record) => record.kind === 'customProperty');
    const shapes = definitions.map(({ path, propertyType, values }) => [path[0], propertyType, values]);
    expect(shapes).toEqual([
      ['stewardship_steward', 'string', undefined],
      ['stewardship_costCentre', 'integer', undefined],
      ['stewardship_reviewedOn', 'timestamp', undefined],
      ['stewardship_tier', 'enum', ['GOLD', 'SILVER', 'BRONZE']],
      ['stewardship_contacts', 'string', undefined],
      ['atlasCustomAttributes', 'string', undefined],
      ['atlasColumnProperties', 'string', undefined],
    ]);
    expect(definitions[0]!.description).toBe(
      '“stewardship.steward” of Apache Atlas’ business metadata: Who looks after it',
    );
    expect(tables('prod/sales/orders').properties).toEqual({
      stewardship_steward: 'dana',
      stewardship_costCentre: 4711,
      stewardship_reviewedOn: 1767225600000,
      stewardship_tier: ['GOLD'],
      stewardship_contacts: '["a@example.com","b@example.com"]',
      atlasCustomAttributes: '{"sla":"6h","source_team":"orders"}',
    });
    expect(tables('prod/sales/customers').properties).toEqual({ stewardship_steward: 'erin' });
  });

  it('says the same of tables that are read whole', async () => {
    const atlas = await startRecorded('recorded');
    const whole = await read(atlas.url, { glossaries: true, columnsBySearchLimit: 0 });
    await atlas.close();
    for (const table of reading.tables) {
      const other = whole.tables.find(({ path }) => path.join() === table.path.join())!;
      expect([other.terms, other.tags, other.properties]).toEqual([table.terms, table.tags, table.properties]);
      expect(other.columns.map(({ terms }) => terms)).toEqual(table.columns.map(({ terms }) => terms));
    }
  });
});
