import { afterEach, describe, expect, it } from 'vitest';
import type { FoundTable } from '../../connectors/reading-part.ts';
import { CutTables } from './cut-tables.ts';

const opened: CutTables[] = [];
afterEach(() => {
  for (const cut of opened.splice(0)) cut.close();
});

function cutOf(tables: Iterable<Partial<FoundTable> & { readonly id: string }>): CutTables {
  const cut = new CutTables();
  opened.push(cut);
  for (const table of tables) {
    cut.table({ type: 'hive_table', around: ['hive', 'prod', 'sales'], name: table.id, needsOthers: false, ...table });
  }
  return cut;
}
const many = (count: number, more: Partial<FoundTable> = {}) =>
  Array.from({ length: count }, (_, i) => ({ ...more, id: `${more.around?.at(-1) ?? ''}${more.type ?? ''}${i}` }));
const idsOf = (cut: CutTables, part: number): string[] => [...cut.tablesOf(part)].flatMap(({ ids }) => [...ids]);

describe('tables cut into partitions', () => {
  it('are about as many in each, every one in exactly one', () => {
    const schemas = [700, 200, 50, 30, 20].map((count, i) => many(count, { around: ['hive', 'prod', `s${i}`] }));
    const cut = cutOf(schemas.flat());
    const parts = cut.cut(4);
    expect(parts).toHaveLength(4);
    for (const { tables } of parts) expect(Math.abs(tables - 250)).toBeLessThan(40);
    const ids = parts.flatMap((_, index) => idsOf(cut, index));
    expect(new Set(ids).size).toBe(1000);
    expect(ids).toHaveLength(1000);
    for (const [i, { places, tables }] of parts.entries()) {
      expect(places.reduce((sum, { count }) => sum + count, 0)).toBe(tables);
      expect(idsOf(cut, i)).toHaveLength(tables);
    }
  });

  it('of one name in one place stay together, in the order in which they were found, whatever their types', () => {
    const names = Array.from({ length: 300 }, (_, i) => `t${i}`);
    const twins = ['hive_table', 'impala_table'].flatMap((type) =>
      names.map((name) => ({ id: `${type} ${name}`, type, name: type === 'hive_table' ? name.toUpperCase() : name })),
    );
    const cut = cutOf(twins);
    const parts = cut.cut(3);
    for (const index of parts.keys()) {
      const ids = idsOf(cut, index);
      const hive = ids.filter((id) => id.startsWith('hive')).map((id) => id.slice(11));
      const impala = ids.filter((id) => id.startsWith('impala')).map((id) => id.slice(13));
      expect(hive).toEqual(impala);
      expect(hive.length).toBeGreaterThan(0);
      expect(hive.map((name) => Number(name.slice(1)))).toEqual(
        hive.map((name) => Number(name.slice(1))).sort((a, b) => a - b),
      );
    }
  });

  it('that name each other, and databases whose tables name their schemas, are never divided', () => {
    const keyed = many(300, { type: 'rdbms_table', around: ['erp', 'main', 'a'], needsOthers: true });
    const others = many(200, { type: 'rdbms_table', around: ['erp', 'main', 'b'], needsOthers: true });
    const flat = many(400, { type: 'trino_table', around: ['trino', 'lake'] });
    const cut = cutOf([...keyed, ...others, ...flat]);
    const parts = cut.cut(4);
    expect(parts.map(({ tables }) => tables).sort()).toEqual([400, 500]);
  });

  it('leave the first partition room for what is no table', () => {
    const cut = cutOf(many(300));
    cut.others(300);
    const [first, ...rest] = cut.cut(3);
    expect(first!.others).toBe(true);
    expect(first!.tables).toBeLessThan(30);
    expect(rest.every(({ others, tables }) => !others && tables > 120)).toBe(true);
  });

  it('found twice are cut once, and such as have no place go somewhere', () => {
    const cut = cutOf([{ id: 'a' }, { id: 'a' }, { id: 'lost', around: undefined }]);
    const parts = cut.cut(2);
    expect(parts.flatMap((_, index) => idsOf(cut, index)).sort()).toEqual(['a', 'lost']);
  });
});
