import { describe, expect, it } from 'vitest';
import type { AtlasEntity } from './atlas-types.ts';
import { alter, columnNames, content, nameOf, type Passing, read, start } from './read-source.testing.ts';

const generate = { tables: 450, columns: 10, seed: 2 };
const searches = (request: Passing, type: string): boolean => request.search.typeName === type;

describe('trap 2: guids that are gone between a search and a bulk read', () => {
  it('cost no other table', async () => {
    const atlas = await start();
    const whole = await read(atlas.url);
    const victim = whole.tables[3]!.provenance.id;
    let refusals = 0;
    const url = await alter(atlas, (request, answer) => {
      if (request.path.includes('/entity/bulk') && answer.status === 404) refusals += 1;
      // Once the tables were listed, one of them goes.
      if (searches(request, 'hive_table') && request.search.limit > 1 && refusals === 0) {
        atlas.mutate([{ op: 'purge', guid: victim }]);
      }
    });
    const { tables } = await read(url, { columnsBySearchLimit: 0 });
    expect(refusals).toBeGreaterThan(0);
    expect(tables.map(nameOf).sort()).toEqual(
      whole.tables
        .filter(({ provenance }) => provenance.id !== victim)
        .map(nameOf)
        .sort(),
    );
  });
});

describe('trap 3: requests that are too long', () => {
  it('are not sent: no bulk read names more guids than fit', async () => {
    const atlas = await start({ generate });
    let longest = 0;
    const url = await alter(atlas, (request) => {
      longest = Math.max(longest, request.path.length);
    });
    const { tables } = await read(url, { columnsBySearchLimit: 0 });
    expect(tables).toHaveLength(450);
    expect(longest).toBeGreaterThan(1000);
    expect(longest).toBeLessThan(8000);
  });

  it('are split when a gateway allows even less', async () => {
    const atlas = await start({ generate });
    const whole = await read(atlas.url);
    const url = await alter(atlas, (request, answer) => {
      if (request.path.length < 1200) return;
      answer.status = 414;
      answer.body = {};
    });
    expect(content(await read(url, { columnsBySearchLimit: 0 }))).toEqual(content(whole));
  });
});

describe('trap 4: attributes', () => {
  it('only such as each searched type has are asked for', async () => {
    const atlas = await start();
    const refused: string[] = [];
    const url = await alter(atlas, (request, answer) => {
      if (answer.status === 400) refused.push(request.search.typeName);
    });
    await read(url, { entityType: 'DataSet' });
    expect(refused).toEqual([]);
  });

  it('one that an older server lacks is asked for once, and then left out', async () => {
    const atlas = await start({ version: '2.0.0' });
    let refused = 0;
    const url = await alter(atlas, (request, answer) => {
      if (answer.status === 400 && request.search.attributes.includes('__modificationTimestamp')) refused += 1;
    });
    const { tables } = await read(url, { entityType: 'DataSet' });
    expect(tables.length).toBeGreaterThan(0);
    expect(refused).toBe(1);
  });
});

it('trap 5: the order in which columns come does not matter', async () => {
  const atlas = await start();
  const whole = await read(atlas.url);
  const url = await alter(atlas, (request, answer) => {
    if (searches(request, 'hive_column')) answer.body.entities?.reverse();
  });
  const turned = await read(url);
  expect(content(turned).map(columnNames)).toEqual(content(whole).map(columnNames));
});

it('trap 6: a server that sends only the names of labels still has its labels read', async () => {
  const atlas = await start();
  const whole = await read(atlas.url);
  const url = await alter(atlas, (_, answer) => {
    for (const entity of answer.body.entities ?? []) delete (entity as { classifications?: unknown }).classifications;
  });
  const paths = (reading: typeof whole) => content(reading).map(({ tags }) => tags.map(({ path }) => path));
  expect(paths(await read(url))).toEqual(paths(whole));
  expect(paths(whole).flat().length).toBeGreaterThan(0);
});

it('trap 9: a shell that a hook made is marked as one, and no other table', async () => {
  const atlas = await start();
  const shells = (await read(atlas.url)).tables.filter(({ incomplete }) => incomplete).length;
  const url = await alter(atlas, (request, answer) => {
    const whole = answer.body.entities?.find(({ isIncomplete }) => !isIncomplete) as { isIncomplete?: boolean };
    if (searches(request, 'hive_table') && whole) whole.isIncomplete = true;
  });
  const { tables } = await read(url);
  expect(tables.filter(({ incomplete }) => incomplete)).toHaveLength(shells + 1);
  expect(shells).toBeLessThan(tables.length);
});

