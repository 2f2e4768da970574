import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtlasTestClient } from './atlas-test-client.ts';
import { GeneratedEntityStore } from './generated-store.ts';
import { type AtlasStandIn, startAtlas } from './start-atlas.ts';

const everything = { types: undefined, classifications: undefined, excludeDeleted: false, filter: undefined };

describe('generated entities', () => {
  it('are found again by guid and by name, and point at each other from both sides', () => {
    const store = new GeneratedEntityStore({ tables: 450, columns: 7, seed: 3 });
    const seen = new Set<string>();
    for (const entity of store.select(everything).slice(0, 100_000)) {
      seen.add(entity.guid);
      expect(store.get(entity.guid)?.attributes).toEqual(entity.attributes);
      expect(store.find(entity.typeName, String(entity.attributes['qualifiedName']))?.guid).toBe(entity.guid);
      for (const ends of Object.values(entity.relationshipAttributes)) {
        for (const end of [ends ?? []].flat()) {
          expect(store.get(end.guid)?.attributes['qualifiedName']).toBe(end.qualifiedName);
        }
      }
    }
    expect(seen.size).toBe(store.counts().reduce((sum, each) => sum + each.count, 0));
  });

  it('have each position once a table, in rows of another order', () => {
    const store = new GeneratedEntityStore({ tables: 3, columns: 12 });
    const rows = [...store.select({ ...everything, types: new Set(['hive_column']) }).slice(12, 12)];
    const positions = rows.map((row) => Number(row.attributes['position']));
    expect(positions).not.toEqual(positions.toSorted((one, other) => one - other));
    expect(new Set(positions).size).toBe(12);
  });

  it('are the same for the same seed, and others for another', () => {
    const names = (seed: number): unknown[] =>
      Array.from(
        new GeneratedEntityStore({ tables: 20, columns: 3, seed }).select(everything).slice(0, 90),
        (entity) => [entity.guid, entity.attributes['name'], entity.attributes['type']],
      );
    expect(names(5)).toEqual(names(5));
    expect(names(5)).not.toEqual(names(6));
  });

  it('know nothing of guids that are not theirs', () => {
    const store = new GeneratedEntityStore({ tables: 10, columns: 2, seed: 1 });
    const other = new GeneratedEntityStore({ tables: 10, columns: 2, seed: 2 });
    const [foreign] = other.select(everything).slice(0, 1);
    expect(store.get(foreign!.guid)).toBeUndefined();
    expect(store.get('00000001-0001-4000-8000-00000000000a')).toBeUndefined();
  });

  it.each([[{ tables: -1, columns: 2 }], [{ tables: 1.5, columns: 2 }], [{ tables: 1, columns: 0 }]])(
    'refuse %o',
    (options) => {
      expect(() => new GeneratedEntityStore(options)).toThrow(RangeError);
    },
  );
});

describe('a million generated tables', () => {
  let server: AtlasStandIn;
  let atlas: AtlasTestClient;
  beforeAll(async () => {
    server = await startAtlas({ generate: { tables: 1_000_000, columns: 30 } });
    atlas = new AtlasTestClient(server);
  });
  afterAll(() => server.close());

  it('are paged to the end, also far behind', async () => {
    const last = await atlas.search({ typeName: 'hive_column', limit: 50, offset: 29_999_980, attributes: ['table'] });
    expect(last.approximateCount).toBe(30_000_000);
    expect(last.entities).toHaveLength(20);
    expect(Object.keys(last.referredEntities ?? {})).toHaveLength(1);
  });

  it('tell at once that nothing changed', async () => {
    const changed = await atlas.search({
      typeName: 'hive_table',
      attributes: ['__modificationTimestamp'],
      entityFilters: { attributeName: '__modificationTimestamp', operator: 'gte', attributeValue: '1900000000000' },
    });
    expect(changed.approximateCount).toBe(0);
  });

  it('come in bulk with their columns, and with lineage', async () => {
    const { entities = [] } = await atlas.search({ typeName: 'hive_table', limit: 20 });
    const guids = entities.map((header) => `guid=${header.guid}`).join('&');
    const bulk = await atlas.get(`v2/entity/bulk?${guids}`);
    expect(Object.keys(bulk.referredEntities)).toHaveLength(20 * 30);
    const lineage = await atlas.get<{ relations: unknown[] }>(`v2/lineage/${entities[2]?.guid}?direction=OUTPUT`);
    expect(lineage.relations).toHaveLength(2);
  });
});

describe('made-up tables of which a share is changed', () => {
  it('show them as changed, with other texts, and nothing else', async () => {
    const server = await startAtlas({ generate: { tables: 5_000, columns: 3 } });
    const client = new AtlasTestClient(server);
    try {
      const before = Date.now();
      const answer = await fetch(`${server.url}/__sandbox/atlas/change`, {
        method: 'POST',
        body: JSON.stringify({ share: 0.001 }),
      });
      expect(await answer.json()).toEqual({ applied: 5 });
      const changedSince = (typeName: string) =>
        client.search({
          typeName,
          excludeDeletedEntities: false,
          entityFilters: {
            attributeName: '__modificationTimestamp',
            operator: 'gte',
            attributeValue: String(before),
          },
        });
      const tables = await changedSince('hive_table');
      expect(tables.approximateCount).toBe(5);
      expect(tables.entities?.map(({ attributes }) => attributes['description'])).toEqual(
        [0, 1000, 2000, 3000, 4000].map((table) => `Changed table number ${table}`),
      );
      expect((await changedSince('hive_column')).approximateCount).toBe(0);
      const refused = await fetch(`${server.url}/__sandbox/atlas/change`, { method: 'POST', body: '{"share": 2}' });
      expect(refused.status).toBe(400);
    } finally {
      await server.close();
    }
  });
});