describe('trap 14: data that changes while it is paged', () => {
  it('rows that come twice are told once', async () => {
    const atlas = await start({ generate });
    const whole = await read(atlas.url);
    let last: AtlasEntity | undefined;
    const url = await alter(atlas, ({ search }, { body }) => {
      // Each page begins with the last row of the one before, as when a row was inserted in front.
      if (!body.entities?.length || search.limit === 1) return;
      const moved = last;
      last = body.entities.at(-1);
      if (moved && search.offset > 0) body.entities[0] = { ...moved };
    });
    const again = await read(url, { pageSize: 200 });
    const names = again.tables.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => whole.tables.some((table) => nameOf(table) === name))).toBe(true);
  });

  it('fewer rows than counted are said', async () => {
    const atlas = await start({ generate });
    const url = await alter(atlas, (request, { body }) => {
      if (searches(request, 'hive_table') && body.approximateCount) body.approximateCount += 25;
    });
    const { issues, tables } = await read(url);
    expect(tables).toHaveLength(450);
    expect(issues).toContainEqual(expect.objectContaining({ reason: 'fewer-than-counted', count: 25 }));
  });

  it('pages that the server filled less than asked are followed to the end', async () => {
    const atlas = await start({ generate });
    // As when the server takes out rows that the user may not see.
    const url = await alter(atlas, (request, { body }) => {
      if (searches(request, 'hive_table') && request.search.limit > 1) body.entities?.splice(0, 10);
    });
    const { tables } = await read(url, { pageSize: 200 });
    expect(tables).toHaveLength(450 - 3 * 10);
  });
});

describe('trap 16: writes without a header of CSRF protection', () => {
  it('every search carries one', async () => {
    const atlas = await start();
    const without: string[] = [];
    const url = await alter(atlas, ({ headers, path }) => {
      if (!headers['x-xsrf-header']) without.push(path);
    });
    await read(url);
    expect(without).toEqual([]);
  });
});

describe('a part that cannot be read', () => {
  it('a page of tables: the rest is told, and tables are partial', async () => {
    const atlas = await start({ generate });
    const url = await alter(atlas, (request, answer) => {
      if (searches(request, 'hive_table') && request.search.offset === 200) answer.status = 500;
    });
    const { tables, issues } = await read(url, { pageSize: 200, retries: 0 });
    expect(tables).toHaveLength(250);
    expect(issues.filter(({ outcome }) => outcome === 'failed')).toEqual([
      expect.objectContaining({ kind: 'table', reason: 'partial-answer' }),
    ]);
  });

  it('a page of columns: they come with their tables instead, and nothing is missing', async () => {
    const atlas = await start({ generate });
    const whole = await read(atlas.url);
    const url = await alter(atlas, (request, answer) => {
      if (searches(request, 'hive_column') && request.search.offset > 0) answer.status = 500;
    });
    const reading = await read(url, { pageSize: 1000, retries: 0 });
    expect(content(reading)).toEqual(content(whole));
    expect(reading.issues.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  it('a bulk read: its tables are partial, the others are told', async () => {
    const atlas = await start({ generate });
    let bulks = 0;
    const url = await alter(atlas, (request, answer) => {
      if (!request.path.includes('/entity/bulk')) return;
      bulks += 1;
      if (bulks === 2) answer.status = 503;
    });
    const { tables, issues } = await read(url, { columnsBySearchLimit: 0, retries: 0 });
    expect(tables).toHaveLength(350);
    expect(issues).toContainEqual(expect.objectContaining({ outcome: 'failed', kind: 'table' }));
  });
});

describe('names that would collide', () => {
  it('of two tables with one name in one schema the first is told, the other counted', async () => {
    const atlas = await start({ generate });
    const url = await alter(atlas, (request, { body }) => {
      if (!searches(request, 'hive_table') || !body.entities?.[1]) return;
      const [first, second] = body.entities as [AtlasEntity, AtlasEntity];
      const { name, db } = first.attributes;
      body.entities[1] = { ...second, attributes: { ...second.attributes, name, db } };
    });
    const { tables, issues } = await read(url);
    expect(tables).toHaveLength(449);
    expect(issues).toContainEqual(expect.objectContaining({ outcome: 'skipped', reason: 'same-name' }));
  });

  it('of two columns with one name in one table likewise', async () => {
    const atlas = await start({ generate: { tables: 1, columns: 4, seed: 1 } });
    const whole = await read(atlas.url);
    const [firstName] = columnNames(whole.tables[0]!);
    const url = await alter(atlas, (request, { body }) => {
      if (!searches(request, 'hive_column')) return;
      for (const entity of body.entities ?? []) (entity.attributes as Record<string, unknown>)['name'] = firstName;
    });
    const { tables, issues } = await read(url);
    expect(columnNames(tables[0]!)).toEqual([firstName]);
    expect(issues.filter(({ reason }) => reason === 'same-column').length).toBeGreaterThan(0);
  });
});
